"""The core: pure functions from patient and table to results. No terminal, no file, no YAML."""
