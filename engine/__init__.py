"""What follows: reads evidence, decides, explains, and writes the diagnosis document."""
