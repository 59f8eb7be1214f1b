"""Step 4: facts of a case become devices, setups, flows and their two sides."""
