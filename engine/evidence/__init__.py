"""Steps 1 and 2: inputs become sources, sources become sections; quotations leave redacted."""
