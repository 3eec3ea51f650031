"""What an order is held against: its own dates, texts and supply, and the table."""
