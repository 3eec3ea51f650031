"""Orders as FHIR has them (R4, R5): read, held against themselves and the table, and written."""
