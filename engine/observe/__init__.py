"""Step 5: conditions of the knowledge base are settled over the facts of a subject: yes, no or unknown."""
