"""Another product of the market, where the first makes an amount of no whole units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.dispensing.stock import stock_of
from dmcalc.results.trace import aside

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from dmcalc.dispensing.stock import Stock, StockOptions
    from dmcalc.quantities.amount import Mass, Per
    from dmcalc.table.model.table import Table


def other_product(
    table: Table,
    drug: str,
    unit: Mass,
    stocked: StockOptions,
    amounts: Sequence[Decimal],
    per: Per | None = None,
) -> tuple[str, Stock] | None:
    """Return the id and the units of a product that makes all amounts, in a unit; None if none.

    It has the name and the release of the market's first product: another brand or formulation is
    never dispensed instead of it. Where strengths or a product were named, no other is looked for.
    """
    if stocked.stock or stocked.product is not None:
        return None
    sold = [p for p in table.drugs[drug].products if stocked.market in p.markets]
    for product in sold[1:]:
        if (product.name, product.release) != (sold[0].name, sold[0].release):
            continue
        stock = stock_of(table, drug, unit, stocked._replace(product=product.id, halves=False), per)
        with aside():
            if all(stock.make(amount).dose is not None for amount in amounts):
                return product.id, stock
    return None
