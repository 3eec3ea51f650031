"""The same rules over columns: SQL to paste into a warehouse, and batches on an engine."""
