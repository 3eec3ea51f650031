"""Orders of any size: within if and only if inside, deviations as in fractions, no other error."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import dmcalc
from dmcalc.errors import DmcalcError, UsageError
from dmcalc.keywords import as_text
from dmcalc.order.check import check, check_prepared, prepare_check
from dmcalc.order.grammar import OrderReader
from dmcalc.order.parse import read_order
from dmcalc.patient import patient
from tests import oracle
from tests.chance import share
from tests.properties.given import decimals, kilograms, tried

LOADED = dmcalc.load_table()
RULES = {rule.name: rule for rule in oracle.rules()}
EACH = {"day": "daily", "week": "once a week", "course": "per course", "dose": "per dose"}
CAPPED = [name for name, rule in RULES.items() if rule.cap is not None]


def person(weight="70", bsa="1.8"):
    return patient.read(LOADED.table.limits, weight=weight, bsa=bsa)


def row_of(name, order, who):
    """Check an order against posologies alone, not against the steps of schedules; pulses end."""
    rule = RULES[name]
    days = f" for {rule.days[0]} days" if rule.dose.per == "day" and rule.days else ""
    drug = prepare_check(LOADED, name.partition(".")[0], alternatives=True)
    result = check_prepared(drug._replace(schedules=()), who, read_order(order + days))
    (found,) = [row for row in result.rows if row.regimen == name]
    return found


def written(value):
    """Write an amount as in an order; one that needs more than 3 decimals has none."""
    return None if value * 1000 % 1 else as_text("amount", Decimal(int(value * 1000)) / 1000)


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=share(100, 2))
@given(weight=decimals(30, 300, 1), part=st.integers(0, 20))
def test_an_amount_inside_its_limits_is_within(name, weight, part):
    low, high = oracle.ends(RULES[name], Fraction(weight), Fraction("1.8"))
    inside = low + (high - low) * part / 20
    unit, per = RULES[name].dose.unit, RULES[name].dose.per
    amount = inside * (1000 if unit == "g" else 1)
    text = written(amount)
    if text is None or amount >= 10**6:
        return
    row = row_of(name, f"{text} mg {EACH[per]}", person(weight))
    assert (row.verdict, row.deviation, row.deviation_percent) == ("within", None, None)
    assert Fraction(row.ordered) == inside


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=share(100, 2))
@given(weight=kilograms, amount=decimals(1, 99999))
@example(weight="70", amount="90")
@example(weight="85kg", amount="80.001")
def test_a_verdict_is_the_one_computed_in_fractions(name, weight, amount):
    rule = RULES[name]
    kg = oracle.kilograms(weight.replace(" ", ""))
    low, high = oracle.ends(rule, kg, Fraction("1.8"))
    ordered = Fraction(amount) / (1000 if rule.dose.unit == "g" else 1)
    row = row_of(name, f"{amount} mg {EACH[rule.dose.per]}", person(weight))
    assert Fraction(row.ordered) == ordered
    if low <= ordered <= high:
        assert (row.verdict, row.deviation) == ("within", None)
        return
    end = low if ordered < low else high
    assert Fraction(row.deviation) == ordered - end
    exact = (ordered - end) * 100 / end
    assert abs(Fraction(row.deviation_percent) - exact) <= Fraction(1, 200)
    over = name in CAPPED and ordered > cap_of(rule)
    assert row.verdict == ("over-cap" if over else "below" if ordered < low else "above")


def cap_of(rule):
    factor = Fraction(oracle.MICROGRAMS[rule.cap.unit], oracle.MICROGRAMS[rule.dose.unit])
    return rule.cap.high * factor


@given(amount=decimals(1, 99), times=st.integers(2, 6), days=st.integers(1, 9))
def test_an_amount_by_its_times_and_days_is_their_product(amount, times, days):
    row = row_of("prednisone.induction", f"{amount} mg {times} times daily", person())
    assert Fraction(row.ordered) == Fraction(amount) * times
    order = f"{amount} g {times} times daily for {days} days"
    row = row_of("ivig.induction", order, person())
    assert Fraction(row.ordered) == Fraction(amount) * times * days
    assert (row.code == "days") == (not 2 <= days <= 5)


@given(rate=decimals(0, 3), weight=kilograms)
def test_an_order_per_kg_is_multiplied_exactly(rate, weight):
    if Fraction(rate) == 0:
        return
    row = row_of("prednisone.induction", f"{rate} mg/kg/day", person(weight))
    kg = oracle.kilograms(weight.replace(" ", ""))
    assert Fraction(row.ordered) == Fraction(rate) * kg
    inside = Fraction(3, 4) <= Fraction(rate) <= 1
    if kg <= 80:  # no cap
        assert (row.verdict == "within") is inside


WORDS = (
    *("90 mg", "1 g", "140 g", "2 g/kg", "1 mg/kg/day", "25 mg/m2", "0.5 mcg", "1,000 mg", "5"),
    *("daily", "twice daily", "3 times a day", "every 12 hours", "once a week", "weekly", "/day"),
    *("over 2 days", "for 3 days", "every 4 weeks", "every other day", "monthly", "per course"),
    *("2 doses", "twice", "2 weeks apart", "as a single dose", "once", "in 2 doses", "per dose"),
    *("IV", "by mouth", "on Monday", "QD", "x3d", ",", "-", "to", "for", "and", "µg", "٣", "½"),
)  # fmt: skip
phrases = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
signs = st.text("0123456789.,-/ mgkc²µdayweokr\t\x00½٣", max_size=20)
orders = phrases | signs | st.text(max_size=40)


@given(text=orders)
@example(text="90 mg daily" * 30)
@example(text="\ud800")
@example(text="1" * 300)
def test_an_order_is_read_or_refused(text):
    order, refused = tried(lambda: read_order(text), UsageError)
    if refused:
        assert refused.message.startswith("the order")
        assert refused.hint
        return
    assert order.amount > 0
    assert order.times >= 1
    assert order.parts >= 1
    assert order.per in EACH
    assert not (order.per in ("day", "week") and order.doses)


@pytest.mark.parametrize("drug", LOADED.table.drugs)
@given(text=phrases)
def test_whatever_is_read_gets_a_verdict_or_a_refusal(drug, text):
    result, refused = tried(
        lambda: check(LOADED, person(), drug, read_order(text), alternatives=True), DmcalcError
    )
    if refused:
        return
    assert result.rows
    assert "safe" not in " ".join(row.message for row in result.rows).lower()
    for row in result.rows:
        assert (row.code is None) == (row.verdict in ("within", "below", "above", "over-cap"))
        assert (row.deviation is None) == (row.deviation_percent is None)
    if LOADED.table.drugs[drug].once_weekly and result.verdict != "refused":
        assert all(row.dose.per == "week" for row in result.rows)
        assert (result.order.per, result.order.times, result.order.parts) == ("week", 1, 1)


@given(text=orders)
def test_a_refusal_points_into_the_order(text):
    _, refused = tried(lambda: OrderReader(text).amount(), UsageError)
    if refused and "\n" in refused.message:
        _, shown, pointer = refused.message.split("\n")
        assert shown == f"  {text}"
        assert 2 <= pointer.index("^") <= len(text) + 2
