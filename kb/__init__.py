"""What is known: YAML that a network engineer can read, extend and test. No program code lives here."""
