"""Which dosages of an order follow one another, and on which days two of them or none hold."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from dmcalc.fhir.checks.steps import DosageGroup, arrange
from dmcalc.fhir.findings import Findings
from dmcalc.fhir.resource.quantity import Measure, kind_of
from dmcalc.fhir.resource.reading import Dosage
from dmcalc.fhir.resource.timing import Timing

from .conftest import judged
from .test_reading import timed

FIRST = datetime.date(2026, 12, 1)


def day(number):
    """Return a day of a schedule, counted from 1."""
    return None if number is None else FIRST + datetime.timedelta(days=number - 1)


def dosage(first=None, last=None, dose="10 mg", every=1, sequence=1, number=0, **more):
    """Return a dosage from one day of a schedule to another."""
    measure = None
    if dose is not None:
        value, unit = dose.split()
        measure = Measure(Decimal(value), unit, kind_of(unit))
    days = None if None in (first, last) else last - first + 1
    fields = {"times": Fraction(1), "every_days": every, "start": day(first), "end": day(last)}
    timing = Timing(**{**fields, "days": days, **more})
    return Dosage(("dosageInstruction", number), sequence, low=measure, high=measure, timing=timing)


def arranged(*dosages, **more):
    """Put dosages into steps; return these, and what is found with the end of its message."""
    findings = Findings("MedicationRequest")
    numbered = [d._replace(path=("dosageInstruction", n)) for n, d in enumerate(dosages)]
    groups = arrange(numbered, "prednisone", findings, **more)
    return groups, [(f.code, f.pointer, f.message.partition(", ")[2]) for f in findings.entries]


def codes(*dosages, **more):
    return [code for code, _, _ in arranged(*dosages, **more)[1]]


# What a step is


def test_a_step_ends_with_the_last_of_its_dosages_where_each_has_an_end():
    both = DosageGroup([dosage(1, 7), dosage(1, 14)])
    assert (both.start, both.end, both.days) == (day(1), day(14), 14)
    one = DosageGroup([dosage(1, 7), dosage(1)])
    assert (one.start, one.end, one.days) == (day(1), None, None)
    undated = DosageGroup([dosage(days=7), dosage(days=14)])
    assert (undated.start, undated.end, undated.days) == (None, None, 14)
    assert DosageGroup([dosage(days=7), dosage()]).days is None


def test_two_dosages_of_each_second_day_alternate_in_turn_on_odd_days_apart():
    def in_turn(*dosages):
        return DosageGroup(dosages).alternates_in_turn

    assert in_turn(dosage(1, 8, every=2), dosage(2, 8, every=2))
    assert in_turn(dosage(4, 8, every=2), dosage(1, 8, every=2))
    assert not in_turn(dosage(1, 8, every=2), dosage(3, 8, every=2))
    assert not in_turn(dosage(every=2), dosage(every=2))
    assert not in_turn(dosage(1, 8, every=2), dosage(2, 8))
    three = [dosage(n, 8, every=2) for n in (1, 2, 3)]
    assert not DosageGroup(three).alternates


@pytest.mark.parametrize(
    ("dosages", "average"),
    [
        ([dosage(dose="10 mg"), dosage(dose="0.02 g")], ("mass", "mg", 30)),
        ([dosage(dose="10 mg", every=2), dosage(dose="20 mg", every=2)], ("mass", "mg", 15)),
        ([dosage(dose="2 mL"), dosage(dose="1 L")], ("volume", "mL", 1002)),
        ([dosage(dose="2 tablet"), dosage(dose="1 tablet")], ("form", "tablet", 3)),
        ([dosage(dose="2 tablet"), dosage(dose="1 capsule")], None),
        ([dosage(dose="2 mg"), dosage(dose="1 mL")], None),
        ([dosage(dose="2 mg"), dosage(dose=None)], None),
        ([dosage(dose="2 mg"), dosage(dose="2 mg", times=None)], None),
        ([dosage(dose="2 mg"), dosage(dose="2 mg")._replace(timing=None)], None),
    ],
    ids=range(9),
)
def test_a_step_comes_to_so_much_a_day_where_all_of_it_is_known(dosages, average):
    assert DosageGroup(dosages).average() == average


# Which dosages are one step


@pytest.mark.parametrize(
    ("clocks", "starts", "steps"),
    [
        ([("MORN",), ("EVE",)], (None, None), 1),
        ([("MORN",), ("EVE",)], (1, 8), 2),
        ([("MORN",), ("EVE",)], (None, 8), 2),
        ([("MORN",), ("MORN",)], (None, None), 2),
        ([("MORN",), ()], (None, None), 2),
        ([(), ()], (None, None), 2),
    ],
)
def test_dosages_without_numbers_are_one_step_at_different_times_of_an_undated_day(
    clocks, starts, steps
):
    dosages = [
        dosage(first, sequence=None, days=7, clock=clock)
        for first, clock in zip(starts, clocks, strict=True)
    ]
    groups, _ = arranged(*dosages)
    assert len(groups) == steps
    assert codes(*dosages)[0] == "sequence-missing"
    untimed = [d._replace(timing=None) for d in dosages]
    assert len(arranged(*untimed)[0]) == 2


def test_one_dosage_needs_no_number_and_may_have_any():
    assert codes(dosage(1, 7, sequence=None)) == []
    assert codes(dosage(1, 7, sequence=3)) == []
    assert codes(dosage(1, 7, sequence=1), dosage(8, 14, sequence=3)) == ["sequence-skips"]
    assert codes(dosage(1, 7, sequence=2), dosage(8, 14, sequence=3)) == ["sequence-skips"]
    assert codes(dosage(1, 7, sequence=1), dosage(8, 14, sequence=2)) == []
    _, ((_, pointer, _),) = arranged(dosage(1, 7, sequence=2), dosage(8, 14, sequence=3))
    assert pointer == "/dosageInstruction/0/sequence"


def test_of_many_numbers_that_skip_twenty_are_listed():
    steps = [dosage(n, n, sequence=2 * n) for n in range(1, 23)]
    ((_, _, listed),) = arranged(*steps)[1]
    assert listed == ", ".join(str(2 * n) for n in range(2, 21))


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ({"clock": ("MORN",)}, {"clock": ("EVE",)}, "concurrent"),
        ({"clock": ("MORN",)}, {"clock": ("MORN",)}, "sequence-repeated"),
        ({"clock": ("MORN",)}, {}, "sequence-repeated"),
        ({"weekdays": ("mon",)}, {"weekdays": ("thu",)}, "concurrent"),
        ({"weekdays": ("mon",)}, {"weekdays": ("mon", "thu")}, "sequence-repeated"),
        ({"every": 2}, {"every": 2}, "alternate-days"),
        ({"every": 2}, {}, "alternate-days"),
        ({}, {"every": 2}, "alternate-days"),
        ({}, {"first": 2}, "alternate-days"),
        ({}, {"first": 3}, "sequence-repeated"),
        ({}, {}, "sequence-repeated"),
    ],
    ids=str,
)
def test_two_dosages_of_one_number_hold_at_the_same_time(first, second, code):
    assert codes(*(dosage(**{"first": 1, "last": 8, **own}) for own in (first, second))) == [code]


def test_two_doses_of_alternate_days_that_meet_are_told_from_one_coded_daily():
    _, ((_, pointer, same),) = arranged(dosage(1, 8, every=2), dosage(1, 8, every=2))
    assert (pointer, same) == ("/dosageInstruction/1/timing", "both on the same days")
    _, ((_, _, daily),) = arranged(dosage(1, 8, every=2), dosage(2, 8))
    assert daily == "and one of them is coded daily"


def test_three_dosages_of_one_number_are_repeated_and_a_dose_that_is_missing_is_not_named():
    findings = Findings("MedicationRequest")
    doses = ("10 mg", None, "5 mg")
    arrange([dosage(1, 8, dose=dose, every=2) for dose in doses], "prednisone", findings)
    (repeated,) = findings.entries
    assert repeated.code == "sequence-repeated"
    assert repeated.message.endswith("same time: 10 mg + 5 mg")


def test_a_dosage_whose_times_are_not_understood_is_not_judged_beside_another():
    assert codes(dosage(1, 8), dosage(1, 8)._replace(timing=None)) == []


# Days with two doses, and with none


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ((1, 8), (2, 8), []),
        # on day 2, and on days 2 and 4, only the first of the two would be due, and is not
        ((1, 10), (4, 10), ["1 day", "2026-12-02"]),
        ((1, 10), (6, 10), ["2 days", "2026-12-02"]),
        # the first of the two ends on day 5: nothing on days 7 and 9
        ((1, 5), (2, 10), ["2 days", "2026-12-07"]),
        ((1, 6), (2, 10), ["2 days", "2026-12-07"]),
        # on day 2, and on day 10
        ((1, 10), (4, 8), ["2 days", "2026-12-02"]),
    ],
)
def test_days_on_which_neither_of_two_doses_is_given_are_counted(first, second, found):
    findings = Findings("MedicationRequest")
    pair = [dosage(*first, every=2), dosage(*second, every=2)]
    arrange(pair, "prednisone", findings)
    gaps = [f.message for f in findings.entries if f.code == "step-gap"]
    assert [[gap.partition(" with ")[0], gap.rpartition(" ")[2]] for gap in gaps] == (
        [found] if found else []
    )


@pytest.mark.parametrize(
    ("second", "apart", "whole"),
    [(8, [], []), (9, [], ["step-gap"]), (7, ["step-overlap"], ["step-overlap"])],
)
def test_days_between_the_steps_of_courses_are_meant_and_days_in_two_are_not(second, apart, whole):
    steps = dosage(1, 7), dosage(second, 14, sequence=2)
    assert codes(*steps) == whole
    assert codes(*steps, apart=True) == apart


def test_steps_without_dates_follow_the_last_day_before():
    steps = dosage(1, 7), dosage(days=7, sequence=2), dosage(sequence=3)
    groups, found = arranged(*steps)
    assert [(group.start, group.end) for group in groups] == [
        (day(1), day(7)),
        (day(8), day(14)),
        (None, None),
    ]
    assert [code for code, _, _ in found] == ["open-end"]


def test_a_step_without_a_length_is_named_by_its_place():
    findings = Findings("MedicationRequest")
    steps = dosage(1, 7), dosage(8, sequence=2), dosage(15, 21, sequence=3)
    arrange(steps, "prednisone", findings)
    assert [f.message for f in findings.entries] == ["step 2 has no length"]


def test_steps_are_put_in_the_order_of_their_dates_those_without_last():
    steps = dosage(8, 14, sequence=1), dosage(1, 7, sequence=2), dosage(days=7, sequence=3)
    groups, found = arranged(*steps)
    assert [group.start for group in groups] == [day(1), day(8), None]
    assert [found[:2] for found in found] == [("sequence-order", "/dosageInstruction/0")]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (dosage(1, 7), dosage(8, 14), None),
        (dosage(1, 7), dosage(8, 14, "9 mg"), None),
        (dosage(1, 7), dosage(8, 14, "11 mg"), "from 10 to 11 mg a day"),
        (dosage(1, 7, "2 tablet"), dosage(8, 14, "3 tablet"), "from 2 to 3 tablet a day"),
        (dosage(1, 7, "2 mL"), dosage(8, 14, "3 mL"), "from 2 to 3 mL a day"),
        (dosage(1, 7, "2 tablet"), dosage(8, 14, "3 capsule"), None),
        (dosage(1, 7, "2 tablet"), dosage(8, 14, "30 mg"), None),
        (dosage(1, 7, every=7), dosage(8, 14, "15 mg", every=7), "from 10 to 15 mg a week"),
    ],
    ids=range(8),
)
def test_a_dose_that_rises_is_said_in_one_unit(first, second, said):
    findings = Findings("MedicationRequest")
    arrange([first, second._replace(sequence=2)], "prednisone", findings)
    rises = [f.message for f in findings.entries if f.code == "dose-rises"]
    assert rises == ([] if said is None else [f"the dose rises {said}"])


# Steps by the clock


@pytest.mark.parametrize(
    ("moments", "days", "found"),
    [
        # the second step begins at noon of the eighth day, which is its own
        (("01T08:00", "08T11:59:59", "08T12:00", "15T11:59:59"), [7, 7], set()),
        # both end and begin at one time: the last one ends at its own, or on its day
        (("01T08:00", "08T08:00", "08T08:00", "15T08:00"), [7, 7], set()),
        (("01T08:00", "08T08:00", "08T08:00", "15T09:00"), [7, 8], set()),
        (("01T08:00", "08T08:00", "08T08:00", "08T08:00"), [7, 1], set()),
        # two seconds apart, and twelve hours in two steps
        (("01T08:00", "08T11:59:58", "08T12:00", "15T11:59:59"), [8, 7], {"step-overlap"}),
        (("01T08:00", "08T20:00", "08T08:00", "15T07:59:59"), [8, 7], {"step-overlap"}),
        # a morning and an evening of one day are no steps one after the other
        (("01T08:00", "01T20:00", "01T20:00", "07T20:00"), [1, 7], {"step-overlap"}),
        # a date has no time
        (("01", "08", "08T08:00", "15T07:59:59"), [8, 7], {"step-overlap"}),
        (("01T08:00", "08T08:00", "08", "14"), [8, 7], {"step-overlap"}),
    ],
    ids=range(9),
)
def test_a_time_that_ends_a_step_and_begins_another_is_in_one_of_them(verify, moments, days, found):
    written = [
        f"2026-12-{text}{':00' * (text.count(':') == 1)}{'Z' * ('T' in text)}" for text in moments
    ]
    verified = verify(timed(*written))
    assert [step.days for step in verified.steps] == days
    assert judged(verified) - {"text-days"} == found


def test_ends_that_are_starts_count_for_the_last_step_whatever_comes_between(verify):
    resource = timed("2026-12-01T08:00:00Z", "2026-12-08T08:00:00Z", "2026-12-08T08:00:00Z",
                     "2026-12-15T07:59:59Z")  # fmt: skip
    first, second = resource["dosageInstruction"]
    third = {**second, "sequence": 3, "timing": {"repeat": {
        **second["timing"]["repeat"],
        "boundsPeriod": {"start": "2026-12-15T08:00:00Z", "end": "2026-12-22T08:00:00Z"},
    }}}  # fmt: skip
    resource["dosageInstruction"] = [first, second, third]
    assert [step.days for step in verify(resource).steps] == [7, 7, 7]
