"""A hospital's own figures, products and rounding rules, put over the drug table."""
