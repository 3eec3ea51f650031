"""An answer as a document and as rows, for machines, and the JSON Schema of both."""
