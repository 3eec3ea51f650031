"""The rules that each part of the drug table must keep, beyond its shape."""
