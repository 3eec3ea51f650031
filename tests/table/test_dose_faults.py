"""One fault each of what is dosed: figures out of their quotes, caps, courses, methotrexate."""

from __future__ import annotations

import pytest

from tests.table.editing import TEXT, Fault, assert_reported, fault

PREDNISONE = "drugs.prednisone"
DRUG = TEXT[TEXT.index("\n  mycophenolate:\n") :]
POSOLOGY = DRUG[DRUG.index("    regimens:\n") : DRUG.index("    products:\n")]
REGIMEN = f"{PREDNISONE}.regimens.0"
MTX = "drugs.methotrexate"

FIGURES = {
    "doses a day that the quote does not give": fault(
        "times_daily: 2\n      population: Rheumatoid",
        "times_daily: 3\n      population: Rheumatoid",
        "drugs.ciclosporin.divided.times_daily",
        "3 is not in the quote",
    ),
    "another dose than in the quote": fault(
        "dose: 0.75-1 mg/kg/day",
        "dose: 0.5-1 mg/kg/day",
        f"{REGIMEN}.dose",
        "0.5-1 mg/kg/day is not in the quote",
    ),
    "decimal point for a dash": Fault(
        (("dose: 4 mg/kg/day", "dose: 1.5 mg/kg/day"), ('"4 mg/kg/day PO"', '"1-5 mg/kg/day PO"')),
        "drugs.ciclosporin.alternatives.0.dose",
        "1.5 mg/kg/day is not in the quote '1-5 mg/kg/day PO'",
        "dose: 1.5 mg/kg/day",
    ),
    "one end of a range": fault(
        "dose: 2-3 mg/kg/day",
        "dose: 3 mg/kg/day",
        "drugs.azathioprine.alternatives.0.dose",
        "is not in the quote",
    ),
    "another unit": fault(
        "dose: 2 g/kg/course",
        "dose: 2 mg/kg/course",
        "drugs.ivig.regimens.0.dose",
        "is not in the quote",
        alone=False,
    ),
    "another basis": fault(
        "dose: 600 mg/m2/dose",
        "dose: 600 mg/kg/dose",
        "drugs.cyclophosphamide.alternatives.2.dose",
        "is not in the quote",
    ),
    "another time": fault(
        "dose: 4 mg/kg/day",
        "dose: 4 mg/kg/week",
        "drugs.ciclosporin.alternatives.0.dose",
        "is not in the quote",
    ),
    "another cap": fault(
        "max: 100 mg/day",
        "max: 101 mg/day",
        f"{PREDNISONE}.alternatives.1.max",
        "101 mg/day is not in the quote",
    ),
    "another number of days": fault(
        "days: 3-5 days",
        "days: 3-7 days",
        "drugs.methylprednisolone.regimens.0.days",
        "3-7 days is not in the quote",
    ),
    "another interval": fault(
        "every: 4-6 weeks",
        "every: 4-6 days",
        "drugs.cyclophosphamide.regimens.0.every",
        "4-6 days is not in the quote",
    ),
    "another number of doses": fault(
        "doses: 2\n", "doses: 3\n", "drugs.rituximab.regimens.0.doses", "3 is not in"
    ),
    "weeks as a number of doses": fault(
        "        from_week: 16\n",
        "        from_week: 16\n        doses: 16\n",
        "drugs.ivig.regimens.1.doses",
        "16 is not in the quote",
        at="doses: 16",
    ),
    "doses as a week": fault(
        "        doses: 2\n        reading: The source",
        "        doses: 2\n        from_week: 2\n        reading: The source",
        "drugs.rituximab.regimens.0.from_week",
        "2 is not in the quote",
        at="from_week: 2",
    ),
    "another week": fault(
        "from_week: 16", "from_week: 12", "drugs.ivig.regimens.1.from_week", "12 is not in"
    ),
    "figure without a quote": fault(
        '{source: pmc10185598, quote: "4 mg/kg/day PO"}',
        "{source: pmc10185598}",
        "drugs.ciclosporin.alternatives.0.dose",
        "4 mg/kg/day has no quote",
        at="dose: 4 mg/kg/day",
    ),
    "figure of a note": fault(
        "The US label starts at 5 mg to 60 mg per day",
        "The US label starts at 5 mg to 65 mg per day",
        f"{PREDNISONE}.notes.3.text",
        "the figure 65 mg is in none of its quotes",
        at="text: >-",
        below="code: label-start-range",
    ),
    "figure of a note on steps": fault(
        "Adrenal insufficiency: at 4 to 6 mg daily",
        "Adrenal insufficiency: at 4 to 7 mg daily",
        f"{PREDNISONE}.step_notes.0.text",
        "is in none of its quotes",
        at="text: >-",
        below="at_or_below:",
    ),
}

DOSES = {
    "a warning from no source": fault(
        'cite: {source: managedermatomyositis, primary: goyal-2019, quote: "IV pulse therapy every '
        '4-6 weeks"}\n      - code: contraindications',
        "cite: []\n      - code: contraindications",
        "drugs.cyclophosphamide.notes.0.cite",
        "no source: what has none cannot be in the table",
        alone=False,
    ),
    "a product of nothing": fault(
        "strengths: [1 mg, 2.5 mg, 5 mg, 10 mg, 20 mg, 50 mg]",
        "strengths: []",
        f"{PREDNISONE}.products.0.strengths",
        "no strengths: there is nothing that can be dispensed",
    ),
    "cap of another time": fault(
        "max: 60-80 mg/day",
        "max: 60-80 mg/week",
        f"{REGIMEN}.max",
        "60-80 mg/week cannot cap 0.75-1 mg/kg/day: it must be mg/day",
        alone=False,
    ),
    "cap for each dose": fault(
        "max: 60-80 mg/day",
        "max: 60-80 mg/dose",
        f"{REGIMEN}.max",
        "it must be mg/day",
        alone=False,
    ),
    "cap with a basis": fault(
        "max: 60-80 mg/day",
        "max: 60-80 mg/kg/day",
        f"{REGIMEN}.max",
        "it must be mg/day",
        alone=False,
    ),
    "cap below a fixed dose": Fault(
        (
            (
                "        dose: 2 g/day\n",
                "        dose: 2 g/day\n        max: 1 g/day\n",
            ),
            ('"Up-titrate to 2 g/day PO"', '"Up-titrate to 2 g/day PO, at most 1 g"'),
        ),
        "drugs.mycophenolate.alternatives.1.max",
        "1 g/day is below the dose 2 g/day",
        "max: 1 g/day",
        "  mycophenolate:\n",
    ),
    "cap without a dose": fault(
        "        every: 4-6 weeks\n        no_dose:",
        "        every: 4-6 weeks\n        max: 1 g/dose\n        no_dose:",
        "drugs.cyclophosphamide.regimens.0.max",
        "a cap without a dose",
        at="max: 1 g/dose\n        no_dose",
        alone=False,
    ),
    "both a dose and a reason": fault(
        "        dose: 2-3 g/day\n",
        "        dose: 2-3 g/day\n        no_dose: None.\n",
        "drugs.mycophenolate.regimens.0",
        "give either a dose or, in no_dose, why there is none",
        at="- phase: target\n        dose: 2-3 g/day",
    ),
    "no posology at all": fault(
        POSOLOGY,
        "    regimens: []\n",
        "drugs.mycophenolate.regimens",
        "no base regimen",
        below="\n  mycophenolate:",
        alone=False,
    ),
    "neither a dose nor a reason": fault(
        "        no_dose: The source gives a schedule and no dose.\n",
        "",
        "drugs.cyclophosphamide.regimens.0",
        "give either a dose or, in no_dose, why there is none",
        at="- phase: pulse",
        below="  cyclophosphamide:\n",
    ),
    "severity without a range": fault(
        "dose: 4 mg/kg/day\n",
        "dose: 4 mg/kg/day\n        by_severity: {mild: low, moderate: low, severe: high}\n",
        "drugs.ciclosporin.alternatives.0.by_severity",
        "there is no range to choose an end of",
        at="by_severity: {mild: low, moderate: low",
    ),
    "course without days": fault(
        "        dose: 2 g/kg/course\n        days: 2 days\n",
        "        dose: 2 g/kg/course\n",
        "drugs.ivig.alternatives.1",
        "an amount for a course needs the days that it is divided over",
        at="- id: ontario",
    ),
    "days of a course in weeks": Fault(
        (("days: 2 days", "days: 2 weeks"), ("be given over 2 days", "be given over 2 weeks")),
        "drugs.ivig.alternatives.1.days",
        "days",
        "days: 2 weeks",
    ),
    "a choice at a severity that points to no drug": Fault(
        (
            (
                "      indicated: false\n      reason: Started",
                "      indicated: false\n      choice_group: parallel\n      reason: Started",
            ),
        ),
        "indications.parallel.mild.choice_group",
        "a choice is among drugs that are indicated",
        "choice_group: parallel",
    ),
}

WEEKLY = {
    "daily methotrexate": Fault(
        (
            ("dose: 10 mg/week", "dose: 10 mg/day"),
            ('"Start 10 mg/week; up to', '"Start 10 mg/day, 10 mg/week; up to'),
        ),
        f"{MTX}.regimens.0.dose",
        "10 mg/day: this drug is given once a week, so only .../week loads",
        "dose: 10 mg/day",
    ),
    "methotrexate for each dose": fault(
        "dose: 10 mg/week",
        "dose: 10 mg/dose",
        f"{MTX}.regimens.0.dose",
        "10 mg/dose: this drug is given once a week",
        alone=False,
    ),
    "methotrexate that is not marked": fault(
        "    once_weekly: true\n",
        "",
        MTX,
        "methotrexate is given once a week: once_weekly must be true",
        at="  methotrexate:\n",
        alone=False,
    ),
    "methotrexate that is marked as daily": fault(
        "once_weekly: true",
        "once_weekly: false",
        MTX,
        "must be true",
        at="  methotrexate:\n",
        alone=False,
    ),
    "methotrexate at another interval": Fault(
        (
            ("dose: 15-25 mg/week\n", "dose: 15-25 mg/week\n        every: 1 day\n"),
            ("with folate 1 mg/day", "every day"),
        ),
        f"{MTX}.alternatives.0.every",
        "no other interval loads",
        "every: 1 day",
    ),
}


@pytest.mark.parametrize("wrong", FIGURES.values(), ids=FIGURES)
def test_figure_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)


@pytest.mark.parametrize("wrong", DOSES.values(), ids=DOSES)
def test_dose_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)


@pytest.mark.parametrize("wrong", WEEKLY.values(), ids=WEEKLY)
def test_daily_methotrexate_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)
