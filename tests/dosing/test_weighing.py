"""A dose by another weight beside that by the actual one: in rows, courses, checks, infusions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmcalc import guideline, table
from dmcalc.audit.rules import rules_used
from dmcalc.documents import fields
from dmcalc.dosing.adjustments import PatientRules
from dmcalc.dosing.dose import dose
from dmcalc.errors import RefusedError
from dmcalc.guideline.patient_rules import Rule, RuleCondition
from dmcalc.infusions.infusion import InfusionInput, infusion
from dmcalc.order.check import check
from dmcalc.order.parse import read_order
from dmcalc.patient import patient
from dmcalc.patient.clinical_context import ClinicalContext
from dmcalc.patient.dosing_weight import with_dosing_weight
from dmcalc.patient.inputs import PatientInput
from dmcalc.quantities.amount import Rate
from dmcalc.quantities.thresholds import FractionLeft
from dmcalc.results.trace import recording
from dmcalc.schedules.model import Choices
from dmcalc.schedules.taper import taper
from dmcalc.sources.cite import Cite
from tests.ruled import under

D = Decimal
LOADED, GUIDELINE = table.load(), guideline.load()
CITE = (Cite("orbcon-dose", "words"),)


def person(weight="120", height="6ft3in", sex="male", names=(), **wanted):
    """A man of 75 inches: ideal 50 + 2.3 x 15 = 84.5 kg, adjusted 84.5 + 0.4 x 35.5 = 98.7 kg."""
    who = patient.read(LOADED.table.limits, weight=weight)
    wanted = wanted or {"policy": "ontario"}
    choice = {f"weight_{name}": value for name, value in wanted.items()}
    said = PatientInput(height=height, sex=sex, **choice)
    return with_dosing_weight(LOADED, who, said, names, GUIDELINE)


def beside(row):
    return tuple(
        getattr(row, key) for key in ("low_actual", "high_actual", "saved_low", "saved_high")
    )


def test_a_course_by_both_weights():
    induction, maintenance = dose(LOADED, person(), ("ivig",)).rows
    # 2 g/kg of 98.7 kg and of 120 kg, then 1 to 2 g/kg
    assert (induction.low, induction.high) == (D("197.4"), D("197.4"))
    assert beside(induction) == (240, 240, D("42.6"), D("42.6"))
    assert (maintenance.low, maintenance.high) == (D("98.7"), D("197.4"))
    assert beside(maintenance) == (120, 240, D("21.3"), D("42.6"))
    for row in (induction, maintenance):
        assert (row.dosing_weight_kg, row.weight_basis) == (D("98.7"), "adjusted")
        assert row.weight_policy == "ontario"
        assert row.per_basis_high == 2
        assert row.text.endswith(", by adjusted weight")
    # a day of 2 to 5
    assert (induction.daily_low, induction.daily_high) == (D("39.48"), D("98.7"))


def test_all_other_drugs_go_by_the_actual_weight():
    plain = {row.regimen: row for row in dose(LOADED, person().actual).rows}
    for row in dose(LOADED, person()).rows:
        if row.drug != "ivig":
            assert row == plain[row.regimen]
            assert (row.dosing_weight_kg, row.weight_basis, row.low_actual) == (None, None, None)


def test_nothing_changes_where_no_weight_is_asked_for():
    for row in dose(LOADED, person().actual, ("ivig",)).rows:
        assert beside(row) == (None,) * 4
        assert "weight" not in row.text


def test_the_actual_weight_by_name_saves_nothing():
    row = dose(LOADED, person(basis="actual"), ("ivig",)).rows[0]
    assert (row.high, row.weight_basis, *beside(row)) == (240, "actual", 240, 240, 0, 0)


def rule(then, **more):
    return Rule(
        "test", ("ivig",), RuleCondition(kidneys=True), then, "Less.", "reduce", "All", CITE, **more
    )


def ruled(*rules):
    changed = GUIDELINE.guideline.rules._replace(rules=rules)
    guideline = GUIDELINE._replace(guideline=GUIDELINE.guideline._replace(rules=changed))
    return PatientRules(guideline, ClinicalContext(egfr=Fraction(60)))


def test_a_rule_that_halves_halves_both_doses():
    half = ruled(rule("scale", share=FractionLeft.parse("1/2")))
    row = dose(LOADED, under(half, person()), ("ivig", "prednisone")).rows[0]
    # half of 197.4 and of 240; the dose before it is by the same weight
    assert (row.high, row.high_before) == (D("98.7"), D("197.4"))
    assert beside(row) == (120, 120, D("21.3"), D("21.3"))
    assert row.per_basis_high == 1
    assert row.text.endswith(", by adjusted weight")


def test_a_share_without_end_is_rounded_by_both_weights():
    # the adjusted weight is 84.5 + 0.4 x 35.6 = 98.74 kg; a third of 2 g/kg is 197.48/3 = 4937/75 =
    # 65.82666... g by it, and 240.2/3 = 1201/15 = 80.06666... g by the actual weight
    third = ruled(rule("scale", share=FractionLeft.parse("1/3")))
    with recording() as trace:
        row = dose(LOADED, under(third, person("120.1")), ("ivig", "prednisone")).rows[0]
    assert (row.high, row.high_actual) == (D("65.826666"), D("80.066666"))
    found = {one.where: (one.what, one.before) for one in trace.roundings}
    assert found["rows.0.high"] == ("ivig.induction, high end: reduced", "4937/75")
    what = "ivig.induction, high end by the actual weight: reduced"
    assert found["rows.0.high_actual"] == (what, "1201/15")
    order = read_order("60 g over 2 days")
    with recording() as trace:
        check(LOADED, under(third, person("120.1")), "ivig", order, phase="induction")
    found = {one.where: (one.what, one.before) for one in trace.roundings}
    assert found["rows.0.high"] == ("ivig.induction, high: reduced", "4937/75")
    assert found["rows.0.high_actual"] == (what, "1201/15")


def test_a_maximum_per_kg_goes_by_the_weight_of_the_dose():
    most = ruled(rule("cap", max=Rate.parse("1.5 g/kg/course")))
    row = dose(LOADED, under(most, person()), ("ivig", "prednisone")).rows[0]
    # 1.5 x 98.7 = 148.05 and 1.5 x 120 = 180
    assert (row.high, row.high_before) == (D("148.05"), D("197.4"))
    assert beside(row) == (180, 180, D("31.95"), D("31.95"))
    assert row.per_basis_high == D("1.5")
    order = read_order("148.05 g over 2 days")
    checked = check(LOADED, under(most, person()), "ivig", order, phase="induction")
    assert (checked.verdict, checked.rows[0].dose.high_actual) == ("within", 180)


def test_a_maximum_that_bites_on_the_actual_weight_alone():
    most = ruled(rule("cap", max=Rate.parse("200 g/course")))
    row = dose(LOADED, under(most, person()), ("ivig", "prednisone")).rows[0]
    assert (row.high, row.high_before, *beside(row)) == (
        *(D("197.4"), None),
        *(200, 200, D("2.6"), D("2.6")),
    )


def test_a_rule_that_refuses_leaves_no_dose_by_any_weight():
    none = ruled(rule("refuse"))
    row = dose(LOADED, under(none, person()), ("ivig", "prednisone")).rows[0]
    assert (row.refused, row.high, *beside(row)) == (True, None, *(None,) * 4)
    assert row.text == "refused for this patient: Less."
    with pytest.raises(RefusedError):
        dose(LOADED, under(none, person()), ("ivig",))


def test_courses_and_their_sum():
    found = taper(LOADED, person(), "ivig", choices=Choices(weeks=24))
    assert [(s.low, s.high, s.low_actual, s.saved_high) for s in found.steps] == [
        *[(D("197.4"), D("197.4"), 240, D("42.6"))] * 4,
        *[(D("98.7"), D("197.4"), 120, D("42.6"))] * 2,
    ]
    totals = found.totals
    # 4 x 197.4 + 2 x 98.7 = 987 to 6 x 197.4 = 1184.4; 4 x 240 + 2 x 120 = 1200 to 1440
    assert (totals.amount_low, totals.amount_high) == (987, D("1184.4"))
    assert (totals.amount_low_actual, totals.amount_high_actual) == (1200, 1440)
    assert (totals.saved_low, totals.saved_high) == (213, D("255.6"))


def test_an_infusion_goes_by_one_weight_in_amount_and_rate():
    found = infusion(LOADED, person(), "ivig", InfusionInput(days=5))
    # 197.4 / 5 = 39.48 g, 394.8 mL; 0.01, 0.02 and 0.04 mL/kg/min of 98.7 kg
    assert (found.amount, found.amount_actual, found.course_actual) == (D("39.48"), 48, 240)
    assert [step.rate_ml_h for step in found.steps] == [D("59.22"), D("118.44"), D("236.88")]
    assert [step.volume_ml for step in found.steps] == [D("29.61"), D("59.22"), D("305.97")]
    # both go down alike, so the time is that of any weight
    assert (
        found.duration_min
        == infusion(LOADED, person().actual, "ivig", InfusionInput(days=5)).duration_min
    )
    assert fields.document(found)["saved"] == D("8.52")
    assert fields.document(found)["course_saved"] == D("42.6")
    assert {caution.code for caution in found.cautions} >= {"dosing-weight", "rate-weight"}


def test_an_amount_that_is_given_goes_by_no_weight():
    found = infusion(LOADED, person(), "ivig", InfusionInput(dose="30g"))
    document = fields.document(found)
    assert (found.amount, document["amount_actual"], document["saved"]) == (30, None, None)
    assert (found.course, found.course_actual) == (D("197.4"), 240)
    # a whole course by 98.7 kg in one day, though less than one by 120 kg
    with pytest.raises(RefusedError, match=r"198 g .* whole course"):
        infusion(LOADED, person(), "ivig", InfusionInput(dose="198g"))


@pytest.mark.parametrize(
    ("order", "verdict", "off"),
    [
        ("197.4 g over 2 days", "within", None),
        ("2 g/kg over 2 days", "within", None),
        ("240 g over 2 days", "above", D("42.6")),
    ],
)
def test_an_order_is_held_against_the_dosing_weight(order, verdict, off):
    found = check(LOADED, person(), "ivig", read_order(order), phase="induction")
    (row,) = found.rows
    assert (row.verdict, row.deviation) == (verdict, off)
    assert (row.dose.low, *beside(row.dose)) == (D("197.4"), 240, 240, D("42.6"), D("42.6"))
    assert (
        "by adjusted weight, 98.7 kg; by the actual weight, 120 kg, they are 240 g" in row.message
    )


def test_the_weight_and_its_rounding_are_what_an_answer_rests_on():
    with recording() as trace:
        result = dose(LOADED, person("100", "175"), ("ivig",))
    weight = trace.roundings[0]
    # 8949/127 + 0.4 x (100 - 8949/127) = 52247/635
    assert (weight.where, weight.before, weight.after) == (
        *("dosing_weight.kg", "52247/635"),
        D("82.278740"),
    )
    assert (weight.by, weight.how) == ("1/6350000", "down to 0.000001")
    used = rules_used(trace, LOADED.table, result.guide)
    rules = {found.figure: found.value for found in used}
    assert rules["Adjusted body weight, share"] == "0.4"
    assert rules["Devine, per inch"] == "2.3"
    assert rules["weight policy ontario"] == "adjusted weight; bmi > 30; height >= 152.4 cm"
    with recording() as trace:
        result = dose(LOADED, person(basis="ideal"), ("ivig",))
    chosen = rules_used(trace, LOADED.table, result.guide)
    assert "Devine, per inch" in [found.figure for found in chosen]
    assert not [found for found in chosen if "policy" in found.figure or "share" in found.figure]


@given(
    st.decimals("30", "250", places=3),
    st.decimals("152.4", "220", places=2),
    st.sampled_from(["male", "female"]),
    st.sampled_from(
        [{"basis": "ideal"}, {"basis": "adjusted"}, {"policy": "ontario"}, {"policy": "nhs-form"}]
    ),
)
def test_no_dose_is_above_that_by_the_actual_weight(kg, cm, sex, wanted):
    who = person(str(kg), str(cm), sex, **wanted)
    for row in dose(LOADED, who, ("ivig",), alternatives=True).rows:
        for end in ("low", "high"):
            given_, actual = getattr(row, end), getattr(row, f"{end}_actual")
            assert given_ <= actual
            assert given_ + getattr(row, f"saved_{end}") == actual
            # exact: as many grams of the one kilogram as of the other
            share = Fraction(given_) / Fraction(row.dosing_weight_kg)
            assert share == Fraction(actual) / Fraction(kg)
    flow = infusion(LOADED, who, "ivig", InfusionInput(days=4))
    assert flow.amount <= flow.amount_actual
    by_actual = infusion(LOADED, who.actual, "ivig", InfusionInput(days=4))
    for step, other in zip(flow.steps, by_actual.steps, strict=True):
        assert step.rate_ml_h <= other.rate_ml_h
