"""One dose of an order: what it comes to, and what rules for the patient leave for one."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from dmcalc.order.both_weights import limits_by_both_weights
from dmcalc.order.parse import read_order
from dmcalc.order.verdict import check_single_dose, single_dose


@pytest.mark.parametrize(
    ("drug", "order", "amount"),
    [
        ("ivig", "140 g per course", "140"),
        ("ivig", "140 g over 2 days", "70"),
        ("ivig", "70 g daily for 2 days", "70"),
        ("prednisone", "45 mg twice daily", "45"),
        ("prednisone", "90 mg daily in 2 doses", "45"),
        ("prednisone", "100 mg daily in 3 doses", "33.333333"),
        ("prednisone", "60 mg once a week", None),
    ],
)
def test_what_is_given_at_one_time(only, person, drug, order, amount):
    phase = "induction" if drug == "ivig" else None
    row = only(drug, order, "70", phase=phase)
    found = single_dose(row, read_order(order), person("70"))
    assert found == (amount and Decimal(amount))


def test_a_dosing_weight_is_not_said_of_a_drug_that_it_is_not_for(only):
    row = only("prednisone", "60 mg daily", "70")
    patient = SimpleNamespace(dosing=SimpleNamespace(drugs=("ivig",)))
    assert limits_by_both_weights(row, patient, None) == row


@pytest.mark.parametrize(
    ("most", "verdict"),
    [(None, "within"), ("45.1", "within"), ("45", "within"), ("44.9", "over-cap")],
)
def test_one_dose_above_what_a_rule_leaves_for_one_is_over_the_cap(only, most, verdict):
    row = only("prednisone", "30 mg twice daily", "70")
    maximum = most and (Decimal(most), "some-rule")
    again = check_single_dose(row, Decimal(45), maximum)
    assert again.verdict == verdict
    assert ("45 mg is above the maximum" in again.message) == (verdict == "over-cap")
