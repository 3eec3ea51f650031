"""A resource as it is written: its JSON, its shape, its units, its drug, its dosages."""
