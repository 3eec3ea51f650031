"""Works, citations and quotes: where each figure comes from."""
