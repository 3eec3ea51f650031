"""What permits more than the table, for each kind of figure: worked out by hand."""

from __future__ import annotations

import pytest

from dmcalc import table
from dmcalc.formulary.overridable import overridable_figures, read_value
from dmcalc.formulary.permissiveness import _ends, permits_more
from dmcalc.quantities.time import Interval

SLOTS = overridable_figures(table.load().table)


def is_looser(figure, value):
    slot = SLOTS[figure]
    return permits_more(slot.path, slot.value, read_value(value, slot))


@pytest.mark.parametrize(
    ("figure", "same", "tighter", "wider"),
    [
        # a dose: its range
        (
            "prednisone.induction.dose",
            ["0.75-1 mg/kg/day", "750-1000 mcg/kg/day"],
            ["0.8-1 mg/kg/day", "0.75-0.9 mg/kg/day"],
            ["0.75-1.1 mg/kg/day", "0.7-1 mg/kg/day", "0.5-0.6 mg/kg/day", "751-1001 mcg/kg/day"],
        ),
        ("azathioprine.start.dose", ["50 mg/day"], [], ["25 mg/day", "75 mg/day"]),
        ("methotrexate.target.dose", [], ["20-22.5 mg/week"], ["20-30 mg/week"]),
        # a cap: lower is never looser
        (
            "prednisone.induction.max",
            ["60-80 mg/day", "0.06-0.08 g/day"],
            ["60 mg/day", "50-60 mg/day", "60-75 mg/day"],
            ["60-100 mg/day", "70-80 mg/day", "80 mg/day", "0.09 g/day"],
        ),
        ("prednisone.taper.etg.max", ["75 mg"], ["60 mg"], ["80 mg", "0.1 g"]),
        ("ivig.infusion.max", [], ["0.03 mL/kg/min"], ["0.05 mL/kg/min"]),
        ("ivig.infusion.max_at_risk", [], ["0.02 mL/kg/min"], ["0.04 mL/kg/min"]),
        # what is none is capped by anything
        ("azathioprine.target.max", [], ["1 mg/day", "1000 mg/day"], []),
        # lengths: a range of days, weeks
        ("ivig.induction.days", ["2-5 days"], ["3-5 days", "5 days"], ["2-6 days", "1-5 days"]),
        ("prednisone.etg.lasts", ["42 days"], [], ["7 weeks", "5 weeks"]),
        ("prednisone.taper.hhe-2018.hold", ["21-28 days"], ["4 weeks"], ["3-5 weeks", "2-4 weeks"]),
        # from one dose to the next: shorter is looser
        ("ivig.induction.every", ["28 days"], ["5 weeks"], ["3 weeks", "27 days"]),
        ("rituximab.maintenance.every", [], ["7 months"], ["5 months"]),
        ("cyclophosphamide.pulse.every", [], ["5-6 weeks", "6-8 weeks"], ["3-6 weeks", "4 weeks"]),
        ("ivig.infusion.every", [], ["1 hour", "31 minutes"], ["29 minutes", "15 minutes"]),
        ("mycophenolate.titration.nhs-dg-mycophenolate.every", [], ["2 weeks"], ["6 days"]),
        # a band of a taper: any other interval or step
        ("prednisone.taper.hhe-2018.bands.1.every", ["28 days"], [], ["3 weeks", "5 weeks"]),
        ("prednisone.taper.ese-es-2024.bands.1.decrease", [], ["5 mg", "6-10 mg"], ["5-15 mg"]),
        # how many, how fast, how long after pooling
        ("rituximab.induction.doses", [2], [1], [3]),
        ("ivig.taper.base-page.courses", [10], [6], [12]),
        ("ivig.infusion.then.1", [], ["0.015 mL/kg/min"], ["0.03 mL/kg/min"]),
        ("ivig.infusion.within", ["480 minutes"], ["6 hours"], ["9 hours"]),
        ("rituximab.infusion.first.by", [], ["25 mg/h"], ["100 mg/h"]),
        (
            "azathioprine.titration.edrheum-azathioprine.levels.3",
            [],
            ["125 mg/day"],
            ["200 mg/day"],
        ),
        ("ivig.maintenance.from_week", [16], [], [12, 20]),
        # another drug on the day after
        (
            "methotrexate.titration.nhs-dg-methotrexate.day_after.dose",
            ["5 mg/week", "5000 mcg/week"],
            [],
            ["10 mg/week", "2.5 mg/week"],
        ),
        # limits of weight
        ("limits.weight", ["30-300 kg"], ["35-200 kg"], ["25-200 kg", "35-301 kg"]),
    ],
)
def test_looser(figure, same, tighter, wider):
    assert [value for value in (*same, *tighter) if is_looser(figure, value)] == []
    assert [value for value in wider if not is_looser(figure, value)] == []


@pytest.mark.parametrize(
    ("interval", "ends"), [(Interval(1, 3, "week"), (7, 21)), (Interval(10, 10, "day"), (10, 10))]
)
def test_an_interval_is_compared_in_days(interval, ends):
    assert _ends(interval) == ends
