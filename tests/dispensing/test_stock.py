"""The dose of a day that is taken several times: each of its equal doses is made of whole units."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.dispensing.stock import StockOptions, stock_of
from dmcalc.table import load

TABLE = load().table


def day_stock(drug, unit="mg", market="US"):
    return stock_of(TABLE, drug, unit, StockOptions(market), "day")


def counts(products):
    return "; ".join(f"{p.count} x {p.strength:f} {p.unit}" for p in products)


@pytest.mark.parametrize(
    ("drug", "dose", "products"),
    [
        ("ciclosporin", "350", "2 x 100 mg; 2 x 50 mg; 2 x 25 mg"),  # 175 mg twice
        ("ciclosporin", "200", "2 x 100 mg"),
        ("ciclosporin", "50", "2 x 25 mg"),
        ("mycophenolate", "3000", "6 x 500 mg"),
        ("mycophenolate", "2000", "4 x 500 mg"),
        ("prednisone", "70", "1 x 50 mg; 1 x 20 mg"),  # no source divides it
    ],
)
def test_a_days_dose(drug, dose, products):
    made = day_stock(drug).make(Decimal(dose))
    assert made.dose == Decimal(dose)
    assert counts(made.products) == products


@pytest.mark.parametrize(
    ("drug", "dose", "below", "above"),
    [
        ("ciclosporin", "275", "250", "300"),  # 137.5 mg twice
        ("ciclosporin", "175", "150", "200"),
        ("ciclosporin", "25", None, "50"),
        ("mycophenolate", "2500", "2000", "3000"),
    ],
)
def test_a_days_dose_that_has_no_equal_parts(drug, dose, below, above):
    made = day_stock(drug).make(Decimal(dose))
    assert made.dose is made.products is None
    assert made.nearest.below == (below and Decimal(below))
    assert made.nearest.above == Decimal(above)


def test_a_single_dose_is_not_divided():
    single = stock_of(TABLE, "ciclosporin", "mg", StockOptions())
    assert counts(single.make(Decimal(275)).products) == "2 x 100 mg; 1 x 50 mg; 1 x 25 mg"


def test_within_a_range_and_toward_a_dose():
    stock = day_stock("ciclosporin")
    assert stock.make_within(Decimal(175), Decimal(175), Decimal(350)).dose == 200
    assert stock.make_toward(Decimal(275), "down").dose == 250
    assert stock.make_toward(Decimal(275), "up").dose == 300


def test_equal_stocks_are_equal():
    assert day_stock("ciclosporin") == day_stock("ciclosporin")
    assert day_stock("ciclosporin") != day_stock("ciclosporin", market="UK")
