"""One fault each of the ways up: their drug, their default, and the dimensions of their doses."""

from __future__ import annotations

import re

import pytest

from tests.table.editing import TEXT, Fault, assert_reported

# What stands below this heading is what these tests change.
WAYS = TEXT[TEXT.index("titrations:\n") :]
WAYS = WAYS[: WAYS.index("\n# ")]


def way(key: str, *changes: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Return changes of one way up as a change of the whole table."""
    start = WAYS.index(f"  {key}:\n")
    old = re.match(r"  \S.*\n(?:    .*\n)*", WAYS[start:])[0]  # to the next way up
    new = old
    for before, after in changes:
        assert before in new, f"the table no longer holds {before!r}: change this test"
        new = new.replace(before, after, 1)
    return ((old, new),)


FAULTS = {
    "unlisted drug": Fault(
        way("us-label-azathioprine", ("drug: azathioprine", "drug: azathioprin")),
        "titrations.us-label-azathioprine.drug",
        "'azathioprin' is not one of the drugs",
        "drug: azathioprin\n",
    ),
    "two defaults": Fault(
        way("us-label-azathioprine", ("    hold:", "    default: true\n    hold:")),
        "drugs.azathioprine",
        "default",
        "  azathioprine:\n",
        below="drugs:",
    ),
    "daily methotrexate": Fault(
        way(
            "nhs-dg-methotrexate",
            ("start: 15 mg/week", "start: 15 mg/day"),
            ("increase: 5-10 mg/week", "increase: 5-10 mg/day"),
            ("15mg weekly", "15mg daily"),
        ),
        "titrations.nhs-dg-methotrexate.start",
        "once a week",
        "start: 15 mg/day",
        alone=False,
    ),
    "methotrexate by the day as a step": Fault(
        way(
            "nhs-dg-methotrexate",
            ("increase: 5-10 mg/week", "increase: 5-10 mg/day"),
            ("5-10mg until", "5-10mg daily until"),
        ),
        "titrations.nhs-dg-methotrexate.increase",
        "mg/week",
        "increase: 5-10 mg/day",
        alone=False,
    ),
    "most in another basis": Fault(
        way(
            "us-label-azathioprine",
            ("max: 2.5 mg/kg/day", "max: 250 mg/week"),
            ("maximum dose of 2.5 mg/kg per day", "maximum dose of 250 mg/week"),
        ),
        "titrations.us-label-azathioprine.max",
        "250 mg/week",
        "max: 250 mg/week",
        alone=False,
    ),
    "a daily dose on the day after": Fault(
        way(
            "nhs-dg-methotrexate",
            ("dose: 5 mg/week", "dose: 5 mg/day"),
            ("5 mg should be prescribed once weekly", "5 mg should be prescribed daily"),
        ),
        "titrations.nhs-dg-methotrexate.day_after",
        "a weekly dose",
        "day_after:",
    ),
    "a day after a daily dose": Fault(
        way(
            "us-label-azathioprine",
            (
                "    hold:",
                "    day_after: {name: Folic acid, dose: 5 mg/week, cite: {source: "
                'nhs-dg-methotrexate, quote: "Folic Acid 5 mg once weekly"}}\n    hold:',
            ),
        ),
        "titrations.us-label-azathioprine.day_after",
        "given once a week",
        "day_after:",
    ),
    "figure that stands in no quote": Fault(
        way("us-label-azathioprine", ("increase: 0.5 mg/kg/day", "increase: 5 mg/kg/day")),
        "titrations.us-label-azathioprine.increase",
        "5 mg/kg/day is not in the quote",
        "increase: 5 mg/kg/day",
    ),
}


@pytest.mark.parametrize("wrong", FAULTS.values(), ids=FAULTS)
def test_way_up_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)
