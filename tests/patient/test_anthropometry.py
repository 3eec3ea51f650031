"""Height, sex and creatinine as people write them: exact, with their units, and plausible."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from dmcalc.errors import ExitCode, PatientError
from dmcalc.patient import anthropometry
from dmcalc.quantities.bounds import Coefficient, CreatinineRange, HeightRange

from .test_patient import LIMITS

D = Decimal


def read(**given):
    return anthropometry.read(LIMITS, **given)


@pytest.mark.parametrize(
    ("text", "cm"),
    [
        ("175", "175"),
        ("175cm", "175"),
        (" 175 CM ", "175"),
        ("175.5", "175.5"),
        ("1.75m", "175"),
        ("1.755 m", "175.5"),
        # 69 inches of 2.54 cm
        ("5ft9in", "175.26"),
        ("5 ft 9 in", "175.26"),
        ("5'9\"", "175.26"),
        ("69in", "175.26"),
        ("5ft9", "175.26"),
        ("5'9", "175.26"),
        ("5ft", "152.4"),
        ("60in", "152.4"),
        ("5ft9.5in", "176.53"),
    ],
)
def test_a_height_is_read_exactly(text, cm):
    assert read(height=text).height_cm == D(cm)


def test_a_height_in_other_units_is_kept_as_it_was_given():
    assert read(height="5ft 9in").given_height == "5ft 9in"
    assert read(height="5ft9").given_height == "5ft9"
    assert read(height="1.75m").given_height == "1.75m"
    assert read(height="175cm").given_height is None
    assert read(height="175").given_height is None


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "tall", "-175", "+175", "1e2", "175,5", "1,75m", "175mm", "5ft12in", "5ft60"),
        *("5ftin", "ft", "in", "ft9in", "5.5ft", "٣٠٠", "175 cm cm", "0x7b", "nan"),
        "175.123456789012345678901",
    ],
)
def test_what_is_no_height_is_refused(text):
    with pytest.raises(PatientError, match="cannot be read") as raised:
        read(height=text)
    assert "5ft9in" in raised.value.hint


@pytest.mark.parametrize("text", ["99.999", "1.75", "69", "250.1", "3.3ft", "1m75", "9ft", "12in"])
def test_a_height_that_no_adult_has_is_refused(text):
    with pytest.raises(PatientError) as raised:
        read(height=text)
    assert raised.value.exit_code is ExitCode.PATIENT


@pytest.mark.parametrize("text", ["100", "250", "2.5m"])
def test_the_limits_of_height_belong_to_them(text):
    assert 100 <= read(height=text).height_cm <= 250


@pytest.mark.parametrize(
    ("text", "sex"), [("female", "female"), (" MALE ", "male"), ("F", "female"), ("m", "male")]
)
def test_a_sex_is_a_word(text, sex):
    assert read(sex=text).sex == sex


@pytest.mark.parametrize("text", ["w", "x", "woman", "", "fe male"])
def test_another_word_is_no_sex(text):
    with pytest.raises(PatientError, match="not known"):
        read(sex=text)


@pytest.mark.parametrize(
    ("text", "mg_dl"),
    [
        ("0.9mg/dL", Fraction(9, 10)),
        ("0.9 MG/DL", Fraction(9, 10)),
        # 88.4 micromol/L are 1 mg/dL
        ("88.4umol/L", Fraction(1)),
        ("44.2 µmol/l", Fraction(1, 2)),
        ("44.2 μmol/L", Fraction(1, 2)),
        ("80 micromol/L", Fraction(800, 884)),
    ],
)
def test_creatinine_is_read_exactly(text, mg_dl):
    assert read(creatinine=text).creatinine == mg_dl


@pytest.mark.parametrize(
    "text",
    ["0.9", "80", "", "0.9 mg", "0.9mg/L", "80mmol/L", "-1mg/dL", "0,9mg/dL", "mg/dL", "1e1mg/dL"],
)
def test_creatinine_needs_its_unit(text):
    with pytest.raises(PatientError, match="cannot be read") as raised:
        read(creatinine=text)
    assert "0.9mg/dL" in raised.value.hint


# each is what the other unit would make plausible
@pytest.mark.parametrize("text", ["80mg/dL", "0.9umol/L", "0mg/dL", "0.09mg/dL", "2653umol/L"])
def test_creatinine_in_the_wrong_unit_is_not_plausible(text):
    with pytest.raises(PatientError, match="not plausible") as raised:
        read(creatinine=text)
    assert "8.84 to 2652 micromol/L" in raised.value.hint


def test_the_factor_is_that_of_the_molar_mass():
    # 1 mg/dL is 10 mg/L; C4H7N3O weighs 113.12 g/mol
    exact = Fraction(10_000) / Fraction("113.12")
    assert abs(exact - Fraction(anthropometry.MICROMOL_PER_MG_DL)) < Fraction("0.005")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *((HeightRange, text) for text in ("100-250 cm", "100 cm")),
        *((CreatinineRange, text) for text in ("0.1-30 mg/dL",)),
        *((Coefficient, text) for text in ("3600", "0.007184", "-0.241", "0")),
    ],
)
def test_what_the_table_writes_is_read_and_written_alike(kind, text):
    assert str(kind.parse(text)) == text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *((HeightRange, text) for text in ("250-100 cm", "100-250", "1-2 m", "100-250 kg")),
        *((CreatinineRange, text) for text in ("30-0.1 mg/dL", "1-30 mg", "1-30")),
        *((Coefficient, text) for text in ("+1", ".5", "00.5", "1e3", "1,000", "1 kg", "", "--1")),
    ],
)
def test_what_the_table_cannot_hold_is_refused(kind, text):
    with pytest.raises(ValueError, match="is not"):
        kind.parse(text)


@pytest.mark.parametrize(("height", "comma"), [("1,75m", True), ("tall", False)])
def test_a_height_with_a_comma_is_told_apart(loaded, height, comma):
    with pytest.raises(PatientError, match="cannot be read") as refused:
        anthropometry.read(loaded.table.limits, height=height)
    assert refused.value.hint.endswith("Write a point for decimals.") is comma
