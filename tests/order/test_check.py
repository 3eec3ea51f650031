"""Orders against the table: verdicts, deviations worked out by hand, and which row decides."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.dispensing.stock import StockOptions
from dmcalc.errors import ExitCode, PatientError, UnknownNameError, UsageError
from dmcalc.order.parse import read_order
from dmcalc.order.verdict import compare_with_posology
from dmcalc.quantities.amount import Amount


@pytest.mark.parametrize(
    ("weight", "order", "verdict", "ordered", "deviation", "percent"),
    [
        # 0.75 to 1 mg/kg at 70 kg are 52.5 to 70 mg; the cap is 80 mg
        ("70", "52.5 mg daily", "within", "52.5", None, None),
        ("70", "70 mg daily", "within", "70", None, None),
        ("70", "35 mg twice daily", "within", "70", None, None),
        ("70", "1 mg/kg/day", "within", "70", None, None),
        ("70", "0.07 g daily", "within", "70", None, None),
        ("70", "70000 mcg daily", "within", "70", None, None),
        ("70", "60 mg daily in 2 doses", "within", "60", None, None),
        ("70", "52 mg daily", "below", "52", "-0.5", "-0.95"),  # 0.5 / 52.5 = 0.95238 per cent
        ("70", "43 mg daily", "below", "43", "-9.5", "-18.1"),  # 9.5 / 52.5 = 18.0952
        ("70", "75 mg daily", "above", "75", "5", "7.14"),  # 5 / 70 = 7.1428
        ("70", "70.5 mg daily", "above", "70.5", "0.5", "0.71"),
        ("70", "80 mg daily", "above", "80", "10", "14.29"),  # the cap itself is not over the cap
        ("70", "90 mg daily", "over-cap", "90", "20", "28.57"),
        ("70", "45 mg twice daily", "over-cap", "90", "20", "28.57"),
        ("70", "30 mg every 8 hours", "over-cap", "90", "20", "28.57"),
        # 85 kg: 63.75 is capped at 60, 85 at 80
        ("85", "60 mg daily", "within", "60", None, None),
        ("85", "80 mg daily", "within", "80", None, None),
        ("85", "1 mg/kg/day", "over-cap", "85", "5", "6.25"),
        ("154lb", "1 mg/kg/day", "within", "69.85322498", None, None),
    ],
)
def test_amounts_of_a_daily_dose(only, weight, order, verdict, ordered, deviation, percent):
    row = only("prednisone", order, weight)
    assert row.verdict == verdict
    assert row.ordered == Decimal(ordered)
    assert row.deviation == (None if deviation is None else Decimal(deviation))
    assert row.deviation_percent == (None if percent is None else Decimal(percent))
    assert (row.dose.unit, row.dose.per, row.code) == ("mg", "day", None)


def test_the_words_of_a_deviation(only):
    assert only("prednisone", "90 mg daily", "70").message == (
        "90 mg daily is 20 mg (28.57 per cent) above 70 mg, and over the cap of 80 mg daily."
    )
    assert only("prednisone", "43 mg daily", "70").message == (
        "43 mg daily is 9.5 mg (18.1 per cent) below 52.5 mg."
    )
    # 52.389918735 to 69.85322498 mg: no end is written off for what lies past it
    assert only("prednisone", "72 mg daily", "154lb").message.endswith(" above 69.853 mg.")
    assert only("prednisone", "50 mg daily", "154lb").message.endswith(" below 52.39 mg.")
    of_capsules = only("mycophenolate", "1.25 g twice daily")
    assert (of_capsules.dispensable, of_capsules.message) == (
        True,
        "2.5 g daily is within 2 to 3 g daily. One dose is made of capsules, US, of 250 mg.",
    )


@pytest.mark.parametrize(
    ("severity", "words"),
    [
        ("severe", "The suggested dose is 70 mg daily (dmcalc's interpretation of the severity); "
         "the order is 10 mg below it."),
        ("mild", "The suggested dose is 52.5 mg daily (dmcalc's interpretation of the severity); "
         "the order is 7.5 mg above it."),
    ],
)  # fmt: skip
def test_how_an_order_stands_to_the_suggested_dose(only, severity, words):
    assert words in only("prednisone", "60 mg daily", "70", severity=severity).message


@pytest.mark.parametrize(("order", "by"), [("70.5", "above"), ("69.5", "below")])
def test_half_a_milligram_off_the_suggested_dose(only, order, by):
    row = only("prednisone", f"{order} mg daily", "70", severity="severe")
    assert f"the order is 0.5 mg {by} it." in row.message


def test_the_suggested_dose_itself(only):
    row = only("prednisone", "70 mg daily", "70", severity="severe")
    assert "It is the suggested dose (dmcalc's interpretation" in row.message


@pytest.mark.parametrize(
    ("order", "verdict", "ordered", "code"),
    [
        # 2 g/kg at 70 kg are 140 g, over 2 to 5 days
        ("140 g over 2 days", "within", "140", None),
        ("140 g over 5 days every 4 weeks", "within", "140", None),
        ("70 g daily for 2 days", "within", "140", None),
        ("35 g twice daily for 2 days", "within", "140", None),
        ("28 g daily for 5 days", "within", "140", None),
        ("0.4 g/kg/day for 5 days", "within", "140", None),
        ("2 g/kg over 2 days", "within", "140", None),
        ("140 g per course", "within", "140", None),
        ("140 g daily for 2 days", "above", "280", None),
        ("100 g over 2 days", "below", "100", None),
        ("140 g over 1 day", "wrong-frequency", "140", "days"),
        ("140 g over 6 days", "wrong-frequency", "140", "days"),
        ("70 g daily for 7 days", "wrong-frequency", "490", "days"),
        ("140 g over 2 days every 2 weeks", "wrong-frequency", "140", "interval"),
        ("140 g over 1 day every 2 weeks", "wrong-frequency", "140", "days"),
        ("140 g over 2 days every month", "within", "140", None),
        ("140 g daily", "wrong-frequency", None, "frequency"),
        ("140 g as a single dose", "wrong-frequency", None, "frequency"),
        ("140 g every 4 weeks", "wrong-frequency", None, "frequency"),
        ("140 g once a week", "wrong-frequency", None, "frequency"),
    ],
)
def test_a_course(only, order, verdict, ordered, code):
    row = only("ivig", order, "70", phase="induction")
    assert (row.verdict, row.code) == (verdict, code)
    assert row.ordered == (None if ordered is None else Decimal(ordered))


def test_a_course_total_is_never_a_daily_dose(only):
    message = only("ivig", "140 g daily", "70", phase="induction").message
    assert "the total of a course over 2 to 5 days, never a daily dose" in message


@pytest.mark.parametrize(
    ("drug", "order", "verdict", "code", "words"),
    [
        ("methylprednisolone", "1 g IV daily for 3 days", "within", None, "1 g daily"),
        ("methylprednisolone", "1 g daily for 5 days", "within", None, "1 g daily"),
        ("methylprednisolone", "1 g daily", "wrong-frequency", "days", "no number of days"),
        ("methylprednisolone", "1 g daily for 6 days", "wrong-frequency", "days", "3 to 5 days"),
        ("methylprednisolone", "1.5 g daily for 2 days", "wrong-frequency", "days", "50 per cent"),
        ("methylprednisolone", "3 g over 3 days", "wrong-frequency", "frequency", "a day"),
        ("methylprednisolone", "1 g once a week", "wrong-frequency", "frequency", "a week"),
        ("methylprednisolone", "1 g by mouth daily", "refused", "route", "intravenously"),
        ("mycophenolate", "1 g twice daily", "within", None, "2 g daily"),
        ("mycophenolate", "2 g once daily", "wrong-frequency", "divided", "in 1 dose"),
        ("mycophenolate", "2 g daily in 2 doses", "within", None, "2 g daily"),
        ("mycophenolate", "2 g daily in 4 doses", "within", None, "2 g daily"),
        ("mycophenolate", "2 g daily for 28 days", "within", None, "28 days, is not compared"),
        ("mycophenolate", "2 g every other day", "wrong-frequency", "frequency", "every 2 days"),
        ("mycophenolate", "2 g IV daily", "refused", "route", "by mouth"),
        ("cyclophosphamide", "1 g IV every 4 weeks", "refused", "no-dose", "gives no dose"),
    ],
)  # fmt: skip
def test_fixed_doses(only, drug, order, verdict, code, words):
    row = only(drug, order)
    assert (row.verdict, row.code) == (verdict, code)
    assert words in row.message


@pytest.mark.parametrize(
    ("drug", "order", "weight", "verdict", "regimen", "code"),
    [
        # within any base posology
        ("azathioprine", "50 mg daily", "70", "within", "azathioprine.start", 0),
        ("azathioprine", "150 mg daily", "70", "within", "azathioprine.target", 0),
        ("ivig", "100 g over 2 days", "70", "within", "ivig.maintenance", 0),
        ("methotrexate", "20 mg once a week", None, "within", "methotrexate.target", 0),
        # else a step of a titration, said by the posology that is missed by the least
        ("azathioprine", "75 mg daily", "70", "within", "azathioprine.target", 0),
        # else the one missed by the least: 60 is 20 per cent over 50, and 57.14 under 140
        ("azathioprine", "76 mg daily", "70", "below", "azathioprine.target", 5),  # 52, 45.71
        ("azathioprine", "200 mg daily", "70", "above", "azathioprine.target", 5),
        ("azathioprine", "60 mg daily", "70", "above", "azathioprine.start", 5),
        # a missed amount counts more than a wrong frequency
        ("rituximab", "2 g every 6 months", None, "above", "rituximab.maintenance", 5),
        ("azathioprine", "50 mg once a week", "70", "wrong-frequency", "azathioprine.start", 5),
        # nothing to compare with
        ("cyclophosphamide", "1 g IV every 4 weeks", None, "refused", "cyclophosphamide.pulse", 4),
        ("cyclophosphamide", "1 g by mouth daily", None, "refused", "cyclophosphamide.pulse", 5),
    ],
)
def test_which_posology_decides(checked, drug, order, weight, verdict, regimen, code):
    result = checked(drug, order, weight)
    assert (result.verdict, result.decisive.regimen) == (verdict, regimen)
    assert result.exit_code is ExitCode(code)


def test_a_phase_is_compared_alone(checked):
    result = checked("azathioprine", "50 mg daily", "70", phase="target")
    assert [row.regimen for row in result.rows] == ["azathioprine.target"]
    assert (result.verdict, result.exit_code) == ("below", 5)
    # the start is fixed: nobody's weight is asked for
    assert checked("azathioprine", "50 mg daily", phase="start").exit_code == 0
    with pytest.raises(UnknownNameError, match="no phase 'targets' \\(like it: target"):
        checked("azathioprine", "50 mg daily", "70", phase="targets")


def test_alternatives_decide_nothing(checked):
    result = checked("prednisone", "90 mg daily", "100", alternatives=True)
    assert [(row.regimen, row.dose.base, row.verdict) for row in result.rows] == [
        ("prednisone.induction", True, "over-cap"),
        ("prednisone.etg", False, "over-cap"),
        ("prednisone.yang-2019", False, "below"),  # 1 mg/kg, at most 100 mg
    ]
    assert (result.verdict, result.exit_code) == ("over-cap", 5)
    only = checked("cyclophosphamide", "1 g IV every month", bsa="1.8", alternatives=True)
    # 0.5 to 1 g/m2 are 0.9 to 1.8 g; the kg are not known; 600 mg/m2 are 1,080 mg
    assert [row.code or row.verdict for row in only.rows] == [
        *("no-dose", "within", "no-body-weight", "doses"),
    ]
    assert only.exit_code == 4


WEEKLY = (
    *("10 mg daily", "2.5 mg daily", "0.001 mg daily", "10 mg every 24 hours", "5 mg twice a week"),
    *("20 mg every 2 weeks", "20 mg as a single dose", "20 mg over 2 days", "0.3 mg/kg/day"),
    *("20 mg weekly in 2 doses", "10 mg on alternate days", "20 mg every 8 days"),
    *("1 g/m2/day", "20 mg daily by mouth", "20 mg IV daily", "10 mg every 12 hours for 3 doses"),
)  # fmt: skip


@pytest.mark.parametrize("order", WEEKLY[:-1])
def test_a_weekly_drug_is_ordered_once_a_week_or_refused(checked, order):
    result = checked("methotrexate", order, alternatives=True)
    assert (result.verdict, result.exit_code) == ("refused", 5)
    for row in result.rows:
        assert (row.verdict, row.code, row.ordered) == ("refused", "not-weekly", None)
        assert "daily use by mistake can be fatal" in row.message
    assert "once-weekly" in [warning.code for warning in result.warnings]


def test_an_order_that_contradicts_itself_is_not_even_read():
    with pytest.raises(UsageError):
        read_order(WEEKLY[-1])


def test_a_weekly_dose(only):
    row = only("methotrexate", "20 mg once a week, on Monday", phase="target")
    assert (row.verdict, row.ordered, row.dose.per, row.code) == ("within", 20, "week", None)
    assert only("methotrexate", "15 mg/week", phase="target").deviation == -5
    assert "once a week is 5 mg" in only("methotrexate", "30 mg weekly", phase="target").message
    assert only("methotrexate", "20 mg SUBCUTANEOUSLY weekly", phase="target").code == "route"


@pytest.mark.parametrize(
    ("drug", "order", "more", "words"),
    [
        ("prednisone", "60 mg daily", {}, "body weight is missing; the dose of prednisone"),
        ("prednisone", "1 mg/kg/day", {}, "body weight is missing; the order"),
        ("rituximab", "10 mg/kg as a single dose", {}, "body weight is missing; the order"),
        (
            "rituximab",
            "750 mg/m2 as a single dose",
            {"weight": "70"},
            "body surface area is missing",
        ),
        ("methotrexate", "0.3 mg/kg once a week", {}, "body weight is missing; the order"),
        ("cyclophosphamide", "10 mg/kg every month", {}, "body weight is missing; the order"),
    ],
)
def test_data_that_are_missing(checked, drug, order, more, words):
    with pytest.raises(PatientError, match=words):
        checked(drug, order, **more)


def test_a_row_by_itself_asks_for_what_its_order_needs(person, row):
    order = read_order("0.3 mg/kg once a week")
    with pytest.raises(PatientError, match="body weight is missing; the order"):
        compare_with_posology(row("methotrexate.target"), order, person())
    found = compare_with_posology(row("methotrexate.target"), order, person("70"))
    assert (found.verdict, found.ordered) == ("within", 21)


def test_an_order_by_surface(checked):
    # 750 mg/m2 x 1.8 m2 = 1,350 mg, of 1 g
    result = checked("rituximab", "750 mg/m2 for 2 doses", bsa="1.8", phase="induction")
    (row,) = result.rows
    assert (row.ordered, row.dose.unit, row.verdict) == (Decimal("1.35"), "g", "above")
    assert (row.deviation, row.deviation_percent) == (Decimal("0.35"), 35)


@pytest.mark.parametrize(
    ("order", "more", "dispensable", "nearest", "code"),
    [
        ("60 mg daily", {}, True, None, 0),
        ("62.3 mg daily", {}, False, ("62", "62.5"), 5),
        ("62.4 mg daily in 2 doses", {}, False, ("31", "31.5"), 5),  # 20 + 5 + 4 x 1 + 2.5
        ("70 mg daily in 3 doses", {}, False, ("23", None), 5),  # 3 x 23.5 are over 70
        ("90 mg daily", {}, True, None, 5),
        ("62.5 mg daily", {"stock": (Amount(Decimal(20), "mg"),)}, False, ("60", None), 5),
        ("60 mg daily", {"stock": (Amount(Decimal(20), "mg"),)}, True, None, 0),
        ("52.5 mg daily", {"stock": (Amount(Decimal(5), "mg"),), "halves": True}, True, None, 0),
        # an end of the range as it was computed, and 55 mg are inside it
        ("52.5 mg daily", {"stock": (Amount(Decimal(5), "mg"),)}, False, ("50", "55"), 0),
        ("52.6 mg daily", {"stock": (Amount(Decimal(5), "mg"),)}, False, ("50", "55"), 5),
        ("60 mg daily", {"market": "UK"}, None, None, 0),  # the table has no product there
        # more than a hundred of the largest tablet, of 50 mg, are not looked for
        ("5000 mg daily", {}, True, None, 5),
        ("5001 mg daily", {}, None, None, 5),
    ],
)
def test_what_whole_units_make(checked, order, more, dispensable, nearest, code):
    result = checked("prednisone", order, "70", stocked=StockOptions(**more))
    (row,) = result.rows
    found = None if row.nearest is None else tuple(row.nearest)
    assert row.dispensable is dispensable
    assert found == (nearest and tuple(end and Decimal(end) for end in nearest))
    assert result.exit_code == code
    warned = [warning.code for warning in result.warnings]
    assert warned == (["not-dispensable"] if dispensable is False else [])


def test_vials_cover_a_dose(checked):
    assert checked("ivig", "137.2 g over 3 days", "68.6").decisive.dispensable is True
    assert checked("methylprednisolone", "1.01 g daily for 3 days").decisive.dispensable is True


@pytest.mark.parametrize(
    ("severity", "codes"), [(None, []), ("mild", ["not-indicated"]), ("severe", [])]
)
def test_the_severity_warns_and_judges_nothing(checked, severity, codes):
    for alternatives in (False, True):
        result = checked(
            "methylprednisolone",
            "1 g IV daily for 3 days",
            severity=severity,
            alternatives=alternatives,
        )
        assert [warning.code for warning in result.warnings] == codes
    assert (result.verdict, result.exit_code) == ("within", 0)
