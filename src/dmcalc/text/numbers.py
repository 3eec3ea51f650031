"""How numbers are put into words.

The rules are those of safe medication orders: no trailing zero, a leading zero, a space before the
unit (ISMP list of error-prone abbreviations 2021; Joint Commission "Do Not Use" list).
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from dmcalc.quantities.amount import format_plain, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACES = 3
#: A limit with more decimals than this follows from a computed body surface.
MOST_DECIMALS = 12


def round_for_people(value: Decimal, *, up: bool = False) -> Decimal:
    """Return a number as people see it, with 3 decimals at the most.

    The low end of a range is rounded up and the high end down, so that what is shown stays inside
    the range.
    """
    return rounded(value, PLACES, up=up)


def format_number(value: Decimal | int, *, up: bool = False) -> str:
    """Write a number for people: ``52.5``, ``0.5``, ``1,050``."""
    return format_exact(round_for_people(Decimal(value), up=up))


def format_exact(value: Decimal) -> str:
    """Write a number for people with all its decimals."""
    whole, dot, decimals = format_plain(abs(value)).partition(".")
    return f"{'-' if value < 0 else ''}{int(whole):,}{dot}{decimals}"


def format_limit(value: Decimal, *, up: bool = False) -> str:
    """Write an amount that is compared, with all its decimals; a very long one is cut to 6.

    A low end is rounded up and a high end down, as in ``round_for_people``.
    """
    decimals = len(format_plain(value).partition(".")[2])
    return format_exact(value if decimals <= MOST_DECIMALS else rounded(value, 6, up=up))


def format_range(low: Decimal | int, high: Decimal | int, unit: str = "") -> str:
    """Write a range for people: ``52.5 to 70 mg``."""
    first, last = round_for_people(Decimal(low), up=True), round_for_people(Decimal(high))
    if low == high or first == last:
        text = format_exact(last)
    elif first < last:
        text = f"{format_exact(first)} to {format_exact(last)}"
    else:  # a range narrower than the last decimal shown
        text = f"{format_exact(Decimal(low))} to {format_exact(Decimal(high))}"
    return f"{text} {unit}".strip()


def format_per_size(low: Decimal, high: Decimal, unit: str) -> str:
    """Write a dose per kg or m2, to 3 decimals half up: it stands beside the dose, not for it."""
    ends = [
        format_plain(end.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)) for end in (low, high)
    ]
    return f"{' to '.join(dict.fromkeys(ends))} {unit}"


def roundings(unit: str, *ends: tuple[Decimal | None, bool]) -> Iterator[str]:
    """Say of each number that is not shown in full what it is and by how much it was rounded."""
    for value, up in ends:
        if value is not None and (seen := round_for_people(value, up=up)) != value:
            yield (
                f"{format_exact(value)} {unit} is shown as {format_exact(seen)} {unit}, "
                f"rounded by {format_exact(abs(value - seen))} {unit}"
            )


def with_thousands(notation: str) -> str:
    """Write a source's notation for people: ``1000 mg/day`` is 1,000 mg/day."""
    return re.sub(r"[0-9]{4,}", lambda digits: f"{int(digits[0]):,}", notation)


def ranges_in_words(text: str) -> str:
    """Write the ranges of a notation as people say them: ``52.5-70 mg`` is 52.5 to 70 mg."""
    return re.sub(r"(?<=[0-9])-(?=[0-9])", " to ", text)


def plural(count: Decimal | int, noun: str) -> str:
    """Write a noun in the number of its count, without the count: ``step``, ``steps``."""
    return noun if count == 1 else f"{noun}s"


def escape_control(text: str) -> str:
    """Show control characters, such as terminal escapes in a file name, as text."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character == "\n" else ascii(character)[1:-1]
        for character in text
    )
