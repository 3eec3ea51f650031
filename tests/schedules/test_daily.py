"""Tapers of a daily dose, worked by hand from the bands as their sources give them.

``hhe-2018``: hold 3-4 weeks; -10 mg every 4 weeks to 20; -5 mg every 4 weeks to 10; -2.5 mg every
4-12 weeks. ``etg``: at most 75 mg; hold 6 weeks; -5 mg every 2 weeks to 25. ``ese-es-2024``: above
40, -5 to 10 mg a week; 40 to 20, -5 mg a week; 20 to 10, -2.5 mg every 1-4 weeks; 10 to 5, -1 mg
every 1-4 weeks.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.errors import PatientError, RefusedError, UsageError
from dmcalc.patient.patient import Patient
from dmcalc.quantities.amount import Amount, read_amount
from dmcalc.quantities.rounding_rule import RoundingRule
from dmcalc.quantities.time import read_interval
from dmcalc.schedules.daily import doses_of_taper
from dmcalc.schedules.model import Choices
from dmcalc.schedules.taper import taper

D = Decimal

# protocol, start dose and choices: dose and days of each step (None where the source is silent)
SCHEDULES = {
    ("hhe-2018", "60mg", ""): "60 50 40 30 20 15 10 7.5 5 2.5: 28",
    ("hhe-2018", "80mg", ""): "80 70 60 50 40 30 20 15 10 7.5 5 2.5: 28",
    ("hhe-2018", "62.3mg", ""): "62.3 52.3 42.3 32.3 22.3 20 15 10 7.5 5 2.5: 28",
    ("hhe-2018", "52.5mg", ""): "52.5 42.5 32.5 22.5 20 15 10 7.5 5 2.5: 28",
    ("hhe-2018", "20.001mg", ""): "20.001 20 15 10 7.5 5 2.5: 28",
    ("hhe-2018", "20mg", ""): "20 15 10 7.5 5 2.5: 28",
    ("hhe-2018", "13mg", ""): "13 10 7.5 5 2.5: 28",
    ("hhe-2018", "8mg", ""): "8 5.5 3 0.5: 28",
    ("hhe-2018", "1mg", ""): "1: 28",
    ("hhe-2018", "0.06g", ""): "60 50 40 30 20 15 10 7.5 5 2.5: 28",
    ("hhe-2018", "20mg", "hold 3w"): "20: 21, 15 10 7.5 5 2.5: 28",
    ("hhe-2018", "20mg", "hold 25d"): "20: 25, 15 10 7.5 5 2.5: 28",
    ("hhe-2018", "20mg", "hold 28d"): "20 15 10 7.5 5 2.5: 28",
    ("hhe-2018", "20mg", "interval 4w"): "20 15 10 7.5 5 2.5: 28",
    ("ese-es-2024", "11mg", "interval 1w"): "11 10 9 8 7 6: 7, 5: None",
    ("ese-es-2024", "50mg", "decrement 5mg"): (
        "50 45 40 35 30 25 20 17.5 15 12.5 10 9 8 7 6: 7, 5: None"
    ),
    ("hhe-2018", "20mg", "interval 12w"): "20 15: 28, 10 7.5 5 2.5: 84",
    ("hhe-2018", "20mg", "interval 60d"): "20 15: 28, 10 7.5 5 2.5: 60",
    ("hhe-2018", "10mg", "interval 8w"): "10 7.5 5 2.5: 56",
    # a start below the first band is not the high dose that the source holds
    ("hhe-2018", "15mg", "interval 8w"): "15: 28, 10 7.5 5 2.5: 56",
    ("hhe-2018", "15mg", "hold 3w"): "15: 21, 10 7.5 5 2.5: 28",
    ("etg", "60mg", ""): "60: 42, 55 50 45 40 35 30: 14, 25: None",
    ("etg", "75mg", ""): "75: 42, 70 65 60 55 50 45 40 35 30: 14, 25: None",
    ("etg", "62.3mg", ""): "62.3: 42, 57.3 52.3 47.3 42.3 37.3 32.3 27.3: 14, 25: None",
    ("etg", "25.5mg", ""): "25.5: 42, 25: None",
    ("etg", "30mg", "hold 42d"): "30: 42, 25: None",
    ("ese-es-2024", "60mg", ""): ("60 55 50 45 40 35 30 25 20 17.5 15 12.5 10 9 8 7 6: 7, 5: None"),
    ("ese-es-2024", "60mg", "decrement 10mg"): (
        "60 50 40 35 30 25 20 17.5 15 12.5 10 9 8 7 6: 7, 5: None"
    ),
    ("ese-es-2024", "60mg", "decrement 0.01g"): (
        "60 50 40 35 30 25 20 17.5 15 12.5 10 9 8 7 6: 7, 5: None"
    ),
    ("ese-es-2024", "60mg", "decrement 7.5mg"): (
        "60 52.5 45 40 35 30 25 20 17.5 15 12.5 10 9 8 7 6: 7, 5: None"
    ),
    ("ese-es-2024", "60mg", "interval 4w"): (
        "60 55 50 45 40 35 30 25: 7, 20 17.5 15 12.5 10 9 8 7 6: 28, 5: None"
    ),
    ("ese-es-2024", "62.3mg", ""): (
        "62.3 57.3 52.3 47.3 42.3 40 35 30 25 20 17.5 15 12.5 10 9 8 7 6: 7, 5: None"
    ),
    ("ese-es-2024", "40.5mg", "decrement 10mg"): (
        "40.5 40 35 30 25 20 17.5 15 12.5 10 9 8 7 6: 7, 5: None"
    ),
    ("ese-es-2024", "11mg", "interval 10d"): "11 10 9 8 7 6: 10, 5: None",
    ("ese-es-2024", "5.4mg", ""): "5.4: 7, 5: None",
}


def written(schedule: str) -> list[tuple[Decimal, int | None]]:
    """Read ``60: 42, 55 50: 14``: doses with the days of each."""
    steps = []
    for part in schedule.split(", "):
        doses, _, days = part.partition(": ")
        steps += [(D(dose), None if days == "None" else int(days)) for dose in doses.split()]
    return steps


def chosen(words: str) -> Choices:
    if not words:
        return Choices()
    name, text = words.split(" ")
    return Choices(**{name: read_amount(text) if name == "decrement" else read_interval(text)})


@pytest.fixture(scope="module")
def tapered(loaded, person):
    def compute(protocol=None, start=None, choices="", **who):
        return taper(
            loaded,
            person(**who),
            "prednisone",
            protocol=protocol,
            start_dose=start and read_amount(start),
            choices=choices if isinstance(choices, Choices) else chosen(choices),
        )

    return compute


@pytest.mark.parametrize(("case", "schedule"), SCHEDULES.items())
def test_schedule_worked_by_hand(tapered, case, schedule):
    steps = tapered(*case).steps
    assert [(step.low, step.days) for step in steps] == written(schedule)
    assert all(step.low == step.high for step in steps)


def test_worked_weeks_of_hhe_2018(tapered):
    weeks = {step.week: step.low for step in tapered("hhe-2018", "60mg").steps}
    assert list(weeks) == list(range(0, 40, 4))
    assert [weeks[w] for w in (4, 8, 12, 16, 20, 24)] == [50, 40, 30, 20, 15, 10]
    assert [weeks[w] for w in (28, 32, 36)] == [D("7.5"), 5, D("2.5")]


def test_worked_weeks_of_etg(tapered):
    steps = tapered("etg", "60mg").steps
    assert [(step.week, step.low) for step in steps[:3]] == [(0, 60), (6, 55), (8, 50)]
    assert (steps[-1].week, steps[-1].low, steps[-1].days) == (18, 25, None)


@pytest.mark.parametrize(("protocol", "start", "week"), [("etg", "75mg", 24), ("etg", "60mg", 18)])
def test_week_of_the_last_step(tapered, protocol, start, week):
    assert tapered(protocol, start).steps[-1].week == week


@pytest.mark.parametrize(
    ("choices", "week"),
    [
        # counted from the first cut, one step after the start: weeks 14 and 43 of the fact sheet
        (Choices(decrement=read_amount("10mg")), 14),
        (Choices(interval=read_interval("4w")), 43),
    ],
)
def test_ese_es_2024_reaches_5_mg(tapered, choices, week):
    steps = tapered("ese-es-2024", "60mg", choices).steps
    assert (steps[-1].low, steps[-1].week - steps[1].week) == (5, week)


@pytest.mark.parametrize(("hold", "days"), [(None, 14), ("6w", 42)])
def test_a_present_dose_is_held_only_where_the_user_says_so(tapered, hold, days):
    choices = Choices(on=read_amount("60mg"), hold=hold and read_interval(hold))
    first, second, *_ = tapered("etg", None, choices).steps
    assert (first.low, first.days, second.low, second.days) == (60, days, 55, 14)


@pytest.mark.parametrize(("days", "day", "week"), [(27, 28, 3), (28, 29, 4), (21, 22, 3)])
def test_a_week_is_that_of_the_first_day_of_a_step(tapered, days, day, week):
    step = tapered("hhe-2018", "60mg", f"hold {days}d").steps[1]
    assert (step.day, step.week) == (day, week)


def test_default_protocol_is_hhe_2018(tapered):
    assert tapered(None, "60mg").protocol == "hhe-2018"


@pytest.mark.parametrize(
    ("protocol", "start", "days", "amount"),
    [
        # 28 x (60 + 50 + 40 + 30 + 20 + 15 + 10 + 7.5 + 5 + 2.5)
        ("hhe-2018", "60mg", 280, "6720"),
        # 42 x 60 + 14 x (55 + 50 + 45 + 40 + 35 + 30); the last step has no length
        ("etg", "60mg", 126, "6090"),
        # 7 x (60 + 55 + 50 + 45 + 40 + 35 + 30 + 25 + 20 + 17.5 + 15 + 12.5 + 10 + 9 + 8 + 7 + 6)
        ("ese-es-2024", "60mg", 119, "3115"),
        ("hhe-2018", "62.3mg", 308, "7602"),  # 28 x 271.5
    ],
)
def test_totals_worked_by_hand(tapered, protocol, start, days, amount):
    totals = tapered(protocol, start).totals
    assert (totals.days, totals.amount, totals.unit) == (days, D(amount), "mg")
    assert (totals.amount_low, totals.amount_high) == (D(amount), D(amount))


def test_running_total(tapered):
    steps = tapered("etg", "35mg").steps
    assert [step.total_low for step in steps] == [1470, 1890, None]
    assert [step.day for step in steps] == [1, 43, 57]


@pytest.mark.parametrize(
    ("protocol", "weight", "severity", "first"),
    [
        ("hhe-2018", "70", "severe", "70"),
        ("hhe-2018", "70", "mild", "52.5"),
        ("hhe-2018", "120", "moderate", "80"),
        ("hhe-2018", "154lb", "severe", "69.85322498"),
        ("etg", "70", "severe", "70"),
        ("etg", "120", "severe", "75"),  # the cap of the protocol, not the 80 mg of the reference
        ("etg", "120", "mild", "60"),
        ("ese-es-2024", "45.5", "mild", "34.125"),
    ],
)
def test_start_dose_is_the_one_for_weight_and_severity(tapered, protocol, weight, severity, first):
    result = tapered(protocol, weight=weight, severity=severity)
    assert result.steps[0].low == D(first)
    assert [c.option for c in result.choices if c.name == "start dose"] == ["--from"]


def test_start_at_the_cap_of_the_protocol_is_told(tapered):
    result = tapered("etg", weight="120", severity="severe")
    (told,) = [warning for warning in result.warnings if warning.code == "protocol-cap"]
    assert "80 mg" in told.message
    assert "75 mg" in told.message


def test_dose_for_one_kg_of_each_step(tapered):
    steps = tapered("etg", "35mg", weight="85").steps
    assert [step.per_kg_low for step in steps] == [D("0.4118"), D("0.3529"), D("0.2941")]
    assert {step.per_kg_low for step in tapered("etg", "35mg").steps} == {None}


@pytest.mark.parametrize(
    ("who", "missing"),
    [
        ({}, "weight and severity are missing"),
        ({"weight": "70"}, "severity is missing"),
        ({"severity": "severe"}, "weight is missing"),
    ],
)
def test_unknown_start_dose_is_asked_for(tapered, who, missing):
    with pytest.raises(PatientError, match=missing) as caught:
        tapered(**who)
    assert 'start_dose="60mg"' in caught.value.hint


@pytest.mark.parametrize(
    ("protocol", "start", "message"),
    [
        ("etg", "75.001mg", "75.001 mg is over the cap of etg, 75 mg"),
        ("etg", "80mg", "80 mg is over the cap of etg, 75 mg"),
        ("hhe-2018", "100.5mg", "more than any source in the table gives: the highest cap is 100"),
        ("hhe-2018", "60g", "mg is more than any source"),
        ("ese-es-2024", "600mg", "600 mg is more than any source"),
    ],
)
def test_start_over_a_cap_is_refused(tapered, protocol, start, message):
    with pytest.raises(RefusedError, match=message):
        tapered(protocol, start)


@pytest.mark.parametrize(
    ("start", "warned"), [("80mg", False), ("80.5mg", True), ("90mg", True), ("100mg", True)]
)
def test_start_above_the_base_cap_is_warned_of(tapered, start, warned):
    told = [w.message for w in tapered("hhe-2018", start).warnings if w.code == "above-cap"]
    assert len(told) == warned
    assert all("60 to 80 mg daily" in message for message in told)


@pytest.mark.parametrize(
    ("protocol", "start"),
    [("etg", "25mg"), ("etg", "5mg"), ("ese-es-2024", "5mg"), ("ese-es-2024", "4.999mg")],
)
def test_start_where_the_protocol_ends_is_refused(tapered, protocol, start):
    with pytest.raises(PatientError, match=f"is not above .*, where {protocol} ends"):
        tapered(protocol, start)


@pytest.mark.parametrize(
    ("protocol", "choices", "message"),
    [
        ("hhe-2018", "hold 2w", "a hold of 2 weeks is outside the source's range"),
        ("hhe-2018", "hold 5w", "a hold of 5 weeks is outside"),
        ("hhe-2018", "hold 20d", "a hold of 20 days is outside"),
        ("hhe-2018", "hold 29d", "a hold of 29 days is outside"),
        ("etg", "hold 5w", "a hold of 5 weeks is outside"),
        ("ese-es-2024", "hold 1w", "has no hold"),
        ("hhe-2018", "interval 3w", "interval 3 weeks is outside what the source leaves open"),
        ("hhe-2018", "interval 13w", "interval 13 weeks is outside"),
        ("hhe-2018", "interval 27d", "interval 27 days is outside"),
        ("etg", "interval 1w", "interval 1 week is fixed by etg"),
        ("ese-es-2024", "interval 5w", "interval 5 weeks is outside"),
        ("ese-es-2024", "interval 6d", "interval 6 days is outside"),
        ("ese-es-2024", "decrement 10.5mg", "decrement 10.5 mg is outside"),
        ("ese-es-2024", "decrement 4mg", "decrement 4 mg is outside"),
        ("etg", "decrement 10mg", "decrement 10 mg is fixed by etg"),
        ("hhe-2018", "decrement 2.5mg", "decrement 2.5 mg is fixed by hhe-2018"),
    ],
)
def test_choice_outside_the_source_is_refused(tapered, protocol, choices, message):
    with pytest.raises(UsageError, match=message):
        tapered(protocol, "60mg", choices)


def test_weeks_are_for_courses(tapered):
    with pytest.raises(UsageError, match="weeks is for repeated courses"):
        tapered("hhe-2018", "60mg", Choices(weeks=8))


@pytest.mark.parametrize(
    ("protocol", "stops"), [("hhe-2018", True), ("etg", False), ("ese-es-2024", False)]
)
def test_only_a_protocol_that_goes_down_to_nothing_stops(tapered, protocol, stops):
    assert tapered(protocol, "60mg").stops is stops


@pytest.mark.parametrize("end", ["1", "0.5", "0.001"])
def test_a_small_dose_at_which_a_source_ends_is_the_last_step_and_goes_on(loaded, end):
    table, key = loaded.table, "ese-es-2024"
    *bands, last = table.daily_tapers[key].bands
    bands = (*bands, last._replace(until=Amount(D(end), "mg")))
    tapers = {**table.daily_tapers, key: table.daily_tapers[key]._replace(bands=bands)}
    other = loaded._replace(table=table._replace(daily_tapers=tapers))
    result = taper(other, Patient(), "prednisone", protocol=key, start_dose=read_amount("10mg"))
    assert (result.steps[-1].low, result.steps[-1].days) == (D(end), None)
    assert not result.stops


@pytest.mark.parametrize(
    "rounding",
    [{}, *({"prednisone": RoundingRule(Amount(D(5), "mg"), way)} for way in ("down", "up"))],
)
@pytest.mark.parametrize("protocol", ["hhe-2018", "etg", "ese-es-2024"])
def test_the_doses_by_themselves_are_those_of_the_taper(loaded, protocol, rounding):
    loaded = loaded._replace(rounding=rounding)
    start, patient = Amount(D("62.3"), "mg"), Patient(weight_kg=D(70))
    steps = taper(loaded, patient, "prednisone", protocol=protocol, start_dose=start).steps
    doses = doses_of_taper(loaded, patient, "prednisone", protocol, start)
    assert doses == [(step.low, step.rounded_from or step.low) for step in steps]
    assert doses[0] == (D(60 if rounding else "62.3"), D("62.3"))
