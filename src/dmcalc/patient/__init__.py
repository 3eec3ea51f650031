"""The patient: what was entered, read strictly, and what follows from it."""
