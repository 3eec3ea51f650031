"""What the table forbids of a drug whoever the patient is."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from dmcalc import table
from dmcalc.fhir.checks.limits import _often, limits_of
from dmcalc.quantities.amount import Rate
from dmcalc.quantities.time import Interval

from .conftest import judged, order
from .test_reading import single

TABLE = table.load().table


@pytest.mark.parametrize(
    ("drug", "cap", "per", "course_days"),
    [
        ("prednisone", 80, "day", None),  # at most 60 to 80 mg a day
        ("prednisolone", None, None, None),  # it has no posology of its own
        ("methylprednisolone", 1000, "day", None),
        ("azathioprine", None, "day", None),  # by weight, from 50 mg on
        ("methotrexate", 25, "week", None),
        ("ivig", None, "course", 5),  # 2 g/kg over 2 to 5 days
        ("cyclophosphamide", None, None, None),  # its source gives no dose
        ("mycophenolate", 3000, "day", None),
        ("ciclosporin", None, "day", None),
        ("rituximab", 1000, "dose", None),
    ],
)
def test_the_cap_of_a_drug_is_one_that_holds_for_everyone(drug, cap, per, course_days):
    limits = limits_of(TABLE, drug)
    assert (limits.cap, limits.per, limits.course_days) == (cap, per, course_days)


def changed(drug, *regimens):
    """Return the limits of a drug whose posologies are changed, one after the other."""
    known = TABLE.drugs[drug]
    every = tuple(
        regimen._replace(**changes)
        for regimen, changes in zip(known.regimens, regimens, strict=True)
    )
    drugs = {**TABLE.drugs, drug: known._replace(regimens=every)}
    return limits_of(TABLE._replace(drugs=drugs), drug)


def test_posologies_of_different_times_have_no_cap_in_common():
    assert changed("methotrexate", {"dose": Rate.parse("2 mg/day")}, {}).cap is None


def test_a_posology_without_a_dose_leaves_no_cap():
    assert changed("methotrexate", {"dose": None}, {}).cap is None


def test_a_course_lasts_as_long_as_its_longest_posology_allows():
    longer, shorter = {"days": Interval(2, 7, "day")}, {"days": Interval(2, 3, "day")}
    assert changed("ivig", longer, shorter).course_days == 7
    assert changed("ivig", shorter, longer).course_days == 7
    assert changed("ivig", {"days": None}, shorter).course_days == 3
    assert changed("ivig", {"dose": None}, shorter).course_days == 3
    daily = {"dose": Rate.parse("1 g/day"), "days": Interval(2, 7, "day")}
    assert changed("ivig", daily, shorter).course_days == 3


def of(drug, value, unit="mg", **repeated):
    """An order of one dosage of a drug."""
    resource = single(**repeated)
    resource["medicationCodeableConcept"] = {"text": drug}
    quantity = resource["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"]
    quantity |= {"value": Decimal(str(value)), "unit": unit, "code": unit}
    return resource


def days(count):
    return {"boundsDuration": {"value": count, "system": "http://unitsofmeasure.org", "code": "d"}}


DAILY = {"frequency": 1, "period": 1, "periodUnit": "d"}


@pytest.mark.parametrize(
    ("resource", "found"),
    [
        # a dose of each second day is whole on its day
        (of("Prednisone", 80, frequency=1, period=2, periodUnit="d", **days(8)), set()),
        (of("Prednisone", 90, frequency=1, period=2, periodUnit="d", **days(8)), {"over-cap"}),
        (of("Prednisone", 40, frequency=2, period=1, periodUnit="d", **days(8)), set()),
        (of("Prednisone", 45, frequency=2, period=1, periodUnit="d", **days(8)), {"over-cap"}),
        (of("Prednisone", 90, count=1), {"over-cap"}),
        # 1 g for a dose, however often
        (of("Rituximab", 1, "g", frequency=1, period=14, periodUnit="d", **days(28)), set()),
        (of("Rituximab", 1.1, "g", frequency=1, period=14, periodUnit="d", **days(28)),
         {"over-cap"}),
        # a volume is no mass, but where the product says how much it holds
        (of("Prednisone", 90, "mL", **DAILY, **days(7)), set()),
        (of("Prednisone 5 mg/mL", 17, "mL", **DAILY, **days(7)), {"over-cap"}),
        (of("Prednisone 5 mg/mL", 80, "mg", **DAILY, **days(7)), set()),
        (of("Prednisone 5 mg/mL", 20, "{tablet}", **DAILY, **days(7)), set()),
        # once a week and never daily
        (of("Methotrexate", 15, count=1), set()),
        (of("Methotrexate", 15, frequency=1, period=1, periodUnit="wk", dayOfWeek=["mon"],
            **days(28)), set()),
        (of("Methotrexate", 15, frequency=1, period=2, periodUnit="wk", dayOfWeek=["mon"],
            **days(28)), {"weekly-drug"}),
        # a course of 2 to 5 days, and not every day
        (of("Immunoglobulin", 28, "g", **DAILY, **days(5)), set()),
        (of("Immunoglobulin", 28, "g", **DAILY, **days(6)), {"course-as-daily"}),
        (of("Immunoglobulin", 28, "g", **DAILY), {"course-as-daily"}),
        (of("Immunoglobulin", 28, "g", frequency=1, period=28, periodUnit="d"), set()),
        (of("Immunoglobulin", 28, "g", frequency=2, period=1, periodUnit="d", **days(6)),
         {"course-as-daily"}),
        (of("Immunoglobulin", 28, "g", count=1), set()),
    ],
    ids=range(20),
)  # fmt: skip
def test_an_order_is_held_against_the_limits_of_its_drug(verify, resource, found):
    assert judged(verify(resource)) == found


def test_a_weekly_drug_once_and_then_daily_is_daily(verify):
    resource = of("Methotrexate", 15, count=1)
    daily = of("Methotrexate", 15, **DAILY, **days(7))["dosageInstruction"]
    resource["dosageInstruction"] += daily
    assert "weekly-drug" in judged(verify(resource))


def test_two_dosages_once_a_week_are_twice_a_week(verify):
    """Monday and Thursday, each once a week: no one sees a weekly drug given twice."""
    resource = order("ok5-methotrexate-weekly")
    first = resource["dosageInstruction"][0]
    del first["text"], first["maxDosePerPeriod"]
    repeat = {**first["timing"]["repeat"], "dayOfWeek": ["thu"]}
    resource["dosageInstruction"] = [first, {**first, "timing": {"repeat": repeat}}]
    resource.pop("dispenseRequest", None)
    assert judged(verify(resource)) == {"weekly-drug"}


@pytest.mark.parametrize(
    ("per_day", "words"),
    [
        *(
            (Fraction(1), "daily"),
            (Fraction(2), "2 times daily"),
            (Fraction(3, 2), "1.5 times daily"),
        ),
        *((Fraction(2, 7), "2 times a week"), (Fraction(1, 2), "3.5 times a week")),
        (Fraction(6, 7), "6 times a week"),
    ],
)
def test_a_weekly_drug_is_told_how_often_it_is_written(per_day, words):
    assert _often(per_day) == words
