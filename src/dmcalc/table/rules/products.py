"""The rules that products must keep: what they hold, where they are sold."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.sources.figures import Path, Problem
    from dmcalc.table.model.table import Table


def problems(table: Table) -> Iterator[Problem]:
    """Each product has strengths, a market and a name of its own."""
    for name, drug in table.drugs.items():
        ids = [product.id for product in drug.products]
        for number, product in enumerate(drug.products):
            path: Path = ("drugs", name, "products", number)
            if not product.strengths:
                yield (*path, "strengths"), "no strengths: there is nothing that can be dispensed"
            if not product.markets:
                yield (*path, "markets"), "no market: say where it is sold"
            if product.id in ids[:number]:
                yield (*path, "id"), f"{product.id!r} is there twice"
