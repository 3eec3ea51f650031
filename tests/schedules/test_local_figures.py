"""Which figures of a hospital a schedule says that it was computed from."""

from __future__ import annotations

import pytest

from dmcalc.dispensing.stock import StockOptions
from dmcalc.quantities.amount import read_amount
from dmcalc.schedules.model import Choices, Supply
from dmcalc.schedules.taper import taper
from dmcalc.schedules.titration import titrate

from ..conftest import local_value

FROM_60 = {"start_dose": read_amount("60mg")}


@pytest.fixture
def named(loaded):
    """Return the local figures that each step of a schedule names, of a table with one of them."""

    def compute(figure, schedule, who, drug, **options):
        local = loaded._replace(local=(local_value(figure),))
        rows = schedule(local, who, drug, **options).rows
        assert len({row.local for row in rows}) == 1
        return [value.figure for value in rows[0].local]

    return compute


@pytest.mark.parametrize(
    ("options", "figure", "used"),
    [
        # a dose of the user's is held against the caps, and else against nothing of the table
        (FROM_60, "prednisone.induction.max", True),
        (FROM_60, "prednisone.induction.dose", False),
        ({}, "prednisone.induction.dose", True),
        ({}, "prednisone.taper.hhe-2018.hold", True),
        ({}, "prednisone.taper.etg.hold", False),
        ({"choices": Choices(steps="-10mg/4w")}, "prednisone.taper.hhe-2018.hold", False),
        ({}, "prednisone.rounding", True),
        ({"supply": Supply(StockOptions(), "down")}, "prednisone.rounding", False),
        ({}, "limits.weight", True),
        ({}, "azathioprine.start.dose", False),
    ],
)
def test_a_taper_names_the_local_figures_that_it_rests_on(named, person, options, figure, used):
    who = person("70", "severe")
    assert named(figure, taper, who, "prednisone", **options) == ([figure] if used else [])


@pytest.mark.parametrize(
    ("schedule", "drug", "who", "figure", "used"),
    [
        (taper, "prednisone", {}, "limits.weight", False),
        (taper, "ivig", {"weight": "70"}, "ivig.taper.base-page.courses", True),
        (taper, "ivig", {"weight": "70"}, "ivig.maintenance.dose", True),
        (taper, "ivig", {}, "limits.weight", False),
        (titrate, "azathioprine", {"weight": "70"}, "azathioprine.target.dose", True),
        (titrate, "azathioprine", {"weight": "70"}, "limits.weight", True),
        (
            *(titrate, "azathioprine", {"weight": "70"}),
            *("azathioprine.titration.edrheum-azathioprine.every", True),
        ),
        (
            *(titrate, "azathioprine", {"weight": "70"}),
            *("azathioprine.titration.us-label-azathioprine.every", False),
        ),
        (titrate, "methotrexate", {}, "limits.weight", False),
        (taper, "prednisone", {"age": "9", "weight": "28"}, "limits.weight", True),
        (
            *(taper, "prednisone", {"age": "9", "weight": "28"}),
            *("prednisone.taper.hinze-2018.start", True),
        ),
        (
            *(taper, "prednisone", {"age": "9", "weight": "28"}),
            *("prednisone.taper.printo-2019.start", False),
        ),
    ],
)
def test_other_schedules_name_theirs(named, person, schedule, drug, who, figure, used):
    options = {} if who or drug != "prednisone" else FROM_60
    assert named(figure, schedule, person(**who), drug, **options) == ([figure] if used else [])


def test_a_child_from_a_given_dose_rests_on_no_limit_of_a_weight(named, person):
    assert named("limits.weight", taper, person(age="9"), "prednisone", **FROM_60) == []
