"""A message names an input as its user knows it: an option, a column, a keyword."""

from __future__ import annotations

import re

import pytest

import dmcalc
from dmcalc.errors import PatientError, UsageError, as_keyword, as_option, name_inputs

from .conftest import ROOT


def test_an_input_by_its_option_and_its_keyword():
    text = "give ‹weight 70›, or ‹from› with ‹confirm_weight›"
    assert name_inputs(text, as_option) == "give --weight 70, or --from with --confirm-weight"
    assert name_inputs(text, as_keyword) == 'give weight="70", or start_dose with confirm_weight'


def test_the_command_line_names_options(call):
    done = call("dose", "prednisone")
    assert "e.g. --weight 70 or --weight 154lb." in done.stderr
    assert "AMOUNT: '40'" in call("convert", "40", "prednisone", "prednisolone").stderr


def test_python_names_keywords():
    with pytest.raises(PatientError) as raised:
        dmcalc.dose("prednisone")
    assert raised.value.hint == 'Give it in kg or lb, e.g. weight="70" or weight="154lb".'
    with pytest.raises(UsageError, match=r"^start_dose: "):
        dmcalc.taper("prednisone", start_dose="sixty")
    with pytest.raises(UsageError, match=r"^taking names nothing$"):
        dmcalc.dose("methotrexate", taking=[" , "])


def test_a_reject_names_columns(call, tmp_path):
    file, rejects = tmp_path / "rows.csv", tmp_path / "rejects.csv"
    file.write_text("weight,egfr,creatinine\n,90,\n700,,\n70,x,\n70,,1mg/dL\n", encoding="utf-8")
    options = ("--drug", "prednisone", "--rejects", str(rejects), "--allow-rejects")
    assert call("batch", str(file), *options).code == 0
    text = rejects.read_text(encoding="utf-8")
    assert "e.g. weight 70 or weight 154lb." in text
    assert "kg with confirm_weight" in text
    assert "egfr: a kidney function is a number, not 'x'" in text
    assert "creatinine clearance needs sex, age" in text
    assert "--" not in text


def test_a_reject_of_an_order_names_columns(call, tmp_path):
    file, rejects = tmp_path / "orders.csv", tmp_path / "rejects.csv"
    file.write_text("drug,order\nprednisone,60 mg daily\n", encoding="utf-8")
    options = ("--check", "--rejects", str(rejects), "--allow-rejects")
    assert call("batch", str(file), *options).code == 0
    assert "Give weight, e.g. weight 70 or weight 154lb." in rejects.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / "src" / "dmcalc").rglob("*.py")), ids=str)
def test_no_error_outside_the_command_line_speaks_of_options(path):
    """What is raised below it names the input; the command line puts the dashes before it."""
    if "cli" in path.parts or path.name == "_bundled.py":
        return
    source = path.read_text(encoding="utf-8")
    raised = re.findall(r"raise \w+Error\((?:[^()]|\([^()]*\))*\)", source)
    assert [text for text in raised if re.search(r'["( ]--[a-z]', text)] == []
