"""One fault each of the tapers: bands, holds, defaults, and the regimens that they start from."""

from __future__ import annotations

import pytest

from tests.table.editing import TEXT, Fault, assert_reported, fault

HHE = "daily_tapers.hhe-2018"
ETG = "daily_tapers.etg"
ESE = "daily_tapers.ese-es-2024"
COURSES = "course_tapers.base-page"
STEPS = '{source: etg, quote: "reduce daily dose by 5 mg every 2 weeks to 25 mg daily"}'
COURSE = "2 g/kg divided in equal doses given over 2-5 consecutive days every 4 weeks"

BANDS = {
    "gap between bands": fault(
        "- starts_at: 10 mg\n        until: 5 mg",
        "- starts_at: 9 mg\n        until: 5 mg",
        f"{ESE}.bands.3.starts_at",
        "9 mg leaves a gap to the band above, until 10 mg",
        alone=False,  # 9 mg stands in no quote either
    ),
    "overlap of bands": fault(
        "- starts_at: 20 mg\n        until: 10 mg\n        decrease: 2.5 mg",
        "- starts_at: 40 mg\n        until: 10 mg\n        decrease: 2.5 mg",
        f"{ESE}.bands.2.starts_at",
        "40 mg overlaps the band above, until 20 mg",
        at="- starts_at: 40 mg\n        until: 10 mg",
        alone=False,
    ),
    "edge in another unit": fault(
        "- starts_at: 10 mg\n        until: 5 mg",
        "- starts_at: 10 g\n        until: 5 mg",
        f"{ESE}.bands.3.starts_at",
        "10 g",
        alone=False,
    ),
    "empty band": Fault(
        (("        until: 5 mg\n", "        until: 10 mg\n"),),
        f"{ESE}.bands.3.until",
        "10 mg is not below 10 mg: the band is empty",
        "until: 10 mg",
        below="- starts_at: 10 mg\n        until: 10 mg",
    ),
    "band that runs upwards": fault(
        "until: 0 mg",
        "until: 12 mg",
        f"{HHE}.bands.2.until",
        "12 mg is not below 10 mg",
        alone=False,
    ),
    "first band upside down": fault(
        "      - until: 20 mg\n",
        "      - starts_at: 20 mg\n        until: 20 mg\n",
        f"{HHE}.bands.0.until",
        "20 mg is not below 20 mg: the band is empty",
        at="until: 20 mg",
        below="- starts_at: 20 mg\n        until: 20 mg",
    ),
    "no bands": Fault(
        (
            (
                TEXT[
                    TEXT.index("    bands:\n      - until: 25 mg") : TEXT.index(
                        "    ends: Below 25"
                    )
                ],
                "    bands: []\n",
            ),
        ),
        f"{ETG}.bands",
        "no bands",
        "bands: []",
    ),
    "decrement in another unit": fault(
        "decrease: 10 mg",
        "decrease: 10 g",
        f"{HHE}.bands.0.decrease",
        "10 g is not in mg",
        alone=False,
    ),
    "step in months": Fault(
        (
            (f"every: 2 weeks\n        cite: {STEPS}", f"every: 2 months\n        cite: {STEPS}"),
            (f"{STEPS}\n    ends", f"{STEPS.replace('2 weeks', '2 months')}\n    ends"),
        ),
        f"{ETG}.bands.0.every",
        "the length of a step is in days or weeks",
        "every: 2 months",
    ),
    "decrement that stands in no quote": fault(
        "decrease: 1 mg",
        "decrease: 2 mg",
        f"{ESE}.bands.3.decrease",
        "2 mg is not in the quote '5–10 mg 1 mg decrease Every 1–4 weeks'",
    ),
    "interval that stands in no quote": fault(
        "every: 4-12 weeks",
        "every: 2-12 weeks",
        f"{HHE}.bands.2.every",
        "2-12 weeks is not in the quote",
    ),
}

HOLDS = {
    "default above the hold": fault(
        "hold_default: 4 weeks",
        "hold_default: 5 weeks",
        f"{HHE}.hold_default",
        "5 weeks is outside the hold, 3-4 weeks",
    ),
    "default below the hold": fault(
        "hold_default: 4 weeks",
        "hold_default: 2 weeks",
        f"{HHE}.hold_default",
        "2 weeks is outside the hold, 3-4 weeks",
    ),
    "default in another period": fault(
        "hold_default: 4 weeks",
        "hold_default: 4 days",
        f"{HHE}.hold_default",
        "4 days is outside the hold, 3-4 weeks",
    ),
    "default that is a range": fault(
        "hold_default: 4 weeks", "hold_default: 3-4 weeks", f"{HHE}.hold_default", "3-4 weeks"
    ),
    "default without a hold": fault(
        "    hold: 3-4 weeks\n",
        "",
        f"{HHE}.hold_default",
        "4 weeks is outside the hold, None",
        at="hold_default:",
    ),
    "range without a default": fault(
        "    hold_default: 4 weeks\n",
        "",
        f"{HHE}.hold",
        "a range needs hold_default",
        at="hold: 3-4 weeks",
    ),
    "hold in months": Fault(
        (
            ("    hold: 6 weeks\n", "    hold: 6 months\n"),
            ('for 6 weeks"}\n    bands', 'for 6 months"}\n    bands'),
        ),
        f"{ETG}.hold",
        "days or weeks",
        "hold: 6 months",
        alone=False,
    ),
    "hold that stands in no quote": fault(
        "    hold: 6 weeks\n", "    hold: 7 weeks\n", f"{ETG}.hold", "7 weeks is not in"
    ),
    "cap that stands in no quote": fault(
        "    max: 75 mg\n",
        "    max: 80 mg\n",
        f"{ETG}.max",
        "80 mg is not in",
        below="  etg:\n    drug",
    ),
}

DEFAULTS = {
    "two defaults": fault(
        "    max: 75 mg\n",
        "    default: true\n    max: 75 mg\n",
        "drugs.prednisone",
        "of its tapers exactly one is the default",
        at="  prednisone:\n",
    ),
    "no default": fault(
        "    default: true\n    hold: 3-4 weeks",
        "    hold: 3-4 weeks",
        "drugs.prednisone",
        "of its tapers exactly one is the default",
        at="  prednisone:\n",
    ),
    "unlisted drug": fault(
        "    also: [prednisolone]\n    name: Therapeutic",
        "    also: [prednisolon]\n    name: Therapeutic",
        f"{ETG}.drug",
        "'prednisolon' is not one of the drugs",
        at="    drug: prednisone\n    also",
    ),
    "one name for two tapers": fault(
        "course_tapers:\n  base-page:",
        "course_tapers:\n  etg:",
        "course_tapers.etg",
        "this name is also that of a taper of a daily dose",
        at="  etg:",
        below="course_tapers:",
        alone=False,
    ),
}

STARTS = {
    "drug without a dose by severity": fault(
        "        by_severity: {mild: low, moderate: high, severe: high}\n",
        "",
        f"{ETG}.drug",
        "this drug has no daily regimen by severity, or of one dose, to start at",
        at="    drug: prednisone",
        below="  etg:\n    drug",
        alone=False,
    ),
    "weekly drug tapered daily": Fault(
        (
            (
                "dose: 20-25 mg/week\n",
                "dose: 20-25 mg/week\n"
                "        by_severity: {mild: low, moderate: high, severe: high}\n",
            ),
            (
                "    drug: prednisone\n    also: [prednisolone]\n    name: Therapeutic",
                "    drug: methotrexate\n    default: true\n    name: Therapeutic",
            ),
        ),
        f"{ETG}.drug",
        "day",
        "    drug: methotrexate",
        below="  etg:\n    drug",
        alone=False,
    ),
}

COURSE_FAULTS = {
    "another drug": fault(
        "    drug: ivig\n",
        "    drug: rituximab\n",
        f"{COURSES}.drug",
        "courses need an amount per kg and course",
        alone=False,
    ),
    "interval that is a range": Fault(
        (
            (
                "every: 4 weeks\n        reading: 2 g/kg",
                "every: 4-6 weeks\n        reading: 2 g/kg",
            ),
            (f'"{COURSE}"', f'"{COURSE.replace("4 weeks", "4-6 weeks")}"'),
        ),
        f"{COURSES}.drug",
        "induction: courses need one interval in weeks",
        "    drug: ivig",
        alone=False,
    ),
    "first course that comes later": fault(
        "        days: 2-5 days\n",
        "        days: 2-5 days\n        from_week: 4\n",
        f"{COURSES}.drug",
        "do not follow each other from week 0",
        at="    drug: ivig",
        alone=False,
    ),
    "two regimens from one week": fault(
        "        from_week: 16\n",
        "",
        f"{COURSES}.drug",
        "do not follow each other from week 0",
        at="    drug: ivig",
    ),
    "number of courses that stands in no quote": fault(
        "courses: 10", "courses: 12", f"{COURSES}.courses", "12 is not in the quote"
    ),
}


@pytest.mark.parametrize("wrong", BANDS.values(), ids=BANDS)
def test_band_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)


@pytest.mark.parametrize("wrong", HOLDS.values(), ids=HOLDS)
def test_hold_or_cap_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)


@pytest.mark.parametrize("wrong", DEFAULTS.values(), ids=DEFAULTS)
def test_default_or_drug_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)


@pytest.mark.parametrize("wrong", STARTS.values(), ids=STARTS)
def test_start_that_is_no_daily_dose_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)


@pytest.mark.parametrize("wrong", COURSE_FAULTS.values(), ids=COURSE_FAULTS)
def test_course_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)
