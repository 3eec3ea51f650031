"""Orders as FHIR has them (R4, R5): read, checked against themselves and the table, and written."""
