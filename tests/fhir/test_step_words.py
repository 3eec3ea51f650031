"""Steps of an order in our own words: those of a taper, and those of one order to check."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest

from dmcalc import table
from dmcalc.fhir.checks.limits import limits_of
from dmcalc.fhir.checks.patient import _in_words, _with_cap
from dmcalc.fhir.checks.steps import DosageGroup
from dmcalc.fhir.step_rows import as_grammar, step_rows

from .test_steps import dosage

TABLE = table.load().table


def steps(*dosages):
    return [DosageGroup([each]) for each in dosages]


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        (
            steps(dosage(1, 7, "40 mg"), dosage(8, 14, "30 mg")),
            ("40mg", "hold 7d; -10mg/7d to 30mg"),
        ),
        (steps(dosage(1, 7, "0.04 g")), ("40mg", "hold 7d")),
        (steps(dosage(1, 7, "20 mg", times=Fraction(2))), ("40mg", "hold 7d")),
        # equal steps are one part, and another length or another decrement begins a new one
        (
            steps(
                *(dosage(d, d + 6, f"{n} mg") for d, n in ((1, 40), (8, 30), (15, 20), (22, 15)))
            ),
            ("40mg", "hold 7d; -10mg/7d to 20mg; -5mg/7d to 15mg"),
        ),
        (
            steps(dosage(1, 7, "40 mg"), dosage(8, 14, "30 mg"), dosage(15, 28, "20 mg")),
            ("40mg", "hold 7d; -10mg/7d to 30mg; -10mg/14d to 20mg"),
        ),
        # what our words cannot say
        (steps(dosage(1, 7, "40 mg"), dosage(8, 14, "40 mg")), None),
        (steps(dosage(1, 7, "40 mg"), dosage(8, 14, "50 mg")), None),
        (steps(dosage(1, 7, "40 mg"), dosage(8, None, "30 mg")), None),
        (steps(dosage(1, 7, "4 tablet")), None),
        (steps(dosage(1, 7, "40 mg", every=2)), None),
        (steps(dosage(1, 7, "40 mg", times=None)), None),
        (steps(dosage(1, 7, "40 mg")._replace(low=dosage(dose="20 mg").low)), None),
        (steps(dosage(1, 7, None)), None),
        (steps(dosage(1, 7, "40 mg")._replace(timing=None)), None),
        ([DosageGroup([dosage(1, 7, "40 mg"), dosage(1, 7, "20 mg")])], None),
        ([], None),
    ],
    ids=range(16),
)
def test_a_plain_taper_has_words_and_no_other(groups, words):
    found = as_grammar(groups)
    assert (found and (found.from_, found.steps)) == words


@pytest.mark.parametrize(
    ("dosages", "course", "words"),
    [
        ([dosage(1, 2, "70 g")], True, "140 g over 2 days"),
        ([dosage(1, 2, "70 g")], False, "70 g daily"),
        ([dosage(1, None, "70 g")], True, "70 g daily"),
        ([dosage(1, 2, "70 g", times=Fraction(2))], True, "70 g twice daily"),
        ([dosage(1, 28, "70 g", every=28)], True, "70 g every 28 days"),
        ([dosage(1, 7, "40 mg")], False, "40 mg daily"),
        ([dosage(1, 7, "4 tablet")], False, None),
        ([dosage(1, 7, None)], False, None),
        ([dosage(1, 7, "40 mg")._replace(timing=None)], False, None),
        ([dosage(1, 7, "40 mg")._replace(low=dosage(dose="20 mg").low)], False, None),
        ([dosage(1, 7, "40 mg"), dosage(1, 7, "20 mg")], False, None),
    ],
    ids=range(11),
)
def test_a_first_step_is_one_order_or_has_no_words(dosages, course, words):
    assert _in_words(DosageGroup(dosages), course=course) == words


@pytest.mark.parametrize(
    ("drug", "caps", "cap"),
    [
        ("prednisone", [(60, "mg")], 60),
        ("prednisone", [(100, "mg")], 80),  # the table's own cap holds for everyone
        ("prednisone", [(60, "mg"), (70, "mg")], 70),
        ("prednisone", [(60, "mg"), (None, "mg")], 80),
        ("prednisone", [], 80),
        ("azathioprine", [(0.1, "g")], 100),
        ("azathioprine", [(None, None)], None),
        # a drug of which no time is known has no cap to compare with
        ("cyclophosphamide", [(750, "mg")], None),
    ],
)
def test_the_cap_of_a_patient_is_no_more_than_that_of_everyone(drug, caps, cap):
    own = [
        SimpleNamespace(dose=SimpleNamespace(cap_high=c and Decimal(str(c)), unit=u))
        for c, u in caps
    ]
    assert _with_cap(limits_of(TABLE, drug), SimpleNamespace(own=own)).cap == cap


def test_a_row_of_a_step_has_what_is_known_of_it():
    known, unknown = steps(dosage(1, 7, "40 mg"), dosage(8, 14, "30 mg")._replace(timing=None))
    pair = DosageGroup([dosage(1, 8, "20 mg", every=2), dosage(2, 8, "10 mg", every=2)])
    single = DosageGroup([dosage(9, 9, "5 mg", times=None, single=True)])
    rows = [(r.step, r.dose, r.times, r.every_days, r.daily, r.days, str(r.start), str(r.end))
            for r in step_rows([known, unknown, pair, single], ())]  # fmt: skip
    assert rows == [
        (1, 40, 1, 1, 40, 7, "2026-12-01", "2026-12-07"),
        (2, 30, None, None, None, None, "None", "None"),
        (3, 20, 1, 2, None, 8, "2026-12-01", "2026-12-08"),
        (3, 10, 1, 2, None, 7, "2026-12-02", "2026-12-08"),
        (4, 5, None, 1, None, 1, "2026-12-09", "2026-12-09"),
    ]
