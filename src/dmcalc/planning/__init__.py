"""The treatment of one patient in steps, with a calendar."""
