"""The options of what tries many random cases: how many, from which seed, which part, one again."""

from __future__ import annotations

import argparse
import random


class Parts:
    """The cases that a call asks for: ``--seed``, and of ``many`` those of a part, or one alone."""

    def __init__(self, target: str, about: str | None, noun: str, many: int) -> None:
        """Read the command line of ``make TARGET``, whose cases are called ``noun``."""
        parser = argparse.ArgumentParser(prog=f"make {target}", description=about)
        parser.add_argument(f"--{noun}s", type=int, default=many, dest="many")
        parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
        parser.add_argument("--part", default="1/1", help=f"of so many parts of the {noun}s: 2/4")
        parser.add_argument("--from", type=int, default=0, dest="first", help=f"the first {noun}")
        parser.add_argument(f"--{noun}", type=int, dest="one", help=f"this {noun} alone, printed")
        options = parser.parse_args()
        part, parts = map(int, options.part.split("/"))
        self.seed: int = options.seed
        #: Whether one case is asked for, which is printed even if nothing is wrong with it.
        self.alone: bool = options.one is not None
        self.numbers = range(part - 1 + options.first // parts * parts, options.many, parts)
        if self.alone:
            self.numbers = range(options.one, options.one + 1)
        self._again = f'make {target} ARGS="--seed {self.seed} --{noun}'
        print(f"seed {self.seed}", flush=True)

    def again(self, number: int) -> str:
        """Return the command that tries one case again."""
        return f'{self._again} {number}"'
