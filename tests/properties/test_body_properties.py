"""Whatever the adult: units change nothing, more is more, and no weight for dosing is too high."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

import dmcalc
from dmcalc.documents import fields
from dmcalc.equivalence import convert
from dmcalc.patient import anthropometry
from dmcalc.patient.anthropometry import Anthropometry
from dmcalc.patient.body import body
from dmcalc.patient.inputs import SEXES
from dmcalc.patient.patient import Patient
from dmcalc.quantities.amount import Amount

LOADED = dmcalc.load_table()
SURFACES = ("mosteller", "du-bois", "haycock", "gehan-george")
DRUGS = tuple(LOADED.table.equivalence.drugs)

weights = st.decimals(30, 300, places=2)
heights = st.decimals(100, 250, places=2)
ages = st.integers(18, 130)
creatinines = st.decimals("0.1", "30", places=2).map(Fraction)
sexes = st.sampled_from(SEXES)
surfaces = st.sampled_from(SURFACES)
amounts = st.decimals("0.001", "10", places=3)


def row(kg=None, cm=None, age=None, sex=None, creatinine=None, **how):
    who = Patient(weight_kg=kg, age_years=age)
    build = Anthropometry(height_cm=cm, sex=sex, creatinine=creatinine)
    return fields.rows(body(LOADED, who, build, **how))[0]


@given(weights, heights, sexes, ages, creatinines)
def test_units_change_nothing(kg, cm, sex, age, creatinine):
    limits = LOADED.table.limits
    micromol = creatinine * Fraction(anthropometry.MICROMOL_PER_MG_DL)
    assume(micromol.denominator in (1, 2, 5, 10, 20, 50, 100, 1000, 250, 500, 25, 125))
    text = str(Decimal(micromol.numerator) / Decimal(micromol.denominator))
    assume(len(text.partition(".")[2]) <= 4 and "E" not in text)
    assert anthropometry.read(limits, creatinine=f"{text}umol/L").creatinine == creatinine
    metres = cm / 100
    if len(str(metres).partition(".")[2].rstrip("0")) <= 3:
        assert anthropometry.read(limits, height=f"{metres.normalize():f}m").height_cm == cm


@given(weights, heights, surfaces)
def test_a_larger_body_has_more_surface(kg, cm, formula):
    here = row(kg, cm, formula=formula)["bsa_m2"]
    more = Decimal("0.01")
    assert row(kg + more, cm, formula=formula)["bsa_m2"] > here
    assert row(kg, cm + more, formula=formula)["bsa_m2"] > here


@given(st.decimals(45, 100, places=2), st.decimals(150, 195, places=2))
def test_the_formulas_of_body_surface_agree_within_what_the_source_says(kg, cm):
    found = [row(kg, cm, formula=formula)["bsa_m2"] for formula in SURFACES]
    assert max(found) - min(found) < Decimal("0.5")


@given(weights, heights, sexes)
def test_ideal_and_adjusted_weight(kg, cm, sex):
    found = row(kg, cm, sex=sex)
    ideal, adjusted = found["ideal_weight_kg"], found["adjusted_weight_kg"]
    if cm < Decimal("152.4"):
        assert ideal is adjusted is None
        return
    assert adjusted <= kg
    assert ideal <= adjusted or adjusted == kg
    assert row(kg, cm + 1, sex=sex)["ideal_weight_kg"] > ideal
    # men and women differ by the base alone
    other = row(kg, cm, sex="male" if sex == "female" else "female")["ideal_weight_kg"]
    assert abs(abs(other - ideal) - Decimal("4.5")) < Decimal("1e-12")


@given(weights, ages, creatinines)
def test_clearance_falls_with_age_and_creatinine(kg, age, creatinine):
    here = row(kg, age=age, sex="male", creatinine=creatinine)["crcl_ml_min"]
    assert here == row(kg, None, age, "male", creatinine)["crcl_ml_min"] > 0
    assert row(kg, None, age, "male", creatinine + 1)["crcl_ml_min"] < here
    assert row(kg + 1, None, age, "male", creatinine)["crcl_ml_min"] > here
    woman = row(kg, None, age, "female", creatinine)["crcl_ml_min"]
    assert abs(woman - here * Decimal("0.85")) <= here * Decimal("1e-14")
    if age > 18:
        assert row(kg, None, age - 1, "male", creatinine)["crcl_ml_min"] > here


@given(sexes, ages, creatinines)
def test_filtration_falls_with_age_and_creatinine(sex, age, creatinine):
    here = row(age=age, sex=sex, creatinine=creatinine)["egfr_ml_min_173m2"]
    assert here > 0
    assert (
        row(age=age, sex=sex, creatinine=creatinine + Fraction("0.01"))["egfr_ml_min_173m2"] < here
    )
    if age > 18:
        assert row(age=age - 1, sex=sex, creatinine=creatinine)["egfr_ml_min_173m2"] > here


@given(sexes, ages, st.decimals("0.1", "30", places=2))
def test_filtration_is_the_same_in_either_unit(sex, age, creatinine):
    who = {"sex": sex, "age": age}
    mg = dmcalc.body(**who, creatinine=f"{creatinine}mg/dL")
    micromol = dmcalc.body(**who, creatinine=f"{creatinine * Decimal('88.4')}umol/L")
    assert fields.rows(mg) == fields.rows(micromol)


@given(st.sampled_from((("female", "0.7"), ("male", "0.9"))), ages, st.decimals(0, 1, places=6))
def test_filtration_has_no_step_at_kappa(sex_and_kappa, age, off):
    # near kappa it is at most 142 x 1.012, and its slope at most 1.2 times that over kappa
    sex, kappa = sex_and_kappa
    small = Fraction(off) / 1000
    at = row(age=age, sex=sex, creatinine=Fraction(kappa))["egfr_ml_min_173m2"]
    for creatinine in (Fraction(kappa) - small, Fraction(kappa) + small):
        value = row(age=age, sex=sex, creatinine=creatinine)["egfr_ml_min_173m2"]
        assert abs(Fraction(value) - Fraction(at)) <= 250 * small


@given(weights, heights, sexes, ages, creatinines, st.sampled_from(("actual", "adjusted")))
def test_no_clearance_is_computed_with_more_than_the_actual_weight(
    kg, cm, sex, age, creatinine, policy
):
    found = row(kg, cm, age, sex, creatinine, crcl_weight=policy)
    if found["crcl_ml_min"] is not None:
        assert found["crcl_weight_kg"] <= kg
        assert found["crcl_ml_min"] <= row(kg, cm, age, sex, creatinine)["crcl_ml_min"]


@given(amounts, st.sampled_from(DRUGS), st.sampled_from(DRUGS), st.sampled_from(DRUGS))
def test_there_and_back_and_by_a_third_drug(value, one, other, third):
    there = convert(LOADED, Amount(value, "mg"), one, other)
    assert there.factor * convert(LOADED, Amount(value, "mg"), other, one).factor == 1
    around = convert(LOADED, Amount(value, "mg"), third, other).factor
    assert convert(LOADED, Amount(value, "mg"), one, third).factor * around == there.factor
    assert abs(Fraction(there.amount) - there.exact) <= Fraction(1, 2 * 10**6)
    assert bool(there.rounded) == (Fraction(there.amount) != there.exact)


@given(amounts, st.sampled_from(DRUGS), st.sampled_from(DRUGS))
def test_an_amount_in_another_unit_is_the_same(value, one, other):
    whole = convert(LOADED, Amount(value, "mg"), one, other)
    assert convert(LOADED, Amount(value * 1000, "mcg"), one, other).amount == whole.amount
    assert convert(LOADED, Amount(value / 1000, "g"), one, other).exact == whole.exact
