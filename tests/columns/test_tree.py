"""The arithmetic of columns, run by DuckDB: the numbers that exact arithmetic gives for a row."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from dmcalc.columns.dialect import DUCKDB, SPARK
from dmcalc.columns.tree import Tree
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
        *(("52.5750004", 7), ("0.0000001", 7), ("69.85322498", 8)),
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
    ("digits", "powers", "products"), [(27, 9, 1), (28, 9, 2), (34, 2, 1), (35, 2, 2)]
)
def test_a_product_that_an_engine_would_round_is_made_in_two(digits, powers, products):
    """10^9 has 10 digits, and with a spare one a product of 38 has room for 27 more."""
    term = TREE.scaled(column(powers, 10 ** (digits - powers) - 1), powers)
    assert SPARK.expression(term).count("*") == products


@pytest.mark.parametrize("powers", [0, 1])
def test_what_cannot_be_made_in_two_is_left_whole(powers):
    (part,) = TREE.scaled(column(0, 10**37 - 1), powers).parts
    assert part.op == "column"


def test_a_number_that_no_engine_holds_is_refused_before_it_runs():
    assert column(6, 10**32 - 1).digits == 38
    with pytest.raises(TableError, match="a number of 39 digits"):
        column(6, 10**32)


@pytest.mark.parametrize("whole", ["0.5", "3", "700"])
@pytest.mark.parametrize("off", ["-60", "-0.001", "0", "0.005", "12.3"])
def test_how_far_off_an_order_is_in_per_cent_is_what_rows_say(computed, off, whole):
    term = TREE.deviation_percent(TREE.subtract(column(3), TREE.number(100)), TREE.number(D(whole)))
    assert computed(term, D(100) + D(off), 3) == arithmetic.deviation_percent(D(off), D(whole))
