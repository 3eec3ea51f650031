"""Answers written as FHIR."""
