"""Numbers, times and counts in words, each in one place."""
