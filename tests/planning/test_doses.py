"""What a calendar says with a dose: its cap, its units, its tests, and when a source looks back."""

from __future__ import annotations

import pytest

import dmcalc
from dmcalc import guideline
from dmcalc.planning.plan import plan
from dmcalc.planning.steps import TreatmentHistory

SEVERE = {"weight": "70", "severity": "severe"}
NO_UNITS = "no tablet makes it; ask the prescriber"


def first(result, drug):
    return next(e for e in result.events if (e.drug, e.kind) == (drug, "dose"))


@pytest.mark.parametrize(
    ("who", "text"),
    [
        (SEVERE, "1 g intravenously daily for 3 to 5 days; here 3 days"),
        # 20 to 30 mg/kg of 40 kg are 0.8 to 1.2 g, and the cap is 1 g
        (
            {"age": "12", "weight": "40", "bsa": "1.3", "chosen": ["methylprednisolone"]},
            "800 to 1,000 mg intravenously daily for 3 days; capped; here 3 days",
        ),
    ],
)
def test_a_pulse_says_where_the_cap_lowered_it(who, text):
    assert first(dmcalc.plan(**who), "methylprednisolone").text == text


@pytest.mark.parametrize(("weight", "said"), [("70", False), ("63.7", True)])
def test_a_dose_that_no_units_make_says_so_in_its_short_line(weight, said):
    dose = first(dmcalc.plan(weight=weight, severity="severe"), "prednisone")
    assert (NO_UNITS in dose.brief) is said
    assert (NO_UNITS in dose.text) is said


def test_the_notes_on_tests_come_with_a_drug_that_is_tested():
    codes = {note.code for note in dmcalc.plan(**SEVERE).cautions}
    nothing = dmcalc.plan(**SEVERE, response="good")
    assert not [event for event in nothing.events if event.kind == "test"]
    assert "bsr-2025" in codes - {note.code for note in nothing.cautions}


def reviews(**who):
    found = (event for event in dmcalc.plan(**who).events if event.kind == "review")
    return {event.title.rpartition(": ")[2]: event for event in found}


def test_a_review_in_months_says_that_it_needs_a_first_day():
    mild = {"weight": "70", "severity": "mild"}
    undated, dated = reviews(**mild), reviews(**mild, start="2026-12-01")
    # if the corticosteroid cannot be reduced after three months
    assert undated["after 3 months"].day is None
    assert undated["after 3 months"].text.endswith(
        "; months are counted on the calendar: give --start"
    )
    # from 1 December to 1 March
    assert dated["after 3 months"].day == 91
    counted = [undated["after 6 weeks"], *dated.values()]
    assert not any("months are counted" in event.text for event in counted)


def test_a_drug_that_stands_in_for_another_is_looked_back_at_as_that_one():
    assert reviews(**SEVERE, chosen=["prednisolone"]).keys() == reviews(**SEVERE).keys()


def test_a_dose_is_stable_as_long_after_its_first_one_with_a_pulse_before_it(loaded, person):
    """Tests that become rarer by then would become so three days too early or too late."""

    def tested(step):
        guide = guideline.load()
        steps = tuple(s._replace(before=s.before and step) for s in guide.guideline.plan.steps)
        own = guide.guideline._replace(plan=guide.guideline.plan._replace(steps=steps))
        history = TreatmentHistory(chosen=("methotrexate",))
        events = plan(loaded, guide._replace(guideline=own), person("70", "severe"), history).events
        begins = next(e.day for e in events if (e.drug, e.kind) == ("methotrexate", "dose"))
        tests = (e for e in events if (e.drug, e.kind) == ("methotrexate", "test"))
        days = [event.day - begins for event in tests if event.before_day is None]
        return begins, [day for day in days if day < 340]

    (begins, days), (after_pulse, days_after) = tested("corticosteroid"), tested("parallel")
    assert (begins, after_pulse) == (1, 4)
    assert days_after == days


def test_side_effects_are_named_of_drugs_that_have_some_of_their_own():
    result = dmcalc.plan(**SEVERE, chosen=["methotrexate"])
    noted = {note.drug for note in result.cautions if note.code == "side-effects"}
    assert noted == {"azathioprine", "methotrexate"}
