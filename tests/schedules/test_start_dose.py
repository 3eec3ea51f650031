"""The dose that a taper starts with: which units make it, and what the patient's rules leave."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from dmcalc import guideline
from dmcalc.dispensing.stock import StockOptions, counted_units
from dmcalc.dosing.adjustments import PatientRules
from dmcalc.errors import RefusedError
from dmcalc.guideline.patient_rules import Rule, RuleCondition
from dmcalc.patient.clinical_context import ClinicalContext
from dmcalc.quantities.amount import Amount, read_amount
from dmcalc.quantities.rounding_rule import RoundingRule
from dmcalc.quantities.thresholds import FractionLeft
from dmcalc.schedules.model import Choices, Supply
from dmcalc.schedules.taper import taper
from tests.ruled import under

DOWN_TO_5 = RoundingRule(Amount(Decimal(5), "mg"), "down")


def offers(result):
    return [note.message for note in result.cautions if note.code == "start-offered"]


def test_a_start_dose_that_no_tablets_make_is_offered_as_the_nearest_that_they_do(loaded, person):
    # 1 mg/kg of 63.7 kg is 63.7 mg: tablets of 1, 2.5, 10 and 50 mg make 63.5 mg
    (offer,) = offers(taper(loaded, person("63.7", "severe"), "prednisone"))
    assert "No whole tablets make 63.7 mg" in offer
    assert '--from "63.5 mg"' in offer


def test_a_start_dose_that_tablets_make_is_not_offered_again(loaded, person):
    assert offers(taper(loaded, person("70", "severe"), "prednisone")) == []


@pytest.mark.parametrize(
    ("rounding", "direction"), [({}, "down"), ({"prednisone": DOWN_TO_5}, None), ({}, "nearest")]
)
def test_where_doses_are_rounded_no_other_start_dose_is_offered(
    loaded, person, rounding, direction
):
    loaded = loaded._replace(rounding=rounding)
    supply = Supply(StockOptions(), direction)
    result = taper(loaded, person("63.7", "severe"), "prednisone", supply=supply)
    assert offers(result) == []
    assert result.steps[0].low < Decimal("63.7")


def test_a_dose_is_rounded_up_only_as_far_as_the_first_one(loaded, person):
    # of 7 mg tablets of 5 mg make 10 mg, and of 22 mg 25 mg: both more than 7 mg
    result = taper(
        loaded,
        person(),
        "prednisone",
        start_dose=read_amount("10mg"),
        choices=Choices(steps="7mg 1w; 5mg/22mg alternate days 1w"),
        supply=Supply(StockOptions(stock=(read_amount("5mg"),)), "up"),
    )
    assert [(step.low, step.high) for step in result.steps] == [(5, 5), (5, 20)]


def test_a_dose_that_is_rounded_up_to_the_first_one_is_that(loaded, person):
    result = taper(
        *(loaded, person(), "prednisone"),
        start_dose=read_amount("20mg"),
        choices=Choices(steps="10mg 1w; 7mg 1w"),
        supply=Supply(StockOptions(stock=(read_amount("5mg"),)), "up"),
    )
    assert [step.low for step in result.steps] == [10, 10]


@pytest.mark.parametrize(("weight", "warned"), [("75", 0), ("75.1", 1)])
def test_a_start_dose_at_the_cap_of_a_protocol_is_not_over_it(loaded, person, weight, warned):
    result = taper(loaded, person(weight, "severe"), "prednisone", protocol="etg")
    assert result.steps[0].low == 75
    assert [w.source for w in result.warnings if w.code == "protocol-cap"] == ["etg"] * warned


def ruled(person, *rules):
    """Return a patient with a kidney function under some rules alone."""
    guide = guideline.load()
    own = guide.guideline.rules._replace(rules=rules)
    guide = guide._replace(guideline=guide.guideline._replace(rules=own))
    advice = PatientRules(guide, ClinicalContext(egfr=Fraction(60)))
    return under(advice, person("70", "severe"))


def test_a_start_dose_of_ones_own_is_at_most_what_the_rules_leave(loaded, person):
    # 0.75 to 1 mg/kg of 70 kg are at most 70 mg, of which 35 mg are left
    cite = guideline.load().guideline.rules.rules[0].cite
    when, half = RuleCondition(kidneys=True), FractionLeft.parse("1/2")
    rule = Rule(
        *("half", ("prednisone",), when, "scale", "Less.", "reduce", "All"), cite, share=half
    )
    who = ruled(person, rule)
    for start in ("30mg", "35mg"):
        result = taper(loaded, who, "prednisone", start_dose=read_amount(start))
        assert result.steps[0].low == read_amount(start).value
    with pytest.raises(RefusedError, match="more than the rules for this patient leave, 35 mg"):
        taper(loaded, who, "prednisone", start_dose=read_amount("35.001mg"))


def test_rules_that_leave_the_dose_as_it_is_refuse_no_start_dose(loaded, person):
    who = ruled(person)
    assert who.context is not None
    result = taper(loaded, who, "prednisone", start_dose=read_amount("90mg"))
    assert result.steps[0].low == 90
    assert "above-cap" in {warning.code for warning in result.warnings}


@pytest.mark.parametrize(
    ("start", "needed", "packs"),
    [
        # they make 60, 55 and so on to 25 mg, and 5 tablets of 20 mg are there already
        ("60mg", True, True),
        # no tablets of 20, 10 and 5 mg make 62.3 mg
        ("62.3mg", False, False),
    ],
)
def test_what_is_left_and_packs_are_counted_where_every_step_is_made(
    loaded, person, start, needed, packs
):
    supply = Supply(
        StockOptions(stock=tuple(map(read_amount, ("20mg", "10mg", "5mg")))),
        left=counted_units("left", "20mg:5"),
        packs=counted_units("pack", "20mg:100"),
    )
    result = taper(
        *(loaded, person(), "prednisone"),
        protocol="etg",
        start_dose=read_amount(start),
        supply=supply,
    )
    totals = result.totals
    assert [totals.needed is not None, totals.packs is not None] == [needed, packs]
    if needed:
        before = {unit.strength: unit.count for unit in totals.products}
        after = {unit.strength: unit.count for unit in totals.needed}
        assert before[20] - after[20] == 5


@pytest.mark.parametrize(("second", "counts"), [("10mg", {20: 7, 10: 7}), ("7.5mg", None)])
def test_the_units_of_alternate_days_are_those_of_both(loaded, person, second, counts):
    result = taper(
        *(loaded, person(), "prednisone"),
        start_dose=read_amount("20mg"),
        choices=Choices(steps=f"20mg/{second} alternate days 2w"),
        supply=Supply(StockOptions(stock=(read_amount("20mg"), read_amount("10mg")))),
    )
    products = result.totals.products
    assert (products and {unit.strength: unit.count for unit in products}) == counts


def test_of_an_odd_number_of_days_the_first_dose_has_one_more(loaded, person):
    result = taper(
        *(loaded, person(), "prednisone"),
        start_dose=read_amount("20mg"),
        choices=Choices(steps="20mg/10mg alternate days 15d"),
        supply=Supply(StockOptions(stock=(read_amount("20mg"), read_amount("10mg")))),
    )
    # 8 days of 20 mg and 7 of 10 mg
    assert result.totals.amount == 230
    assert {unit.strength: unit.count for unit in result.totals.products} == {20: 8, 10: 7}
