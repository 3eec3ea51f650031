"""Receipts, and answers computed again."""
