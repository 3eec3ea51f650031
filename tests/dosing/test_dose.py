from __future__ import annotations

import itertools
from decimal import Decimal

import pytest

from dmcalc.dosing import regimen
from dmcalc.dosing.dose import compute_doses, dose, prepare_doses
from dmcalc.dosing.paediatric import highest_cap
from dmcalc.errors import PatientError

D = Decimal

# weight: low and high of each regimen, and of an immunoglobulin course its day; worked by hand
WORKED = {
    "70": {
        "prednisone.induction": ("52.5", "70"),
        "azathioprine.target": ("140", "175"),
        "ivig.induction": ("140", "140", "28", "70"),
        "ivig.maintenance": ("70", "140", "14", "70"),
        "ciclosporin.target": ("175", "350"),
        "tacrolimus.target": ("7", "14"),
    },
    "85": {
        "prednisone.induction": ("60", "80"),
        "azathioprine.target": ("170", "212.5"),
        "ivig.induction": ("170", "170", "34", "85"),
        "ivig.maintenance": ("85", "170", "17", "85"),
        "ciclosporin.target": ("212.5", "425"),
        "tacrolimus.target": ("8.5", "17"),
    },
    "120": {
        "prednisone.induction": ("60", "80"),
        "azathioprine.target": ("240", "300"),
        "ivig.induction": ("240", "240", "48", "120"),
        "ivig.maintenance": ("120", "240", "24", "120"),
        "ciclosporin.target": ("300", "600"),
        "tacrolimus.target": ("12", "24"),
    },
    "45.5": {
        "prednisone.induction": ("34.125", "45.5"),
        "azathioprine.target": ("91", "113.75"),
        "ivig.induction": ("91", "91", "18.2", "45.5"),
        "ivig.maintenance": ("45.5", "91", "9.1", "45.5"),
        "ciclosporin.target": ("113.75", "227.5"),
        "tacrolimus.target": ("4.55", "9.1"),
    },
    "154lb": {  # 69.85322498 kg
        "prednisone.induction": ("52.389918735", "69.85322498"),
        "azathioprine.target": ("139.70644996", "174.63306245"),
        "ivig.induction": ("139.70644996", "139.70644996", "27.94129", "69.853224"),
        "tacrolimus.target": ("6.985322498", "13.970644996"),
    },
    "33.333": {
        "prednisone.induction": ("24.99975", "33.333"),
        "azathioprine.target": ("66.666", "83.3325"),
        "ivig.induction": ("66.666", "66.666", "13.3332", "33.333"),
        "ciclosporin.target": ("83.3325", "166.665"),
        "tacrolimus.target": ("3.3333", "6.6666"),
    },
    "70.001": {  # alternatives
        "prednisone.etg": ("70.001", "70.001"),
        "azathioprine.yang-2019": ("140.002", "210.003"),
        "ivig.ontario": ("140.002", "140.002", "70.001", "70.001"),
        "cyclophosphamide.pmc11646336-kg": ("700.01", "1050.015"),
        "ciclosporin.pmc10185598": ("280.004", "280.004"),
        "tacrolimus.takada-2020": ("5.250075", "5.250075"),
        "tacrolimus.pmc11646336": ("4.20006", "4.20006"),
    },
}

# Regimens that no weight changes: ends, unit, time, and what else the row says.
FIXED = {
    "methylprednisolone.pulse": ("1", "1", "g", "day", {"days_low": 3, "days_high": 5}),
    "azathioprine.start": ("50", "50", "mg", "day", {}),
    "methotrexate.start": ("10", "10", "mg", "week", {}),
    "methotrexate.target": ("20", "25", "mg", "week", {}),
    "methotrexate.yang-2019": ("15", "25", "mg", "week", {}),
    "mycophenolate.target": ("2", "3", "g", "day", {}),
    "rituximab.induction": ("1", "1", "g", "dose", {"doses": 2, "every": None}),
    "rituximab.maintenance": ("1", "1", "g", "dose", {"doses": None, "every": "6 months"}),
    "rituximab.pmc11646336": ("1", "1", "g", "dose", {"doses": 2, "every": "2 weeks"}),
    "methylprednisolone.etg": ("0.5", "1", "g", "day", {"days_low": 3, "days_high": 3}),
    "methylprednisolone.yang-2019": ("1000", "1000", "mg", "day", {"days_high": 5}),
}

NEED_WEIGHT = ["prednisone", "azathioprine", "ivig", "ciclosporin", "tacrolimus"]
NEED_NONE = ["methylprednisolone", "methotrexate", "cyclophosphamide", "mycophenolate", "rituximab"]


@pytest.mark.parametrize(
    ("weight", "regimen", "expected"),
    [(w, regimen, e) for w, rows in WORKED.items() for regimen, e in rows.items()],
)
def test_worked_figures(row, weight, regimen, expected):
    found = row(regimen, weight=weight, bsa="1.8")
    ends = (found.low, found.high, found.daily_low, found.daily_high)
    assert ends[: len(expected)] == tuple(map(D, expected))
    assert ends[len(expected) :] in ((), (None, None))


@pytest.mark.parametrize(("regimen", "expected"), FIXED.items())
@pytest.mark.parametrize("weight", ["45.5", "120"])
def test_fixed_dose_is_the_same_at_any_weight(row, regimen, expected, weight):
    found = row(regimen, weight=weight)
    low, high, unit, per, more = expected
    assert (found.low, found.high, found.unit, found.per) == (D(low), D(high), unit, per)
    assert {key: getattr(found, key) for key in more} == more
    assert (found.basis, found.per_basis_low, found.per_basis_high) == (None, None, None)
    assert not found.capped


@pytest.mark.parametrize(
    ("regimen", "weight", "low", "high", "capped"),
    [
        ("prednisone.induction", "79.999", "59.99925", "79.999", False),
        ("prednisone.induction", "80", "60", "80", False),  # the cap is met and cuts nothing
        ("prednisone.induction", "80.001", "60", "80", True),
        ("prednisone.induction", "85", "60", "80", True),  # of 63.75 and 85
        ("prednisone.induction", "300", "60", "80", True),
        ("prednisone.etg", "75", "75", "75", False),
        ("prednisone.etg", "75.5", "75", "75", True),
        ("prednisone.yang-2019", "100", "100", "100", False),
        ("prednisone.yang-2019", "130", "100", "100", True),
        ("tacrolimus.target", "300", "30", "60", False),
    ],
)
def test_cap_is_flagged_where_it_bites(row, regimen, weight, low, high, capped):
    found = row(regimen, weight=weight)
    assert (found.low, found.high, found.capped) == (D(low), D(high), capped)


def test_caps_are_shown_in_the_unit_of_the_dose(row):
    base = row("prednisone.induction", weight="70")
    assert (base.cap_low, base.cap_high, base.unit) == (60, 80, "mg")
    trial = row("rituximab.oddis-2013", bsa="1.85")  # 750 mg/m2, at most 1 g
    assert (trial.cap_low, trial.cap_high, trial.unit) == (1000, 1000, "mg")
    uncapped = row("tacrolimus.target", weight="70")
    assert (uncapped.cap_low, uncapped.cap_high) == (None, None)


@pytest.mark.parametrize(
    ("weight", "mild", "other"),
    [
        ("45.5", "34.125", "45.5"),
        ("70", "52.5", "70"),
        ("85", "60", "80"),
        ("120", "60", "80"),
    ],
)
def test_suggested_prednisone_follows_severity(row, weight, mild, other):
    suggested = {
        severity: row("prednisone.induction", weight=weight, severity=severity).suggested
        for severity in ("mild", "moderate", "severe")
    }
    assert suggested == {"mild": D(mild), "moderate": D(other), "severe": D(other)}


@pytest.mark.parametrize("severity", ["mild", "moderate", "severe"])
def test_nothing_else_is_suggested(doses, severity):
    rows = doses(weight="70", severity=severity, alternatives=True).rows
    assert [row.regimen for row in rows if row.suggested is not None] == ["prednisone.induction"]


def test_without_severity_nothing_is_suggested_or_called_indicated(doses):
    for row in doses(weight="70").rows:
        assert (row.suggested, row.indicated, row.reason) == (None, None, None)


def test_without_severity_the_ranges_stand(row):
    found = row("prednisone.induction", weight="70")
    assert (found.low, found.high) == (D("52.5"), 70)


@pytest.mark.parametrize("drug", NEED_NONE)
def test_weight_is_not_asked_for_in_vain(doses, drug):
    assert doses(drug).rows


@pytest.mark.parametrize("drug", NEED_WEIGHT)
def test_weight_is_asked_for_where_a_row_uses_it(doses, drug):
    with pytest.raises(PatientError, match=f"the weight is missing; it is needed for {drug}$"):
        doses(drug)


def test_missing_weight_names_every_drug_that_needs_it(doses):
    with pytest.raises(PatientError, match=f"needed for {', '.join(NEED_WEIGHT)}$") as caught:
        doses()
    assert 'weight="70"' in caught.value.hint


def test_weight_is_needed_where_an_alternative_uses_it(doses):
    with pytest.raises(PatientError, match=r"needed for cyclophosphamide$"):
        doses("cyclophosphamide", alternatives=True, bsa="1.85")


@pytest.mark.parametrize(
    ("regimen", "bsa", "low", "high", "unit", "capped"),
    [
        ("cyclophosphamide.recital", "1.85", "1110", "1110", "mg", False),
        ("cyclophosphamide.pmc11646336-m2", "1.85", "0.925", "1.85", "g", False),
        ("rituximab.oddis-2013", "1.2", "900", "900", "mg", False),
        ("rituximab.oddis-2013", "1.3333", "999.975", "999.975", "mg", False),
        ("rituximab.oddis-2013", "1.85", "1000", "1000", "mg", True),
    ],
)
def test_dose_by_body_surface(row, regimen, bsa, low, high, unit, capped):
    found = row(regimen, weight="70", bsa=bsa)
    assert (found.low, found.high, found.unit) == (D(low), D(high), unit)
    assert (found.capped, found.basis) == (capped, "m2")


def test_without_body_surface_its_rows_have_no_amount_and_say_so(doses):
    result = doses("cyclophosphamide", "rituximab", weight="70", alternatives=True)
    empty = [row.regimen for row in result.rows if row.low is None]
    assert empty == [
        "cyclophosphamide.pulse",
        "cyclophosphamide.pmc11646336-m2",
        "cyclophosphamide.recital",
        "rituximab.oddis-2013",
    ]
    told = [warning for warning in result.warnings if warning.code == "no-body-surface"]
    assert [warning.message.split()[0] for warning in told] == empty[1:]
    assert all("--bsa" in warning.message for warning in told)


@pytest.mark.parametrize(
    ("weight", "low", "high"),
    [("70", "0.75", "1"), ("85", "0.7059", "0.9412"), ("120", "0.5", "0.6667")],
)
def test_dose_for_one_kg_is_that_after_the_cap(row, weight, low, high):
    found = row("prednisone.induction", weight=weight)
    assert (found.per_basis_low, found.per_basis_high) == (D(low), D(high))


def test_cyclophosphamide_has_a_schedule_and_no_amount(row):
    found = row("cyclophosphamide.pulse", weight="70", bsa="1.85")
    assert (found.low, found.high, found.unit, found.per) == (None, None, None, None)
    assert found.every == "4-6 weeks"
    assert found.text.startswith("no amount: the source gives a schedule and no dose")


def test_what_is_kept_of_a_weight_is_right_for_each_severity(loaded, person, monkeypatch):
    monkeypatch.setattr(regimen, "MOST_SIZES", 2)
    ready = prepare_doses(loaded)
    severities = ("mild", None, "severe", "moderate", "mild")
    for weight, severity in itertools.product(("70", "70.5", "96.3", "70"), severities):
        patient = person(weight, severity)
        kept, anew = compute_doses(ready, patient), dose(loaded, patient)
        assert (kept.rows, kept.warnings) == (anew.rows, anew.warnings), (weight, severity)
    assert {len(one.sized) for one in ready.regimens} == {0, 2}


@pytest.mark.parametrize("per", ["day", "week", "dose", "course"])
def test_a_cap_for_children_is_of_the_time_that_a_dose_is_of(loaded, per):
    """A cap of a day would be seven times that of a week."""
    caps = [highest_cap(loaded.table, drug, per) for drug in loaded.table.drugs]
    assert {cap.rate.per for cap in caps if cap} <= {per}
    # of methotrexate by its week, of corticosteroids by their day
    assert sum(cap is not None for cap in caps) == {"day": 3, "week": 1}.get(per, 0)
