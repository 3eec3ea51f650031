"""Numbers and times in words, each in one place."""
