"""Doses for one patient."""
