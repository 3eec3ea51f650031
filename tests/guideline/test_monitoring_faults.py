"""One fault each of monitoring: drugs, phases, limits, and figures without a quote."""

from __future__ import annotations

import pytest

from dmcalc.quantities.thresholds import ResultLimit
from dmcalc.sources.thresholds import in_quote
from tests.guideline.editing import assert_reported

FAULTS = {
    "unlisted drug": (
        "  tacrolimus:\n    baseline:",
        "  tacrolimos:\n    baseline:",
        "monitoring.tacrolimos",
        "'tacrolimos' is not a drug of the table",
    ),
    "a phase after one that does not end": (
        "{every: 1 month, lasts: 3 months}\n          - {every: 12 weeks}",
        "{every: 1 month}\n          - {every: 12 weeks}",
        "monitoring.methotrexate.series.0.phases.1",
        "does not end",
        "- {every: 1 month}\n",
    ),
    "an interval that the quote has not": (
        "- {every: 12 weeks}",
        "- {every: 13 weeks}",
        "monitoring.methotrexate.series.0.phases.2.every",
        "13 weeks is not in the quote",
    ),
    "a limit that the quote has not": (
        "limit: < 3.5 x10^9/L",
        "limit: < 3.0 x10^9/L",
        "thresholds.0.limit",
        "is not in the quote",
    ),
    "a limit of the other side": (
        "limit: < 140 x10^9/L",
        'limit: "> 140 x10^9/L"',
        "thresholds.2.limit",
        "> 140 x10^9/L is not in the quote",
    ),
    "more than, where the quote has not that": (
        'limit: ">= 30% above baseline"',
        'limit: "> 30% above baseline"',
        "thresholds.31.limit",
        "> 30% above baseline is not in the quote",
        'limit: "> 30% above baseline"\n    action: Reduce',
    ),
    "a limit that is reached, where the quote says more than": (
        'limit: "> 100 units/L"',
        'limit: ">= 100 units/L"',
        "thresholds.3.limit",
        ">= 100 units/L is not in the quote",
    ),
    "two limits of one drug for the same patients": (
        "    population: Rheumatoid arthritis\n    cite: {source: gengraf",
        "    population: Psoriasis\n    cite: {source: gengraf",
        "thresholds.31.drugs",
        "ciclosporin has a limit for creatinine already",
        'drugs: [ciclosporin]\n    lab: creatinine\n    limit: ">= 30%',
    ),
    "creatinine without its baseline": (
        "  - drugs: [ciclosporin]\n    lab: creatinine\n",
        "  - drugs: [ciclosporin]\n    lab: alt\n",
        "thresholds.30.limit",
        "creatinine is compared with its baseline",
        'limit: ">= 25% above baseline"',
    ),
    "a limit in the unit of another test": (
        "    lab: albumin\n",
        "    lab: mcv\n",
        "thresholds.6.limit",
        "it is not in fL",
        "limit: < 30 g/L",
    ),
    "the other pressure of a pair": (
        'limit: "> 140 mmHg"',
        'limit: "> 90 mmHg"',
        "thresholds.28.limit",
        "90 is not the systolic pressure of its quote",
    ),
    "a feature of high risk with a number of its own": (
        'text: "age below 1 year"',
        'text: "age below 2 years"',
        "severity.high_risk.9.text",
        "the number 2 is in none of its quotes",
    ),
    "a grade with a number of its own": (
        'value: "7-9 out of 10"',
        'value: "8-9 out of 10"',
        "severity.scales.0.grades.0.value",
        "the number 8 is in none of its quotes",
        '{severity: mild, value: "8-9',
    ),
}


@pytest.mark.parametrize("change", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_reported_with_its_place(tmp_path, change):
    assert_reported(tmp_path, *change)


@pytest.mark.parametrize("text", ["3.5 x10^9/L", "<3.5 x10^9/L", "< 3.5", "> 100 U/L", "<= 2 g/L"])
def test_a_limit_is_written_in_one_way(text):
    with pytest.raises(ValueError, match="not written like"):
        ResultLimit.parse(text)


@pytest.mark.parametrize(
    "text", ["< 3.5 x10^9/L", "> 100 units/L", "> 30% above baseline", ">= 25% above baseline"]
)
def test_a_limit_is_written_as_it_is_read(text):
    assert str(ResultLimit.parse(text)) == text


@pytest.mark.parametrize(
    ("limit", "quote"),
    [
        ("> 105 fL", "MCV > 105fl - investigate"),
        ("> 105 fL", "MCV greater than 105f/L then"),
        ("< 30 g/L", "albumin <30g/l"),
        ("< 60 mL/min/1.73 m2", "GFR less than 60ml/min/1.73m2 (repeat"),
        ("> 0.5 x10^9/L", "eosinophilia greater than 0.5x 10 9/L"),
        (">= 25% above baseline", "(≥ 25% above the patient's level)"),
        (">= 30% above baseline", "(30% above patient's level)"),
        ("> 30% above baseline", "greater than 30% above baseline"),
        ("> 140 mmHg", "greater than 140/90mmHg"),
    ],
)
def test_a_limit_stands_in_a_quote_that_has_it(limit, quote):
    assert in_quote(ResultLimit.parse(limit), quote)


@pytest.mark.parametrize(
    ("limit", "quote"),
    [
        ("> 105 fL", "> 105 g/L"),
        ("> 105 fL", "> 1050 fl"),
        ("< 30 g/L", "albumin <30"),
        ("< 60 mL/min/1.73 m2", "less than 60ml"),
        ("> 0.5 x10^9/L", "greater than 0.55x 10 9/L"),
        ("> 30% above baseline", "(30% above patient's level)"),
        ("> 30% above baseline", "(≥ 30% above patient's level)"),
        (">= 30% above baseline", "greater than 30% above baseline"),
        (">= 30% above baseline", "> 30% above baseline"),
        ("> 100 units/L", "> 100 g/L"),
        ("> 140 mmHg", "greater than 140"),
    ],
)
def test_a_limit_stands_in_no_other_quote(limit, quote):
    assert not in_quote(ResultLimit.parse(limit), quote)
