"""What the rules of a table refuse, on both sides of each limit: one part of it is changed."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from dmcalc.quantities.amount import Amount, Rate
from dmcalc.quantities.bounds import Percent, WeightRange
from dmcalc.quantities.flow import InfusionRate
from dmcalc.quantities.time import Duration, Interval
from dmcalc.table import load
from dmcalc.table.rules import formulas, growth, infusions, milestones, titrations
from dmcalc.table.validate import rules

TABLE = load().table
BANDS = TABLE.growth.bands


def found(problems):
    """Write problems as a person reads them: the path in the table, and what is wrong."""
    return [f"{'.'.join(map(str, path))}: {text}" for path, text in problems]


def grown(*bands):
    return found(growth.problems(TABLE._replace(growth=TABLE.growth._replace(bands=bands))))


def test_bands_of_growth_leave_no_age_out():
    first, second, *rest = BANDS
    last = BANDS[-1]
    assert grown(*BANDS) == []
    assert grown() == ["growth.bands: the first band begins at birth, at 0 months"]
    assert grown(second, *rest) == ["growth.bands: the first band begins at birth, at 0 months"]
    assert grown(first, *rest) == [
        "growth.bands.1.from_months: the band before it ends at 1 months"
    ]
    adult = TABLE.limits.adult_age * 12
    until = [band for band in BANDS if band.to_months <= adult]
    assert grown(*until) == []
    assert grown(*until[:-1]) == [
        f"growth.bands: no band for children from {until[-2].to_months} months"
    ]
    same = last._replace(from_months=last.to_months)
    assert f"growth.bands.{len(BANDS)}: it ends before it begins" in grown(*BANDS, same)
    assert grown(*BANDS, last._replace(from_months=last.to_months, to_months=229)) == []


def infused(drug="ivig", ramp=None, dose=None, **changes):
    """Find what is wrong with the infusion of a drug after a change in it or in its first ramp."""
    entry = TABLE.drugs[drug]
    plan = entry.infusion._replace(**changes)
    if ramp is not None:
        first, *others = plan.ramps
        plan = plan._replace(ramps=(first._replace(**ramp), *others))
    if dose is not None:
        changed = (r._replace(**dose) if r.name == plan.regimen else r for r in entry.regimens)
        entry = entry._replace(regimens=tuple(changed))
    return found(infusions.problems(entry, plan, ("infusion",)))


def ml(number):
    return InfusionRate(Decimal(number), "mL/kg/min")


def mg(number):
    return InfusionRate(Decimal(number), "mg/h")


STEPS = "give either the rates of the steps in then, or in by what each step adds"
RANGE = "is not from 0.01 mL/kg/min to 0.04 mL/kg/min"
OVER = "give either the time in over, or rates"
#: Of ivig: 0.01, 0.02 and 0.04 mL/kg/min, 0.03 at risk; of rituximab 50 mg/h, by 50, to 400.
INFUSIONS = [
    ({}, []),
    ({"dose": {"dose": Rate.parse("1-2 g/kg/course")}},
     ["infusion.regimen: 1-2 g/kg/course: an infusion needs one amount, not a range"]),
    ({"dose": {"dose": Rate.parse("2 g/m2/course")}},
     ["infusion.regimen: 2 g/m2/course: not an amount that an infusion is computed from"]),
    ({"dose": {"dose": Rate.parse("2 g/kg/week")}},
     ["infusion.regimen: 2 g/kg/week: not an amount that an infusion is computed from"]),
    ({"dose": {"max": Rate.parse("100 g/course")}},
     ["infusion.regimen: 2 g/kg/course: not an amount that an infusion is computed from"]),
    ({"no_volume": "None."},
     ["infusion: give either a product or, in no_volume, why there is none"]),
    ({"ramps": ()},
     ["infusion.ramps: give one for any infusion, or one for the first and one for later"]),
    ({"ramp": {"when": "first"}},
     ["infusion.ramps: give one for any infusion, or one for the first and one for later"]),
    ({"ramp": {"start": None}},
     ["infusion.ramps.0: give start, every and max, or in over the time that it runs"]),
    ({"ramp": {"every": None}},
     ["infusion.ramps.0: give start, every and max, or in over the time that it runs"]),
    ({"ramp": {"max": None}},
     ["infusion.ramps.0: give start, every and max, or in over the time that it runs"]),
    ({"ramp": {"over": Duration(1, "hour")}}, [f"infusion.ramps.0: {OVER}"]),
    ({"ramp": {"every": Duration(24, "hour")}}, []),
    ({"ramp": {"every": Duration(1441, "minute")}},
     ["infusion.ramps.0.every: 1441 minutes is longer than a day"]),
    ({"ramp": {"by": ml("0.01")}}, [f"infusion.ramps.0: {STEPS}"]),
    ({"ramp": {"then": ()}}, [f"infusion.ramps.0: {STEPS}"]),
    ({"ramp": {"then": (ml("0.01"), ml("0.04"))}},
     ["infusion.ramps.0.then: the rates do not rise"]),
    ({"ramp": {"then": (ml("0.03"), ml("0.02"), ml("0.04"))}},
     ["infusion.ramps.0.then: the rates do not rise"]),
    ({"ramp": {"then": (ml("0.02"), ml("0.05"))}},
     ["infusion.ramps.0.max: 0.05 mL/kg/min is above the maximum, 0.04 mL/kg/min"]),
    ({"ramp": {"then": (ml("0.02"), ml("0.03"))}},
     ["infusion.ramps.0.max: the last step does not run at the maximum, 0.04 mL/kg/min"]),
    ({"ramp": {"max_at_risk": ml("0.01")}}, []),
    ({"ramp": {"max_at_risk": ml("0.04")}}, []),
    ({"ramp": {"max_at_risk": ml("0.009")}},
     [f"infusion.ramps.0.max_at_risk: 0.009 mL/kg/min {RANGE}"]),
    ({"ramp": {"max_at_risk": ml("0.041")}},
     [f"infusion.ramps.0.max_at_risk: 0.041 mL/kg/min {RANGE}"]),
    ({"ramp": {"max_at_risk": mg("30")}},
     ["infusion.ramps.0: 30 mg/h is not in mL/kg/min, which goes with a product",
      f"infusion.ramps.0.max_at_risk: 30 mg/h {RANGE}"]),
    # from 50 to 400 mg/h are 350: 50 steps of 7
    ({"drug": "rituximab", "ramp": {"by": mg("7")}}, []),
    ({"drug": "rituximab", "ramp": {"by": mg("6.99")}},
     ["infusion.ramps.0.by: more than 50 steps to 400 mg/h"]),
    ({"drug": "rituximab", "ramp": {"start": mg("401")}},
     ["infusion.ramps.0.max: 401 mg/h is above the maximum, 400 mg/h"]),
    ({"drug": "methylprednisolone"}, []),
    ({"drug": "methylprednisolone", "ramp": {"over": Duration(30, "minute")}}, []),
    ({"drug": "methylprednisolone", "ramp": {"over": Duration(29, "minute")}},
     ["infusion.ramps.0.over: 29 minutes is shorter than 30 minutes"]),
    ({"drug": "methylprednisolone", "ramp": {"max": mg("400")}}, [f"infusion.ramps.0: {OVER}"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "says"), INFUSIONS, ids=lambda value: str(value)[:80])
def test_an_infusion_rises_to_its_maximum_and_never_above_it(change, says):
    assert infused(**change) == says


def reached(first=None, **changes):
    """Find what is wrong with a child's taper: 2 mg/kg/day, then 1 and 0.2, and the end."""
    name = "printo-2019"
    taper = TABLE.landmark_tapers[name]._replace(**changes)
    if first is not None:
        begin, *others = taper.landmarks
        taper = taper._replace(landmarks=(begin._replace(**first), *others))
    tapers = {**TABLE.landmark_tapers, name: taper}
    every = found(milestones.problems(TABLE._replace(landmark_tapers=tapers)))
    return [said.replace(f"landmark_tapers.{name}", "*") for said in every]


DOSES = TABLE.landmark_tapers["printo-2019"].landmarks
MONTHS = "a milestone is at one number of months"
ONE = "*.landmarks.0: give one of percent, dose and stop"
MILESTONES = [
    ({}, []),
    ({"start": Rate.parse("1-2 mg/kg/day")},
     ["*.start: 1-2 mg/kg/day: milestones start from one dose per kg and day"]),
    ({"start": Rate.parse("2 mg/kg/week"), "landmarks": DOSES[2:]},
     ["*.start: 2 mg/kg/week: milestones start from one dose per kg and day"]),
    ({"max": Rate.parse("80 mg/day")}, []),
    ({"max": Rate.parse("80 mg/week")},
     ["*.max: 80 mg/week cannot cap 2 mg/kg/day: it must be mg/day"]),
    ({"landmarks": ()}, ["*.landmarks: no milestones"]),
    ({"landmarks": (DOSES[0], DOSES[2], DOSES[1])}, ["*.landmarks: a milestone after the end"]),
    ({"landmarks": (DOSES[1], DOSES[0]._replace(at=None, after=DOSES[1].after))},
     ["*.landmarks: a dose rises from one milestone to the next"]),
    ({"first": {"at": Interval(6, 6, "month")}}, []),
    ({"first": {"at": Interval(2, 3, "month")}}, [f"*.landmarks.0.at: 2-3 months: {MONTHS}"]),
    ({"first": {"at": Interval(8, 8, "week")}}, [f"*.landmarks.0.at: 8 weeks: {MONTHS}"]),
    ({"first": {"at": None}},
     ["*.landmarks.0: give either at, from the start, or after, from the milestone before"]),
    ({"first": {"stop": True}}, [ONE, "*.landmarks: a milestone after the end"]),
    ({"first": {"dose": None}}, [ONE]),
    ({"first": {"percent": Percent.parse("50%")}}, [ONE]),
    ({"first": {"dose": Rate.parse("2 mg/kg/day")}}, []),
    ({"first": {"dose": Rate.parse("2.1 mg/kg/day")}},
     ["*.landmarks.0.dose: 2.1 mg/kg/day is above the start, 2 mg/kg/day"]),
    ({"first": {"dose": Rate.parse("0.5-1 mg/kg/day")}},
     ["*.landmarks.0.dose: 0.5-1 mg/kg/day is not one dose like the start, 2 mg/kg/day"]),
    ({"first": {"dose": Rate.parse("1 mg/day")}},
     ["*.landmarks.0.dose: 1 mg/day is not one dose like the start, 2 mg/kg/day"]),
    ({"first": {"condition": "If it has fallen by 50-95%."}},
     ["*.landmarks.0.condition: 50-95 per cent is in none of its quotes"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "says"), MILESTONES, ids=lambda value: str(value)[:80])
def test_milestones_of_a_child_fall_from_the_start_to_the_end(change, says):
    assert reached(**change) == says


def titrated(**changes):
    """Find what is wrong with a titration of azathioprine: 50, 100 and 150 mg, 2 weeks each."""
    name = "edrheum-azathioprine"
    changed = {**TABLE.titrations, name: TABLE.titrations[name]._replace(**changes)}
    every = found(titrations.problems(TABLE._replace(titrations=changed)))
    return [said.replace(f"titrations.{name}", "*") for said in every]


TITRATIONS = [
    ({}, []),
    ({"every": None}, ["*: levels need the length of each, in every"]),
    ({"hold": Interval(4, 4, "week")}, []),
    ({"hold": Interval(1, 1, "month")}, ["*.hold: 1 month: a hold is in days or weeks"]),
    ({"max": Rate.parse("150 mg/day")}, []),
    ({"max": Rate.parse("150 mg/week")}, ["*.max: 150 mg/week is not in mg/day, as its target is"]),
]


@pytest.mark.parametrize(("change", "says"), TITRATIONS, ids=lambda value: str(value)[:80])
def test_a_titration_is_in_the_time_of_its_target(change, says):
    assert titrated(**change) == says


DAILY, WEEKLY = Rate.parse("2 mg/kg/day"), Rate.parse("10 mg/week")
NO_TARGET = ["*.drug: this drug has no target on the reference"]


@pytest.mark.parametrize(
    ("targets", "says"),
    [
        ((DAILY, WEEKLY), []),
        (
            (WEEKLY, DAILY),
            [f"*.levels: {level} mg/day is not in mg/week, as its target is"
             for level in (50, 100, 150)],
        ),
        ((None,), NO_TARGET),
        ((), NO_TARGET),
    ],
)  # fmt: skip
def test_a_titration_goes_up_to_the_first_target_that_has_a_dose(targets, says):
    drug = TABLE.drugs["azathioprine"]
    start, target = drug.regimens
    regimens = (start, *(target._replace(dose=dose) for dose in targets))
    drugs = {"azathioprine": drug._replace(regimens=regimens)}
    name = "edrheum-azathioprine"
    only = {name: TABLE.titrations[name]._replace(default=True)}
    every = found(titrations.problems(TABLE._replace(drugs=drugs, titrations=only)))
    assert [said.replace(f"titrations.{name}", "*") for said in every] == says


def equivalent(**changes):
    """Find what is wrong with the equivalents of corticosteroids."""
    changed = TABLE._replace(equivalence=TABLE.equivalence._replace(**changes))
    return found(formulas.problems(changed))


PULSE = TABLE.equivalence.pulses[0]
EQUIVALENTS = [
    ({}, []),
    ({"routes": ()}, ["equivalence.routes: no route: say for which the sources give the amounts"]),
    ({"pulses": ()},
     ["equivalence.pulses: no pulse: say from which amount on nothing is converted"]),
    ({"pulses": (PULSE._replace(amount=Amount(Decimal("0.001"), "mg")),)}, []),
    ({"pulses": (PULSE._replace(amount=Amount(Decimal(0), "mg")),)},
     ["equivalence.pulses.0.amount: 0 mg is not above 0"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "says"), EQUIVALENTS, ids=lambda value: str(value)[:80])
def test_a_pulse_of_nothing_limits_nothing(change, says):
    assert equivalent(**change) == says


def changed(part, name, **changes):
    """Find what is wrong with a table after a change in one of its drugs or tapers."""
    entries = getattr(TABLE, part)
    return found(
        rules(TABLE._replace(**{part: {**entries, name: entries[name]._replace(**changes)}}))
    )


@pytest.mark.parametrize(
    ("confirmed", "narrower"),
    [("30-300 kg", False), ("31-300 kg", True), ("30-299 kg", True), ("29-301 kg", False)],
)
def test_what_is_confirmed_of_a_weight_is_no_less_than_what_is_usual(confirmed, narrower):
    limits = TABLE.limits._replace(confirmed_weight=WeightRange.parse(confirmed))
    says = ["limits.confirmed_weight: narrower than the usual limits, 30-300 kg"]
    assert found(rules(TABLE._replace(limits=limits))) == (says if narrower else [])


@pytest.mark.parametrize(
    ("cap", "below"),
    [("3 g/day", False), ("3000 mg/day", False), ("2.999 g/day", True), ("2999 mg/day", True)],
)
def test_a_cap_may_be_the_dose_and_no_less(cap, below):
    (target,) = TABLE.drugs["mycophenolate"].regimens
    regimens = (target._replace(max=Rate.parse(cap)),)
    says = [f"drugs.mycophenolate.regimens.0.max: {cap} is below the dose 2-3 g/day"]
    assert changed("drugs", "mycophenolate", regimens=regimens) == (says if below else [])


@pytest.mark.parametrize(
    ("chosen", "outside"), [(2, True), (3, False), (4, False), (5, True)], ids=str
)
def test_the_hold_that_is_taken_is_within_that_of_the_source(chosen, outside):
    hold = Interval(chosen, chosen, "week")
    says = [f"daily_tapers.hhe-2018.hold_default: {chosen} weeks is outside the hold, 3-4 weeks"]
    assert changed("daily_tapers", "hhe-2018", hold_default=hold) == (says if outside else [])


@pytest.mark.parametrize("later", [0, 1])
def test_a_drug_is_not_reviewed_after_its_table(later):
    day = TABLE.reviewed + datetime.timedelta(days=later)
    says = ["drugs.prednisone.reviewed: later than the review of the whole table"]
    assert changed("drugs", "prednisone", reviewed=day) == (says if later else [])
