"""``python -m dmcalc``."""

from dmcalc.cli import main

main()
