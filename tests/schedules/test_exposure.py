"""What a taper says of the pulses that come before it."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from dmcalc import guideline
from dmcalc.dosing.adjustments import PatientRules
from dmcalc.patient.clinical_context import ClinicalContext
from dmcalc.planning.events import CalendarEvent
from dmcalc.quantities.amount import read_amount
from dmcalc.quantities.thresholds import DoseThreshold
from dmcalc.schedules.exposure import (
    DoseStretch,
    day_reached,
    days_in_words,
    stretches_at_or_above,
    will_reach,
    with_taper_notes,
)
from dmcalc.schedules.model import Choices
from dmcalc.schedules.taper import taper
from tests.ruled import under

PULSE = "Indicated before this taper: Methylprednisolone, 1 g/day for 3 to 5 days."


def pulses(loaded, patient, drug="prednisone"):
    """Return in short which pulses a taper of 60 mg says are indicated before it."""
    result = taper(loaded, patient, drug, start_dose=read_amount("60mg"))
    noted = with_taper_notes(result, guideline.load()).cautions
    return [note.brief for note in noted if note.code == "pulse-indicated"]


@pytest.mark.parametrize("drug", ["prednisone", "prednisolone"])
@pytest.mark.parametrize(
    ("severity", "named"), [("severe", [PULSE]), ("moderate", []), ("mild", []), (None, [])]
)
def test_the_pulse_of_the_group_is_named_where_the_severity_indicates_it(
    loaded, person, drug, severity, named
):
    assert pulses(loaded, person("70", severity), drug) == named


def changed(loaded, drug, **regimen):
    """Return the table with the first posology of a drug changed."""
    known = loaded.table.drugs[drug]
    regimens = (known.regimens[0]._replace(**regimen), *known.regimens[1:])
    return with_drug(loaded, drug, regimens=regimens)


def with_drug(loaded, drug, **changes):
    drugs = {**loaded.table.drugs, drug: loaded.table.drugs[drug]._replace(**changes)}
    return loaded._replace(table=loaded.table._replace(drugs=drugs))


def test_what_is_no_pulse_of_the_group_with_a_dose_is_not_named_as_one(loaded, person):
    severe = person("70", "severe")
    for other in (
        with_drug(loaded, "methylprednisolone", group="immunosuppressants"),
        changed(loaded, "methylprednisolone", phase="start"),
        changed(loaded, "methylprednisolone", dose=None),
    ):
        assert pulses(other, severe) == []
    # the pulse of the drug itself is no other drug's
    assert pulses(changed(loaded, "prednisone", phase="pulse"), severe) == [PULSE]


def test_a_pulse_whose_source_gives_no_days_is_named_without_them(loaded, person):
    other = changed(loaded, "methylprednisolone", days=None)
    said = pulses(other, person("70", "severe"))
    assert said == ["Indicated before this taper: Methylprednisolone, 1 g/day."]


@pytest.mark.parametrize(
    ("days", "start", "reached"),
    [
        # no three months have more than 92 days, and no month more than 31: only then it is certain
        (93, None, False),
        (94, None, True),
        # from 1 December they have 90, and more than that is needed
        (90, "2026-12-01", False),
        (91, "2026-12-01", True),
        # from the last of February to 28 May they have 89
        (89, "2026-02-28", False),
        (90, "2026-02-28", True),
        # from 1 May they have 92
        (92, "2026-05-01", False),
        (93, "2026-05-01", True),
    ],
)
def test_months_at_a_dose_are_certain_where_any_months_would_be_full(days, start, reached):
    stretch = DoseStretch(1, days, days)
    first = start and datetime.date.fromisoformat(start)
    assert will_reach(stretch, DoseThreshold.parse("> 3 months"), "low", first) is reached
    assert will_reach(DoseStretch(1, None, 0), DoseThreshold.parse("> 3 months"), "low", None)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        # of 2.5 mg or more there are 92 days: more than three months from December, not from May
        ("2026-12-01", True),
        ("2026-05-01", False),
        # and from a day without a year nobody knows
        (None, False),
    ],
)
def test_bone_protection_is_due_by_the_months_from_the_first_day(loaded, person, start, due):
    result = taper(
        loaded,
        person(),
        "prednisone",
        start_dose=read_amount("10mg"),
        start=start and datetime.date.fromisoformat(start),
        choices=Choices(steps="10mg 46d; 5mg 46d; 1mg 4w"),
    )
    noted = with_taper_notes(result, guideline.load()).cautions
    assert ("bone" in {note.code for note in noted}) is due


def test_a_medicine_that_a_rule_refuses_is_named_in_the_short_line(loaded, person):
    def brief(*taking):
        advice = PatientRules(guideline.load(), ClinicalContext(taking=taking))
        result = taper(loaded, under(advice, person("70", "severe")), "prednisone")
        noted = with_taper_notes(result, guideline.load()).cautions
        return next(note.brief for note in noted if note.code == "pneumocystis-eular")

    level = "above 15 to 30 mg daily for over 2 to 4 weeks."
    assert brief().endswith(level)
    assert brief("methotrexate").endswith(f"{level} With methotrexate co-trimoxazole is refused.")


def test_a_threshold_of_another_drug_is_not_that_of_this_one(loaded, person):
    guide = guideline.load()
    plan = guide.guideline.plan
    marks = tuple(mark._replace(drug="methylprednisolone") for mark in plan.marks)
    other = guide.guideline._replace(plan=plan._replace(marks=marks))
    result = taper(loaded, person("70", "severe"), "prednisone")
    here = {note.code for note in with_taper_notes(result, guide).cautions}
    there = {
        note.code for note in with_taper_notes(result, guide._replace(guideline=other)).cautions
    }
    assert here - there == {"pneumocystis-eular", "bone"}


@pytest.mark.parametrize(
    ("stretches", "said"),
    [
        ([], "No day of the schedule is at 20 mg or more."),
        ([(1, 3, 3)], "Days at 20 mg or more in the schedule: 0 weeks and 3 days."),
        ([(1, 7, 7)], "Days at 20 mg or more in the schedule: 1 week."),
        ([(1, 4, 4), (8, 11, 4)], "Days at 20 mg or more in the schedule: 1 week and 1 day."),
        (
            [(1, 4, 4), (8, None, 12)],
            "Days at 20 mg or more in the schedule: 2 weeks and 2 days, and the open last step.",
        ),
    ],
)
def test_the_days_at_a_dose_are_those_of_all_stretches(stretches, said):
    found = [DoseStretch(*stretch) for stretch in stretches]
    assert days_in_words(found, DoseThreshold.parse(">= 20 mg"), "low") == said


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        # the second stretch goes on; the first one ended a week before it
        (7, [DoseStretch(1, 14, 14), DoseStretch(22, 35, 14)]),
        (None, [DoseStretch(1, 14, 14), DoseStretch(22, None, 7)]),
    ],
)
def test_a_dose_goes_on_the_stretch_before_it_and_not_the_first_one(days, expected):
    doses = [
        CalendarEvent(
            *("step", "dose", "", "", ()), day=day, days=length, high=Decimal(mg), unit="mg"
        )
        for day, length, mg in ((1, 14, 40), (15, 7, 10), (22, 7, 30), (29, days, 20))
    ]
    assert stretches_at_or_above(doses, DoseThreshold.parse(">= 20 mg"), "low") == expected


@pytest.mark.parametrize(("start", "day"), [("2026-01-28", 121), ("2026-12-01", 122)])
def test_months_are_counted_from_the_first_day_of_a_stretch(start, day):
    # day 32 is 28 February, with 89 days to 28 May, and 1 January, with 90 to 1 April
    stretch = DoseStretch(32, 200, 169)
    first = datetime.date.fromisoformat(start)
    assert day_reached(stretch, DoseThreshold.parse("> 3 months"), "low", first) == day
