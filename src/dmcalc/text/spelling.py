"""Names that are spelt much like another one: offered in messages, and never taken in its place."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def as_key(text: str) -> str:
    """Write a name as keys are: ``Not Pregnant`` is not-pregnant."""
    return "-".join(text.lower().split())


def near(wanted: str, known: Iterable[str]) -> str:
    """Say which known names are like the one that was not found."""
    names = difflib.get_close_matches(wanted, sorted(known), n=3)
    return f" (like it: {', '.join(names)})" if names else ""


def distance(one: str, other: str) -> int:
    """Count the letters to put in, leave out, exchange or swap to turn one word into the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        last, row = row, [at]
        for column, compared in enumerate(other, 1):
            steps = min(
                last[column] + 1, row[column - 1] + 1, last[column - 1] + (letter != compared)
            )
            swapped = (
                at > 1 and column > 1 and letter == other[column - 2] and one[at - 2] == compared
            )
            row.append(min(steps, before[column - 2] + 1) if swapped else steps)
        before = last
    return row[-1]
