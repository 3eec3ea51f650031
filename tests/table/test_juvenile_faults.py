"""One fault each of what the table holds on children: posology, landmarks, shares."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.quantities.amount import Rate
from dmcalc.quantities.bounds import Percent
from dmcalc.sources import quotes
from dmcalc.table.rules.milestones import months
from tests.table.editing import TEXT, Fault, assert_reported, fault, load, refusal

HALF = "        percent: 50%\n"
QUARTER = "      - at: 4 months\n        percent: 25%\n"
SHARE = "        dose: 15-20 mg/m2/week\n"
PRINTO = "        dose: 1 mg/kg/day\n        condition: If any core"

FAULTS = {
    "a dose for children that is not in the quote": fault(
        SHARE,
        "        dose: 15-25 mg/m2/week\n",
        "drugs.methotrexate.juvenile.0.dose",
        "15-25 mg/m2/week is not in the quote",
    ),
    "a daily methotrexate for children": fault(
        SHARE,
        "        dose: 15-20 mg/m2/day\n",
        "drugs.methotrexate.juvenile.0.dose",
        "only .../week loads",
        alone=False,
    ),
    "a dose for children from the reference": fault(
        "        cite: {source: ontario-jdm, quote:",
        "        cite: {source: managedermatomyositis, quote:",
        "drugs.ivig.juvenile.0.cite",
        "and no other posology",
    ),
    "a dose for children without a population": Fault(
        (("        population: Juvenile dermatomyositis (Ontario)\n", ""),),
        "drugs.ivig.juvenile.0",
        "says in population whom",
        "id: ontario-juvenile",
    ),
    "a route that there is not": fault(
        "        route: subcutaneous\n",
        "        route: under the skin\n",
        "drugs.methotrexate.juvenile.0.route",
        "Input should be",
    ),
    "a taper after the pulses of no drug": fault(
        "    follows: methylprednisolone\n",
        "    follows: methylprednisolon\n",
        "landmark_tapers.printo-2019.follows",
        "'methylprednisolon' is not one of the drugs",
    ),
    "a share that is not in the quote": fault(
        HALF,
        "        percent: 55%\n",
        "landmark_tapers.hinze-2018.landmarks.1.percent",
        "55% is not in the quote",
    ),
    "a share above the whole": fault(
        HALF,
        "        percent: 150%\n",
        "landmark_tapers.hinze-2018.landmarks.1.percent",
        "is not written like",
    ),
    "a share without its sign": fault(
        HALF,
        '        percent: "50"\n',
        "landmark_tapers.hinze-2018.landmarks.1.percent",
        "is not written like",
    ),
    "a month that is not in the quote": fault(
        QUARTER,
        "      - at: 5 months\n        percent: 25%\n",
        "landmark_tapers.hinze-2018.landmarks.2.at",
        "5 months is not in the quote",
    ),
    "a landmark in weeks": fault(
        QUARTER,
        "      - at: 4 weeks\n        percent: 25%\n",
        "landmark_tapers.hinze-2018.landmarks.2.at",
        "a milestone is at one number of months",
        alone=False,
    ),
    "a landmark at no time": Fault(
        ((QUARTER, "      - percent: 25%\n"),),
        "landmark_tapers.hinze-2018.landmarks.2",
        "give either at, from the start, or after",
        "- percent: 25%",
        alone=False,
    ),
    "a landmark with two doses": Fault(
        ((HALF, f"{HALF}        stop: true\n"),),
        "landmark_tapers.hinze-2018.landmarks.1",
        "give one of percent, dose and stop",
        "- at: 2 months",
        alone=False,
    ),
    "landmarks out of order": Fault(
        (("      - at: 4 months\n", "      - at: 12 months\n"),),
        "landmark_tapers.hinze-2018.landmarks",
        "not in order of time",
        "    landmarks:\n      - at: 1 month\n",
        alone=False,
    ),
    "a dose that rises": Fault(
        ((QUARTER, "      - at: 4 months\n        percent: 100%\n"),),
        "landmark_tapers.hinze-2018.landmarks",
        "a dose rises from one milestone to the next",
        "    landmarks:\n      - at: 1 month\n",
    ),
    "a landmark above the start": fault(
        PRINTO,
        PRINTO.replace("1 mg/kg/day", "3 mg/kg/day"),
        "landmark_tapers.printo-2019.landmarks.0.dose",
        "3 mg/kg/day is above the start, 2 mg/kg/day",
        alone=False,
    ),
    "a condition with a figure of its own": fault(
        "        condition: If any core set measure has fallen by 50-94%",
        "        condition: If any core set measure has fallen by 40-94%",
        "landmark_tapers.printo-2019.landmarks.0.condition",
        "40-94 per cent is in none of its quotes",
    ),
    "a start that is a range": fault(
        "    start: 2 mg/kg/day\n    max: 60",
        "    start: 1-2 mg/kg/day\n    max: 60",
        "landmark_tapers.hinze-2018.start",
        "milestones start from one dose per kg and day",
        alone=False,
    ),
    "landmarks of a drug that there is not": Fault(
        (("  printo-2019:\n    drug: prednisone\n", "  printo-2019:\n    drug: prednisolon\n"),),
        "landmark_tapers.printo-2019.drug",
        "'prednisolon' is not one of the drugs",
        "drug: prednisolon\n",
    ),
    "landmarks of a drug for once a week": Fault(
        (("  printo-2019:\n    drug: prednisone\n", "  printo-2019:\n    drug: methotrexate\n"),),
        "landmark_tapers.printo-2019.drug",
        "given every day",
        "drug: methotrexate\n    name: PRINTO",
        alone=False,
    ),
}


@pytest.mark.parametrize("wrong", FAULTS.values(), ids=FAULTS)
def test_fault_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)


def test_the_table_without_a_default_of_landmarks_is_refused(tmp_path):
    head, _, rest = TEXT.partition("landmark_tapers:\n")
    changed = f"{head}landmark_tapers:\n" + rest.replace("    default: true\n", "", 1)
    assert "of its tapers by milestones exactly one is the default" in refusal(tmp_path, changed)


def test_months_are_added_up(tmp_path):
    tapers = load(tmp_path, TEXT).landmark_tapers
    assert months(tapers["hinze-2018"]) == (1, 2, 4, 6, 12)
    assert months(tapers["printo-2019"]) == (2, 6, 24)


@pytest.mark.parametrize(
    ("quote", "there"),
    [
        ("12.5% at 6 months", True),
        ("12.5 per cent", True),
        ("112.5%", False),
        ("12.55%", False),
        ("12.5-20%", False),
        ("2.12.5%", False),
        ("12.5 mg", False),
        (">12.5%", False),
    ],
)
def test_a_share_stands_as_a_whole(quote, there):
    assert quotes.in_quote(Percent.parse("12.5%"), quote) is there


@pytest.mark.parametrize(
    ("rate", "there"),
    [
        ("2 mg/kg/day", True),
        ("1 mg/kg/day", True),
        ("1-2 mg/kg/day", False),
        ("1.5 mg/kg/day", False),
    ],
)
def test_the_ends_of_a_fall_stand_in_its_quote(rate, there):
    assert quotes.in_quote(Rate.parse(rate), "tapered from 2 to 1 mg/kg/day") is there


def test_the_end_of_a_range_is_not_a_dose():
    assert not quotes.in_quote(Rate.parse("2 mg/kg/day"), "1 to 2 mg/kg/day")


def test_a_share_is_written_strictly():
    assert Percent.parse("12.5%").value == Decimal("12.5")
    for text in ("0%", "100.5%", "101%", "12.5", "012%", "-5%", "5 %"):
        with pytest.raises(ValueError, match="not written like"):
            Percent.parse(text)
