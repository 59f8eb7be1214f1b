"""Step 7: verdicts become actions and questions, as kb/remedies and the conditions' own questions say."""
