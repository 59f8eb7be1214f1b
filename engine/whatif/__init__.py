"""What would follow if something were otherwise: a release, a line of configuration, the answer to a condition."""
