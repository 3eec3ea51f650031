"""The kinds of documents that dmcalc prints, and the JSON Schema of each."""
