"""The shapes of the drug table."""
