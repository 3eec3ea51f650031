"""Which orders columns have room for, and which steps are looked for with each weight."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from dmcalc.batch.answers import Orders
from dmcalc.columns.cases import CODE_FOR_ROWS, Reader
from dmcalc.columns.orders import by_weight, read_order_of
from dmcalc.order.parse import Order
from dmcalc.quantities.amount import Rate

from .proof import GUIDE, LOADED
from .test_sheet import asked

#: A step by weight, where the posology and the rest of the titration are the same for all.
STEP = Rate.parse("0.2 mg/kg/week")


def case_of(drug, loaded=LOADED):
    answerer = Orders(loaded, GUIDE, None)
    return asked(answerer, {"drug": drug, "order": "10 mg weekly"}, weights=["70"]).cases[0]


@pytest.mark.parametrize(
    ("drug", "by"), [("azathioprine", True), ("methotrexate", False), ("mycophenolate", False)]
)
def test_steps_and_doses_of_a_drug_differ_by_weight_where_one_of_them_does(drug, by):
    assert by_weight(case_of(drug)) is by


@pytest.mark.parametrize(
    "part", [{"start": STEP}, {"increase": STEP}, {"max": STEP}, {"levels": (STEP,)}]
)
def test_a_step_by_weight_is_no_step_of_another_weight(part):
    """Else a patient of 50 kg would have the steps of the first patient, who weighs 100 kg."""
    titrations = LOADED.table.titrations
    own = titrations["prometheus"]._replace(**part)
    loaded = LOADED._replace(table=LOADED.table._replace(titrations={**titrations, "x": own}))
    assert by_weight(case_of("methotrexate", loaded))


def test_a_limit_by_weight_of_a_rule_is_that_of_each_weight():
    case = case_of("methotrexate")
    case.lines[0] = case.lines[0]._replace(rules=(SimpleNamespace(max=None),))
    assert not by_weight(case)
    case.lines[0] = case.lines[0]._replace(rules=(SimpleNamespace(max=STEP),))
    assert by_weight(case)


@pytest.mark.parametrize(("basis", "digits"), [(None, 12), ("kg", 9)])
def test_an_amount_of_more_digits_than_there_is_room_for_is_for_rows(basis, digits):
    answerer = Orders(LOADED, GUIDE, None)
    ready = answerer.ready("prednisone", child=False)
    last = []
    for amount in (10**digits - 1, 10**digits, 10**digits + 1):
        order = Order("", Decimal(amount), "mg", basis, "day")
        orders = SimpleNamespace(order=lambda row, order=order: order)
        last.append(read_order_of(Reader(LOADED, answerer, "duckdb"), orders, None, ready).last)
    assert last[0] is None
    assert [reject.code for reject in last[1:]] == [CODE_FOR_ROWS] * 2


@pytest.mark.parametrize(("surface", "fits"), [("1.123456", True), ("1.1234567", False)])
def test_a_surface_of_more_decimals_than_there_is_room_for_is_for_rows(surface, fits):
    answerer = Orders(LOADED, GUIDE, None)
    row = {"drug": "methotrexate", "order": "10 mg weekly", "bsa": surface}
    (case,) = asked(answerer, row, weights=["70"]).cases
    assert case.patient.bsa_m2 == Decimal(surface)
    assert case.late is None if fits else case.late.code == CODE_FOR_ROWS
