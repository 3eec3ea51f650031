"""The Python API: the same verbs as the command line, and the same answers."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

import dmcalc
from dmcalc.errors import (
    DmcalcError,
    FileError,
    PatientError,
    RefusedError,
    TableError,
    UnknownNameError,
    UsageError,
)
from dmcalc.formats.registry import render

TALL = ("--height", "175", "--sex", "male")
SAME = [
    (
        lambda: dmcalc.dose(weight="70", severity="severe"),
        ("dose", "--weight", "70", "--severity", "severe"),
    ),
    (
        lambda: dmcalc.dose("prednisone", "ivig", weight=85, severity="mild"),
        ("dose", "prednisone", "ivig", "--weight", "85", "--severity", "mild"),
    ),
    (
        lambda: dmcalc.dose(weight="154lb", bsa="1.85", alternatives=True),
        ("dose", "--weight", "154lb", "--bsa", "1.85", "--alternatives"),
    ),
    (
        lambda: dmcalc.dose("tacrolimus", weight=Decimal("350"), confirm_weight=True),
        ("dose", "tacrolimus", "--weight", "350", "--confirm-weight"),
    ),
    (lambda: dmcalc.dose("rituximab"), ("dose", "rituximab")),
    (
        lambda: dmcalc.dose("prednisone", weight=70, age=45),
        ("dose", "prednisone", "--weight", "70", "--age", "45"),
    ),
    (
        lambda: dmcalc.titrate("methotrexate", day="monday", start="2026-12-01", target="25mg"),
        ("titrate", "methotrexate", "--day", "monday", "--start", "2026-12-01", "--to", "25mg"),
    ),
    (
        lambda: dmcalc.titrate("ciclosporin", weight=70, interval="2w", hold="4w"),
        ("titrate", "ciclosporin", "--weight", "70", "--interval", "2w", "--hold", "4w"),
    ),
    (
        lambda: dmcalc.dispense("prednisone", "62.5mg", stock=("20mg", "5mg"), halves=True),
        ("dispense", "prednisone", "62.5mg", "--stock", "20mg,5mg", "--halves"),
    ),
    (
        lambda: dmcalc.dispense("ivig", "137.2g", market="US", days=2, round_to="5g"),
        ("dispense", "ivig", "137.2g", "--days", "2", "--round-to", "5g"),
    ),
    (
        lambda: dmcalc.check("prednisone", "60 mg daily", weight=70, severity="severe"),
        ("check", "prednisone", "60 mg daily", "--weight", "70", "--severity", "severe"),
    ),
    (
        lambda: dmcalc.check("azathioprine", "1 mg/kg/day", weight=70, phase="target"),
        ("check", "azathioprine", "1 mg/kg/day", "--weight", "70", "--phase", "target"),
    ),
    (
        lambda: dmcalc.check("rituximab", "1 g for 2 doses", bsa="1.85", alternatives=True),
        ("check", "rituximab", "1 g for 2 doses", "--bsa", "1.85", "--alternatives"),
    ),
    (
        lambda: dmcalc.taper("prednisone", weight=70, severity="severe"),
        ("taper", "prednisone", "--weight", "70", "--severity", "severe"),
    ),
    (
        lambda: dmcalc.taper(
            "prednisone", start_dose="60mg", protocol="etg", start=datetime.date(2026, 12, 1)
        ),
        ("taper", "prednisone", "--from", "60mg", "--protocol", "etg", "--start", "2026-12-01"),
    ),
    (
        lambda: dmcalc.dose("ivig", weight=100, height=175, sex="male", weight_policy="ontario"),
        ("dose", "ivig", "-w", "100", *TALL, "--weight-policy", "ontario"),
    ),
    (
        lambda: dmcalc.taper("ivig", weight=100, height=175, sex="male", weight_basis="ideal"),
        ("taper", "ivig", "-w", "100", *TALL, "--weight-basis", "ideal"),
    ),
    (
        lambda: dmcalc.infusion(
            "ivig", weight=100, height=175, sex="male", weight_policy="nhs-form"
        ),
        ("infusion", "ivig", "-w", "100", *TALL, "--weight-policy", "nhs-form"),
    ),
    (
        lambda: dmcalc.check(
            *("ivig", "160 g over 2 days"),
            **{"weight": 100, "height": 175, "sex": "male", "weight_basis": "adjusted"},
        ),
        ("check", "ivig", "160 g over 2 days", "-w", "100", *TALL, "--weight-basis", "adjusted"),
    ),
    (
        lambda: dmcalc.check("methotrexate", "15 mg weekly", age=7, weight=20, height="125"),
        ("check", "methotrexate", "15 mg weekly", "--age", "7", "-w", "20", "--height", "125"),
    ),
    (
        lambda: dmcalc.taper("ivig", weight="45.5", weeks=24),
        ("taper", "ivig", "--weight", "45.5", "--weeks", "24"),
    ),
    (
        lambda: dmcalc.body(weight=70, sex="male", age=45, creatinine="80umol/L"),
        ("body", "-w", "70", "--sex", "male", "--age", "45", "--creatinine", "80umol/L"),
    ),
    (
        lambda: dmcalc.body(
            weight="154lb", height=Decimal("150.5"), sex="female", formula="haycock"
        ),
        ("body", "-w", "154lb", "--height", "150.5", "--sex", "female", "--formula", "haycock"),
    ),
    (
        lambda: dmcalc.convert("1mg", "dexamethasone", "prednisone", route="oral"),
        ("convert", "1mg", "dexamethasone", "prednisone", "--route", "oral"),
    ),
    (dmcalc.drugs, ("drugs",)),
    (lambda: dmcalc.rules("azathioprine"), ("rules", "azathioprine")),
    (lambda: dmcalc.show("tacrolimus"), ("show", "tacrolimus")),
    (lambda: dmcalc.why("prednisone"), ("why", "prednisone")),
]


@pytest.mark.parametrize(("verb", "args"), SAME, ids=[" ".join(args) for _, args in SAME])
@pytest.mark.parametrize("form", ["json", "csv", "table"])
def test_a_verb_answers_as_its_command_does(call, verb, args, form):
    assert render(verb(), form) == call(*args, "--format", form).stdout


@pytest.mark.parametrize("form", ["fhir", "svg", "plot"])
def test_a_format_without_options_is_that_of_the_command_line(call, form):
    result = dmcalc.taper("prednisone", weight=70, severity="severe", start="2026-12-01")
    args = ("taper", "prednisone", "-w", "70", "-s", "severe", "--start", "2026-12-01")
    assert render(result, form) == call(*args, "--format", form).stdout


def test_every_command_has_its_verb():
    assert {
        "body",
        "check",
        "convert",
        "dose",
        "drugs",
        "about",
        "care",
        "labs",
        "load_table",
        "monitor",
        "plan",
        "refs",
        "rules",
        "severity",
        "show",
        "taper",
        "why",
    } <= set(dmcalc.__all__)
    assert all(callable(getattr(dmcalc, name)) for name in dmcalc.__all__)


def test_the_example_of_the_package_holds():
    result = dmcalc.dose("prednisone", weight="70", severity="severe")
    row = result.rows[0]
    assert (row.low, row.high, row.suggested) == (Decimal("52.5"), Decimal(70), Decimal(70))
    assert all(isinstance(value, Decimal) for value in (row.low, row.high, row.suggested))


@pytest.mark.parametrize(
    "weight", [70, "70", "70.0", "70kg", Decimal(70), Decimal("70.00"), Decimal(70).normalize()]
)
def test_a_weight_in_every_exact_type(weight):
    row = dmcalc.dose("prednisone", weight=weight).rows[0]
    assert (row.low, row.high) == (Decimal("52.5"), Decimal(70))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: dmcalc.dose("prednisone", weight=70.0),
        lambda: dmcalc.dose(weight=70.5, severity="mild"),
        lambda: dmcalc.dose("rituximab", bsa=1.85, alternatives=True),
        lambda: dmcalc.check("prednisone", "60 mg daily", weight=70.0),
        lambda: dmcalc.body(weight=70, height=175.0),
        lambda: dmcalc.taper("ivig", weight=70.0),
        lambda: dmcalc.taper("prednisone", weight=float("nan"), severity="mild"),
    ],
)
def test_a_float_is_refused(wrong):
    with pytest.raises(TypeError, match="float"):
        wrong()


def test_a_guide_that_is_not_loaded_is_never_passed_over():
    with pytest.raises(TypeError, match=r"guide is str: give what dmcalc\.guideline\.load returns"):
        dmcalc.dose("prednisone", weight="70", guide="hospital.yaml")


@pytest.mark.parametrize("table", ["hospital.yaml", "", {}, False])
def test_a_table_that_is_not_loaded_is_never_passed_over(table):
    said = rf"table is {type(table).__name__}: give what dmcalc\.load_table returns"
    for call in (dmcalc.dose, dmcalc.plan, dmcalc.drugs, dmcalc.care):
        with pytest.raises(TypeError, match=said):
            call(table=table)


@pytest.mark.parametrize("flag", ["no", "false", 0, 1, []])
@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda **flag: dmcalc.dose("prednisone", weight=500, **flag), "confirm_weight"),
        (lambda **flag: dmcalc.dispense("prednisone", "60mg", **flag), "halves"),
        (lambda **flag: dmcalc.infusion("ivig", weight=70, **flag), "at_risk"),
        (lambda **flag: dmcalc.refs(**flag), "page"),
    ],
)
def test_what_is_confirmed_is_true_or_false_and_no_text(call, name, flag):
    with pytest.raises(TypeError, match=f"{name} is {type(flag).__name__}: give True or False"):
        call(**{name: flag})


@pytest.mark.parametrize(
    "names", [0, False, {}, b"", 1.5, [None], [1.5], {"allopurinol": "300 mg"}]
)
@pytest.mark.parametrize("keyword", ["taking", "conditions", "unchecked", "stock"])
def test_names_of_another_type_are_never_left_out(keyword, names):
    said = f"{keyword} is {type(names).__name__}: give text, or a list of texts"
    with pytest.raises(TypeError, match=said):
        dmcalc.dose("azathioprine", weight=70, **{keyword: names})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: dmcalc.dose(["prednisone"], weight=70), "names is list: give text"),
        (lambda: dmcalc.show(None), "name is NoneType: give text"),
        (lambda: dmcalc.taper(("prednisone",), weight=70), "name is tuple: give text"),
        (lambda: dmcalc.check("prednisone", 60, weight=70), "order is int: give text"),
        (lambda: dmcalc.convert(40, "prednisone", "prednisolone"), "amount is int: give text"),
        (lambda: dmcalc.infusion("ivig", weight=70, days=True), "days is bool: give int"),
        (lambda: dmcalc.monitor("methotrexate", stable=1.5), "stable is float: give int"),
    ],
)
def test_a_value_of_another_type_is_named(wrong, said):
    with pytest.raises(TypeError, match=said):
        wrong()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: dmcalc.dose(weight=70, market="us"), "market: 'us' is none of US, UK, EU"),
        (
            lambda: dmcalc.dispense("prednisone", "61.3mg", direction="lower"),
            "direction: 'lower' is none of nearest, down, up",
        ),
        (
            lambda: dmcalc.plan(weight=70, severity="mild", response="bad"),
            "response: 'bad' is none of none, partial, good",
        ),
        (
            lambda: dmcalc.body(weight=70, crcl_weight="lean"),
            "crcl_weight: 'lean' is none of actual, ideal, adjusted",
        ),
        (lambda: dmcalc.monitor("methotrexate", stable=0), "stable: 0 is the number of no day"),
    ],
)
def test_a_word_that_an_input_does_not_know_is_refused(wrong, said):
    with pytest.raises(UsageError, match=said):
        wrong()


def test_a_number_that_python_does_not_write_is_refused_as_any_other():
    with pytest.raises(PatientError, match=r"the weight .1000"):
        dmcalc.dose("prednisone", weight=10**5000)


def test_true_is_no_weight():
    with pytest.raises((TypeError, PatientError)):
        dmcalc.dose("prednisone", weight=True)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: dmcalc.dose("prednisolon", weight=70), UnknownNameError),
        (lambda: dmcalc.dose("prednisone"), PatientError),
        (lambda: dmcalc.dose("prednisone", weight=700), PatientError),
        (lambda: dmcalc.dose("prednisone", weight=-70), PatientError),
        (lambda: dmcalc.dose("prednisone", weight=Decimal("NaN")), PatientError),
        (lambda: dmcalc.dose("prednisone", weight=70, severity="extreme"), DmcalcError),
        (lambda: dmcalc.check("prednisone", "60 mg daily"), PatientError),
        (lambda: dmcalc.check("prednisone", "60 mg QD", weight=70), UsageError),
        (lambda: dmcalc.check("aspirin", "60 mg daily"), UnknownNameError),
        (lambda: dmcalc.taper("prednisone"), PatientError),
        (lambda: dmcalc.taper("prednisone", weight=70, severity="grave"), DmcalcError),
        (lambda: dmcalc.taper("prednisone", start_dose="101mg"), RefusedError),
        (lambda: dmcalc.taper("prednisone", start_dose="sixty"), DmcalcError),
        (lambda: dmcalc.taper("azathioprine"), UnknownNameError),
        (lambda: dmcalc.taper("ivig", weeks=0), DmcalcError),
        (lambda: dmcalc.body(), PatientError),
        (lambda: dmcalc.body(weight=70, height=175, formula="boyd"), UnknownNameError),
        (lambda: dmcalc.convert("1g", "methylprednisolone", "prednisone"), RefusedError),
        (lambda: dmcalc.show("aspirin"), UnknownNameError),
        (lambda: dmcalc.why("aspirin"), UnknownNameError),
        (lambda: dmcalc.load_table("absent.yaml"), FileError),
    ],
)
def test_an_error_is_one_of_dmcalcs_own(wrong, error):
    with pytest.raises(error) as raised:
        wrong()
    assert isinstance(raised.value, DmcalcError)
    assert raised.value.message


def test_a_table_of_ones_own(bundled, tmp_path):
    copy = tmp_path / "copy.yaml"
    copy.write_bytes(bundled.read_bytes())
    own, other = dmcalc.load_table(), dmcalc.load_table(str(copy))
    assert own.sha256 == other.sha256
    assert dmcalc.dose(weight=70, table=other).rows == dmcalc.dose(weight=70).rows
    copy.write_text("drugs: {}", encoding="utf-8")
    with pytest.raises(TableError):
        dmcalc.load_table(str(copy))


def test_one_overlay_may_stand_without_a_list():
    path = str(Path(__file__).parents[1] / "examples" / "hospital.yaml")
    assert dmcalc.load_table(overlays=path) == dmcalc.load_table(overlays=[path])


def test_a_result_cannot_be_changed():
    result = dmcalc.dose("prednisone", weight=70)
    with pytest.raises(AttributeError):
        result.rows[0].low = Decimal(1)
    with pytest.raises(AttributeError):
        result.rows = ()


def test_a_weekday_has_a_name():
    with pytest.raises(UsageError, match="'moonday' is not a weekday"):
        dmcalc.titrate("methotrexate", day="moonday")
