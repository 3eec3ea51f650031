"""One fault each of the formulas and the equivalents: their numbers, quotes, names and defaults."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.quantities.bounds import Coefficient
from dmcalc.sources import quotes
from tests.table.editing import TEXT, Fault, assert_reported, edited, fault, load

MOSTELLER = 'constants: {divisor: "3600"}'
DU_BOIS = 'factor: "0.007184"'
CLEARANCE = 'female_factor: "0.85"'

FAULTS = {
    "a number that is not in the quote": fault(
        MOSTELLER,
        'constants: {divisor: "3660"}',
        "formulas.mosteller.constants.divisor",
        "3660 is not in the quote",
    ),
    "a number in the wrong place": fault(
        DU_BOIS,
        'factor: "0.07184"',
        "formulas.du-bois.constants.factor",
        "0.07184 is not in the quote",
        at='constants: {factor: "0.07184"',
    ),
    "a per cent for a factor": fault(
        CLEARANCE,
        'female_factor: "15"',
        "formulas.cockcroft-gault.constants.female_factor",
        "15 is not in the quote",
        at='constants: {age_from: "140"',
    ),
    "a number that is missing": Fault(
        (('constants: {share: "0.4"}', "constants: {}"),),
        "formulas.adjusted.constants",
        "no share: the shape share needs it",
        "constants: {}",
        below="shape: share",
    ),
    "the first of two numbers that are missing": Fault(
        (('constants: {age_from: "140", divisor: "72", ', "constants: {"),),
        "formulas.cockcroft-gault.constants",
        "no age_from: the shape clearance needs it",
        'constants: {female_factor: "0.85"}',
    ),
    "a number that the shape does not have": fault(
        MOSTELLER,
        'constants: {divisor: "3600", factor: "3600"}',
        "formulas.mosteller.constants.factor",
        "not a number of the shape root",
    ),
    "a share of more than the whole": Fault(
        (
            ('constants: {share: "0.4"}', 'constants: {share: "1.4"}'),
            ("IBW + 0.4 x", "IBW + 1.4 x"),
        ),
        "formulas.adjusted.constants.share",
        "1.4 is not between 0 and 1",
        'constants: {share: "1.4"}',
    ),
    "a divisor of nothing": Fault(
        ((MOSTELLER, 'constants: {divisor: "0"}'), ("]/ 3600 )", "]/ 0 )")),
        "formulas.mosteller.constants.divisor",
        "0 is not above 0",
        'constants: {divisor: "0"}',
    ),
    "a number that is no text": fault(
        MOSTELLER,
        "constants: {divisor: 3600}",
        "formulas.mosteller.constants.divisor",
        "a quantity is text",
    ),
    "an unknown shape": fault(
        "shape: root", "shape: cube", "formulas.mosteller.shape", "Input should be"
    ),
    "two defaults": fault(
        "    name: Haycock\n",
        "    name: Haycock\n    default: true\n",
        "formulas.haycock",
        "2 defaults among the formulas for bsa_m2",
        at="  haycock:\n",
        below="formulas:",
    ),
    "no default": Fault(
        (("    default: true\n    constants: {divisor", "    constants: {divisor"),),
        "formulas.gehan-george",
        "0 defaults among the formulas for bsa_m2",
        "  gehan-george:\n",
        below="formulas:",
    ),
    "a note with a figure of its own": fault(
        "can differ by 0.5 m2 in adults",
        "can differ by 20 mg in adults",
        "formulas.mosteller.notes.0.text",
        "the figure 20 mg is in none of its quotes",
        at="        text: Formulas for body surface area can differ by 20 mg",
    ),
    "an exponent without its sign": fault(
        'alpha_male: "-0.302"',
        'alpha_male: "0.302"',
        "formulas.ckd-epi-2021.constants.alpha_male",
        "0.302 is not in the quote",
    ),
    "a base of age that rises": Fault(
        (('age_base: "0.9938"', 'age_base: "1.012"'),),
        "formulas.ckd-epi-2021.constants.age_base",
        "1.012 is not between 0 and 1",
        'age_base: "1.012"',
    ),
    "a kappa below 0": Fault(
        (('kappa_male: "0.9"', 'kappa_male: "-0.302"'),),
        "formulas.ckd-epi-2021.constants.kappa_male",
        "-0.302 is not above 0",
        'kappa_male: "-0.302"',
    ),
    "an equivalent that is not in the quote": fault(
        "      amount: 20 mg\n",
        "      amount: 25 mg\n",
        "equivalence.drugs.hydrocortisone.amount",
        "25 mg is not in the quote",
        alone=False,
    ),
    "an equivalent whose quote compares it with nothing": Fault(
        (
            (
                "is equivalent to 5mg prednisolone or 750 micrograms",
                "is equivalent to 6mg prednisolone or 750 micrograms",
            ),
            (
                'cite: {source: ni-formulary, quote: "approximately 20mg hydrocortisone is '
                "equivalent to 5mg prednisolone or",
                'cite: {source: ni-formulary, quote: "approximately 20mg hydrocortisone is '
                "equivalent to 6mg prednisolone or",
            ),
        ),
        "equivalence.drugs.dexamethasone.amount",
        "no quote has it together with 5 mg of prednisolone",
        "amount: 750 mcg",
    ),
    "an equivalent without an amount": Fault(
        (("      amount: 25 mg\n", ""),),
        "equivalence.drugs.cortisone.amount",
        "missing key",
        "    cortisone:\n",
        below="equivalence:",
    ),
    "a row that does not prove its column": Fault(
        (("Cortisone 0.8 0.8 S 25", "Cortisone 0.4 0.8 S 25"),),
        "equivalence.drugs.prednisone.amount",
        "5 mg is not in the quote",
        "amount: 5 mg",
        below="name: Prednisone\n      amount",
        alone=False,
    ),
    "compared with nothing": fault(
        "  to: prednisolone\n",
        "  to: prednisolon\n",
        "equivalence.to",
        "'prednisolon' is not one of the drugs",
    ),
    "no route": fault(
        "routes: [oral, intravenous]", "routes: []", "equivalence.routes", "no route"
    ),
    "a pulse of no drug": fault(
        "    - drug: dexamethasone\n      amount: 40 mg",
        "    - drug: dexametasone\n      amount: 40 mg",
        "equivalence.pulses.1.drug",
        "'dexametasone' is not one of the equivalents",
    ),
    "a pulse that is not in the quote": fault(
        "      amount: 40 mg\n",
        "      amount: 400 mg\n",
        "equivalence.pulses.1.amount",
        "400 mg is not in the quote",
    ),
    "a name for two drugs": fault(
        "aliases: [cortisol]",
        "aliases: [dexamethasone]",
        "equivalence.drugs.dexamethasone",
        "the name 'dexamethasone' is also that of hydrocortisone",
        at="    dexamethasone:\n",
        below="equivalence:",
    ),
    "a name that is absent": fault(
        "aliases: [cortisol]",
        "aliases: [deflazacort]",
        "equivalence.drugs.hydrocortisone",
        "is also that of a drug that is listed as absent",
        at="    hydrocortisone:\n",
        below="equivalence:",
    ),
    "a name in capital letters": fault(
        "aliases: [cortisol]",
        "aliases: [Cortisol]",
        "equivalence.drugs.hydrocortisone.aliases",
        "write aliases in small letters",
    ),
    "heights the wrong way": fault(
        "height: 100-250 cm", "height: 250-100 cm", "limits.height", "is not below"
    ),
    "creatinine in another unit": fault(
        "creatinine: 0.1-30 mg/dL",
        "creatinine: 10-2600 umol/L",
        "limits.creatinine",
        "is not written like",
    ),
}


@pytest.mark.parametrize("wrong", FAULTS.values(), ids=FAULTS)
def test_fault_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)


def test_a_table_needs_neither_formulas_nor_equivalents(tmp_path):
    start, end = TEXT.index("# Body size and kidneys:"), TEXT.index("# How the table as a whole")
    found = load(tmp_path, TEXT[:start] + TEXT[end:])
    assert (found.formulas, found.equivalence) == ({}, None)


def test_a_formula_may_be_added_in_yaml_alone(tmp_path):
    added = (
        "  of-this-test:\n    name: Of this test\n    shape: power\n"
        '    constants: {factor: "0.02", height_exponent: "0.5", weight_exponent: "0.4"}\n'
        '    cite: {source: of-this-test, quote: "0.02 x height^0.5 x weight^0.4"}\n'
    )
    own = "sources:\n  of-this-test: {title: No work but this test, read: primary}\n"
    text = edited(("\nformulas:\n", f"\nformulas:\n{added}"), ("sources:\n", own))
    assert load(tmp_path, text).formulas["of-this-test"].shape == "power"


@pytest.mark.parametrize(
    ("number", "quote"),
    [
        ("3600", "SQR RT ( [Height(cm) x Weight(kg) ]/ 3600 )"),
        ("0.725", "0.007184 x Height(cm)0.725 x Weight(kg)0.425"),
        ("140", "(140 —age) (wt kg)"),
        ("140", "eCCr = (140−age) x weight"),
        ("0.85", "×0.85 in females"),
        ("60", "(height in inches* - 60)"),
        ("45.5", "females over 45.5kg"),
        ("-0.241", "α = -0.241 (female) or -0.302 (male)"),
        ("-1.2", "max(Scr/κ, 1)^-1.200"),
        ("-1.2", "max(Scr/κ, 1)-1.200 x 0.9938Age x 1.012 [if female]"),
        ("0.9938", "max(Scr/κ, 1)-1.200 x 0.9938Age x 1.012 [if female]"),
        ("1.012", "max(Scr/κ, 1)-1.200 x 0.9938Age x 1.012 [if female]"),
    ],
)
def test_a_number_stands_in_a_formula(number, quote):
    assert quotes.in_quote(Coefficient(Decimal(number)), quote)


@pytest.mark.parametrize(
    ("number", "quote"),
    [
        ("360", "/ 3600 )"),
        ("3600", "/ 3600.5 )"),
        ("725", "Height(cm)0.725"),
        ("15", "15% less in females"),
        ("15", "15 per cent less"),
        ("18", "patients aged 18-92"),
        ("92", "patients aged 18-92"),
        ("92", "patients aged 18 to 92"),
        ("30", "BMI > 30"),
        ("20", "20 mg hydrocortisone"),
        ("20", "20mg hydrocortisone"),
        ("0.241", "α = -0.241 (female)"),
        ("-60", "(height in inches - 60)"),
        ("1.2", "max(Scr/κ, 1)-1.200 x 0.9938Age"),
        ("200", "max(Scr/κ, 1)-1.200 x 0.9938Age"),
        ("9938", "max(Scr/κ, 1)-1.200 x 0.9938Age"),
        ("2", "rituximab 2 x 1 g"),
        ("1000", "1,000 patients"),
        ("249", "249,000"),
    ],
)
def test_a_number_is_no_part_of_another_one(number, quote):
    assert not quotes.in_quote(Coefficient(Decimal(number)), quote)


@pytest.mark.parametrize(
    ("quote", "amounts"),
    [
        ("Prednisolone 4 0.8 I 5 Methyprednisolone 5 0.5 I 4", {"5 mg", "4 mg"}),
        # one row alone proves no column, nor do rows that do not agree, nor one row twice
        ("Methyprednisolone 5 0.5 I 4", set()),
        ("Prednisolone 4 0.8 I 5 Methyprednisolone 5 0.5 I 8", set()),
        ("Prednisolone 4 0.8 I 5 Prednisone 4 0.8 I 5", set()),
    ],
)
def test_a_table_of_equivalents_proves_its_columns(quote, amounts):
    found = {f"{figure.low} {figure.unit}" for figure in quotes.figures(quote) if figure.unit}
    assert found == amounts
