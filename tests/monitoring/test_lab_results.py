"""Results as laboratories print them: their units, and those that are refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

import dmcalc
from dmcalc.errors import PatientError
from dmcalc.monitoring.lab_results import LabResult
from dmcalc.quantities.thresholds import MeasureBand, ResultLimit


def test_a_rise_is_shown_with_six_decimals():
    # (100 - 90)/90 is a ninth
    rows = dmcalc.labs("methotrexate", creatinine="100umol/L", baseline_creatinine="90umol/L").rows
    assert [row.result for row in rows if row.result is not None] == [Decimal("11.111111")]


@pytest.mark.parametrize(
    ("lab", "typed", "result"),
    [
        ("albumin", "3.1 g/dL", "31"),
        ("albumin", "31 g/L", "31"),
        ("alt", "31 IU/L", "31"),
        ("mcv", "91 fL", "91"),
        ("egfr", "61 mL/min/1.73 m2", "61"),
        ("crcl", "61 mL/min", "61"),
        ("platelets", "151 x10^9/L", "151"),
        ("platelets", "151000/mm3", "151"),
    ],
)
def test_a_result_is_shown_in_the_unit_of_its_test(lab, typed, result):
    rows = dmcalc.labs("methotrexate", **{lab: typed}).rows
    assert {row.result for row in rows if row.lab == lab} == {Decimal(result)}


@pytest.mark.parametrize(
    "results",
    [
        {},
        {"creatinine": "80umol/L"},
        {"baseline_creatinine": "80umol/L"},
        {"wcc": "3,1"},
        {"wcc": "3100"},
        {"wcc": "201"},
        {"wcc": "501 x10^9/L"},
        {"wcc": "4 g/dL"},
        {"wcc": "4/mL"},
        {"wcc": "<"},
        {"wcc": "=4"},
        {"neutrophils": "350"},
        {"alt": "-1"},
        {"platelets": "150000"},
        {"ast": "40 mg"},
        {"albumin": "3.5"},
        {"bp": "140"},
        {"bp": "90/140"},
        {"bp": "80/80"},  # a pulse of nothing, which was never measured
        {"bp": "400/90"},
        {"mcv": "1"},
        {"egfr": "0"},
        {"creatinine": "80", "baseline_creatinine": "80umol/L"},
    ],
)
def test_what_cannot_be_compared_is_refused(results):
    with pytest.raises(PatientError):
        dmcalc.labs("azathioprine", **results)


def test_a_float_is_refused_and_so_is_a_result_that_there_is_not():
    with pytest.raises(TypeError):
        dmcalc.labs("azathioprine", wcc=3.1)
    with pytest.raises(TypeError, match="sodium"):
        dmcalc.labs("azathioprine", sodium="140")


@pytest.mark.parametrize(
    ("lab", "least", "below", "most", "above"),
    [
        ("wcc", "0", "-1", "200", "200.1"),
        ("wcc", "0/uL", "-1/uL", "500000/uL", "500001/uL"),
        ("neutrophils", "0", "-1", "100", "100.1"),
        ("platelets", "0", "-1", "1500", "1500.1"),
        ("mcv", "30", "29.9", "200", "200.1"),
        ("albumin", "6", "5.9", "100", "100.1"),
        ("egfr", "1", "0.9", "300", "300.1"),
        ("bp", "30/10", "29/10", "350/250", "351/250"),
    ],
)
def test_a_result_outside_the_limits_of_the_program_is_refused(lab, least, below, most, above):
    for text in (least, most):
        assert dmcalc.labs("mycophenolate", **{lab: text}).rows
    for text in (below, above):
        with pytest.raises(PatientError, match=r"are not plausible|cannot be read"):
            dmcalc.labs("mycophenolate", **{lab: text})


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("0.35", "0.35"),
        ("350/uL", "0.35"),
        ("350 /\u00b5L", "0.35"),
        ("350 cells/mm3", "0.35"),
        ("0.35K/uL", "0.35"),
        ("0.35 10*3/uL", "0.35"),
        ("0.35 x10^3/uL", "0.35"),
        ("0.35 10*9/L", "0.35"),
        ("0.35 x 10^9/L", "0.35"),
        ("0.35 G/L", "0.35"),
    ],
)
def test_a_count_is_read_in_the_units_that_laboratories_print(typed, count):
    (row,) = (r for r in dmcalc.labs("azathioprine", neutrophils=typed).rows if r.result)
    assert (row.result, row.unit, row.verdict) == (Decimal(count), "x10^9/L", "crossed")


def test_a_count_without_its_unit_is_answered_with_how_it_is_written():
    with pytest.raises(PatientError, match=r"neutrophils of 350 x10\^9/L are not") as refused:
        dmcalc.labs("azathioprine", neutrophils="350")
    assert refused.value.hint.endswith("Write the unit: 350/uL, or 350 x10^9/L.")


LEAST = Fraction(1, 10**9)


@pytest.mark.parametrize(
    ("condition", "result", "met"),
    [
        # a band is entered at its edge and left again
        (MeasureBand.parse("egfr 30-59"), LabResult(Fraction(30)), True),
        (MeasureBand.parse("egfr 30-59"), LabResult(Fraction(60)), False),
        (MeasureBand.parse("egfr 30-59"), LabResult(Fraction(100), "<"), None),
        (MeasureBand.parse("egfr 30-59"), LabResult(Fraction(30), "<"), False),
        (MeasureBand.parse("egfr 30-59"), LabResult(Fraction(20), ">"), None),
        (MeasureBand.parse("egfr 30-59"), LabResult(Fraction(60), ">"), False),
        # next to nothing above a limit, below which nothing crosses it
        (ResultLimit.parse("> 100 units/L"), LabResult(100 + LEAST, "<"), False),
        (ResultLimit.parse("> 100 units/L"), LabResult(100 + 2 * LEAST, "<"), None),
        (ResultLimit.parse("< 3.5 x10^9/L"), LabResult(Fraction("3.5") - LEAST, ">"), False),
        (ResultLimit.parse("< 3.5 x10^9/L"), LabResult(Fraction("3.5") - 2 * LEAST, ">"), None),
    ],
    ids=str,
)
def test_what_is_below_or_above_a_number_meets_a_condition_where_all_of_it_does(
    condition, result, met
):
    holds = condition.holds if isinstance(condition, MeasureBand) else condition.crossed
    assert result.meets(holds, condition.value) is met
