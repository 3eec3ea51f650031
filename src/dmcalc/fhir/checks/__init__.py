"""What an order is checked against: its own dates, texts and supply, and the table."""
