"""Values as JSON. A Decimal is written digit by digit, and never becomes a float."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from functools import lru_cache

from dmcalc.dispensing.stock import DispensedUnits
from dmcalc.documents.fields import reader_of
from dmcalc.quantities.base import Quantity, format_plain

try:  # start-up: the package json compiles what reads JSON, too
    from _json import encode_basestring, encode_basestring_ascii
except ImportError:  # a Python that has them in Python
    from json.encoder import encode_basestring, encode_basestring_ascii

_LISTS = (list, tuple)


def encode(value: object, indent: str | None = None) -> str:
    """Write a value as JSON, on one line or, with ``indent`` a line end and spaces, on several."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, Decimal):
        return format_plain(value)
    if indent is None and isinstance(value, DispensedUnits):
        return _units(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return format_plain(value)
    if isinstance(value, datetime.date):
        return f'"{value.isoformat()}"'
    inner = None if indent is None else indent + "  "
    if isinstance(value, Quantity):  # it is written as in the table
        return encode_basestring(str(value))
    if hasattr(value, "_fields"):
        return _record(value, indent)
    if isinstance(value, dict):
        items = [f"{encode_basestring(key)}: {encode(item, inner)}" for key, item in value.items()]
        return _wrapped("{", items, "}", indent)
    if isinstance(value, _LISTS):
        return _wrapped("[", [encode(item, inner) for item in value], "]", indent)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _record(value: object, indent: str | None) -> str:
    described: type = type(value)
    keys, read = reader_of(described)
    inner = None if indent is None else indent + "  "
    items = [f'"{key}": {encode(item, inner)}' for key, item in zip(keys, read(value), strict=True)]
    return _wrapped("{", items, "}", indent)


@lru_cache(maxsize=512)
def _units(handed: DispensedUnits) -> str:
    """Write units on one line, once: many patients get the same units."""
    return _record(handed, None)


def visible(text: str) -> str:
    """Write what of a JSON text cannot be seen by its number: its values stay what they are.

    Those are controls, bidi overrides, zero-width signs, and the rarer line ends, at
    which some programs part lines.
    """
    ascii_alone = text.isascii() and "\x7f" not in text  # encode wrote the other controls
    if ascii_alone or text.replace("\n", "").isprintable():  # a search costs ten times as much
        return text
    return re.sub(r"[^\n -~]+", _numbered, text)


def _numbered(letters: re.Match[str]) -> str:
    return "".join(
        letter if letter.isprintable() else encode_basestring_ascii(letter)[1:-1]
        for letter in letters[0]
    )


def _wrapped(opening: str, items: list[str], closing: str, indent: str | None) -> str:
    if indent is None or not items:
        return opening + ", ".join(items) + closing
    inner = indent + "  "
    return opening + inner + f",{inner}".join(items) + indent + closing
