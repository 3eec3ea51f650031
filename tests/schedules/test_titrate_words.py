"""What a titration says beside its steps: what was chosen, and what its source leaves out."""

from __future__ import annotations

import pytest

from dmcalc.errors import UsageError
from tests.schedules.test_titrate import up


@pytest.mark.parametrize(
    ("drug", "weight", "more", "chosen"),
    [
        (
            *("methotrexate", None, {}),
            [
                ("start dose", "10 mg", "10 mg/week"),
                ("target", "20 mg", "20-25 mg"),
                ("increase", "5 mg", "5-10 mg/week"),
            ],
        ),
        (
            *("methotrexate", None),
            {"protocol": "prometheus", "increase": "5mg", "interval": "2w"},
            [
                ("start dose", "10 mg", "10 mg/week"),
                ("target", "20 mg", "20-25 mg"),
                # its source gives neither
                ("increase", "5 mg", None),
                ("interval", "2 weeks", None),
            ],
        ),
        (
            # by 0.5 mg/kg every 4 weeks: only the first weeks are left open
            *("azathioprine", "70", {"protocol": "us-label-azathioprine"}),
            [
                ("start dose", "50 mg", "50 mg/day"),
                ("target", "150 mg", "140-175 mg"),
                ("hold", "8 weeks", "6-8 weeks"),
            ],
        ),
        (
            *("azathioprine", "70", {"protocol": "nhs-dg-azathioprine", "hold": "5w"}),
            [
                ("start dose", "70 mg", "1 mg/kg/day"),
                ("target", "150 mg", "140-175 mg"),
                ("hold", "5 weeks", "4-6 weeks"),
            ],
        ),
    ],
)
def test_what_a_source_leaves_open_is_told_as_it_was_chosen(drug, weight, more, chosen):
    made = up(drug, weight, **more).choices
    assert [(choice.name, choice.chosen, choice.allowed) for choice in made] == chosen


def test_a_start_that_is_given_by_the_dose_is_told_as_its_source_gives_it():
    start, *_ = up("mycophenolate").choices
    assert (start.chosen, start.allowed) == ("1 g", "500 mg twice daily")


def test_only_the_last_dose_goes_on():
    *steps, last = up("methotrexate").steps
    assert last.note == "Continue at this dose; the prescriber decides how long."
    assert {step.note for step in steps} == {None}


@pytest.mark.parametrize(
    ("more", "lacking"),
    [
        ({}, "increase and interval"),
        ({"increase": "5mg"}, "interval"),
        ({"interval": "2w"}, "increase"),
    ],
)
def test_what_no_source_says_of_the_steps_is_asked_for(more, lacking):
    with pytest.raises(UsageError, match=f"prometheus does not say the {lacking} of its steps"):
        up("methotrexate", protocol="prometheus", **more)
