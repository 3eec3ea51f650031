"""What the table and the guideline hold, for reference."""
