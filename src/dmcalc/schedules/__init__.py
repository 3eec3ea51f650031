"""Tapers, courses and titrations: steps over time."""
