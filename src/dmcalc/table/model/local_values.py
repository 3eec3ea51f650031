"""What a hospital has of its own, as a table that was loaded with it carries it.

Nothing of this is imported where there is no overlay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

if TYPE_CHECKING:
    import datetime


class LocalValue(NamedTuple):
    """One figure, limit, product or rounding rule of a hospital: what it replaces, who and why.

    ``base`` is what the table gives, None where it gives nothing. ``looser`` tells whether the
    local value permits more (see ``dmcalc.formulary.permissiveness``). ``wins_over`` names the
    overlays before this one that set the same figure.
    """

    figure: Annotated[str, "Name of what it sets."]
    base: Annotated[str | None, "What the table gives; null where it gives nothing."]
    value: Annotated[str, "What counts instead."]
    looser: Annotated[bool, "Whether it permits more than the table."]
    overlay: Annotated[str, "Name of the overlay that sets it."]
    author: Annotated[str, "Who decided it."]
    date: Annotated[datetime.date, "When."]
    reason: Annotated[str, "Why."]
    wins_over: Annotated[tuple[str, ...], "Overlays before it that set the same."] = ()

    @property
    def drug(self) -> str | None:
        """Key of the drug that it is a figure of; None for a limit."""
        first = self.figure.partition(".")[0]
        return None if first == "limits" else first

    def __str__(self) -> str:
        return self.figure


class Overlay(NamedTuple):
    """A file of local figures: its name, the SHA-256 of its bytes, the day of its next review."""

    name: str
    sha256: str
    review_by: datetime.date | None = None

    def __str__(self) -> str:
        return f"{self.name} {self.sha256}"
