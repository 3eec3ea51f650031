"""How numbers are put into words.

The rules are those of safe medication orders: no trailing zero, a leading zero, a space before the
unit (ISMP list of error-prone abbreviations 2021; Joint Commission "Do Not Use" list).
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from dmcalc.quantities.arithmetic import round_half_up, rounded
from dmcalc.quantities.base import format_plain

if TYPE_CHECKING:
    from fractions import Fraction

PLACES = 3
#: Significant digits of an amount on a page.
DIGITS = 3


def round_for_people(value: Decimal, *, up: bool = False) -> Decimal:
    """Return a number as people see it, with 3 decimals at the most.

    The low end of a range is rounded up and the high end down, so that what is shown stays inside
    the range.
    """
    return rounded(value, PLACES, up=up)


def round_for_page(value: Decimal, *, up: bool = False) -> Decimal:
    """Return a number as pages show it: three significant digits, and never less than the whole.

    The low end of a range is rounded up and the high end, or one amount, down.
    """
    return rounded(value, min(max(0, DIGITS - 1 - value.adjusted()), 6) if value else 0, up=up)


def page_number(value: Decimal, *, up: bool = False) -> str:
    """Write a number for a page: ``46.8`` for 46.875."""
    return format_exact(round_for_page(value, up=up))


def page_range(low: Decimal, high: Decimal, unit: str = "") -> str:
    """Write a range for a page: ``52.4 to 69.8 mg``; in full where rounding would cross it."""
    first, last = round_for_page(low, up=low != high), round_for_page(high)
    if first > last:
        first, last = low, high
    return f"{' to '.join(map(format_exact, dict.fromkeys((first, last))))} {unit}".strip()


def format_number(value: Decimal | int, *, up: bool = False) -> str:
    """Write a number for people: ``52.5``, ``0.5``, ``1,050``."""
    return format_exact(round_for_people(Decimal(value), up=up))


def format_measured(value: Fraction, other: Fraction | None = None, places: int = 1) -> str:
    """Write a weight, a size or a kidney function, half up to one decimal: ``61.2``.

    More decimals where that would make it a whole number that it is not, such as the limit of a
    rule, or the same as an ``other`` value, which it is compared with.
    """
    while True:
        shown = round_half_up(value, places)
        whole = shown == int(shown)
        same = other not in (None, value) and shown == round_half_up(other, places)
        if shown == value or not (whole or same):
            return format_exact(shown)
        places += 1


def format_exact(value: Decimal) -> str:
    """Write a number for people with all its decimals."""
    text = format(value or Decimal(0), ",f")  # and never -0
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_limit(value: Decimal, *, up: bool = False) -> str:
    """Write an amount that is compared, with 3 decimals at the most; in full if that left nothing.

    A low end is rounded up and a high end down, as in ``round_for_people``.
    """
    return format_exact(_round_limit(value, up=up))


def _round_limit(value: Decimal, *, up: bool) -> Decimal:
    return round_for_people(value, up=up) or value


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


def round_per_size(value: Decimal) -> Decimal:
    """Return a dose per kg or m2 as people see it: half up to 3 decimals, below 0.01 to 4."""
    places = Decimal("0.001" if value >= Decimal("0.01") else "0.0001")
    return value.quantize(places, rounding=ROUND_HALF_UP)


def format_per_size(low: Decimal, high: Decimal, unit: str) -> str:
    """Write a dose per kg or m2, to 3 or 4 decimals: it explains the dose, never replaces it."""
    ends = [format_plain(round_per_size(end)) for end in (low, high)]
    return f"{' to '.join(dict.fromkeys(ends))} {unit}"


def with_thousands(notation: str) -> str:
    """Write a source's notation for people: ``1000 mg/day`` is 1,000 mg/day.

    Decimals stay as they are: ``0.0005 g`` is never 0.5 g.
    """
    return re.sub(r"(?<![0-9.])[0-9]{4,}", lambda digits: f"{int(digits[0]):,}", notation)


def ranges_in_words(text: str) -> str:
    """Write the ranges of a notation as people say them: ``52.5-70 mg`` is 52.5 to 70 mg."""
    return re.sub(r"(?<=[0-9])-(?=[0-9])", " to ", text)


def plural(count: Decimal | int, noun: str) -> str:
    """Write a noun in the number of its count, without the count: ``step``, ``steps``."""
    return noun if count == 1 else f"{noun}s"


def escape_control(text: str) -> str:
    """Show control characters, such as terminal escapes in a file name, as text."""
    if text.replace("\n", "").isprintable():
        return text
    return "".join(
        character if character.isprintable() or character == "\n" else ascii(character)[1:-1]
        for character in text
    )


def terminal_text(text: str) -> str:
    """Return what a format for machines writes as a terminal may show it: controls as text."""
    lines = text.replace("\r\n", "\n")
    return "\t".join(map(escape_control, lines.split("\t")))


class PageNumbers:
    """Writes the amounts of one page, and collects what it rounds.

    A ``label`` says where on the page an amount is, as ``step 3:``.
    """

    def __init__(self) -> None:
        self._rounded: dict[tuple[str, str], None] = {}

    @property
    def rounded(self) -> tuple[tuple[str, str], ...]:
        """Return a label and a sentence for each amount that was not shown in full."""
        return tuple(self._rounded)

    def number(self, value: Decimal, unit: str, label: str = "", *, up: bool = False) -> str:
        """Write an amount as ``page_number`` does: ``52.5 mg``."""
        self._collect(value, round_for_page(value, up=up), unit, label)
        return f"{page_number(value, up=up)} {unit}"

    def setting(self, value: Decimal, unit: str, label: str = "") -> str:
        """Write what a pump is set to or has given, as ``format_number`` does: ``196.8 mL/h``."""
        self._collect(value, round_for_people(value), unit, label)
        return f"{format_number(value)} {unit}"

    def range(self, low: Decimal, high: Decimal, unit: str, label: str = "") -> str:
        """Write a range as ``page_range`` does: ``52.5 to 70 mg``."""
        if round_for_page(low, up=low != high) <= round_for_page(high):
            if low != high:
                self._collect(low, round_for_page(low, up=True), unit, label)
            self._collect(high, round_for_page(high), unit, label)
        return page_range(low, high, unit)

    def limits(
        self, low: Decimal, high: Decimal, unit: str, label: str = "", *, up: bool = True
    ) -> str:
        """Write amounts that are compared, as ``format_limit`` does: ``52.5 to 70 mg``."""
        ends = (_round_limit(low, up=up and low != high), _round_limit(high, up=False))
        ends = ends if ends[0] <= ends[1] else (low, high)
        for value, end in zip((low, high), ends, strict=True):
            self._collect(value, end, unit, label)
        return f"{' to '.join(map(format_exact, dict.fromkeys(ends)))} {unit}"

    def _collect(self, value: Decimal, shown: Decimal, unit: str, label: str) -> None:
        if shown != value:
            text = (
                f"{format_exact(value)} {unit} is shown as {format_exact(shown)} {unit}, "
                f"rounded by {format_exact(abs(value - shown))} {unit}"
            )
            self._rounded[label, text] = None


def capitalised(text: str) -> str:
    """Return a text that begins with a capital letter, as a sentence does; the rest stays."""
    return text[:1].upper() + text[1:]


def as_sentence(text: str) -> str:
    """Return a text with a full stop, where no mark ends it already."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
