"""One fault each of monitoring: drugs, phases, limits, and figures without a quote."""

from __future__ import annotations

import pytest

from dmcalc.guide.monitoring import Limit
from tests.guide.editing import assert_reported

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
        "13 weeks does not stand in the quote",
    ),
    "a limit that the quote has not": (
        "limit: < 3.5 x10^9/L",
        "limit: < 3.0 x10^9/L",
        "thresholds.0.limit",
        "does not stand in the quote",
    ),
    "a limit of the other side": (
        "limit: < 140 x10^9/L",
        'limit: "> 140 x10^9/L"',
        "thresholds.2.limit",
        "> 140 x10^9/L does not stand in the quote",
    ),
    "two limits of one drug": (
        "  - drugs: [ciclosporin]\n",
        "  - drugs: [ciclosporin, methotrexate]\n",
        "thresholds.6.drugs",
        "methotrexate has a limit for creatinine already",
    ),
    "creatinine without its baseline": (
        "  - drugs: [ciclosporin]\n    lab: creatinine\n",
        "  - drugs: [ciclosporin]\n    lab: alt\n",
        "thresholds.6.limit",
        "creatinine is compared with its baseline",
        'limit: "> 30% above baseline"\n    action: Reduce',
    ),
}


@pytest.mark.parametrize("change", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_reported_with_its_place(tmp_path, change):
    assert_reported(tmp_path, *change)


@pytest.mark.parametrize("text", ["3.5 x10^9/L", "<3.5 x10^9/L", "< 3.5", "> 100 U/L", ">= 2 %"])
def test_a_limit_is_written_in_one_way(text):
    with pytest.raises(ValueError, match="not written like"):
        Limit.parse(text)


@pytest.mark.parametrize("text", ["< 3.5 x10^9/L", "> 100 units/L", "> 30% above baseline"])
def test_a_limit_is_written_as_it_is_read(text):
    assert str(Limit.parse(text)) == text
