"""Which figures of a table a local value may replace, and how such a value is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dmcalc.formulary.permissiveness import dimension
from dmcalc.quantities.amount import Rate
from dmcalc.quantities.time import Interval
from dmcalc.table import names
from dmcalc.table.figures import figures_of
from dmcalc.table.model.drug import POSOLOGIES, SYSTEMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.sources.figures import Path
    from dmcalc.table.model.drug import Regimen
    from dmcalc.table.model.table import Table


#: Figures that no overlay may replace, and why.
FIXED = {
    "limits.adult_age": "the doses of the table are for adults: who is one is not set locally",
}
#: Parts of the table of which none may be replaced, and why.
FIXED_PARTS = {
    "formulas": "a published formula is not changed locally",
    "growth": "published charts are not changed locally",
    "equivalence": "published equivalents are not changed locally",
}
#: Parts of a drug of which none may be replaced, and why.
FIXED_OF_DRUG = {
    **dict.fromkeys(SYSTEMS, "a code says which drug it is: not set locally"),
    "divided": "into how many doses a day is divided is not set locally",
    "rounded": "what a source rounds to is not set locally: a rounding of your own is",
}


class OverridableFigure(NamedTuple):
    """A figure that may be replaced: its path, its value, and what a value looks like."""

    path: Path
    value: Any
    like: Any


class WrongEntryError(Exception):
    """An entry that cannot be put over the table: the key of it, and why."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key
        self.message = message


def why_fixed(figure: str) -> str | None:
    """Return why a figure may not be replaced, None where it may, or where there is none."""
    first, _, rest = figure.partition(".")
    part = rest.partition(".")[0]
    return FIXED.get(figure) or FIXED_PARTS.get(first) or FIXED_OF_DRUG.get(part)


def overridable_figures(table: Table) -> dict[str, OverridableFigure]:
    """Return the figures that an overlay may replace, by name.

    Those of products are not among them: a hospital's product is one of its own.
    """
    figures = {}
    for path in _paths(table):
        value = names.value_at(table, path)
        figures[names.figure_name(table, path)] = OverridableFigure(path, value, value)
    for path, regimen in _regimens(table):
        if regimen.dose is not None and regimen.max is None:
            cap_path, dose = (*path, "max"), regimen.dose
            like = Rate(dose.low, dose.high, dose.unit, None, dose.per)
            figures[names.figure_name(table, cap_path)] = OverridableFigure(cap_path, None, like)
    return figures


def _paths(table: Table) -> Iterator[Path]:
    yield from (("limits", k) for k in table.limits._fields if f"limits.{k}" not in FIXED)
    for figure in figures_of(table):
        if {"products", "step_notes", *FIXED_PARTS, *FIXED_OF_DRUG}.isdisjoint(figure.path):
            yield figure.path
    for name, taper in table.daily_tapers.items():
        if taper.hold_default is not None:
            yield "daily_tapers", name, "hold_default"


def _regimens(table: Table) -> Iterator[tuple[Path, Regimen]]:
    for name, drug in table.drugs.items():
        for part in POSOLOGIES:
            for number, regimen in enumerate(getattr(drug, part)):
                yield ("drugs", name, part, number), regimen


def read_value(written: object, figure: OverridableFigure) -> object:
    """Read a local value as what it replaces; raise WrongEntryError for another kind."""
    kind = type(figure.like)
    if kind is int:
        if type(written) is not int or written < 1:
            raise WrongEntryError("value", f"{written!r} is not a number from 1 on")
        return written
    if not isinstance(written, str):
        raise WrongEntryError(
            "value", f"a quantity is text with its unit, as in the table: {figure.like}"
        )
    try:
        value = kind.parse(written)
    except ValueError as error:
        raise WrongEntryError("value", str(error)) from None
    if dimension(value) != dimension(figure.like):
        raise WrongEntryError("value", f"{value} cannot replace {_kind(figure.like)}")
    return value


def _kind(like: object) -> str:
    if isinstance(like, Rate):
        return f"an amount in {like.unit}{f'/{like.basis}' if like.basis else ''}/{like.per}"
    if isinstance(like, Interval):
        return f"{like}: write {'months' if like.period == 'month' else 'days or weeks'}"
    return f"{like}: write its unit"
