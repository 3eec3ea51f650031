"""Names of medicines beside those of the table: brands, abbreviations, members of classes."""
