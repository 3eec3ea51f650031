"""What a request says of single doses, courses, alternate days and whole units, to the last one."""

from __future__ import annotations

import datetime
import json
import shlex
import uuid
from decimal import Decimal
from types import SimpleNamespace

import pytest

from dmcalc.errors import UsageError
from dmcalc.fhir.writing.dosages import _spaced, add_row, add_step, add_units, course_days
from dmcalc.fhir.writing.request import ExportOptions, Request, urn
from dmcalc.formulary import load

LOADED = load(None, ())


@pytest.fixture
def requested(call):
    """Return the requests of a command; None and why where FHIR cannot say it."""

    def requested(command):
        done = call(*shlex.split(command), "-f", "fhir", "--quiet")
        if done.code:
            return done.code, done.stderr.replace("\n", " ")
        found = json.loads(done.stdout)
        resources = [entry["resource"] for entry in found.get("entry", ({"resource": found},))]
        return [each for each in resources if each["resourceType"] == "MedicationRequest"]

    return requested


def written(dosage):
    """Write a dosage as ``1: text (so many in a period, from to)``."""
    repeat = dosage["timing"]["repeat"]
    days = repeat.get("boundsPeriod") or {}
    often = f"{repeat['frequency']} in {repeat['period']} {repeat['periodUnit']}"
    span = [days.get("start", ""), days.get("end", "")]
    return f"{dosage['sequence']}: {dosage['text']} ({', '.join(filter(None, [often, *span]))})"


def dosages(resource):
    return [written(dosage) for dosage in resource["dosageInstruction"]]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (
            "dose rituximab --phase maintenance",
            ["1: 1 g intravenously every 6 months (1 in 6 mo)"],
        ),
        # nine days: the second of two doses ends on the eighth
        (
            'taper prednisone --from 20mg --steps "20mg/10mg alternate days 9d; 5mg 1d" '
            "--start 2026-12-01",
            [
                "1: 20 mg by mouth every other day, from 2026-12-01 (1 in 2 d, 2026-12-01, "
                "2026-12-09)",
                "1: 10 mg by mouth every other day, from 2026-12-02 (1 in 2 d, 2026-12-02, "
                "2026-12-08)",
                "2: 5 mg by mouth daily for 1 day (1 in 1 d, 2026-12-10, 2026-12-10)",
            ],
        ),
        # of one day there is no second dose
        (
            'taper prednisone --from 20mg --steps "20mg/10mg alternate days 1d; 5mg 1d" '
            "--start 2026-12-01",
            [
                "1: 20 mg by mouth every other day, from 2026-12-01 (1 in 2 d, 2026-12-01, "
                "2026-12-01)",
                "2: 5 mg by mouth daily for 1 day (1 in 1 d, 2026-12-02, 2026-12-02)",
            ],
        ),
        # one course needs no date, and two are four weeks apart
        (
            "taper ivig -w 70 --weeks 4 --days 2",
            ["1: 70 g intravenously daily for 2 days (1 in 1 d)"],
        ),
        (
            "taper ivig -w 70 --weeks 8 --days 5 --start 2026-12-01",
            [
                "1: 28 g intravenously daily for 5 days (1 in 1 d, 2026-12-01, 2026-12-05)",
                "2: 28 g intravenously daily for 5 days (1 in 1 d, 2026-12-29, 2027-01-02)",
            ],
        ),
    ],
)
def test_when_a_dose_is_given_is_said_to_the_day(requested, command, expected):
    (request,) = requested(command)
    assert dosages(request) == expected


@pytest.mark.parametrize(
    ("command", "days"),
    [
        ("dose methylprednisolone --days 3", 3),
        ("dose ivig -w 70 --days 2", None),  # a course is given again
        ("dose prednisone -w 70", None),
    ],
)
def test_days_of_supply_are_those_of_a_dose_by_the_day_with_an_end(requested, command, days):
    (request,) = requested(command)
    supply = request.get("dispenseRequest", {}).get("expectedSupplyDuration")
    assert (supply and supply["value"]) == days


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("dose rituximab", "FHIR cannot say when it is given again, not given"),
        ("dose cyclophosphamide", "has no amount"),
        ("taper ivig -w 70 --start 2026-12-01 --days 1", "‹days› 1 is outside 2 to 5"),
        ("taper ivig -w 70 --start 2026-12-01 --days 6", "‹days› 6 is outside 2 to 5"),
        ("taper ivig -w 70 --weeks 8 --days 2", "without dates"),
        (
            'taper prednisone --from 20mg --steps "20mg/10mg alternate days 4w" '
            "--start 2026-12-01 --per-product",
            "doses on alternate days are not parted into strengths",
        ),
        (
            'taper prednisone --from 60.3mg --steps "hold 7d; 50mg 7d" --start 2026-12-01 '
            "--per-product",
            "step 1 is not made of whole units",
        ),
        ("taper prednisone --from 60mg --per-product", "without dates"),
    ],
)
def test_what_fhir_cannot_say_has_no_request(requested, command, said):
    code, message = requested(command)
    assert code == 2
    assert said.replace("‹", "--").replace("›", "") in message


def test_a_weekly_titration_without_an_end_has_no_quantity(requested):
    (request,) = requested("titrate methotrexate --day monday --start 2026-12-01 --per-product")
    assert dosages(request) == [
        "1: 4 tablets by mouth once a week on Monday for 28 days (1 in 1 wk, 2026-12-07, "
        "2027-01-03)",
        "2: 6 tablets by mouth once a week on Monday for 28 days (1 in 1 wk, 2027-01-04, "
        "2027-01-31)",
        "3: 8 tablets by mouth once a week on Monday (1 in 1 wk, 2027-02-01)",
    ]
    assert "dispenseRequest" not in request


def test_half_tablets_of_a_strength_are_dispensed_as_whole_ones(requested):
    """7 days of half a tablet of 5 mg are 3.5, and 4 are dispensed; the largest comes first."""
    requests = requested(
        'taper prednisone --from 62.5mg --steps "hold 7d; -2.5mg/7d to 60mg" '
        "--start 2026-12-01 --per-product --stock 5mg,20mg --halves"
    )
    found = {
        request["medicationCodeableConcept"]["text"]: (
            request["dispenseRequest"]["quantity"]["value"],
            request["dispenseRequest"]["expectedSupplyDuration"]["value"],
        )
        for request in requests
    }
    assert list(found.items()) == [
        ("Prednisone 20 mg tablets", (42, 14)),
        ("Prednisone 5 mg tablets", (4, 7)),
    ]
    assert dosages(requests[1]) == [
        "1: 0.5 tablets by mouth daily for 7 days (1 in 1 d, 2026-12-01, 2026-12-07)"
    ]


@pytest.mark.parametrize(
    ("every", "number", "repeat", "text"),
    [
        (None, 1, {"count": 1, "frequency": 1, "period": 1, "periodUnit": "d"},
         " as a single dose"),
        ("2 weeks", 2, {"count": 2, "frequency": 1, "period": 2, "periodUnit": "wk"},
         " every 2 weeks"),
        ("1 day", None, {"frequency": 1, "period": 1, "periodUnit": "d"}, " every 1 day"),
        ("6 months", None, {"frequency": 1, "period": 6, "periodUnit": "mo"}, " every 6 months"),
    ],
)  # fmt: skip
def test_single_doses_are_given_once_or_at_their_interval(row, every, number, repeat, text):
    dose = row("rituximab.maintenance")._replace(every=every, doses=number)
    timed, written = _spaced(dose, "1 g")
    assert (timed.repeat(), written) == (repeat, f"1 g{text}")


@pytest.mark.parametrize(("every", "number"), [(None, 2), (None, None), ("4-6 weeks", None)])
def test_doses_whose_times_are_not_known_are_no_request(row, every, number):
    with pytest.raises(UsageError, match="FHIR cannot say when it is given again"):
        _spaced(row("rituximab.maintenance")._replace(every=every, doses=number), "1 g")


@pytest.mark.parametrize(
    ("phase", "fewest", "most", "chosen", "days"),
    [
        *(("pulse", 3, 5, 4, 4), ("pulse", None, None, 4, 4), ("pulse", 3, 3, None, 3)),
        *(("induction", 3, 5, 4, 4), ("induction", 3, 3, None, 3)),
        *(("induction", None, None, 4, None), ("induction", None, None, None, None)),
    ],
)
def test_a_dose_by_the_day_ends_where_its_source_says_so_and_a_pulse_always(
    row, phase, fewest, most, chosen, days
):
    dose = row("methylprednisolone.pulse")._replace(phase=phase, days_low=fewest, days_high=most)
    request = Request(LOADED, "methylprednisolone", ExportOptions(course_days=chosen))
    add_row(request, dose)
    assert request.days == days
    assert (f"for {days} days" in request.dosages[0]["text"]) is (days is not None)


def test_one_tablet_is_one_and_two_are_tablets(requested):
    (request,) = requested(
        'taper prednisone --from 40mg --steps "hold 7d; -20mg/7d to 20mg" '
        "--start 2026-12-01 --per-product --stock 20mg"
    )
    assert [dosage["text"] for dosage in request["dosageInstruction"]] == [
        "2 tablets by mouth daily for 7 days",
        "1 tablet by mouth daily for 7 days",
    ]


def test_a_plan_requests_what_begins_now_and_not_what_is_only_chosen_for_later(requested):
    (request,) = requested("plan -w 70 -s moderate --with ivig --days 2")
    assert request["medicationCodeableConcept"]["text"] == "Prednisone"
    code, message = requested("plan -w 70 -s moderate --response partial")
    assert (code, "no drug begins now" in message) == (2, True)


@pytest.mark.parametrize("missing", ["low", "high", "unit"])
def test_a_posology_without_one_of_its_figures_is_no_request(row, missing):
    dose = row("methylprednisolone.pulse")._replace(**{missing: None})
    with pytest.raises(UsageError, match="has no amount"):
        add_row(Request(LOADED, "methylprednisolone", ExportOptions()), dose)


@pytest.mark.parametrize(
    ("chosen", "fewest", "most", "days", "said"),
    [
        *((None, 3, 3, 3, ""), (None, 2, 5, None, 'days, 2 to 5, and Choose it: days="2".')),
        *((None, None, None, None, 'days, and Choose it: days="N".'), (9, None, None, 9, "")),
        *((2, 2, 5, 2, ""), (5, 2, 5, 5, ""), (1, 2, 5, None, "1 is outside 2 to 5")),
        *((6, 2, 5, None, "6 is outside 2 to 5"), (3, 3, 3, 3, "")),
    ],
)
def test_the_days_of_a_course_are_the_only_ones_or_those_that_are_chosen(
    chosen, fewest, most, days, said
):
    options = ExportOptions(course_days=chosen)
    if days is not None:
        assert course_days(options, fewest, most) == days
    else:
        with pytest.raises(UsageError) as refused:
            course_days(options, fewest, most)
        message = refused.value.message.removesuffix(" FHIR has one number")
        assert said in f"{message} {refused.value.hint}"


def step(**more):
    """A step of a schedule: 10 mg a day for a week, with changes."""
    day = datetime.date(2026, 12, 1)
    known = {"step": 1, "start": day, "end": None, "days": 7, "per": "day", "times": 1}
    amounts = {"low": Decimal(10), "high": Decimal(10), "unit": "mg", "alternate": None}
    return SimpleNamespace(**known | amounts | more)


@pytest.mark.parametrize(
    ("per", "days", "count", "tablets"),
    [
        *(("week", [7, 21], [4, 6], 22), ("week", [28], [4], 16)),  # 4 x 1 + 6 x 3
        *(("week", [29], [4], 20), ("week", [6], [4], 4)),  # of the week that is begun, too
        *(("day", [7, 14], [4, 2], 56), ("day", [7], ["0.5"], 4)),
        *(("day", [7, None], [4, 2], None), ("week", [None, 28], [4, 6], None)),
    ],
)
def test_tablets_last_for_the_days_that_they_are_dispensed_for(per, days, count, tablets):
    request = Request(LOADED, "methotrexate", ExportOptions())
    taken = [(step(per=per, days=d), Decimal(c)) for d, c in zip(days, count, strict=True)]
    add_units(request, "2.5 mg", "tablet", taken, "monday")
    supplied = (None, None) if tablets is None else (tablets, sum(days))
    assert (request.quantity and request.quantity["value"], request.days) == supplied
    assert [dosage["sequence"] for dosage in request.dosages] == [1, 2][: len(days)]


def test_a_part_of_a_day_or_of_a_course_is_never_more_than_its_share(requested):
    """A third of 10 mg, and of 140 g."""
    request = Request(LOADED, "prednisone", ExportOptions())
    add_step(request, step(times=3), None)
    assert request.dosages[0]["text"] == "3.333333 mg by mouth 3 times daily for 7 days"
    for command in ("dose ivig -w 70 --days 3", "taper ivig -w 70 --weeks 4 --days 3"):
        (course,) = requested(command)
        (dosage,) = course["dosageInstruction"]
        assert dosage["doseAndRate"][0]["doseQuantity"]["value"] == 46.666666


def test_a_request_is_named_by_the_sha_256_of_its_content():
    name = urn({"a": 1})
    assert name == urn({"a": 1}) != urn({"a": 2})
    assert uuid.UUID(name.removeprefix("urn:uuid:")).version == 5  # of a hash
