"""What an engine is sent for each kind of term, at the widths where it would fail or round."""

from __future__ import annotations

import pytest

from dmcalc.columns.dialect import DUCKDB, POSTGRES, SPARK, quoted
from dmcalc.columns.tree import NOTHING, Term, Tree
from dmcalc.errors import TableError

TREE = Tree()


def a(places, most):
    return TREE.column("a", places, most)


def b(places, most):
    return TREE.column("b", places, most)


#: An amount, a text, a truth that is known in each row and one that is not.
AMOUNT, WORD = a(3, 1000), TREE.text_column("w")
SURE, OPEN = TREE.known(TREE.text_column("k")), TREE.below(AMOUNT, TREE.number(80))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (TREE.number(80), "CAST(80 AS DECIMAL(2, 0))"),
        (TREE.number(0), "CAST(0 AS DECIMAL(1, 0))"),
        (TREE.multiply(AMOUNT, b(2, 100)), "CAST(a * b AS DECIMAL(11, 5))"),
        (TREE.add(AMOUNT, b(2, 100)), "CAST(a + b AS DECIMAL(7, 3))"),
        (TREE.subtract(b(2, 100), AMOUNT), "CAST(b - a AS DECIMAL(7, 3))"),
        (TREE.size(AMOUNT), "ABS(a)"),
        (
            TREE.least(AMOUNT, TREE.number(80)),
            "CASE WHEN a IS NOT NULL THEN "
            "CAST(LEAST(a, CAST(80 AS DECIMAL(2, 0))) AS DECIMAL(5, 3)) END",
        ),
        # a comparison makes no number
        (OPEN, "(a < 80)"),
        (TREE.equal(WORD, TREE.text("it's")), "(w = 'it''s')"),
        (TREE.equal(a(0, 9), TREE.number(2)), "(a = 2)"),
        (SURE, "(k IS NOT NULL)"),
        (TREE.negated(SURE), "(k IS NULL)"),
        (TREE.negated(OPEN), "(NOT (a < 80))"),
        (TREE.holds(OPEN), "((a < 80) IS TRUE)"),
        (TREE.all_of((SURE, OPEN)), "((k IS NOT NULL) AND (a < 80))"),
        (TREE.any_of((SURE, OPEN)), "((k IS NOT NULL) OR (a < 80))"),
        (NOTHING, "NULL"),
        # what is not known is taken for no way of a choice
        (
            TREE.choose(OPEN, lambda: "x", lambda: "y"),
            "CASE WHEN (a < 80) THEN 'x' WHEN NOT (a < 80) THEN 'y' END",
        ),
        (
            TREE.choose(SURE, lambda: "x", lambda: "y"),
            "CASE WHEN (k IS NOT NULL) THEN 'x' ELSE 'y' END",
        ),
        (
            TREE.choose(SURE, lambda: "x", lambda: NOTHING),
            "CASE WHEN (k IS NOT NULL) THEN 'x' END",
        ),
        (
            TREE.first([(SURE, TREE.text("x")), (TREE.negated(SURE), TREE.text("y"))], None),
            "CASE WHEN (k IS NOT NULL) THEN 'x' WHEN (k IS NULL) THEN 'y' END",
        ),
        (
            TREE.choose(SURE, lambda: AMOUNT, lambda: TREE.number(80)),
            "CAST(CASE WHEN (k IS NOT NULL) THEN a ELSE CAST(80 AS DECIMAL(2, 0)) END"
            " AS DECIMAL(7, 3))",
        ),
        (
            TREE.choose(SURE, lambda: AMOUNT, lambda: TREE.least(AMOUNT, b(0, 9))),
            "CAST(CASE WHEN (k IS NOT NULL) THEN a ELSE CASE WHEN a IS NOT NULL AND b IS NOT NULL"
            " THEN CAST(LEAST(a, b) AS DECIMAL(4, 3)) END END AS DECIMAL(7, 3))",
        ),
        (Term("lower", "text", (WORD,)), "LOWER(CAST(w AS VARCHAR))"),
        (
            Term("read", "number", (WORD,), places=3, most=TREE.number(999).most),
            "CASE WHEN regexp_matches(CAST(w AS VARCHAR), '^[0-9]{1,3}([.][0-9]{1,3}0*)?$') "
            "THEN TRY_CAST(CAST(w AS VARCHAR) AS DECIMAL(6, 3)) END",
        ),
        (
            Term("read", "number", (WORD,), most=TREE.number(99).most),
            "CASE WHEN regexp_matches(CAST(w AS VARCHAR), '^[0-9]{1,2}([.]0+)?$') "
            "THEN TRY_CAST(CAST(w AS VARCHAR) AS DECIMAL(2, 0)) END",
        ),
    ],
)
def test_a_term_is_written_with_the_width_that_it_has(term, text):
    assert DUCKDB.expression(term) == text


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (TREE.scaled(a(6, 999), 3), "CAST(a * CAST(1000 AS DECIMAL(4, 0)) AS DECIMAL(9, 3))"),
        (TREE.scaled(a(6, 999), 0), "CAST(a * CAST(1 AS DECIMAL(1, 0)) AS DECIMAL(9, 6))"),
        (
            TREE.scaled(a(6, 999), -6),
            "CAST(a * CAST(0.000001 AS DECIMAL(7, 6)) AS DECIMAL(13, 12))",
        ),
    ],
)
def test_a_power_of_ten_has_a_type_of_its_own(term, text):
    assert DUCKDB.expression(term) == text


#: Products of at most 18 digits, and of more, where a factor has no more than 18.
LONG = [
    (TREE.multiply(a(0, 10**9 - 1), b(0, 10**9 + 1)), False),
    (TREE.multiply(a(0, 10**9 - 1), b(0, 10**9 + 2)), True),
    (TREE.multiply(a(2, 10**16 - 1), b(1, 1)), True),
    (TREE.multiply(a(2, 10**17 - 1), b(1, 1)), False),  # it is wide already
    (TREE.add(a(2, 10**16 - 2), b(0, 1)), False),
    (TREE.add(a(2, 10**16 - 1), b(0, 1)), True),
    # before they are cast, products have all places of both factors
    (TREE.scaled(a(6, 10**6 - 1), 6), False),
    (TREE.scaled(a(6, 10**7 - 1), 6), True),
    (TREE.scaled(a(7, 10**5 - 1), 6), False),
    (TREE.scaled(a(7, 10**7 - 1), 6), True),
    (TREE.scaled(a(11, 10**6 - 1), -6), False),
    (TREE.scaled(a(12, 10**6 - 1), -6), True),
]


@pytest.mark.parametrize(("term", "widened"), LONG)
def test_a_product_that_duckdb_would_fail_on_is_widened_and_no_other(term, widened):
    (number, *_) = term.parts
    text = DUCKDB.expression(term)
    assert text.startswith(f"CAST(CAST(a AS DECIMAL(38, {number.places}))") is widened
    assert SPARK.expression(term).startswith("CAST(a ")  # it does so by itself


@pytest.mark.parametrize(
    ("term", "digits"),
    [
        (TREE.add(a(0, 10**36 - 1), b(0, 1)), None),
        (TREE.add(a(0, 10**37 - 1), b(0, 1)), 39),
        (TREE.scaled(a(1, 10**34 - 1), 1), None),
        (TREE.scaled(a(1, 10**35 - 1), 1), 39),
        (TREE.scaled(a(0, 10**31 - 1), -6), None),
        (TREE.scaled(a(0, 10**32 - 1), -6), 39),
    ],
)
def test_what_spark_would_round_is_an_error_while_it_is_written(term, digits):
    DUCKDB.expression(term)
    if digits is None:
        SPARK.expression(term)
    else:
        with pytest.raises(TableError, match=f"a product of {digits} digits would be rounded"):
            SPARK.expression(term)


@pytest.mark.parametrize(
    ("dialect", "digits", "text"),
    [
        (DUCKDB, 18, "(CAST(a AS BIGINT) // CAST(b AS BIGINT))"),
        (DUCKDB, 19, "(CAST(a AS HUGEINT) // CAST(b AS HUGEINT))"),
        (DUCKDB, 38, "(CAST(a AS HUGEINT) // CAST(b AS HUGEINT))"),
        (POSTGRES, 18, "DIV(CAST(a AS BIGINT), CAST(b AS BIGINT))"),
        (POSTGRES, 38, "DIV(CAST(a AS DECIMAL(38, 0)), CAST(b AS DECIMAL(38, 0)))"),
    ],
)
def test_a_quotient_is_one_of_whole_numbers_that_hold_both(dialect, digits, text):
    for term in (
        TREE.whole_quotient(a(0, 10**digits - 1), b(0, 7)),
        TREE.whole_quotient(a(0, 10**digits - 1), b(0, 10**digits - 1)),
    ):
        assert dialect.expression(term) == f"CAST({text} AS DECIMAL({digits}, 0))"


@pytest.mark.parametrize(("digits", "fits"), [(32, True), (33, False)])
def test_a_quotient_of_more_digits_than_spark_keeps_is_refused(digits, fits):
    term = TREE.whole_quotient(a(0, 10**digits - 1), b(0, 7))
    if fits:
        assert " % " in SPARK.expression(term)
    else:
        with pytest.raises(TableError, match="a quotient of 33 digits does not fit spark"):
            SPARK.expression(term)


def test_the_larger_of_two_numbers_says_how_wide_a_quotient_is():
    term = TREE.whole_quotient(a(0, 7), b(0, 10**18))
    assert DUCKDB.expression(term).count("HUGEINT") == 2


def test_a_name_or_a_text_cannot_end_before_its_end():
    assert DUCKDB.name_of('a "b"') == '"a ""b"""'
    assert SPARK.name_of("a `b`") == "`a ``b```"
    assert quoted("patient's") == "'patient''s'"
    assert SPARK.doubled("`a`") == "CAST(CAST(`a` AS STRING) AS DOUBLE)"
