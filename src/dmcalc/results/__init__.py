"""What every answer carries: its table, its warnings, names and codes."""
