"""Why a row of a statement has no dose: the first reason of all, at the edge of each limit."""

from __future__ import annotations

import pytest

from .test_statement import ALL, answers

ADULT = {"weight_kg": "70", "age_years": 40}
CHILD = {"weight_kg": "30", "age_years": 9}
#: A posology of each drug, and patients with the code that it has for them; None where it has a
#: dose.
CASES = {
    "prednisone.induction": [
        ({**ADULT}, None),
        ({"weight_kg": "70"}, None),  # who has no age counts as an adult
        ({**ADULT, "weight_kg": None}, "no-body-weight"),
        ({**ADULT, "weight_kg": "29.999"}, "implausible-weight"),
        ({**ADULT, "weight_kg": "30"}, None),
        ({**ADULT, "weight_kg": "300"}, None),
        ({**ADULT, "weight_kg": "300.001"}, "implausible-weight"),
        ({**ADULT, "weight_kg": "70.1234"}, "implausible-weight"),
        ({**ADULT, "age_years": 18}, None),
        ({**ADULT, "age_years": 130}, None),
        ({**ADULT, "age_years": 131}, "implausible-age"),
        ({**ADULT, "age_years": "40.5"}, "implausible-age"),
        ({**ADULT, "severity": "MILD"}, None),
        ({**ADULT, "severity": "dire"}, "unknown-severity"),
        ({**ADULT, "tpmt": "odd"}, "unknown-tpmt"),
        ({**ADULT, "nudt15": "odd"}, "unknown-nudt15"),
        ({**ADULT, "bsa_m2": "4.0001"}, "implausible-bsa"),
        ({**ADULT, "bsa_m2": "1.85"}, None),
        ({**ADULT, "egfr_ml_min_173m2": "0"}, None),
        ({**ADULT, "egfr_ml_min_173m2": "300"}, None),
        ({**ADULT, "egfr_ml_min_173m2": "300.0001"}, "implausible-egfr"),
        ({**ADULT, "crcl_ml_min": "300.0001"}, "implausible-crcl"),
        # of several reasons the first one is said
        ({**ADULT, "severity": "dire", "weight_kg": "29"}, "unknown-severity"),
    ],
    "prednisone.bsr-2022": [
        ({**CHILD}, None),
        ({**CHILD, "tpmt": "normal"}, "facts-of-adults"),
        ({**CHILD, "egfr_ml_min_173m2": "90"}, "facts-of-adults"),
        ({**CHILD, "taking_allopurinol": True}, "facts-of-adults"),
        ({**CHILD, "taking_allopurinol": False}, None),
        ({**CHILD, "condition_pregnancy": True}, "facts-of-adults"),
        ({**CHILD, "weight_kg": "5"}, "implausible-weight"),
        ({**CHILD, "weight_kg": "90"}, "implausible-weight"),
        ({**CHILD, "bsa_m2": "3"}, "implausible-bsa"),
        ({**CHILD, "bsa_m2": "1.1"}, None),
        ({**CHILD, "weight_kg": None}, "no-body-weight"),
    ],
    "azathioprine.target": [
        ({**ADULT}, None),
        ({**CHILD}, "no-posology-for-children"),
        ({**ADULT, "age_years": 17}, "no-posology-for-children"),
        ({**ADULT, "taking_febuxostat": True}, "rule"),
        ({**ADULT, "taking_febuxostat": False}, None),
        ({**ADULT, "tpmt": "poor"}, "rule"),
        ({**ADULT, "tpmt": "intermediate"}, "no-dose-genotype"),
        # for both of them a source gives a share
        ({**ADULT, "tpmt": "intermediate", "nudt15": "intermediate"}, None),
        ({**ADULT, "tpmt": "normal", "nudt15": "normal"}, None),
        # the drug is refused whatever the dose would be
        ({**ADULT, "tpmt": "intermediate", "nudt15": "poor"}, "rule"),
        # limits of the program come first
        ({**ADULT, "tpmt": "poor", "weight_kg": "29"}, "implausible-weight"),
    ],
}


@pytest.mark.parametrize("regimen", CASES)
def test_a_row_without_a_dose_says_the_first_reason(regimen):
    patients, codes = zip(*CASES[regimen], strict=True)
    rows = answers(regimen.partition(".")[0], list(patients), ALL)
    found = [rows[n, regimen] for n in range(len(patients))]
    assert [row["code"] for row in found] == list(codes)
    assert all((row["low"] is None) == (row["code"] is not None) for row in found)


def test_what_a_row_leaves_open_is_named_by_its_columns_alone():
    patients = [
        {**ADULT},
        {**ADULT, "tpmt": "normal", "nudt15": "normal", "crcl_ml_min": "90"},
        {"weight_kg": "70", **dict.fromkeys(("taking_allopurinol", "taking_febuxostat"), False)},
    ]
    given = (
        "age_years",
        "tpmt",
        "nudt15",
        "crcl_ml_min",
        "taking_allopurinol",
        "taking_febuxostat",
    )
    rows = answers("azathioprine", patients, given)
    # the rules that go by eGFR and by a stated condition have no column at all
    always = ["azathioprine-egfr-below-30", "azathioprine-severe-renal"]
    assert [rows[n, "azathioprine.target"]["not_checked"].split("; ") for n in range(3)] == [
        [*always, "tpmt", "nudt15", "crcl_ml_min", "taking_allopurinol", "taking_febuxostat"],
        [*always, "taking_allopurinol", "taking_febuxostat"],
        [*always, "age_years", "tpmt", "nudt15", "crcl_ml_min"],
    ]


RENAL = ["egfr_ml_min_173m2", "crcl_ml_min"]


@pytest.mark.parametrize(
    ("regimen", "columns"),
    [
        ("prednisone.induction", []),
        ("tacrolimus.target", []),
        (
            "mycophenolate.target",
            [*RENAL, "condition_pregnancy", "condition_severe_renal_impairment"],
        ),
        # that nothing else puts the kidneys at risk is asked, too
        (
            "ciclosporin.target",
            [
                *(*RENAL, "condition_severe_renal_impairment"),
                *("condition_mild_renal_impairment", "condition_no_renal_risk"),
            ],
        ),
        # of an age that is known nothing is open
        ("cyclophosphamide.pulse", ["crcl_ml_min", "condition_pregnancy"]),
    ],
)
def test_only_what_a_rule_of_the_drug_asks_is_left_open(regimen, columns):
    rows = answers(regimen.partition(".")[0], [ADULT], ALL)
    listed = (rows[0, regimen]["not_checked"] or "").split("; ")
    assert [name for name in listed if name in ALL] == columns
