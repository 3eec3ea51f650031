"""Counts of tablets, capsules and vials in words: a half is "half a tablet", never 0.5."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.text.numbers import plural

if TYPE_CHECKING:
    from decimal import Decimal


def halves_text(count: Decimal) -> str:
    """Write a count of units, of which one may be half: ``2 and a half``."""
    whole, half = int(count), count != int(count)
    return " and a ".join([*([f"{whole:,}"] if whole else []), *(["half"] if half else [])])


def count_text(count: Decimal, form: str) -> str:
    """Write a count with its form: ``2 tablets``, ``half a tablet``, ``1 and a half tablets``."""
    whole, half = int(count), count != int(count)
    if half and whole:
        return f"{whole:,} and a half {form}s"
    if half:
        return f"half a {form}"
    return f"{whole:,} {plural(whole, form)}"
