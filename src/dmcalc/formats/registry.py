"""Which formats there are, and which kinds of results have them."""

from __future__ import annotations

import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Literal, get_args

from dmcalc.errors import UsageError
from dmcalc.records import Record

if TYPE_CHECKING:
    from dmcalc.fhir.writing.request import ExportOptions
    from dmcalc.pages.model import Detail
    from dmcalc.results.base import Result

Format = Literal[
    "table",
    "json",
    "jsonl",
    "csv",
    "tsv",
    "markdown",
    "ics",
    "html",
    "svg",
    "plot",
    "bibtex",
    "csl",
    "fhir",
    "operation-outcome",
]

FORMATS: tuple[Format, ...] = get_args(Format)
#: Kinds of results that are a schedule: they have ``steps``.
#: Their doses have a curve; landmarks have none: a line between them would be invented.
SCHEDULES = ("taper", "titrate")
#: Kinds of results that have days, and so a calendar and a page to print.
DATED = (*SCHEDULES, "landmarks", "plan")
#: Formats that only some kinds of results have, with those kinds; every result has the others.
ONLY_FOR: dict[Format, tuple[str, ...]] = {
    "ics": DATED,
    "html": DATED,
    "svg": SCHEDULES,
    "plot": SCHEDULES,
    "bibtex": ("refs",),
    "csl": ("refs",),
    "fhir": (*SCHEDULES, "dose", "plan"),
    "operation-outcome": ("verify",),
}
#: Columns where there is no terminal to ask.
USUAL_WIDTH = 80
#: Formats that hold no warnings of their own: those go to stderr.
ROWS_ONLY: frozenset[str] = frozenset({"jsonl", "csv", "tsv", "fhir"})


class Style(Record):
    """What a renderer may know of the place it writes for.

    ``width`` is the number of columns; ``ascii`` means that it cannot show block characters.
    """

    width: int = USUAL_WIDTH
    color: bool = False
    ascii: bool = False
    #: How much of an answer people see.
    detail: Detail = "usual"
    #: When it is made, for dates of issue and stamps; None for now.
    made: datetime.datetime | None = None
    #: Of a calendar: which revision of its events it is, from 0.
    revision: int = 0
    #: What the format fhir says besides the answer; None for the default.
    fhir: ExportOptions | None = None


def formats(kind: str) -> tuple[Format, ...]:
    """Return the formats that a kind of result has."""
    return tuple(form for form in FORMATS if kind in ONLY_FOR.get(form, (kind,)))


def render(result: Result, form: Format, style: Style | None = None) -> str:
    """Return a result in a format, with a line end at its end.

    Raise UsageError for a format that this kind of result does not have.
    """
    possible = formats(result.kind)
    if form not in possible:
        *kinds, last = ONLY_FOR[form]
        listed = f"{', '.join(kinds)} and {last}" if kinds else last
        raise UsageError(
            f"the format {form} is for {listed}; this answer is of the kind {result.kind}",
            f"Its formats: {', '.join(possible)}.",
        )
    module = import_module(f"dmcalc.formats.{form.replace('-', '_')}")
    text: str = module.render(result, style or Style())
    return text
