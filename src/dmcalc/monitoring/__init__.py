"""Tests before and under a drug, and their results against limits."""
