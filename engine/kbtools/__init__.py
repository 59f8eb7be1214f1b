"""Tools for those who write knowledge: lint, cases, coverage, matrix, scaffolds, imports. No verdict comes from here."""
