"""The guide: one question at a time, from what is known to a proved cause. It knows no screen."""
