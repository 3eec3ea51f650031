"""The arithmetic of columns, run by DuckDB: the numbers that exact arithmetic gives for a row."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from dmcalc.columns.dialect import DUCKDB, SPARK
from dmcalc.columns.tree import NOTHING, Layers, Tree
from dmcalc.errors import TableError
from dmcalc.quantities import arithmetic

TREE = Tree()
D = Decimal


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture
def computed(engine):
    """Run a term over an amount of a row, and hold it against what the tree knows of it."""

    def compute(term, amount, places):
        cell = f"CAST({amount} AS DECIMAL(38, {places}))"
        ((value,),) = engine.execute(
            f"SELECT {DUCKDB.expression(term)} FROM (SELECT {cell} AS amount)"
        ).fetchall()
        assert abs(value) <= term.most
        assert value == round(value, term.places)
        return value

    return compute


def column(places, most=1000):
    return TREE.column("amount", places, most)


@pytest.mark.parametrize("up", [False, True])
@pytest.mark.parametrize("parts", [1, 2, 3, 7])
@pytest.mark.parametrize(
    ("amount", "places"),
    [
        *(("60", 0), ("52.5", 1), ("0.000001", 6), ("52.575001", 6)),
        *(("52.5750004", 7), ("0.0000001", 7), ("69.85322498", 8), ("69.853224980001", 12)),
    ],
)
def test_a_part_of_a_day_is_the_one_that_rows_divide(computed, amount, places, parts, up):
    term = TREE.divide_inward(column(places), parts, up=up)
    assert computed(term, amount, places) == arithmetic.divide_inward(D(amount), parts, up=up)


@pytest.mark.parametrize("powers", [-6, -2, 0, 1, 2, 3, 9])
def test_a_number_is_scaled_with_the_places_that_it_then_has(computed, powers):
    term = TREE.scaled(column(3), powers)
    assert (term.places, term.most) == (max(0, 3 - powers), 1000 * D(10) ** powers)
    assert computed(term, "52.575", 3) == D("52.575") * D(10) ** powers


@pytest.mark.parametrize(
    ("digits", "powers", "products"), [(10, 9, 1), (27, 9, 1), (28, 9, 2), (34, 2, 1), (35, 2, 2)]
)
def test_a_product_that_an_engine_would_round_is_made_in_two(computed, digits, powers, products):
    """10^9 has 10 digits, and with a spare one a product of 38 has room for 27 more."""
    term = TREE.scaled(column(powers, 10 ** (digits - powers) - 1), powers)
    assert SPARK.expression(term).count("*") == products
    assert computed(term, "1.5", powers) == D("1.5") * 10**powers


@pytest.mark.parametrize(("digits", "fits"), [(18, True), (19, False)])
def test_a_product_that_spark_would_round_is_refused(digits, fits):
    """With a spare digit a product of 38 has room for 37 in its factors."""
    product = TREE.multiply(column(0, 10**19 - 1), column(0, 10**digits - 1))
    if fits:
        assert "*" in SPARK.expression(product)
    else:
        with pytest.raises(TableError, match="a product of 39 digits would be rounded by Spark"):
            SPARK.expression(product)


@pytest.mark.parametrize("powers", [0, 1])
def test_what_cannot_be_made_in_two_is_left_whole(powers):
    (part,) = TREE.scaled(column(0, 10**37 - 1), powers).parts
    assert part.op == "column"


def test_a_part_that_is_the_whole_is_left_as_it_is():
    whole, finer = column(6), column(7)
    assert TREE.divide_inward(column(0), 1, up=True) == column(0)
    assert TREE.divide_inward(whole, 1, up=True) is whole
    assert TREE.divide_inward(whole, 2, up=True).places == 6
    assert TREE.divide_inward(finer, 1, up=True).places == 6


def test_figures_of_the_table_are_computed_before_an_engine_runs():
    two, five, amount = TREE.number(2), TREE.number(D("5.0")), column(3)
    assert TREE.multiply(two, five) == TREE.number(10)
    assert TREE.multiply(TREE.number(1), amount) is amount
    assert TREE.multiply(amount, TREE.number(1)) is amount
    assert TREE.least(two, five) is two
    assert TREE.least(five, two) is two


def test_each_number_knows_its_places_and_the_largest_that_it_can_be():
    amount, cap = column(3), TREE.number(D("80.5"))
    widths = {
        "product": TREE.multiply(amount, cap),
        "difference": TREE.subtract(amount, cap),
        "sum": TREE.add(amount, cap),
        "least": TREE.least(amount, cap),
        "least of three": TREE.least(TREE.least(amount, cap), TREE.number(70)),
        "size": TREE.size(amount),
        "quotient": TREE.whole_quotient(TREE.column("amount", 0, 1000), TREE.number(7)),
        "choice": TREE.choose(TREE.below(amount, cap), lambda: amount, lambda: cap),
        "part": TREE.divide_inward(amount, 2, up=False),
        "part up": TREE.divide_inward(amount, 2, up=True),
        "per cent": TREE.deviation_percent(TREE.subtract(amount, cap), TREE.number(700)),
        # what is above 0 is at least 0.1
        "per cent of tenths": TREE.deviation_percent(amount, column(1)),
    }
    assert {name: (term.places, term.most) for name, term in widths.items()} == {
        "product": (4, 80_500),
        "difference": (3, D("1080.5")),
        "sum": (3, D("1080.5")),
        "least": (3, D("80.5")),
        "least of three": (3, 70),
        "size": (3, 1000),
        "quotient": (0, 1000),
        "choice": (3, 1000),
        "part": (6, 1000),  # what half of it may be is not taken into account
        "part up": (6, D("1000.000001")),
        "per cent": (2, D("108050.01")),
        "per cent of tenths": (2, D("1000000.01")),
    }
    assert len(widths["least of three"].parts) == 3


@pytest.mark.parametrize(
    ("figure", "places", "name"),
    [("80.50", 1, "80.5"), ("700", 0, "700"), ("0", 0, "0"), ("0.001", 3, "0.001")],
)
def test_a_figure_has_the_places_that_it_needs(figure, places, name):
    number = TREE.number(D(figure))
    assert (number.places, number.most, number.name) == (places, D(figure), name)
    assert TREE.number(D(f"-{figure}")).most == D(figure)


def test_a_truth_is_sure_where_all_that_it_is_made_of_is():
    known, open_ = TREE.known(column(0)), TREE.below(column(0), TREE.number(1))
    assert TREE.all_of((known, known)).sure
    assert not TREE.all_of((known, open_)).sure
    assert not TREE.any_of((open_, known)).sure
    assert TREE.negated(known).sure
    assert not TREE.negated(open_).sure
    assert TREE.holds(known) is known
    assert TREE.holds(open_).sure
    assert TREE.negated(TREE.negated(open_)) is open_
    assert TREE.all_of((open_,)) is open_
    assert TREE.any_of((open_,)) is open_


def test_a_choice_of_the_same_is_no_choice_and_one_of_nothing_keeps_its_kind():
    when, text = TREE.known(column(0)), TREE.text("refused")
    assert TREE.choose(when, lambda: text, lambda: text) is text
    for number in (column(2), column(0, 0)):
        for choice in (
            TREE.choose(when, lambda number=number: number, lambda: NOTHING),
            TREE.choose(when, lambda: NOTHING, lambda number=number: number),
        ):
            assert choice.kind == "number"
            assert (choice.places, choice.most) == (number.places, number.most)
    assert TREE.choose(when, lambda: "below", lambda: NOTHING).kind == "text"
    low, high = TREE.choose(when, lambda: (text, column(1)), lambda: (text, column(2)))
    assert (low, high.op, high.places) == (text, "choose", 2)


def test_what_is_computed_has_a_name_in_the_layers_above_it():
    layers = Layers()
    amount, known = column(0), TREE.known(column(0))
    terms = {"low": amount, "cap": TREE.number(80), "sure": known, "open": TREE.negated(
        TREE.below(amount, TREE.number(1)))}  # fmt: skip
    above = layers.add("dose", terms)
    assert (above["low"], above["cap"]) == (amount, terms["cap"])
    assert {key: (above[key].op, above[key].name) for key in ("sure", "open")} == {
        "sure": ("sure column", "dose.sure"),
        "open": ("column", "dose.open"),
    }
    assert layers.layers == [("dose", {"sure": known, "open": terms["open"]})]
    layers.add("more", {"low": above["low"]})  # nothing to compute
    assert len(layers.layers) == 1


def test_a_number_that_no_engine_holds_is_refused_before_it_runs():
    assert column(6, 10**32 - 1).digits == 38
    with pytest.raises(TableError, match="a number of 39 digits"):
        column(6, 10**32)


@pytest.mark.parametrize("whole", ["0.5", "3", "700"])
@pytest.mark.parametrize("off", ["-60", "-0.001", "0", "0.005", "12.3"])
def test_how_far_off_an_order_is_in_per_cent_is_what_rows_say(computed, off, whole):
    term = TREE.deviation_percent(TREE.subtract(column(3), TREE.number(100)), TREE.number(D(whole)))
    assert computed(term, D(100) + D(off), 3) == arithmetic.deviation_percent(D(off), D(whole))
