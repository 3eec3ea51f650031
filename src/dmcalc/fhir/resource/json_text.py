"""JSON read strictly: exact numbers, no NaN, no key that is lost, and no depth that breaks."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import NoReturn

from dmcalc.errors import FileError

#: Digits of a number, before and behind its point; a longer one is not a dose and would take all
#: memory (``1e999999999``).
MAX_DIGITS = 18


class UnreadableNumber(str):
    """A number with more digits or a larger exponent than any order contains."""

    __slots__ = ()


class RepeatedKeys(dict[str, object]):
    """An object that has a key more than once; ``repeated`` are those keys."""

    repeated: tuple[str, ...] = ()


def parse(text: str | bytes) -> object:
    """Read a JSON text; numbers become int or Decimal.

    An object with a repeated key becomes ``RepeatedKeys``, a number that is too long
    ``UnreadableNumber``. Raise FileError for what is not JSON.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_number,
            parse_int=_whole_number,
            parse_constant=_no_number,
        )
    except RecursionError:
        raise FileError("this is nested too deeply to be an order") from None
    except UnicodeDecodeError:
        raise FileError("this is not UTF-8", "Save the file as UTF-8.") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise FileError(f"this is not JSON: {error.msg}, at {where}") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    entries = dict(pairs)
    if len(entries) == len(pairs):
        return entries
    keys = [key for key, _ in pairs]
    repeated = RepeatedKeys(pairs)
    repeated.repeated = tuple(key for key in entries if keys.count(key) > 1)
    return repeated


def _number(text: str) -> Decimal | UnreadableNumber:
    mantissa, _, exponent = text.lower().partition("e")
    if (
        len(mantissa) > MAX_DIGITS + 2
        or len(exponent) > 3
        or abs(int(exponent or "0")) > MAX_DIGITS
    ):
        return UnreadableNumber(text[:MAX_DIGITS])
    return Decimal(text)


def _whole_number(text: str) -> int | UnreadableNumber:
    return UnreadableNumber(text[:MAX_DIGITS]) if len(text) > MAX_DIGITS + 1 else int(text)


def _no_number(text: str) -> NoReturn:
    raise FileError(f"{text} is not JSON", "A number that is not known is left out.")


def list_of(value: object) -> list[object]:
    """Return a list as it is, and an empty one for anything else."""
    return value if isinstance(value, list) else []
