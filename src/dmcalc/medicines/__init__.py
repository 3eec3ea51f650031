"""Names of medicines besides those of the table: brands, abbreviations, members of classes."""
