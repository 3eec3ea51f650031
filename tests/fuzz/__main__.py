"""``make fuzz``: spoiled inputs to dmcalc, all of them or one again."""

from __future__ import annotations

import shlex
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.fuzz.inputs import make
from tests.fuzz.run import fault, memory
from tests.parts import Parts

INPUTS = 100_000
#: After so many inputs a line on stderr says how far it is.
SHOWN = 5_000


def main() -> int:
    """Try the inputs, print each fault with the command that shows it again, and count them."""
    cases = Parts("fuzz", __doc__, "input", INPUTS)
    faults, tried, ended = 0, Counter[str](), Counter[int]()
    before = memory()
    with tempfile.TemporaryDirectory() as folder:
        for count, number in enumerate(cases.numbers, 1):
            given = make(cases.seed, number)
            tried[given.kind] += 1
            wrong, code = fault(given, Path(folder), before)
            ended[code] += 1
            if wrong is not None or cases.alone:
                print(cases.again(number))
                print(f"  dmcalc {shlex.join(given.words)}\n  {wrong or f'exit code {code}'}")
                for name, content in given.files.items() if cases.alone else ():
                    print(f"  {name}: {content[:2000]!r}")
                sys.stdout.flush()
            faults += wrong is not None
            if count % SHOWN == 0:
                print(f"{count:,} inputs, to --from {number + 1}, {faults} faults", file=sys.stderr)
    print(", ".join(f"{count:,} {kind}" for kind, count in tried.most_common()))
    print("exit codes: " + ", ".join(f"{code}: {count:,}" for code, count in sorted(ended.items())))
    print(f"{len(cases.numbers)} inputs, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
