"""Infusions: the maker's rates at 70 kg and 100 mg/mL, and the label's rates of rituximab."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from dmcalc.documents import fields
from dmcalc.errors import PatientError, RefusedError, UnknownNameError, UsageError
from dmcalc.infusions.amount import amount_of_infusion
from dmcalc.infusions.infusion import InfusionInput, infusion
from dmcalc.infusions.rate_steps import InfusionFlow, run_ramp
from dmcalc.patient.patient import Patient
from dmcalc.quantities.amount import Rate

D = Decimal


@pytest.fixture(scope="module")
def infused(loaded, person):
    def compute(drug="ivig", weight="70", **options):
        return infusion(loaded, person(weight), drug, InfusionInput(**options))

    return compute


def steps(result, *fields):
    return [tuple(getattr(step, field) for field in fields) for step in result.steps]


# 70 kg: 0.01, 0.02 and 0.04 mL/kg/min are 0.7, 1.4 and 2.8 mL/min; 2 g/kg is 140 g, 1,400 mL.
@pytest.mark.parametrize(
    ("days", "at_risk", "volume", "minutes", "hours"),
    [
        # 30 min x 0.7 + 30 min x 1.4 = 63 mL; the rest at 2.8, or at 2.1 mL/min
        (2, False, "700", "287.5", "4.79"),  # 637 / 2.8 = 227.5
        (3, False, "466.666666", "204.17", "3.40"),  # 403.667 / 2.8 = 144.1667
        (4, False, "350", "162.5", "2.71"),  # 287 / 2.8 = 102.5
        (5, False, "280", "137.5", "2.29"),  # 217 / 2.8 = 77.5
        (2, True, "700", "363.33", "6.06"),  # 637 / 2.1 = 303.333
        (3, True, "466.666666", "252.22", "4.20"),  # 403.667 / 2.1 = 192.222
        (4, True, "350", "196.67", "3.28"),  # 287 / 2.1 = 136.667
        (5, True, "280", "163.33", "2.72"),  # 217 / 2.1 = 103.333
    ],
)
@pytest.mark.parametrize("weight", ["70", "45.5", "120"])
def test_length_of_a_day(infused, weight, days, at_risk, volume, minutes, hours):
    result = infused(weight=weight, days=days, at_risk=at_risk)
    assert result.duration_min == D(minutes)  # the same at every weight
    assert (result.duration_min / 60).quantize(D("0.01")) == D(hours)
    if weight == "70":
        assert result.volume_ml == D(volume)


def test_steps_of_a_day_worked_by_hand(infused):
    result = infused(days=5, at="09:00")
    assert (result.amount, result.unit, result.amount_per_kg) == (28, "g", D("0.4"))
    assert (result.days, result.course) == (5, 140)
    assert steps(result, "minute", "minutes", "rate_ml_kg_min", "rate_ml_h", "rate_mg_h") == [
        (0, 30, D("0.01"), 42, 4200),
        (30, 30, D("0.02"), 84, 8400),
        (60, D("77.5"), D("0.04"), 168, 16800),
    ]
    assert steps(result, "volume_ml", "total_volume_ml", "amount", "total_amount", "unit") == [
        (21, 21, D("2.1"), D("2.1"), "g"),
        (42, 63, D("4.2"), D("6.3"), "g"),
        (217, 280, D("21.7"), 28, "g"),
    ]
    assert steps(result, "clock", "clock_day", "whole_minutes") == [
        ("09:00", 0, 30),
        ("09:30", 0, 30),
        ("10:00", 0, 78),
    ]
    # 137.5 minutes are 2 h 18 min for people
    assert (result.starts, result.ends, result.ends_day) == ("09:00", "11:18", 0)
    assert result.whole_minutes == 138


def test_five_days_unless_asked(infused):
    assert infused() == infused(days=5)
    (days, rate) = infused().choices
    assert (days.chosen, days.allowed, days.option) == ("5 days", "2-5 days", "--days")
    assert (rate.chosen, rate.option) == ("0.04 mL/kg/min", "--at-risk")
    # the label divides the course and raises the rate; the reference gives its amount
    assert (days.source, rate.source) == ("octagam-10-us", "octagam-10-us")


def test_at_risk_the_lower_rate_counts(infused):
    result = infused(at_risk=True)
    assert [step.rate_ml_kg_min for step in result.steps] == [D("0.01"), D("0.02"), D("0.03")]
    assert result.steps[-1].rate_ml_h == 126  # 70 x 0.03 x 60
    notes = [c.message for c in result.cautions if c.code == "rate-ladder"]
    assert "3.3 mg/kg/min" in notes[0]
    assert "the lower, 0.03 mL/kg/min, is used" in notes[0]


def test_a_small_dose_ends_before_the_rate_goes_up(infused):
    # 2 g are 20 mL: 20 / 0.7 = 28.571 minutes
    result = infused(dose="2g")
    assert steps(result, "minute", "minutes", "volume_ml", "rate_ml_h") == [(0, D("28.57"), 20, 42)]
    # 2.1 g are 21 mL: all of the first step, and none of a second
    assert steps(infused(dose="2.1g"), "minutes", "volume_ml") == [(30, 21)]


def test_a_dose_of_the_day_overrides_the_share(infused):
    result = infused(dose="30g")
    assert (result.amount, result.volume_ml, result.days) == (30, 300, None)
    assert result == infused(dose="30000mg")
    chosen, _ = result.choices
    assert (chosen.chosen, chosen.allowed) == ("30 g", "2 g/kg/course over 2-5 days")
    assert result.duration_min == D("144.64")  # 60 + 237 / 2.8
    assert [w.code for w in result.warnings] == []


@pytest.mark.parametrize(
    ("dose", "days", "says"),
    [
        ("70g", None, []),  # 1 g/kg, as over 2 days
        ("70.1g", None, ["a course of 140 g over 2 days is 70 g a day."]),
        ("28g", 5, []),
        ("35g", 5, ["a course of 140 g over 5 days is 28 g a day."]),  # and that is 175 g
    ],
)
def test_a_day_above_the_sources_warns(infused, dose, days, says):
    warnings = infused(dose=dose, days=days).warnings
    assert [w.code for w in warnings] == ["dose-above-source"] * len(says)
    assert [w.message.rpartition(": ")[2] for w in warnings] == says
    assert {w.source for w in warnings} <= {"managedermatomyositis"}


def test_past_the_8_hours_after_pooling(infused):
    # at risk 480 minutes give 63 + 420 x 2.1 = 945 mL
    assert [w.code for w in infused(dose="94.5g", at_risk=True).warnings] == ["dose-above-source"]
    result = infused(dose="94.6g", at_risk=True)
    assert [w.code for w in result.warnings] == ["dose-above-source", "past-pooling"]
    warning = result.warnings[-1]
    assert "8 h 1 min" in warning.message
    assert "8 hours" in warning.message
    assert warning.source == "octagam-10-maker"


@pytest.mark.parametrize("dose", ["140g", "141g", "700g"])
def test_a_whole_course_in_a_day_is_refused(infused, dose):
    with pytest.raises(RefusedError) as caught:
        infused(dose=dose)
    assert "140 g" in f"{caught.value.message} {caught.value.hint}"
    assert "2 to 5 days" in caught.value.hint


@pytest.mark.parametrize("days", [-1, 0, 1, 6])
def test_days_outside_the_label(infused, days):
    with pytest.raises(UsageError, match="outside 2 to 5"):
        infused(days=days)


def test_the_clock_over_midnight(infused):
    result = infused(at="23:00", days=2)  # 287.5 minutes: 4 h 48 min
    assert steps(result, "clock", "clock_day") == [("23:00", 0), ("23:30", 0), ("00:00", 1)]
    assert (result.ends, result.ends_day) == ("03:48", 1)


def test_without_a_start_there_is_no_clock(infused):
    result = infused()
    assert (result.starts, result.ends, result.ends_day) == (None, None, None)
    assert steps(result, "clock", "clock_day") == [(None, None)] * 3


FIRST = [  # mg/h, minutes, mg in the step
    (50, 30, 25), (100, 30, 50), (150, 30, 75), (200, 30, 100), (250, 30, 125), (300, 30, 150),
    (350, 30, 175), (400, 45, 300),
]  # fmt: skip
LATER = [(100, 30, 50), (200, 30, 100), (300, 30, 150), (400, 105, 700)]


@pytest.mark.parametrize(
    ("later", "expected", "minutes"), [(False, FIRST, 255), (True, LATER, 195)]
)
def test_rituximab_takes_as_long_as_published(infused, later, expected, minutes):
    # RATE-RA: 4.25 hours for the first infusion and 3.25 hours for later ones
    result = infused("rituximab", weight=None, later=later)
    assert steps(result, "rate_mg_h", "minutes", "amount") == expected
    assert result.duration_min == minutes
    assert (result.amount, result.unit, result.course) == (1, "g", None)
    assert {step.unit for step in result.steps} == {"mg"}


def test_rituximab_has_no_volume_and_says_why(infused):
    result = infused("rituximab", weight="70")
    nothing = steps(result, "rate_ml_h", "rate_ml_kg_min", "volume_ml", "total_volume_ml")
    assert set(nothing) == {(None,) * 4}
    document = fields.document(result)
    assert (document["volume_ml"], document["product"]) == (None, None)
    assert (document["concentration"], document["amount_per_kg"]) == (None, None)
    assert "no source for the concentration" in document["no_volume"]


def test_rituximab_notes_carry_their_population(infused):
    said = {c.code: c.message for c in infused("rituximab").cautions}
    assert "half the rate" in said["after-a-reaction"]
    assert "non-Hodgkin lymphoma" in said["after-a-reaction"]
    assert "methylprednisolone 100 mg" in said["premedication"]
    assert "rheumatoid arthritis" in said["premedication"]


def test_rituximab_by_dose(infused):
    # 500 mg: 25 + 50 + 75 + 100 + 125 = 375 mg in 2 h 30 min, then 125 mg at 300 mg/h
    result = infused("rituximab", dose="500mg")
    assert steps(result, "rate_mg_h", "minutes")[-1] == (300, 25)
    assert (result.duration_min, result.amount, result.unit) == (175, D("0.5"), "g")
    # as much as the source gives is not above it
    assert infused("rituximab", dose="1g").amount == 1
    with pytest.raises(RefusedError, match="above the source's dose"):
        infused("rituximab", dose="1.001g")


@pytest.mark.parametrize(
    ("drug", "choice", "says"),
    [
        ("ivig", {"later": True}, "later:"),
        ("rituximab", {"at_risk": True}, "at_risk:"),
        ("rituximab", {"days": 2}, "days:"),
    ],
)
def test_a_choice_that_the_sources_do_not_leave_open(infused, drug, choice, says):
    with pytest.raises(UsageError, match=says):
        infused(drug, **choice)


def test_a_weight_is_needed_for_a_rate_per_kg(infused):
    with pytest.raises(PatientError, match="weight is missing"):
        infused(weight=None)
    with pytest.raises(PatientError, match="weight is missing"):
        infused(weight=None, dose="30g")


def test_an_unusual_weight_warns(infused):
    assert [w.code for w in infused(weight="20").warnings] == ["unusual-weight"]


def test_a_drug_without_rates_names_those_that_have_some(infused):
    with pytest.raises(UnknownNameError) as caught:
        infused("prednisone")
    assert "ivig, rituximab" in caught.value.hint
    with pytest.raises(UnknownNameError, match="unknown drug"):
        infused("ivigg")


def test_what_has_no_end_is_rounded_down_and_told_once(infused):
    result = infused(days=3)
    assert result.amount == D("46.666666")
    assert [text.split(";")[0] for text in result.rounded] == [
        "A course of 140 g does not divide evenly over 3 days: a day's amount is rounded down to "
        "0.000001 g.",
        "The infusion lasts 204.17 minutes, rounded half up to 0.01",
    ]
    assert infused(days=2, dose="21g").rounded == (
        # 60 + 147 / 2.8 = 112.5: exact as it is
        "The infusion lasts 112.5 minutes; for people and for the clock the last step is rounded "
        "up to a whole minute.",
    )
    assert infused("rituximab").rounded == ()


def test_pounds_stay_exact(infused):
    # 154 lb are 69.85322498 kg: 0.01 x 69.85322498 x 60
    result = infused(weight="154lb", days=5)
    assert result.steps[0].rate_ml_h == D("41.911934988")
    assert result.volume_ml == D("279.41289992")
    assert sum(step.volume_ml for step in result.steps) == result.volume_ml


@pytest.mark.parametrize(
    ("most", "rates"),
    [("300", [50, 100, 150, 200, 250, 300]), ("330", [50, 100, 150, 200, 250, 300, 330])],
)
def test_the_last_rise_is_only_as_high_as_the_maximum(loaded, most, rates):
    first, _ = loaded.table.drugs["rituximab"].infusion.ramps
    run = run_ramp(first, D(most), InfusionFlow.by_mass(Fraction(2), "g"))
    assert [step.rate for step in run] == rates


def portion(loaded, *, basis, product):
    """Compute the amount without a weight, of a dose per kg or not, of a known product or not."""
    drug = loaded.table.drugs["ivig"]
    plan = drug.infusion._replace(product=product)
    rate = Rate.parse("2 g/kg/course" if basis else "2 g/course")
    regimen = drug.regimens[0]._replace(dose=rate)
    return amount_of_infusion("ivig", Patient(), plan, regimen, None, None)


@pytest.mark.parametrize(
    ("basis", "product"), [(True, "octagam-10"), (True, None), (False, "octagam-10")]
)
def test_a_weight_is_needed_for_a_dose_per_kg_and_for_a_rate_in_ml(loaded, basis, product):
    with pytest.raises(PatientError, match="the weight is missing"):
        portion(loaded, basis=basis, product=product)


def test_no_weight_is_needed_for_a_fixed_dose_in_mg_an_hour(loaded):
    made, warnings = portion(loaded, basis=False, product=None)
    # over the most days, which gives the least on each
    assert (made.amount, made.days, made.course, warnings) == (Fraction(2, 5), 5, 2, ())


def test_the_vials_of_an_infusion_are_those_that_there_are(loaded, person):
    def vials(**changes):
        drug = loaded.table.drugs["rituximab"]._replace(**changes)
        drugs = {**loaded.table.drugs, "rituximab": drug}
        other = loaded._replace(table=loaded.table._replace(drugs=drugs))
        return infusion(other, person(), "rituximab", InfusionInput()).vials

    products = loaded.table.drugs["rituximab"].products
    assert [(v.strength, v.count) for v in vials().products] == [(500, 2)]
    assert vials(products=()) is None
    assert vials(products=tuple(p._replace(form="tablet") for p in products)) is None
