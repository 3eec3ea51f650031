"""What the rules of tapers refuse, on both sides of each limit: one part of a taper is changed."""

from __future__ import annotations

import pytest

from dmcalc.quantities.amount import Amount, Rate
from dmcalc.quantities.time import Interval
from dmcalc.table import load
from dmcalc.table.rules import tapers

TABLE = load().table
NAME = "hhe-2018"


def problems(table):
    """Write problems as a person reads them, of the taper that is changed without its name."""
    found = (f"{'.'.join(map(str, path))}: {text}" for path, text in tapers.problems(table))
    return [said.replace(f"daily_tapers.{NAME}", "*") for said in found]


def tapered(band=None, number=0, **changes):
    """Find what is wrong with a daily taper after a change in it, or in one of its bands."""
    taper = TABLE.daily_tapers[NAME]._replace(**changes)
    if band is not None:
        bands = list(taper.bands)
        bands[number] = bands[number]._replace(**band)
        taper = taper._replace(bands=tuple(bands))
    return problems(TABLE._replace(daily_tapers={**TABLE.daily_tapers, NAME: taper}))


def course(number=0, **changes):
    """Find what is wrong with the courses after a change in a posology of their drug."""
    drug = TABLE.drugs["ivig"]
    regimens = list(drug.regimens)
    regimens[number] = regimens[number]._replace(**changes)
    changed = {**TABLE.drugs, "ivig": drug._replace(regimens=tuple(regimens))}
    found = problems(TABLE._replace(drugs=changed))
    return [said.partition("drug: ")[2] for said in found if said.startswith("course_tapers")]


def weeks(low, high=None):
    return Interval(low, high or low, "week")


def amount(number):
    return Amount.parse(f"{number} mg")


MONTH = Interval(1, 1, "month")
#: Of hhe-2018: hold 3 to 4 weeks, by default 4; bands to 20, to 10 and to 0 mg.
TAPERS = [
    ({}, []),
    ({"hold_default": weeks(3)}, []),
    ({"hold_default": weeks(2)}, ["*.hold_default: 2 weeks is outside the hold, 3-4 weeks"]),
    ({"hold_default": weeks(5)}, ["*.hold_default: 5 weeks is outside the hold, 3-4 weeks"]),
    ({"hold_default": Interval(4, 4, "day")},
     ["*.hold_default: 4 days is outside the hold, 3-4 weeks"]),
    ({"hold_default": weeks(3, 4)},
     ["*.hold_default: 3-4 weeks: a default is one length, not a range"]),
    ({"hold_default": None}, ["*.hold: a range needs hold_default"]),
    ({"hold": weeks(4), "hold_default": None}, []),
    ({"hold": None}, ["*.hold_default: 4 weeks is outside the hold, None"]),
    ({"hold": MONTH, "hold_default": None}, ["*.hold: 1 month: a hold is in days or weeks"]),
    ({"max": Rate.parse("75 mg/day")}, []),
    ({"max": Rate.parse("1 g/day")}, ["*.max: 1 g/day is not in mg"]),
    ({"bands": ()}, ["*.bands: no bands"]),
    ({"band": {"every": MONTH}}, ["*.bands.0.every: the length of a step is in days or weeks"]),
    ({"number": 1, "band": {"starts_at": amount(21)}},
     ["*.bands.1.starts_at: 21 mg overlaps the band above, until 20 mg"]),
    ({"number": 1, "band": {"starts_at": amount(19)}},
     ["*.bands.1.starts_at: 19 mg leaves a gap to the band above, until 20 mg"]),
    ({"number": 2, "band": {"starts_at": None, "until": amount(9)}}, []),
    ({"number": 2, "band": {"starts_at": None, "until": amount(10)}},
     ["*.bands.2.until: 10 mg is not below 10 mg: the band is empty"]),
    ({"number": 2, "band": {"until": amount(11)}},
     ["*.bands.2.until: 11 mg is not below 10 mg: the band is empty"]),
    ({"band": {"decrease": Amount.parse("1 g")}}, ["*.bands.0.decrease: 1 g is not in mg"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "says"), TAPERS, ids=lambda value: str(value)[:80])
def test_bands_of_a_taper_follow_each_other_down(change, says):
    assert tapered(**change) == says


EACH = "courses need an amount per kg and course"
INTERVAL = "courses need one interval in weeks"
OTHER = "not at the interval or in the unit of the first"
ORDER = "the regimens of its drug do not follow each other from week 0"
COURSES = [
    ({}, []),
    ({"number": 1, "dose": Rate.parse("140 g/course")}, [f"maintenance: {EACH}"]),
    ({"number": 1, "dose": Rate.parse("2 g/m2/course")}, [f"maintenance: {EACH}"]),
    ({"number": 1, "dose": Rate.parse("2 g/kg/day")}, [f"maintenance: {EACH}"]),
    ({"number": 1, "dose": Rate.parse("2000 mg/kg/course")}, [f"maintenance: {OTHER}"]),
    ({"number": 1, "dose": None}, [f"maintenance: {EACH}", f"maintenance: {OTHER}"]),
    ({"number": 1, "every": weeks(3)}, [f"maintenance: {OTHER}"]),
    ({"number": 1, "every": weeks(4, 5)}, [f"maintenance: {INTERVAL}", f"maintenance: {OTHER}"]),
    ({"number": 1, "every": MONTH}, [f"maintenance: {INTERVAL}", f"maintenance: {OTHER}"]),
    ({"number": 1, "from_week": 1}, []),
    ({"number": 1, "from_week": None}, [ORDER]),
    ({"from_week": 1}, [ORDER]),
    ({"from_week": 17}, [ORDER]),
]


@pytest.mark.parametrize(("change", "says"), COURSES, ids=lambda value: str(value)[:80])
def test_courses_follow_each_other_in_one_unit_at_one_interval(change, says):
    assert course(**change) == says


def test_a_name_is_of_one_taper_and_a_drug_once_a_week_has_none():
    both = {**TABLE.course_tapers, NAME: TABLE.course_tapers["base-page"]}
    assert f"course_tapers.{NAME}: this name is also that of a taper of a daily dose" in problems(
        TABLE._replace(course_tapers=both)
    )
    assert "*.drug: a taper of a daily dose is for a drug that is given every day" in tapered(
        drug="methotrexate"
    )


NO_START = "*.drug: this drug has no daily regimen by severity, or of one dose, to start at"
NOT_DAILY = "*.drug: a taper of a daily dose is for a drug that is given every day"


@pytest.mark.parametrize(
    ("drug", "says"),
    [
        ("azathioprine", []),  # starts at 50 mg a day
        ("methylprednisolone", []),
        ("prednisolone", []),  # without a posology of the reference, and daily elsewhere
        ("mycophenolate", [NO_START]),  # a range that no severity chooses in
        ("rituximab", [NO_START, NOT_DAILY]),  # by the infusion
        ("ivig", [NO_START, NOT_DAILY]),
        ("cyclophosphamide", [NO_START, NOT_DAILY]),  # without an amount
        ("methotrexate", [NO_START, NOT_DAILY]),
    ],
)
def test_a_taper_of_a_daily_dose_starts_at_a_daily_dose(drug, says):
    assert [said for said in tapered(drug=drug) if said.startswith("*")] == says


@pytest.mark.parametrize(
    ("per", "says"), [("day", []), ("week", [NOT_DAILY]), ("dose", [NOT_DAILY])]
)
def test_a_drug_that_other_sources_alone_dose_is_tapered_where_all_of_them_are_daily(per, says):
    prednisolone = TABLE.drugs["prednisolone"]
    first, *others = prednisolone.alternatives
    first = first._replace(dose=Rate.parse(f"30 mg/{per}"))
    drug = prednisolone._replace(alternatives=(first, *others))
    taper = TABLE.daily_tapers[NAME]._replace(drug="prednisolone", default=True)
    changed = TABLE._replace(drugs={"prednisolone": drug}, daily_tapers={NAME: taper})
    assert [said for said in problems(changed) if said.startswith("*")] == says
    none = first._replace(dose=None)
    changed = changed._replace(drugs={"prednisolone": drug._replace(alternatives=(none,))})
    assert [said for said in problems(changed) if said.startswith("*")] == [NOT_DAILY]


def defaulted(*defaults):
    """Find what is wrong with as many tapers of prednisone, each the default or not."""
    taper = TABLE.daily_tapers[NAME]
    every = {f"t{n}": taper._replace(default=default) for n, default in enumerate(defaults)}
    table = TABLE._replace(daily_tapers=every, course_tapers={})
    return [said for said in problems(table) if said.startswith("drugs.")]


@pytest.mark.parametrize(
    ("defaults", "valid"),
    [((), True), ((True,), True), ((False,), False), ((True, False), True), ((True, True), False)],
)
def test_of_the_tapers_of_a_drug_one_is_the_default(defaults, valid):
    says = ["drugs.prednisone: of its tapers exactly one is the default"]
    assert defaulted(*defaults) == ([] if valid else says)
