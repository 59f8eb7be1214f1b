"""Rooms of the engine."""
