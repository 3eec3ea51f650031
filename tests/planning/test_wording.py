"""What a plan says of a dose that no schedule has: its limits, and units that do not make it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.planning.wording import limits_text, not_made

UNCOUNTED = {"form": None, "products_low": None, "products_high": None}
NONE_MAKES = "no tablet makes it; ask the prescriber"


@pytest.mark.parametrize(
    ("units", "said"),
    [
        ({}, ""),  # its units are not counted
        ({"form": "tablet"}, NONE_MAKES),
        ({"form": "tablet", "products_low": ("2 x 50 mg",)}, NONE_MAKES),
        ({"form": "tablet", "products_high": ("3 x 50 mg",)}, NONE_MAKES),
        ({"form": "tablet", "products_low": ("2 x 50 mg",), "products_high": ("3 x 50 mg",)}, ""),
    ],
)
def test_a_dose_of_which_an_end_is_not_made_of_whole_units_says_so(row, units, said):
    dose = row("azathioprine.target", weight="70")
    assert not_made(dose._replace(**{**UNCOUNTED, **units})) == said


@pytest.mark.parametrize("weight", ["70", "71.3"])
def test_a_course_that_vials_cover_day_by_day_is_made(row, weight):
    dose = row("ivig.induction", weight=weight)
    assert dose.products_by_days
    assert not_made(dose) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"capped": True}, "capped"),
        # the cap for children is that of another source, and says what it lowered
        (
            {
                **{"capped": True, "cap_source": "etg"},
                **{"low_before": Decimal(150), "high_before": Decimal(210)},
            },
            "reduced from 150 to 210 mg by the cap of etg",
        ),
    ],
)
def test_what_was_lowered_is_said_with_the_dose_before(row, changes, said):
    assert limits_text(row("azathioprine.target", weight="70")._replace(**changes)) == said
