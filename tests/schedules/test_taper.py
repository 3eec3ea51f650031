from __future__ import annotations

import datetime
from itertools import pairwise

import pytest

import dmcalc
from dmcalc.catalogue.drugs import list_protocols
from dmcalc.documents import fields
from dmcalc.errors import DmcalcError, PatientError, UnknownNameError, UsageError
from dmcalc.quantities.amount import read_amount
from dmcalc.schedules.model import Choices
from dmcalc.schedules.taper import taper

DAY = datetime.timedelta(days=1)
DATE = datetime.date.fromisoformat


@pytest.fixture(scope="module")
def dated(loaded, person):
    def compute(start, drug="prednisone", protocol=None, dose="60mg", weeks=None):
        return taper(
            loaded,
            person(),
            drug,
            protocol=protocol,
            start_dose=dose and read_amount(dose),
            start=start and DATE(start),
            choices=Choices(weeks=weeks),
        ).steps

    return compute


@pytest.mark.parametrize(
    ("start", "protocol", "dates"),
    [
        # over the end of a year
        ("2026-12-01", "hhe-2018", ["2026-12-01 2026-12-28", "2026-12-29 2027-01-25"]),
        # 29 February of a leap year is a day like any other
        ("2028-02-05", "hhe-2018", ["2028-02-05 2028-03-03", "2028-03-04 2028-03-31"]),
        ("2027-02-05", "hhe-2018", ["2027-02-05 2027-03-04", "2027-03-05 2027-04-01"]),
        ("2028-02-29", "ese-es-2024", ["2028-02-29 2028-03-06", "2028-03-07 2028-03-13"]),
        ("2100-02-22", "ese-es-2024", ["2100-02-22 2100-02-28", "2100-03-01 2100-03-07"]),
        # 42 days, then 14
        ("2026-11-22", "etg", ["2026-11-22 2027-01-02", "2027-01-03 2027-01-16"]),
    ],
)
def test_dates_of_the_first_steps(dated, start, protocol, dates):
    steps = dated(start, protocol=protocol)[: len(dates)]
    assert [f"{step.start} {step.end}" for step in steps] == dates


@pytest.mark.parametrize("protocol", ["hhe-2018", "etg", "ese-es-2024"])
def test_each_step_starts_the_day_after_the_one_before(dated, protocol):
    for before, after in pairwise(dated("2027-11-30", protocol=protocol)):
        assert after.start - before.end == DAY


def test_step_without_a_length_has_no_end(dated):
    last = dated("2026-12-01", protocol="etg")[-1]
    assert (last.start, last.end) == (DATE("2027-04-06"), None)  # day 127


def test_courses_have_dates_too(dated):
    steps = dated("2026-12-01", drug="ivig", dose=None, weeks=8)
    assert [f"{step.start} {step.end}" for step in steps] == [
        "2026-12-01 2026-12-28",
        "2026-12-29 2027-01-25",
    ]


def test_without_a_start_there_are_no_dates(dated):
    assert {(step.start, step.end) for step in dated(None)} == {(None, None)}


def test_schedule_past_the_last_date_is_refused(dated):
    with pytest.raises(UsageError, match="from 9999-12-01 runs past the last date there is"):
        dated("9999-12-01")


@pytest.mark.parametrize(
    "drug",
    ["methylprednisolone", "azathioprine", "methotrexate", "cyclophosphamide", "rituximab"],
)
def test_drug_without_a_taper_names_those_that_have_one(loaded, person, drug):
    with pytest.raises(UnknownNameError, match=f"the table has no taper for {drug}") as caught:
        taper(loaded, person("70"), drug)
    assert "prednisone, prednisolone, ivig" in caught.value.hint


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("hhe", "has no protocol 'hhe'"),
        ("hhe-2019", r"has no protocol 'hhe-2019' \(like it: hhe-2018\)"),
        ("base-page", "has no protocol 'base-page'"),  # it is immunoglobulin's
        ("", "has no protocol ''"),
    ],
)
def test_unknown_protocol_names_those_of_the_drug(loaded, person, wanted, message):
    with pytest.raises(UnknownNameError, match=message) as caught:
        taper(loaded, person("70", "severe"), "prednisone", protocol=wanted)
    assert caught.value.hint == "Its protocols: hhe-2018, etg, ese-es-2024"


@pytest.mark.parametrize("wanted", ["etg", "ETG", " Etg "])
def test_a_protocol_in_any_case(loaded, person, wanted):
    assert taper(loaded, person("70", "severe"), "prednisone", protocol=wanted).protocol == "etg"


def test_unknown_drug_is_not_taken_for_another(loaded, person):
    with pytest.raises(UnknownNameError, match="it is the name of prednisolone"):
        taper(loaded, person("70", "severe"), "prednisolon")


def test_prednisolone_has_no_start_dose_by_severity(loaded, person):
    with pytest.raises(PatientError, match="start dose of prednisolone by severity"):
        taper(loaded, person("70", "severe"), "prednisolone")


def test_prednisolone_is_tapered_by_the_australian_topic(loaded, person):
    # 1 mg/kg up to 75 mg for 6 weeks, then 5 mg less every 2 weeks to 25 mg
    result = taper(loaded, person("70"), "prednisolone", start_dose=read_amount("40mg"))
    assert (result.drug, result.protocol) == ("prednisolone", "etg")
    assert [(s.low, s.days) for s in result.steps] == [(40, 42), (35, 14), (30, 14), (25, None)]
    assert {warning.drug for warning in result.warnings} <= {"prednisolone"}


def test_alias_of_a_drug_is_found(loaded, person):
    assert taper(loaded, person("70"), "immunoglobulin").drug == "ivig"


def test_list_of_protocols(loaded):
    rows = fields.rows(list_protocols(loaded))
    assert [(row["drug"], row["protocol"], row["default"]) for row in rows] == [
        ("prednisone", "hhe-2018", True),
        ("prednisone", "etg", False),
        ("prednisolone", "etg", True),
        ("prednisone", "ese-es-2024", False),
        ("prednisolone", "ese-es-2024", False),
        ("ivig", "base-page", True),
        ("prednisone", "hinze-2018", True),
        ("prednisolone", "hinze-2018", True),
        ("prednisone", "printo-2019", False),
    ]
    assert [row["population"].split()[0] for row in rows[6:]] == ["Children"] * 3
    assert "not for myositis" in rows[3]["population"]
    assert rows[0]["sources"] == ("hhe-2018",)


def test_document_holds_steps_totals_choices_and_end(loaded, person):
    document = fields.document(taper(loaded, person("70", "severe"), "prednisone"))
    assert document["schema"] == "dmcalc.taper/1"
    assert (document["drug"], document["protocol"]) == ("prednisone", "hhe-2018")
    assert document["steps"][0]["low"] == 70
    assert document["totals"].amount == document["steps"][-1]["total_high"]
    assert document["choices"][0].option == "--from"
    assert document["ends"]
    assert document["disclaimer"] == loaded.table.disclaimer


@pytest.mark.parametrize(
    "options",
    [
        {"start_dose": "60mg", "from_date": "2026-12-01"},
        {"on": "60mg", "from_date": "2026-12-01", "start": "2026-12-01"},
    ],
)
def test_the_date_of_a_present_dose_needs_that_dose_and_is_the_only_date(options):
    with pytest.raises(UsageError, match="is the first day of the dose of"):
        dmcalc.taper("prednisone", **options)
    result = dmcalc.taper("prednisone", on="60mg", from_date="2026-12-01")
    assert result.steps[0].start == DATE("2026-12-01")


@pytest.mark.parametrize("start_dose", ["60", "60 kg", "", "a lot", "0mg"])
def test_unreadable_start_dose_is_refused(start_dose):
    with pytest.raises(DmcalcError):
        dmcalc.taper("prednisone", start_dose=start_dose)
