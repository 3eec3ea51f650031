"""How one dose runs in: amount, rising rate, clock times."""
