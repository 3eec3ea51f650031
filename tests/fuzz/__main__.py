"""``make fuzz``: spoiled inputs to dmcalc, all of them or one again."""

from __future__ import annotations

import argparse
import random
import shlex
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.fuzz.inputs import make
from tests.fuzz.run import fault, memory

INPUTS = 100_000
#: After so many inputs a line on stderr says how far it is.
SHOWN = 5_000


def main() -> int:
    """Try the inputs, print each fault with the command that shows it again, and count them."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=INPUTS)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--part", default="1/1", help="of so many parts of the inputs one: 2/4")
    parser.add_argument("--from", type=int, default=0, dest="first", help="go on from this input")
    parser.add_argument("--input", type=int, help="try this input alone, and print it")
    options = parser.parse_args()
    part, parts = map(int, options.part.split("/"))
    numbers = range(part - 1 + options.first // parts * parts, options.inputs, parts)
    if options.input is not None:
        numbers = range(options.input, options.input + 1)
    print(f"seed {options.seed}", flush=True)
    faults, tried, ended = 0, Counter[str](), Counter[int]()
    before = memory()
    with tempfile.TemporaryDirectory() as folder:
        for count, number in enumerate(numbers, 1):
            given = make(options.seed, number)
            tried[given.kind] += 1
            wrong, code = fault(given, Path(folder), before)
            ended[code] += 1
            if wrong is not None or options.input is not None:
                print(f'make fuzz ARGS="--seed {options.seed} --input {number}"')
                print(f"  dmcalc {shlex.join(given.words)}\n  {wrong or f'exit code {code}'}")
                for name, content in given.files.items() if options.input is not None else ():
                    print(f"  {name}: {content[:2000]!r}")
                sys.stdout.flush()
            faults += wrong is not None
            if count % SHOWN == 0:
                print(f"{count:,} inputs, to --from {number + 1}, {faults} faults", file=sys.stderr)
    print(", ".join(f"{count:,} {kind}" for kind, count in tried.most_common()))
    print("exit codes: " + ", ".join(f"{code}: {count:,}" for code, count in sorted(ended.items())))
    print(f"{len(numbers)} inputs, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
