"""Which steps of an order are looked for with each weight, and which once for all."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dmcalc.batch.answers import Orders
from dmcalc.columns.orders import by_weight
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
