"""Pages for people, one file for each kind of result."""
