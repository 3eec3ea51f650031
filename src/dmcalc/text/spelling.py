"""Names as people write them: one much like another is offered, and never taken in its place."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


#: What people write where there is nothing to enter.
NOTHING = frozenset({"none", "nil", "nothing", "n/a"})


def as_key(text: str) -> str:
    """Write a name as keys are: ``Not Pregnant`` is not-pregnant."""
    return "-".join(text.lower().split())


def listed_names(texts: Iterable[str] | None) -> tuple[str, ...]:
    """Return the names in some texts, each of which may hold several with commas."""
    parts = (part for text in texts or () for part in text.split(","))
    return tuple(part.strip() for part in parts if part.strip())


def near(wanted: str, words: Iterable[str]) -> str:
    """Say which names are like the one that there is not."""
    names = difflib.get_close_matches(wanted, sorted(words), n=3)
    return f" (like it: {', '.join(names)})" if names else ""


def distance(word: str, other: str) -> int:
    """Count the letters to put in, leave out, exchange or swap to turn one word into the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(word, 1):
        last, row = row, [at]
        for column, compared in enumerate(other, 1):
            steps = min(
                last[column] + 1, row[column - 1] + 1, last[column - 1] + (letter != compared)
            )
            swapped = (
                at > 1 and column > 1 and letter == other[column - 2] and word[at - 2] == compared
            )
            row.append(min(steps, before[column - 2] + 1) if swapped else steps)
        before = last
    return row[-1]


def one_letter_apart(one: str, other: str) -> bool:
    """Tell whether the distance of two words is 1, at once where it is not."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:  # one begins with the other
        return len(one) != len(other)
    left, right = one[start:], other[start:]
    return (
        left[1:] in (right, right[1:])
        or left == right[1:]
        or (left[1:2] + left[:1] == right[:2] and left[2:] == right[2:])
    )
