"""An answer as a document and as flat rows, for machines."""
