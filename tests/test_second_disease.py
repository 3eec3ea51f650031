"""Every command answers from a table of another disease; no name of one decides in Python.

The cells stand in ``second-disease.yaml``; the table is ``examples/polymyositis.yaml``.
"""

from __future__ import annotations

import ast
import re
import shlex

import pytest
import yaml

import dmcalc
from dmcalc.cli._command_model import commands

from .conftest import ROOT

TABLE = ROOT / "examples" / "polymyositis.yaml"
CELLS = yaml.load(
    (ROOT / "tests" / "second-disease.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
)
WITH_TABLE = {
    command.name
    for command in commands(dmcalc.load_table())
    if "--table" in {option.long for option in command.options}
}


def test_each_command_that_takes_a_table_has_its_cell():
    assert set(CELLS) == WITH_TABLE


@pytest.mark.parametrize("command", CELLS)
def test_a_command_answers_from_the_table_of_another_disease(call, tmp_path, monkeypatch, command):
    cell = CELLS[command]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "patients.csv").write_text("id,weight\n1,70\n2,110\n")
    for line in filter(None, (cell["run"], cell.get("then"))):
        done = call(*shlex.split(line), "--table", str(TABLE))
    assert done.code == cell.get("exit", 0), done.stderr
    assert [text for text in cell["shows"] if text not in done.stdout] == [], done.stdout
    assert [text for text in cell.get("hides", ()) if text in done.stdout] == []


@pytest.mark.parametrize(
    ("medicine", "code", "says"),
    [
        ("bisoprolol", 0, "Not checked: bisoprolol"),
        ("zyloric", 0, "35 to 52.5 mg"),  # a quarter of 140 to 210 mg
        ("cyclophosphamide", 0, "risk of malignancy"),
        # of the guideline's rules alone, and refused with a drug that this table has not
        ("ciclosprn", 3, "like it: ciclosporin"),
    ],
)
def test_other_medicines_are_read_where_rules_are_on_drugs_of_another_table(
    call, medicine, code, says
):
    line = ("dose", "azathioprine", "-w", "70", "--taking", medicine)
    done = call(*line, "--table", str(TABLE))
    assert done.code == code
    assert says in done.stdout + done.stderr


def test_the_table_is_valid_and_holds_what_a_small_table_needs(call):
    done = call("table", "check", str(TABLE), "--format", "json")
    assert done.code == 0
    assert len(TABLE.read_text(encoding="utf-8").splitlines()) < 350


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ("titrate prednisone", 3, "There is one for no drug."),
        ("taper prednisone", 3, "It has tapers for no drug."),
        ("infusion prednisone", 3, "Infusion rates are given for: no drug."),
        ("taper prednisone --age 9 -w 28", 4, "It has some for: no drug."),
    ],
)
def test_a_table_without_any_says_so(call, tmp_path, line, code, says):
    document = yaml.load(TABLE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    del document["titrations"], document["drugs"]["methylprednisolone"]["infusion"]
    del document["daily_tapers"]
    del document["sources"]["edrheum-azathioprine"]  # which nothing cites then
    small = tmp_path / "small.yaml"
    small.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    done = call(*shlex.split(line), "--table", str(small))
    assert (done.code, says in done.stderr) == (code, True), done.stderr


def test_a_course_of_one_day_in_a_table_of_one_drug(call, tmp_path):
    document = yaml.load(TABLE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    for part in ("daily_tapers", "titrations", "equivalence"):
        del document[part]
    drug = document["drugs"]["methylprednisolone"]
    del drug["infusion"]
    quote = "2 g/kg given over 1 day every 4 weeks"
    drug["regimens"] = [
        {
            "phase": "induction",
            "dose": "2 g/kg/course",
            "days": "1 day",
            "every": "4 weeks",
            "cite": {"source": "yang-2019", "quote": quote},
        }
    ]
    document["drugs"] = {"methylprednisolone": drug}
    document["course_tapers"] = {
        "courses": {
            "drug": "methylprednisolone",
            "name": "Courses",
            "population": "Adults",
            "default": True,
            "courses": 2,
            "ends": "The source gives no end.",
            "cite": {"source": "yang-2019", "quote": "2 infusions"},
        }
    }
    cited = yaml.safe_dump([document[part] for part in ("drugs", "indications", "formulas")])
    document["sources"] = {k: v for k, v in document["sources"].items() if k in cited}
    one = tmp_path / "one.yaml"
    one.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    for line, says in (
        ("drugs", "1 drug in the table"),
        ("dose -w 70", "140 g IV PER COURSE over 1 day every 4 weeks"),
        ("taper methylprednisolone -w 70", "1 day"),
        ('dispense methylprednisolone "140 g over 1 day" -w 70', "140 vials of 1 g"),
    ):
        done = call(*shlex.split(line), "--table", str(one))
        assert done.code == 0, done.stderr
        assert says in done.stdout
        assert "1 days" not in done.stdout


def test_a_source_that_is_another_work_in_the_guide_is_an_error(call, tmp_path):
    text = TABLE.read_text(encoding="utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(text.replace("title: High-dose systemic", "title: Another work on"))
    done = call("plan", "-w", "70", "-s", "severe", "--table", str(other))
    assert done.code == 7
    assert "the source 'etg' of the table is another work than that of the guide" in done.stderr


#: Names of which Python may know one: methotrexate is weekly, whatever a table says.
DISEASES = ("dermatomyositis", "polymyositis", "myositis", "jdm", "lupus", "vasculitis")
WEEKLY = [("table/rules/drugs.py", "methotrexate")]
#: Keys of documents, which are a contract: the unit of a running total is called so.
KEYS = ("prednisone_equivalent_low", "prednisone_equivalent_high")


def names() -> re.Pattern[str]:
    """Match the names of drugs and diseases, as whole words."""
    loaded = dmcalc.load_table().table
    drugs = {
        name.lower()
        for key, drug in loaded.drugs.items()
        for name in (key, drug.name, *drug.aliases, *drug.abroad)
    }
    assert {"methotrexate", "ivig", "prednisone"} <= drugs
    assert loaded.equivalence is not None
    known = sorted({*drugs, *loaded.equivalence.drugs, *DISEASES}, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, known))})\b", re.IGNORECASE)


def deciding(code: str, pattern: re.Pattern[str]) -> list[str]:
    """List the names of drugs and diseases in some Python.

    A sentence for people may name one; a word, a key or a pattern is what decides.
    """
    found = []
    for node in ast.walk(ast.parse(code)):
        text = node.value if isinstance(node, ast.Constant) else None
        name = getattr(node, "id", None) or getattr(node, "attr", None)
        if isinstance(text, str) and len(text.split()) <= 3 and pattern.search(text):
            found.append(text)
        elif isinstance(name, str) and name not in KEYS and pattern.search(name.replace("_", " ")):
            found.append(name)
    return found


def test_no_name_of_a_drug_or_a_disease_decides_anything_in_python():
    pattern, source = names(), ROOT / "src" / "dmcalc"
    found = [
        (path.relative_to(source).as_posix(), name)
        for path in sorted(source.rglob("*.py"))
        if path.name != "_bundled.py"  # made from the data
        for name in deciding(path.read_text(encoding="utf-8"), pattern)
    ]
    assert found == WEEKLY


@pytest.mark.parametrize(
    "code",
    ["if drug == 'ivig': pass", "'mtx|methotrexate'", "days_of_rituximab()", "{'Prednisone'}"],
)
def test_a_name_in_python_is_found(code):
    assert deciding(code, names())
