"""Step 8: findings, reasons and explanations, composed into the one document that every face draws."""
