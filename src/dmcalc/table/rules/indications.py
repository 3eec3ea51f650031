"""The rules that a place in treatment must keep: a choice is among what is indicated."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.sources.figures import Problem
    from dmcalc.table.model.table import Table


def problems(table: Table) -> Iterator[Problem]:
    """A choice is among drugs that are indicated at the severity."""
    for name, place in table.indications.items():
        for severity, at in zip(place._fields, place, strict=True):
            if at.choice_group is not None and not at.indicated:
                yield (
                    ("indications", name, severity, "choice_group"),
                    "a choice is among drugs that are indicated at this severity",
                )
