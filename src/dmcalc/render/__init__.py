"""Formats, one file each, all with one function: ``render(result, style) -> str``.

A renderer computes nothing. For machines it takes ``result.document()`` or ``result.records()``;
for people it lays out the page that ``render/pages`` makes of the result.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from dmcalc.core.result import Result

Format = Literal["table", "json", "jsonl", "csv", "tsv", "markdown"]

#: Formats that hold nothing but rows: their warnings go to stderr.
ROWS_ONLY: frozenset[str] = frozenset({"jsonl", "csv", "tsv"})


class Style(NamedTuple):
    """What a renderer may know of the place it writes for.

    ``width`` is the number of columns, None where lines may be as long as they are.
    """

    width: int | None = None
    color: bool = False


def render(result: Result, form: Format, style: Style | None = None) -> str:
    """Return a result in a format, with a line end at its end."""
    module = import_module(f"dmcalc.render.{form}")
    text: str = module.render(result, style or Style())
    return text
