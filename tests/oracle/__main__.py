"""``make oracle``: rows of random questions, or a part of them, or one of them again."""

from __future__ import annotations

import argparse
import random
import sys

from tests.oracle.questions import question

ROWS = 1_000_000
#: After so many rows a line on stderr says how far it is.
SHOWN = 10_000


def main() -> int:
    """Ask, print each row that differs with the command that asks it again, and count them."""
    parser = argparse.ArgumentParser(prog="make oracle", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--part", default="1/1", help="of so many parts of the rows one: 2/4")
    parser.add_argument("--from", type=int, default=0, dest="first", help="go on from this row")
    parser.add_argument("--row", type=int, help="ask this row alone, and print it")
    options = parser.parse_args()
    part, parts = map(int, options.part.split("/"))
    rows = range(part - 1 + options.first // parts * parts, options.rows, parts)
    if options.row is not None:
        rows = range(options.row, options.row + 1)
    print(f"seed {options.seed}", flush=True)
    differing = 0
    for count, row in enumerate(rows, 1):
        found = question(options.seed, row)
        if options.row is not None or found.expected != found.answered:
            print(f'make oracle ARGS="--seed {options.seed} --row {row}"\n  {found.asked}')
            print(f"  oracle: {found.expected}\n  dmcalc: {found.answered}", flush=True)
        differing += found.expected != found.answered
        if count % SHOWN == 0:
            print(f"{count:,} rows, to --from {row + 1}, {differing} differ", file=sys.stderr)
    print(f"{len(rows)} rows, {differing} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    raise SystemExit(main())
