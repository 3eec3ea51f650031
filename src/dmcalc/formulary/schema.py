"""The form of an overlay, as a pharmacist writes it: each entry with author, date and reason."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from pydantic import ConfigDict, TypeAdapter

from dmcalc.quantities.amount import Amount
from dmcalc.table.model.drug import Form as ProductForm
from dmcalc.table.model.drug import Market


class FigureEntry(NamedTuple):
    """A figure or limit of the table by its name, with the local value.

    How the value is written depends on the figure, so it is read once that is known.
    """

    figure: str
    value: Any
    author: str
    date: datetime.date
    reason: str


class ProductEntry(NamedTuple):
    """A product of the hospital, with all strengths that it has in stock."""

    drug: str
    id: str
    form: ProductForm
    strengths: tuple[Amount, ...]
    author: str
    date: datetime.date
    reason: str
    name: str | None = None
    markets: tuple[Market, ...] = ("US", "UK", "EU")
    scored: tuple[Amount, ...] = ()
    whole: str | None = None


class RoundingEntry(NamedTuple):
    """A rule for what is given of a drug on one day."""

    drug: str
    to: Amount
    direction: Literal["nearest", "down", "up"]
    author: str
    date: datetime.date
    reason: str


Entry = FigureEntry | ProductEntry | RoundingEntry


class OverlayFile(NamedTuple):
    """A whole overlay. ``overlay`` is the version of the form, ``name`` whose figures they are."""

    overlay: int
    name: str
    figures: tuple[FigureEntry, ...] = ()
    products: tuple[ProductEntry, ...] = ()
    rounding: tuple[RoundingEntry, ...] = ()
    review_by: datetime.date | None = None

    def entries(self) -> Iterator[tuple[tuple[str | int, ...], Entry]]:
        """List the entries, each with its path."""
        parts: dict[str, tuple[Entry, ...]] = {
            "figures": self.figures,
            "products": self.products,
            "rounding": self.rounding,
        }
        for part, entries in parts.items():
            for number, entry in enumerate(entries):
                yield (part, number), entry


FORM: TypeAdapter[OverlayFile] = TypeAdapter(OverlayFile, config=ConfigDict(strict=True))
