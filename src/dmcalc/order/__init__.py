"""An order, read strictly and compared with the table."""
