"""What a Python program gives, as the text that is read strictly."""

from __future__ import annotations

from decimal import Decimal

from dmcalc.quantity import plain


def as_text(name: str, value: str | int | Decimal | None) -> str | None:
    """Return a number as text; a float is refused, because it is not exact."""
    if isinstance(value, Decimal):
        return plain(value)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is {type(value).__name__}: give text, int or Decimal")
    return str(value)
