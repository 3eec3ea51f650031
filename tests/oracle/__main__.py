"""``make oracle``: rows of random questions, or a part of them, or one of them again."""

from __future__ import annotations

import sys

from tests.oracle.questions import question
from tests.parts import Parts

ROWS = 1_000_000
#: After so many rows a line on stderr says how far it is.
SHOWN = 10_000


def main() -> int:
    """Ask, print each row that differs with the command that asks it again, and count them."""
    cases = Parts("oracle", __doc__, "row", ROWS)
    differing = 0
    for count, row in enumerate(cases.numbers, 1):
        found = question(cases.seed, row)
        if cases.alone or found.expected != found.answered:
            print(f"{cases.again(row)}\n  {found.asked}")
            print(f"  oracle: {found.expected}\n  dmcalc: {found.answered}", flush=True)
        differing += found.expected != found.answered
        if count % SHOWN == 0:
            print(f"{count:,} rows, to --from {row + 1}, {differing} differ", file=sys.stderr)
    print(f"{len(cases.numbers)} rows, {differing} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    raise SystemExit(main())
