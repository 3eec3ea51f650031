"""Many patients, a row each."""
