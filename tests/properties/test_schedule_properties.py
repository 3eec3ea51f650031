"""No schedule gives more than ``dose`` does, for the same patient: exact values compared."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import dmcalc
from dmcalc.errors import RefusedError, UsageError
from tests.properties.given import severities, weights

TITRATED = ("azathioprine", "methotrexate", "mycophenolate", "ciclosporin")
#: What rules ask about, as it is said: nothing, or one or two facts of a patient.
facts = st.fixed_dictionaries(
    {},
    optional={
        "taking": st.just(["allopurinol"]),
        "egfr": st.sampled_from(["8", "20", "29", "30", "38", "59", "60", "90"]),
        "crcl": st.sampled_from(["9", "10", "29", "45", "50", "90"]),
        "tpmt": st.sampled_from(["normal", "poor"]),
        "condition": st.sampled_from([["pregnancy"], ["ild"]]),
    },
)


def answered(ask):
    """Return the answer, and None where it is refused for this patient."""
    try:
        return ask()
    except RefusedError:
        return None


def highest(rows):
    """Return the highest dose of each phase."""
    return {row.phase: row.high for row in rows if row.high is not None}


@given(drug=st.sampled_from(TITRATED), weight=weights, facts=facts)
@example(drug="methotrexate", weight="75", facts={"egfr": "38", "taking": ["allopurinol"]})
@example(drug="azathioprine", weight="75", facts={"egfr": "38", "taking": ["allopurinol"]})
@example(drug="azathioprine", weight="100", facts={"crcl": "9"})
@example(drug="mycophenolate", weight="70", facts={"egfr": "20"})
def test_no_step_of_a_titration_is_above_the_dose(drug, weight, facts):
    interval = {"interval": "2w"} if drug == "ciclosporin" else {}
    dose = answered(lambda: dmcalc.dose(drug, weight=weight, **facts))
    result = answered(lambda: dmcalc.titrate(drug, weight=weight, **interval, **facts))
    if dose is None:
        assert result is None  # a refusal is a refusal everywhere
    if result is not None:
        most = highest(dose.rows)
        assert all(step.high <= most["target"] for step in result.steps)
        assert result.steps[0].high <= most.get("start", most["target"])
        assert all(step.products is not None for step in result.steps)


@given(weight=weights, severity=severities, facts=facts)
def test_no_step_of_a_taper_is_above_the_dose(weight, severity, facts):
    who = {"weight": weight, "severity": severity, **facts}
    dose = answered(lambda: dmcalc.dose("prednisone", **who))
    result = answered(lambda: dmcalc.taper("prednisone", **who))
    assert (dose is None) == (result is None)
    if dose is not None:
        assert all(step.high <= highest(dose.rows)["induction"] for step in result.steps)


@given(
    weight=weights,
    severity=severities,
    chosen=st.sampled_from(["azathioprine", "methotrexate", "mycophenolate", "ivig"]),
    facts=facts,
)
@example(
    weight="75",
    severity="severe",
    chosen="azathioprine",
    facts={"egfr": "38", "taking": ["allopurinol"]},
)
def test_nothing_on_a_calendar_is_above_the_dose(weight, severity, chosen, facts):
    who = {"weight": weight, "severity": severity, **facts}
    dose = answered(lambda: dmcalc.dose(chosen, **who))
    plan = answered(lambda: dmcalc.plan(chosen=[chosen], **who))
    assert (dose is None) == (plan is None)
    if plan is not None:
        rows = [*dose.rows, *dmcalc.dose("prednisone", "methylprednisolone", **who).rows]
        most = {}
        for row in rows:
            if row.high is not None:
                most[row.drug] = max(most.get(row.drug, row.high), row.high)
        for event in plan.events:
            if event.high is not None:
                assert event.high <= most[event.drug]


@given(
    age=st.integers(2, 17),
    weight=st.sampled_from(["12", "28.5", "40", "55", "63.7", "90"]),
    protocol=st.sampled_from(["hinze-2018", "printo-2019"]),
)
def test_no_landmark_of_a_child_is_above_80_mg(age, weight, protocol):
    try:
        result = dmcalc.taper(
            "prednisone", age=str(age), weight=weight, protocol=protocol, confirm_weight=True
        )
    except UsageError:
        pytest.fail("the request is right")
    assert max(result.start.high, *(row.high for row in result.rows)) <= 80
