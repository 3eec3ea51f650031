"""Body size and kidneys: worked by hand, published, or proved in whole numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

import dmcalc
from dmcalc.documents import fields
from dmcalc.errors import PatientError, UnknownNameError
from dmcalc.patient import anthropometry, formulas
from dmcalc.patient.body import _limits
from dmcalc.results.trace import recording

D = Decimal
WOMAN = {"sex": "female", "age": 45, "creatinine": "0.9mg/dL"}
MAN = {"sex": "male", "age": 45, "creatinine": "0.9mg/dL"}


def row(**given):
    return fields.rows(dmcalc.body(**given))[0]


def codes(result):
    return [warning.code for warning in result.warnings]


def near(value, fraction):
    """Tell whether a value is a fraction with 15 significant digits, by half a unit of the last."""
    last = Fraction(1, 10**15) * 10 ** (value.adjusted() + 1)
    return abs(Fraction(value) - fraction) <= last / 2


def test_a_published_example_of_ideal_and_adjusted_weight():
    # onlycalculators.com: 100 kg, 175 cm, a man: BMI 32.7, IBW 70.4, adjusted 82.2
    found = row(weight=100, height=175, sex="male")
    assert near(found["bmi"], Fraction(100 * 10000, 175**2))
    assert found["bmi"].quantize(D("0.1")) == D("32.7")
    # 175 cm are 8750/127 inches, 1130/127 above 60; 2.3 times that and 50 are 8949/127
    ideal = Fraction(8949, 127)
    assert near(found["ideal_weight_kg"], ideal)
    assert near(found["adjusted_weight_kg"], ideal + Fraction(2, 5) * (100 - ideal))
    assert int(found["ideal_weight_kg"] * 10) == 704
    assert int(found["adjusted_weight_kg"] * 10) == 822


def test_a_published_example_of_body_surface():
    # omnicalc: the square root of 3.4028 = 1.845
    assert row(weight=70, height=175)["bsa_m2"].quantize(D("0.001")) == D("1.845")


@pytest.mark.parametrize(
    ("formula", "factor", "exponents", "parts"),
    [
        ("du-bois", Fraction("0.007184"), (29, 17), 40),  # 0.725 and 0.425
        ("haycock", Fraction("0.024265"), (1982, 2689), 5000),  # 0.3964 and 0.5378
        ("gehan-george", Fraction("0.0235"), (21_123, 25_728), 50_000),
        ("mosteller", Fraction(1, 60), (1, 1), 2),
    ],
)
@pytest.mark.parametrize(("kg", "cm"), [(70, 175), (35, 149), (160, 162)])
def test_a_body_surface_is_right_to_its_last_digit(formula, factor, exponents, parts, kg, cm):
    # by whole numbers alone: value^parts lies between those of the next lower and higher values
    value = row(weight=kg, height=cm, formula=formula)["bsa_m2"]
    assert row(weight=kg, height=cm, formula=formula)["bsa_formula"] == formula
    digits = int(value.scaleb(16))
    power = factor.numerator**parts * cm ** exponents[0] * kg ** exponents[1] * 10 ** (16 * parts)
    below, above = (
        ((digits + step) * factor.denominator) ** parts for step in (-50, 50)
    )  # half a unit of the 15th digit is 50 here where the value is 1 or more
    assert below <= power <= above


@pytest.mark.parametrize("name", ["du-bois", "mosteller"])
def test_a_root_and_a_power_have_the_40_digits_that_a_receipt_shows(loaded, name):
    surface = formulas.surface(loaded.table.formulas[name], Decimal(70), Decimal(176))
    assert len(surface.as_tuple().digits) == 40


def test_a_creatinine_of_many_digits_is_noted_as_rounded_in_either_unit():
    with recording() as trace:
        dmcalc.body(age=45, sex="male", creatinine="0.91234567890123456mg/dL")
    exact = {made.where: Fraction(made.before) for made in trace.roundings}
    mg = Fraction("0.91234567890123456")
    assert exact["creatinine_mg_dl"] == mg
    assert exact["creatinine_umol_l"] == mg * Fraction("88.4")


def test_without_a_name_the_surface_is_that_of_mosteller():
    assert row(weight=70, height=175) == row(weight=70, height=175, formula="mosteller")


def test_clearance_by_hand():
    # (140 - 68) x 72 / (72 x 1) = 72; of a woman 0.85 of it
    man = {"weight": 72, "age": 68, "creatinine": "1mg/dL"}
    assert row(**man, sex="male")["crcl_ml_min"] == 72
    assert row(**man, sex="female")["crcl_ml_min"] == D("61.2")
    assert row(**man, sex="male")["crcl_weight"] == "actual"


def test_the_published_constants_for_micromol_are_the_formula_in_other_units():
    # (140 - age) x kg x 1.23 / creatinine in micromol/L, 1.04 for a woman
    for sex, constant in (("male", "1.23"), ("female", "1.04")):
        found = row(weight=100, age=40, sex=sex, creatinine="100umol/L")["crcl_ml_min"]
        assert (found / 100).quantize(D("0.01")) == D(constant)


@pytest.mark.parametrize(("policy", "kg"), [("ideal", Fraction(8949, 127)), ("adjusted", None)])
def test_clearance_with_another_weight_names_it(policy, kg):
    kg = kg or Fraction(8949, 127) * Fraction(3, 5) + 40
    found = row(weight=100, height=175, **MAN, crcl_weight=policy)
    assert found["crcl_weight"] == policy
    assert near(found["crcl_weight_kg"], kg)
    assert near(found["crcl_ml_min"], 95 * kg / (72 * Fraction("0.9")))


def test_the_ideal_weight_needs_no_actual_one():
    found = row(height=175, **MAN, crcl_weight="ideal")
    assert near(found["crcl_weight_kg"], Fraction(8949, 127))
    assert found["bmi"] is None


def test_an_adjusted_weight_is_never_above_the_actual_one():
    result = dmcalc.body(weight=50, height=175, **MAN, crcl_weight="adjusted")
    found = fields.rows(result)[0]
    assert found["adjusted_weight_kg"] == found["crcl_weight_kg"] == 50
    assert found["crcl_weight"] == "actual"
    # 70.4645... x 0.6 + 20 = 62.2787...
    assert codes(result) == ["adjusted-above-actual", "muscle-loss"]
    assert "62.3 kg" in result.warnings[0].message


def test_an_ideal_weight_above_the_actual_one_is_told():
    result = dmcalc.body(weight=50, height=175, **MAN, crcl_weight="ideal")
    assert "ideal-above-actual" in codes(result)


@pytest.mark.parametrize("kind", ["ideal", "adjusted"])
def test_a_weight_that_is_the_ideal_one_is_above_none(kind):
    """At 60 inches the ideal weight is the base of 50 kg, and the adjusted one is no more."""
    result = dmcalc.body(weight=50, height="152.4", **MAN, crcl_weight=kind)
    assert (result.crcl_weight_kg, result.values["adjusted_weight_kg"]) == (50, 50)
    assert codes(result) == ["muscle-loss"]


def test_from_60_inches_on_there_is_an_ideal_weight():
    assert row(height="152.4", sex="male")["ideal_weight_kg"] == 50
    assert row(height="5ft", sex="female")["ideal_weight_kg"] == D("45.5")
    assert row(height="62in", sex="female")["ideal_weight_kg"] == D("50.1")


@pytest.mark.parametrize("policy", ["actual", "ideal", "adjusted"])
def test_below_60_inches_there_is_none_and_nothing_that_rests_on_it(policy):
    result = dmcalc.body(weight=50, height="152.39", **WOMAN, crcl_weight=policy)
    found = fields.rows(result)[0]
    assert found["ideal_weight_kg"] is found["adjusted_weight_kg"] is None
    assert (found["crcl_ml_min"] is None) == (policy != "actual")
    assert (found["crcl_weight"] is None) == (policy != "actual")
    assert "height-below-formula" in codes(result)
    assert "152.4 cm" in result.why_null("ideal_weight_kg")
    assert "152.4 cm" in result.why_null("adjusted_weight_kg")


def test_both_kidney_estimates_warn_of_lost_muscle():
    assert codes(dmcalc.body(weight=70, **WOMAN)) == ["muscle-loss"]
    assert codes(dmcalc.body(**WOMAN)) == ["muscle-loss"]
    assert codes(dmcalc.body(weight=70, height=175, sex="female")) == []


def test_what_is_missing_is_named_with_its_option():
    result = dmcalc.body(weight=70, height=175)
    missing = {one.measure: one.reason for one in result.missing}
    assert missing["ideal_weight_kg"] == "ideal weight needs --sex"
    assert missing["crcl_ml_min"] == "creatinine clearance needs --sex, --age, --creatinine"
    egfr = "glomerular filtration rate needs --sex, --age, --creatinine"
    assert missing["egfr_ml_min_173m2"] == egfr
    assert [used.measure for used in result.formulas] == ["bmi", "bsa_m2"]


@pytest.mark.parametrize("given", [{}, {"weight": 70}, {"height": 175}, {**WOMAN, "age": None}])
def test_where_nothing_can_be_computed_it_is_refused(given):
    with pytest.raises(PatientError, match="nothing can be computed"):
        dmcalc.body(**given)


# the square root of 175 x 70 / 3600 = 3.40278 is 1.84466
def test_under_18_there_is_the_body_surface_alone():
    result = dmcalc.body(weight=70, height=175, age=17)
    assert {name: round(value, 5) for name, value in result.values.items()} == {
        "bsa_m2": Decimal("1.84466")
    }


@pytest.mark.parametrize("name", ["boyd", "moste", "", "devine", "bmi"])
def test_an_unknown_formula_of_body_surface(name):
    with pytest.raises(UnknownNameError, match="no formula of body surface area") as raised:
        dmcalc.body(weight=70, height=175, formula=name)
    assert "haycock" in raised.value.hint


def test_a_name_of_a_formula_in_other_letters():
    assert row(weight=70, height=175, formula=" Du-Bois ")["bsa_formula"] == "du-bois"


def test_every_value_has_its_formula_source_and_quote():
    result = dmcalc.body(weight=70, height=175, **WOMAN)
    assert [used.measure for used in result.formulas] == list(result.values)
    assert all(used.text and used.sources and used.quotes for used in result.formulas)
    assert all(len(value.as_tuple().digits) <= 15 for value in result.values.values())


def test_only_what_was_rounded_is_said_to_be():
    assert dmcalc.body(height="5ft", sex="male").rounded == ()
    (told,) = dmcalc.body(weight=70, height=175).rounded
    assert told == "Rounded half up to 15 significant digits: body mass index, body surface area."


def egfr(**given):
    value: Decimal = row(**given)["egfr_ml_min_173m2"]
    return value


def test_a_third_party_s_example_of_the_filtration_rate():
    # creatinineclearancecalculator.net: 142 x 0.745 x 0.711 x 1.012, about 76; worked out, 75.5
    value = egfr(sex="female", age=55, creatinine="0.9mg/dL")
    assert value.quantize(D("0.1")) == D("75.5")
    assert abs(value - D("142") * D("0.745") * D("0.711") * D("1.012")) < 1


#: By sex: kappa, alpha, and the factor, as the National Kidney Foundation has them.
CKD_EPI = {
    "female": (Fraction(7, 10), Fraction("-0.241"), Fraction("1.012")),
    "male": (Fraction(9, 10), Fraction("-0.302"), Fraction(1)),
}


@pytest.mark.parametrize("sex", CKD_EPI)
@pytest.mark.parametrize("age", [18, 45, 90])
@pytest.mark.parametrize(
    "creatinine", ["0.1", "0.6999", "0.7", "0.8", "0.9", "0.9001", "2.5", "30"]
)
def test_a_filtration_rate_is_right_to_its_last_digit(sex, age, creatinine):
    # by whole numbers alone: a power of it, up to the 1000th, has no root in it
    kappa, alpha, factor = CKD_EPI[sex]
    ratio = Fraction(creatinine) / kappa
    exponent = alpha if ratio < 1 else Fraction("-1.2")
    parts = exponent.denominator
    base = 142 * factor * Fraction("0.9938") ** age
    power = base**parts * ratio**exponent.numerator
    value = egfr(sex=sex, age=age, creatinine=f"{creatinine}mg/dL")
    half = Fraction(10) ** (value.adjusted() - 14) / 2
    assert (Fraction(value) - half) ** parts <= power <= (Fraction(value) + half) ** parts


@pytest.mark.parametrize(("sex", "kappa"), [("female", "0.7"), ("male", "0.9")])
def test_at_kappa_both_branches_meet(sex, kappa):
    value = egfr(sex=sex, age=18, creatinine=f"{kappa}mg/dL")
    assert near(value, 142 * CKD_EPI[sex][2] * Fraction("0.9938") ** 18)
    lower = egfr(sex=sex, age=18, creatinine=f"{D(kappa) - D('0.0001')}mg/dL")
    higher = egfr(sex=sex, age=18, creatinine=f"{D(kappa) + D('0.0001')}mg/dL")
    assert higher < value < lower
    assert lower - higher < D("0.1")


def test_the_filtration_rate_needs_neither_weight_nor_height():
    result = dmcalc.body(**WOMAN)
    assert list(result.values) == ["egfr_ml_min_173m2"]
    assert result.values["egfr_ml_min_173m2"] == egfr(weight=120, height=160, **WOMAN)


@pytest.mark.parametrize("option", ["sex", "age", "creatinine"])
def test_the_filtration_rate_is_left_out_where_something_is_missing(option):
    result = dmcalc.body(weight=70, height=175, **{**WOMAN, option: None})
    assert fields.rows(result)[0]["egfr_ml_min_173m2"] is None
    assert result.why_null("egfr_ml_min_173m2") == f"glomerular filtration rate needs --{option}"


def test_the_filtration_rate_has_its_limits():
    result = dmcalc.body(**MAN)
    found = {caution.code: caution.message for caution in result.cautions}
    told = ("near-cut-off", "filtration-use", "filtration-bias", "filtration-indexed")
    assert tuple(found) == told
    assert "close to a value at which a dose is decided" in found["near-cut-off"]
    (used,) = result.formulas
    assert used.sources[:2] == ("nkf-ckd-epi-2021", "inker-2021")
    assert "r is (creatinine in mg/dL) / k" in used.text


def test_a_limit_of_both_kidney_estimates_is_told_once():
    result = dmcalc.body(weight=70, **WOMAN)
    found = [caution.code for caution in result.cautions]
    assert found.count("near-cut-off") == 1


def test_without_its_formula_a_measure_is_left_out():
    loaded = dmcalc.load_table()
    formulas = {k: one for k, one in loaded.table.formulas.items() if one.shape != "filtration"}
    table = loaded._replace(table=loaded.table._replace(formulas=formulas))
    result = dmcalc.body(weight=70, **WOMAN, table=table)
    assert fields.rows(result)[0]["egfr_ml_min_173m2"] is None
    assert "no source in the table" in result.why_null("egfr_ml_min_173m2")


def test_the_limits_that_a_size_was_held_against(entered, loaded):
    limits = loaded.table.limits
    for facts, child, names in (
        ({"age": "9", "weight": "28"}, True, ["juvenile_weight", "confirmed_weight"]),
        ({"weight": "70"}, False, ["weight", "confirmed_weight"]),
    ):
        who = entered("body", **facts)
        alone = anthropometry.read(limits, child=child)
        assert list(_limits(who, alone)) == [f"limits.{name}" for name in names]
        tall = anthropometry.read(limits, height="132", creatinine="1mg/dL", child=child)
        own = ["juvenile_height" if child else "height", "creatinine"]
        assert list(_limits(who, tall)) == [f"limits.{name}" for name in (*names, *own)]


def test_a_height_below_that_of_the_formula_names_the_source_that_says_so(call):
    done = call("body", "-w", "45", "--height", "150", "--sex", "female", "-f", "json")
    (warning,) = [w for w in done.json["warnings"] if w["code"] == "height-below-formula"]
    assert warning["source"] == "orbcon-dose"


def test_a_creatinine_is_answered_in_both_units(call):
    words = ("-w", "70", "--age", "40", "--sex", "male", "--creatinine", "1mg/dL")
    row = call("body", *words, "-f", "json").json
    assert (row["creatinine_mg_dl"], row["creatinine_umol_l"]) == (1, Decimal("88.4"))
