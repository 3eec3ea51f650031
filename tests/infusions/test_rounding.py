"""What an infusion says of its rates and of what was rounded: by the pump, by a hospital's rule."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.infusions.infusion import InfusionInput, infusion
from dmcalc.infusions.wording import ramp_text
from dmcalc.quantities.amount import Amount
from dmcalc.quantities.rounding_rule import RoundingRule
from dmcalc.results.trace import recording

DOWN_TO_5 = RoundingRule(Amount(Decimal(5), "g"), "down")


def test_a_dose_may_be_rounded_up_to_its_cap_and_not_above_it():
    nearest = RoundingRule(Amount(Decimal(10), "mg"), "nearest")
    assert nearest.round(Decimal(68), "mg", Decimal(70)) == 70
    assert nearest.round(Decimal(68), "mg", Decimal(69)) == 60


def roundings(loaded, who, **options):
    """Return how each figure of an infusion of immunoglobulin was rounded."""
    with recording() as trace:
        infusion(loaded, who, "ivig", InfusionInput(**options))
    return {made.where: made.how for made in trace.roundings}


def test_a_rate_that_the_pump_rounds_says_so_and_another_does_not(loaded, person):
    # 0.01 mL/kg/min of 61.3 kg are 36.78 mL/h
    by_pump = roundings(loaded, person("61.3"), pump_step="1")
    assert by_pump["steps.0.rate_ml_h"] == "down to a step of the pump"
    assert "steps.0.rate_ml_h" not in roundings(loaded, person("61.3"))
    with recording() as trace:
        infusion(loaded, person("61.3"), "ivig", InfusionInput(pump_step="1"))
    assert "step 1: rate_ml_h" in [made.what for made in trace.roundings]
    # 42 mL/h are a step of the pump already
    assert "steps.0.rate_ml_h" not in roundings(loaded, person("70"), pump_step="1")


def test_half_a_milligram_of_a_dose_over_an_hour_is_in_the_rate(loaded, person):
    """500.5 mg in the one hour of the source: 500.5 mg/h, and the hour gives all of it."""
    given = infusion(loaded, person("70"), "methylprednisolone", InfusionInput(dose="500.5mg"))
    (step,) = given.steps
    assert (step.rate_mg_h, step.total_amount) == (Decimal("500.5"), Decimal("500.5"))


def test_an_amount_that_a_hospital_rounds_says_by_which_rule(loaded, person):
    local = loaded._replace(rounding={"ivig": DOWN_TO_5})
    # 140 g over 5 days are 28 g, and over 3 days a third of 140 g
    assert roundings(local, person("70"))["amount"] == f"by the local rule, {DOWN_TO_5}"
    exact = roundings(loaded, person("70"), days=3)["amount"]
    assert "local rule" not in exact


@pytest.mark.parametrize(
    ("drug", "turn", "text", "rest"),
    [
        (
            *("ivig", 0, "0.01 mL/kg/min, then 0.02 and 0.04 mL/kg/min, 30 minutes a step; "),
            "max 0.04 mL/kg/min, at risk 0.03 mL/kg/min",
        ),
        ("rituximab", 1, "100 mg/h, rising by 100 mg/h every 30 minutes to 400 mg/h", ""),
    ],
)
def test_a_rising_rate_is_written_with_its_maximum(loaded, drug, turn, text, rest):
    ramp = loaded.table.drugs[drug].infusion.ramps[turn]
    assert ramp_text(ramp) == f"{text}{rest}"
