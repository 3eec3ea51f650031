"""What a trace notes, where, and what it does not."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import dmcalc
from dmcalc.results.trace import Trace, aside, noting, quotient, recording, under, used


def rounded(trace, where="low", exact="1/3", after="0.33", **more):
    trace.rounded(where, "what", Fraction(exact), Decimal(after), "mg", "how", **more)


def test_outside_a_recording_nothing_is_noted():
    assert noting() is None
    with under("rows", 0), aside():
        used("prednisone", "drugs")
        assert noting() is None


def test_each_recording_has_a_trace_of_its_own():
    with recording() as outer:
        used("prednisone", "drugs", "prednisone")
        with recording() as inner:
            used("ivig", "drugs", "ivig")
        used("body", "formulas")
    assert outer.figures == {("prednisone", ("drugs", "prednisone")), ("body", ("formulas",))}
    assert inner.figures == {("ivig", ("drugs", "ivig"))}
    assert noting() is None


def test_a_recording_ends_with_an_error_too():
    try:
        with recording():
            raise ValueError
    except ValueError:
        assert noting() is None


def test_a_figure_that_came_out_even_is_not_noted():
    trace = Trace()
    rounded(trace, exact="1/4", after="0.25")
    assert trace.roundings == ()


def test_a_rounding_has_its_place_in_the_answer():
    with recording() as trace:
        with under("rows", 2):
            rounded(trace)
            rounded(trace, None)
        rounded(trace, "amount")
    assert [found.where for found in trace.roundings] == ["rows.2.low", None, "amount"]


def test_a_rounding_up_and_one_down():
    trace = Trace()
    rounded(trace, exact="2/3", after="0.67")  # 0.67 - 2/3 = 1/300, half a per cent of 2/3
    rounded(trace, exact="-1/3", after="-0.34")  # 1/150, two per cent of 1/3
    first, second = trace.roundings
    assert (first.before, first.by, first.percent, first.direction) == (
        "2/3",
        "1/300",
        Decimal("0.5"),
        "up",
    )
    assert (second.by, second.percent, second.direction) == ("1/150", Decimal(2), "down")


def test_of_nothing_there_is_no_per_cent():
    trace = Trace()
    rounded(trace, exact="0", after="5")
    assert (trace.roundings[0].by, trace.roundings[0].percent) == (Decimal(5), None)


def test_a_root_has_its_digits_as_text():
    trace = Trace()
    trace.rounded(
        "bsa_m2", "root of 2", Decimal("1.41421356237"), Decimal("1.414"), "m2", "how", root=True
    )
    (found,) = trace.roundings
    assert (found.before, found.by, found.direction) == ("1.41421356237", "0.00021356237", "down")
    assert found.percent == Decimal("0.015101")  # 100 x 0.00021356237 / 1.41421356237


def test_aside_figures_count_and_roundings_do_not():
    with recording() as trace, under("rows", 0):
        rounded(trace)
        with aside():
            used("ivig", "drugs", "ivig")
            rounded(trace, "high")
            trace.forget()
        rounded(trace, "last")
    assert trace.figures == {("ivig", ("drugs", "ivig"))}
    assert [found.where for found in trace.roundings] == ["rows.0.low", "rows.0.last"]


def test_what_is_taken_back_stood_at_the_present_place():
    with recording() as trace:
        rounded(trace, "amount")
        with under("rows", 0):
            used("ivig", "drugs", "ivig", "regimens")
            trace.used("ivig", "drugs", "ivig", "products", here=True)
            rounded(trace)
            trace.forget()
        with under("rows", 1):
            rounded(trace)
    assert trace.figures == {("ivig", ("drugs", "ivig", "regimens"))}
    assert [found.where for found in trace.roundings] == ["amount", "rows.1.low"]


def test_a_quotient_is_exact():
    assert quotient(Decimal("0.1"), 3) == Fraction(1, 30)


def test_a_drug_that_a_rule_refuses_has_neither_roundings_nor_tablets():
    # febuxostat beside azathioprine is refused; 70.07 kg round the ratios of both rows otherwise
    with recording() as trace:
        given = dmcalc.dose("azathioprine", "prednisone", weight="70.07")
    assert {found.where.split(".")[1] for found in trace.roundings if found.where} == {"1", "2"}
    with recording() as trace:
        result = dmcalc.dose("azathioprine", "prednisone", weight="70.07", taking=["febuxostat"])
    assert [row.refused for row in result.rows] == [True, True, False]
    assert {found.where.split(".")[1] for found in trace.roundings if found.where} == {"2"}
    parts = {path[:3] for drug, path in trace.figures if drug == "azathioprine"}
    assert ("drugs", "azathioprine", "regimens") in parts
    assert ("drugs", "azathioprine", "products") not in parts
    assert len(given.rows) == len(result.rows)
