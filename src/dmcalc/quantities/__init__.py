"""Exact values with dimensions: amounts, rates, times, bounds, and the arithmetic of doses."""
