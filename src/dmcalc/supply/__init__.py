"""From an amount to what is dispensed."""
