"""Another product in place of the market's first: when it is offered, and that it is not halved."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.dispensing.other_products import other_product
from dmcalc.dispensing.stock import StockOptions
from dmcalc.quantities.amount import read_amount
from dmcalc.table import load

TABLE = load().table
DRUG = "mycophenolate"


def table_with(**changes):
    """Return the table with the second US product of mycophenolate changed: 250 mg capsules."""
    entry = TABLE.drugs[DRUG]
    products = tuple(
        product._replace(**changes) if product.id == "capsule-us" else product
        for product in entry.products
    )
    return TABLE._replace(drugs={**TABLE.drugs, DRUG: entry._replace(products=products)})


def offered(amounts, table=TABLE, **stocked):
    found = other_product(
        table, DRUG, "mg", StockOptions(market="US", **stocked), [Decimal(a) for a in amounts]
    )
    return None if found is None else found[0]


@pytest.mark.parametrize(
    ("amounts", "product"),
    [
        (["250"], "capsule-us"),
        (["750", "1250"], "capsule-us"),
        (["750", "800"], None),  # one of them alone is not made
        (["125"], None),
    ],
)
def test_another_product_makes_all_amounts(amounts, product):
    assert offered(amounts) == product


def test_where_a_product_or_a_stock_was_named_no_other_is_looked_for():
    assert offered(["250"], product="tablet-us") is None


def test_the_first_product_is_no_other_one():
    assert offered(["500"], table_with(strengths=(read_amount("300mg"),))) is None


def test_another_brand_before_it_hides_no_product():
    entry = TABLE.drugs[DRUG]
    tablet, capsule = (p for p in entry.products if "US" in p.markets)
    products = (tablet, capsule._replace(id="other", name="Another"), capsule)
    table = TABLE._replace(drugs={**TABLE.drugs, DRUG: entry._replace(products=products)})
    assert offered(["250"], table) == "capsule-us"


def test_another_product_is_not_halved_unasked():
    strength = TABLE.drugs[DRUG].products[1].strengths
    halved = table_with(form="tablet", scored=strength)
    assert offered(["250"], halved) == "capsule-us"
    assert offered(["125"], halved) is None


@pytest.mark.parametrize("other", [{"name": "Another"}, {"release": "prolonged"}])
def test_another_brand_or_formulation_is_never_put_in_its_place(other):
    assert offered(["250"], table_with(**other)) is None
