"""The knowledge base in memory: its types, how it is read and checked, and the rules that it becomes."""
