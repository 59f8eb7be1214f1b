"""Who is told: the command line and, later, the Textual application."""
