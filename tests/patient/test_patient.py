from __future__ import annotations

from decimal import Decimal

import pytest

import dmcalc
from dmcalc.documents import fields
from dmcalc.errors import DmcalcError, ExitCode, PatientError
from dmcalc.patient import patient
from dmcalc.quantities.base import format_plain
from dmcalc.quantities.bounds import CreatinineRange, HeightRange, WeightRange
from dmcalc.table.model.table import Limits

D = Decimal

LIMITS = Limits(
    weight=WeightRange.parse("30-300 kg"),
    confirmed_weight=WeightRange.parse("1-500 kg"),
    height=HeightRange.parse("100-250 cm"),
    creatinine=CreatinineRange.parse("0.1-30 mg/dL"),
    adult_age=18,
    juvenile_weight=WeightRange.parse("2-150 kg"),
    juvenile_height=HeightRange.parse("40-210 cm"),
)

UNREADABLE = [
    "",
    " ",
    "-5",
    "+70",
    "nan",
    "NaN",
    "inf",
    "-inf",
    "Infinity",
    "abc",
    "1e9",
    "7e1",
    "1,000",
    "70,5",
    "70.",
    ".5",
    "7 0",
    "70 70",
    "0x46",
    "70%",
    "70g",
    "70  kg",
    "kg",
    "70 kg kg",
    "11st 14lb",  # a stone is 14 lb
    "11st 6 kg",
    "6lb 11st",
    "11.5st",
    "154lbss",
    "1000000",
    "70.123456789012345678901",
    "٧٠",  # ARABIC-INDIC DIGITS
    "７０",  # FULLWIDTH DIGITS
    "7०",  # DEVANAGARI ZERO after a digit
    "70½",
    "70\x00",
    "--weight",
]


def read_weight(text: str, *, confirm: bool = False) -> Decimal | None:
    return patient.read(LIMITS, weight=text, confirm_weight=confirm).weight_kg


@pytest.mark.parametrize(
    ("text", "kg"),
    [
        ("70", "70"),
        ("70kg", "70"),
        ("70 kg", "70"),
        (" 70 ", "70"),
        ("45.5", "45.5"),
        ("70.0", "70"),
        ("70.123456", "70.123456"),
        ("154lb", "69.85322498"),  # 154 x 0.45359237
        ("154 lb", "69.85322498"),
        ("154lbs", "69.85322498"),
        ("154 LB", "69.85322498"),
        ("70KG", "70"),
        ("100.5lb", "45.586033185"),
        ("70kgs", "70"),
        ("154 pounds", "69.85322498"),
        ("11st", "69.85322498"),  # 11 x 14 x 0.45359237
        ("11st 6lb", "72.5747792"),  # 160 x 0.45359237
        ("11st6", "72.5747792"),
        ("11 stone 6", "72.5747792"),
        ("11 Stone 6 pounds", "72.5747792"),
        ("30", "30"),
        ("300", "300"),
    ],
)
def test_weight_is_read_exactly(text, kg):
    assert read_weight(text) == D(kg)


@pytest.mark.parametrize("confirm", [False, True])
@pytest.mark.parametrize("text", UNREADABLE)
def test_unreadable_weight_is_refused_and_shown(text, confirm):
    with pytest.raises(PatientError, match="cannot be read") as caught:
        read_weight(text, confirm=confirm)
    assert repr(text) in caught.value.message
    assert "70kg" in caught.value.hint
    assert "154lb" in caught.value.hint


@pytest.mark.parametrize(
    "text", ["29.999", "3", "1", "300.001", "301", "499.999", "500", "66.1lb", "661.4lb"]
)
def test_unusual_weight_needs_confirmation(text):
    with pytest.raises(PatientError, match="unusual: an adult weighs 30 to 300 kg") as caught:
        read_weight(text)
    assert "confirm it with confirm_weight" in caught.value.hint


@pytest.mark.parametrize("text", ["29.999", "300.001", "500"])
def test_confirmed_weight_is_taken_and_marked(text):
    taken = patient.read(LIMITS, weight=text, confirm_weight=True)
    assert taken.weight_kg == D(text)
    assert taken.unusual_weight


@pytest.mark.parametrize("confirm", [False, True])
@pytest.mark.parametrize("text", ["30", "70", "300"])
def test_usual_weight_is_not_marked(text, confirm):
    assert not patient.read(LIMITS, weight=text, confirm_weight=confirm).unusual_weight


@pytest.mark.parametrize("confirm", [False, True])
@pytest.mark.parametrize("text", ["0", "0.0", "0kg", "0.999", "500.001", "700", "999999", "1103lb"])
def test_implausible_weight_is_refused_even_when_confirmed(text, confirm):
    with pytest.raises(PatientError, match="not plausible for an adult") as caught:
        read_weight(text, confirm=confirm)
    assert "30 to 300 kg" in caught.value.hint
    assert "up to 500 kg with confirm_weight" in caught.value.hint


def test_refusal_of_pounds_shows_both_units():
    with pytest.raises(PatientError, match=r"50 lb \(22\.6796185 kg\)"):
        read_weight("50lb")


def test_limits_are_those_of_the_table():
    narrow = LIMITS._replace(
        weight=WeightRange.parse("60-80 kg"), confirmed_weight=WeightRange.parse("50-90 kg")
    )
    assert patient.read(narrow, weight="80").weight_kg == 80
    with pytest.raises(PatientError, match="an adult weighs 60 to 80 kg"):
        patient.read(narrow, weight="80.5")
    with pytest.raises(PatientError, match="not plausible"):
        patient.read(narrow, weight="90.5", confirm_weight=True)


def test_limits_of_the_bundled_table():
    limits = dmcalc.load_table().table.limits
    assert list(map(str, limits)) == [
        *("30-300 kg", "1-500 kg", "100-250 cm", "0.1-30 mg/dL", "18"),
        *("2-150 kg", "40-210 cm", "0.5-4 m2", "0.1-4 m2", "0-300 mL/min", "10", "12-50 years"),
    ]


@pytest.mark.parametrize("text", ["154lb", "100.5lb"])
def test_weight_in_an_answer_can_be_given_back(text):
    kg = read_weight(text)
    assert read_weight(f"{format_plain(kg)}kg") == kg


@pytest.mark.parametrize(
    ("text", "m2"),
    [
        ("1.85", "1.85"),
        ("1.85m2", "1.85"),
        ("1.85 m2", "1.85"),
        ("1.85m²", "1.85"),
        ("2", "2"),
        ("0.5", "0.5"),
        ("4", "4"),
        ("4.0000", "4"),
        (" 1.7 ", "1.7"),
    ],
)
def test_surface_is_read_exactly(text, m2):
    assert patient.read(LIMITS, bsa=text).bsa_m2 == D(m2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "0.4999",
        "4.0001",
        "5",
        "18.5",
        "185",
        "-1.8",
        "1,8",
        "1.8e0",
        "nan",
        "inf",
        "m2",
        "²",
        "1.85m3",
        "1.85kg",
        "01.8",
        ".9",
        "1.854321234567890123456",
        "١",
        "abc",
    ],
)
def test_implausible_surface_is_refused(text):
    with pytest.raises(PatientError, match="not plausible") as caught:
        patient.read(LIMITS, bsa=text)
    assert repr(text) in caught.value.message
    assert 'bsa="1.85"' in caught.value.hint


def test_nothing_known_is_none():
    nobody = patient.read(LIMITS)
    assert (nobody.weight_kg, nobody.bsa_m2, nobody.severity) == (None, None, None)
    assert not nobody.unusual_weight
    assert nobody.population == "adult"


def test_size_is_what_a_basis_multiplies_by():
    known = patient.read(LIMITS, weight="70", bsa="1.85")
    assert (known.size("kg"), known.size("m2")) == (D("70"), D("1.85"))


def test_document_holds_all_that_is_known():
    known = patient.read(LIMITS, weight="154lb", severity="severe", bsa="1.85", age="45y")
    assert fields.record(known) == {
        "weight_kg": D("69.85322498"),
        "bsa_m2": D("1.85"),
        "severity": "severe",
        "population": "adult",
        "age_years": 45,
        "height_cm": None,
        "bsa_formula": None,
    }


@pytest.mark.parametrize(
    ("age", "years"), [("18", 18), ("45y", 45), ("45 years", 45), ("216 months", 18), ("130", 130)]
)
def test_an_adult_has_an_age_in_whole_years(age, years):
    assert patient.read(LIMITS, age=age).age_years == years


@pytest.mark.parametrize("age", ["17", "9y", "215 months", "18mo", "0"])
def test_a_child_is_of_the_juvenile_population(age):
    who = patient.read(LIMITS, weight="40", age=age)
    assert (who.population, who.child) == ("juvenile", True)
    assert fields.record(who)["population"] == "juvenile"


@pytest.mark.parametrize("age", ["18", "216 months", "45", None])
def test_an_adult_is_none(age):
    who = patient.read(LIMITS, weight="70", age=age)
    assert (who.population, who.child) == ("adult", False)


@pytest.mark.parametrize(("age", "years"), [("18 months", 1), ("9", 9), ("11mo", 0), ("215mo", 17)])
def test_the_age_of_a_child_is_in_whole_years(age, years):
    assert patient.read(LIMITS, age=age).age_years == years


# 2 kg and 150 kg are the limits of a child; those of an adult are others
@pytest.mark.parametrize("weight", ["2", "2.5", "28", "150"])
def test_a_child_has_limits_of_its_own(weight):
    assert not patient.read(LIMITS, weight=weight, age="9").unusual_weight


@pytest.mark.parametrize("weight", ["1.9", "150.1", "300"])
def test_an_unusual_weight_of_a_child_is_confirmed(weight):
    with pytest.raises(PatientError, match="unusual: a child weighs 2 to 150 kg") as caught:
        patient.read(LIMITS, weight=weight, age="9")
    assert "age" not in caught.value.hint
    assert patient.read(LIMITS, weight=weight, age="9", confirm_weight=True).unusual_weight


def test_a_weight_too_low_for_an_adult_says_how_a_child_is_named():
    with pytest.raises(PatientError) as caught:
        patient.read(LIMITS, weight="28")
    assert "For a child, give age." in caught.value.hint


def test_the_surface_of_a_child_may_be_small():
    assert patient.read(LIMITS, age="1", bsa="0.4").bsa_m2 == D("0.4")
    with pytest.raises(PatientError, match="not plausible"):
        patient.read(LIMITS, bsa="0.4")
    with pytest.raises(PatientError, match="not plausible"):
        patient.read(LIMITS, age="1", bsa="0.09")


def test_what_is_for_adults_refuses_a_child():
    patient.adults_only(patient.read(LIMITS, age="18"), "the formulas")
    with pytest.raises(PatientError, match=r"the formulas of the table .* a child aged 18 months$"):
        patient.adults_only(patient.read(LIMITS, age="18 months"), "the formulas")


@pytest.mark.parametrize("age", ["131", "-1", "45.5", "forty", "4 5", "", "45 d"])
def test_an_age_is_read_strictly(age):
    with pytest.raises(PatientError, match=r"not plausible|cannot be read"):
        patient.read(LIMITS, age=age)


def test_error_of_a_patient_has_its_own_exit_code():
    assert PatientError("x").exit_code is ExitCode.PATIENT
    assert ExitCode.PATIENT == 4


@pytest.mark.parametrize("known", [{"weight": 70.0}, {"bsa": 1.85}])
def test_float_is_not_exact_enough(known):
    with pytest.raises(TypeError, match="is float: give text, int or Decimal"):
        dmcalc.dose("rituximab", **known)


@pytest.mark.parametrize("weight", ["70", 70, D("70"), D("70.0")])
def test_weight_from_python_is_text_int_or_decimal(weight):
    assert dmcalc.dose("prednisone", weight=weight).rows[0].high == 70


@pytest.mark.parametrize("severity", ["extreme", "", "index"])
def test_unknown_severity_is_refused(severity):
    with pytest.raises(DmcalcError):
        dmcalc.dose("prednisone", weight="70", severity=severity)
