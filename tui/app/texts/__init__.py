"""Texts of the screens and of their help, as data."""
