"""The dose of a day that is taken several times: each of its equal doses is made of whole units."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.dispensing.stock import (
    DispensedUnits,
    StockOptions,
    counted_units,
    mass_of,
    minus_on_hand,
    multiply_units,
    stock_of,
    stock_or_note,
    sum_units,
    units_in_all,
)
from dmcalc.errors import PatientError, UsageError
from dmcalc.quantities.amount import read_amount
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


def test_the_ends_of_a_range_belong_to_it():
    stock = of_stock("prednisone")
    assert stock.make_within(Decimal("62.4"), Decimal("62.3"), Decimal("62.5")).dose == Decimal(
        "62.5"
    )
    assert stock.make_within(Decimal("62.1"), Decimal(62), Decimal("62.2")).dose == 62
    day = day_stock("mycophenolate")
    assert day.makes_within(Decimal(1500), Decimal(2000))
    assert day.makes_within(Decimal(2000), Decimal(2001))
    assert not day.makes_within(Decimal(1001), Decimal(1999))  # 1,500 mg are 750 mg twice
    days = stock_of(TABLE, "tacrolimus", "mg", StockOptions(), per="day")
    assert days.times_daily == 2
    assert days.makes_within(Decimal("2.9"), Decimal("3.6"))  # 1.5 mg twice


def test_the_strengths_of_a_stock_are_named_as_on_their_boxes():
    assert of_stock("tacrolimus").strengths() == "0.5, 1, 5 mg"
    assert of_stock("tacrolimus", "UK", product="adoport-uk").strengths() == "750 mcg, 2 mg"


def test_units_are_added_up_strength_by_strength():
    fives, twenties = (DispensedUnits(Decimal(of), "mg", Decimal(2)) for of in (5, 20))
    gram = DispensedUnits(Decimal(1), "g", Decimal(1))
    every = sum_units([(fives, twenties), (gram, fives)])
    assert counts(every) == "1 x 1 g; 2 x 20 mg; 4 x 5 mg"
    assert units_in_all(every) == 7
    assert mass_of(every, "mg") == 1060
    left = {Decimal(1000): Decimal(1), Decimal(5): Decimal(3)}
    assert counts(minus_on_hand(every, left)) == "2 x 20 mg; 1 x 5 mg"
    assert counts(minus_on_hand(every, {Decimal(5): Decimal(9)})) == "1 x 1 g; 2 x 20 mg"
    assert counts(multiply_units(every, 3)) == "3 x 1 g; 6 x 20 mg; 12 x 5 mg"


def test_where_the_first_product_stays_whole_no_strength_of_its_drug_is_halved():
    entry = TABLE.drugs["prednisolone"]
    uk, soluble = (p for p in entry.products if p.id in ("tablet-uk", "soluble-uk"))
    scored = soluble._replace(scored=soluble.strengths)
    stocked = StockOptions("UK", soluble.strengths, halves=True)
    for first, halved in ((uk._replace(whole="Never halved."), False), (uk, True)):
        drug = entry._replace(products=(first, scored))
        table = TABLE._replace(drugs={**TABLE.drugs, "prednisolone": drug})
        if halved:
            made = stock_of(table, "prednisolone", "mg", stocked).make(Decimal("2.5"))
            assert counts(made.products) == "0.5 x 5 mg"
        else:
            with pytest.raises(UsageError, match="no halves") as refused:
                stock_of(table, "prednisolone", "mg", stocked)
            assert refused.value.hint == "Never halved."
    # a later one that stays whole says nothing of the strengths of another
    drug = entry._replace(products=(scored, uk._replace(whole="Never halved.")))
    table = TABLE._replace(drugs={**TABLE.drugs, "prednisolone": drug})
    assert stock_of(table, "prednisolone", "mg", stocked).units[0].halved


def test_vials_make_any_dose():
    stock = stock_of(TABLE, "ivig", "g", StockOptions())
    assert stock.makes_within(Decimal("137.2"), Decimal("137.3"))
    assert stock.make(Decimal("137.2")).waste == Decimal("0.8")


def test_where_a_market_has_no_product_the_others_are_named():
    with pytest.raises(PatientError) as refused:
        of_stock("prednisone", "UK")
    assert refused.value.message == (
        "the table has no product of prednisone for the market UK: "
        "No UK product of prednisone was found; UK products are prednisolone"
    )
    assert refused.value.hint.endswith("There are products for US, EU (market).")
    nothing, notes = stock_or_note(TABLE, "prednisone", "mg", StockOptions("UK"))
    assert (nothing, [note.message for note in notes]) == (None, [f"{refused.value.message}."])
    drug = TABLE.drugs["prednisone"]._replace(products=(), no_product={})
    table = TABLE._replace(drugs={**TABLE.drugs, "prednisone": drug})
    with pytest.raises(PatientError) as refused:
        stock_of(table, "prednisone", "mg", StockOptions("UK"))
    assert refused.value.message.endswith("for the market UK")
    assert refused.value.hint == 'Name the strengths in stock, e.g. stock="20mg,5mg".'
    stocked = StockOptions("UK", (read_amount("5mg"),))
    assert stock_of(table, "prednisone", "mg", stocked).form == "tablet"


def test_within_a_range_and_toward_a_dose():
    stock = day_stock("ciclosporin")
    assert stock.make_within(Decimal(175), Decimal(175), Decimal(350)).dose == 200
    assert stock.make_toward(Decimal(275), "down").dose == 250
    assert stock.make_toward(Decimal(275), "up").dose == 300
    assert of_stock("prednisone").make_toward(Decimal("62.1"), "nearest").dose == 62


def test_equal_stocks_are_equal():
    assert day_stock("ciclosporin") == day_stock("ciclosporin")
    assert day_stock("ciclosporin") != day_stock("ciclosporin", market="UK")


def of_stock(drug, market="US", *, halves=False, product=None, stock=()):
    amounts = tuple(read_amount(text) for text in stock)
    return stock_of(TABLE, drug, "mg", StockOptions(market, amounts, halves, product))


@pytest.mark.parametrize(
    ("more", "names", "paths"),
    [
        ({}, ["tablet-us"], [(0, "strengths")]),
        ({"product": "directrx-us"}, ["directrx-us"], [(1, "strengths")]),
        (
            {"product": "directrx-us", "halves": True},
            ["directrx-us"],
            [(1, "strengths"), (1, "scored")],
        ),
        ({"stock": ["5mg"]}, [], []),
        # what may be halved is what a product of the market says of it
        ({"stock": ["5mg"], "halves": True}, ["directrx-us"], [(0, "scored"), (1, "scored")]),
    ],
)
def test_a_stock_names_the_figures_that_it_was_made_from(more, names, paths):
    stocked = of_stock("prednisone", **more)
    assert stocked.names == tuple(f"prednisone.product.{name}" for name in names)
    assert stocked.paths == tuple(("drugs", "prednisone", "products", *path) for path in paths)


@pytest.mark.parametrize(
    ("drug", "market", "more", "form"),
    [
        ("mycophenolate", "EU", {"stock": ["500mg"]}, "capsule"),
        ("mycophenolate", "UK", {"stock": ["500mg"]}, "tablet"),
        ("prednisone", "UK", {"stock": ["5mg"]}, "tablet"),  # no product there: as elsewhere
        ("ivig", "US", {"stock": ["5g"]}, "vial"),
        ("rituximab", "UK", {}, "vial"),
    ],
)
def test_a_stock_has_the_form_of_the_markets_product(drug, market, more, form):
    assert of_stock(drug, market, **more).form == form


def test_a_stock_where_no_product_is_sold_has_the_form_of_the_first_elsewhere():
    entry = TABLE.drugs["mycophenolate"]
    products = tuple(p for p in entry.products if "US" in p.markets)  # tablets, then capsules
    drug = entry._replace(products=products)
    table = TABLE._replace(drugs={**TABLE.drugs, "mycophenolate": drug})
    stocked = StockOptions("UK", (read_amount("500mg"),))
    assert stock_of(table, "mycophenolate", "mg", stocked).form == "tablet"


@pytest.mark.parametrize(
    ("drug", "market", "stock"),
    [
        ("prednisone", "US", ["20mg"]),  # 5 mg alone are scored
        ("prednisone", "UK", ["5mg"]),  # no product there says so
        ("methotrexate", "US", ["2.5mg"]),
    ],
)
def test_no_unit_is_halved_that_no_product_of_the_market_calls_scored(drug, market, stock):
    with pytest.raises(UsageError, match="no halves of"):
        of_stock(drug, market, stock=stock, halves=True)


def test_of_strengths_in_stock_those_that_are_scored_alone_are_halved():
    stock = of_stock("prednisone", stock=["5mg", "20mg"], halves=True)
    assert counts(stock.make(Decimal("22.5")).products) == "1 x 20 mg; 0.5 x 5 mg"
    assert stock.make(Decimal(10)).products == stock.make_toward(Decimal(11), "down").products
    assert counts(stock.make(Decimal(30)).products) == "1 x 20 mg; 2 x 5 mg"


@pytest.mark.parametrize("count", ["0", "30", "100000"])
def test_so_many_units_are_counted_of_a_strength(count):
    (units,) = counted_units("left", f"20mg:{count}")
    assert (units.strength, units.unit, units.count) == (20, "mg", int(count))


@pytest.mark.parametrize(
    "text", ["20mg:100001", "20mg:-1", "20mg:1.5", "20mg:\u0663", "20mg", ":5"]
)
def test_what_is_no_strength_and_no_count_that_anyone_counts_out_is_refused(text):
    with pytest.raises(UsageError, match="left"):
        counted_units("left", text)
