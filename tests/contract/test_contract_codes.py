"""Every row and document that names a drug has its codes, and they are those of the table."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest

from dmcalc import table
from dmcalc.schemas import json_schema as schemas

from .printed import each_case

DRUGS = table.load().table.drugs
SYSTEMS = ("atc", "rxnorm")
#: Kinds of which neither a document nor a row is of one drug.
OF_NO_DRUG = {"body", "about", "care", "severity", "refs", "table-check", "table-diff"}


def expected(drug):
    """Return the codes that the table holds, none for what is no drug of it."""
    held = DRUGS.get(drug)
    entries = [getattr(held, system) if held else None for system in SYSTEMS]
    return [entry.code if entry else None for entry in entries]


def named(document):
    """Yield the document and its rows or steps, where they name a drug."""
    lists = (document.get(name, []) for name in ("rows", "steps", "orders"))
    parts = [document, *(part for parts in lists for part in parts)]
    yield from (part for part in parts if "drug" in part)
    if document["schema"].endswith("-drugs/1"):  # the documents of single drugs
        for drug in document["drugs"]:
            yield from named(drug | {"schema": ""})


def test_some_codes_are_known_and_some_are_not():
    assert expected("methotrexate") == ["L04AX03", "6851"]
    assert expected("prednisone") == ["H02AB07", "8640"]
    assert expected("ivig") == ["J06BA02", None]
    assert expected(None) == [None, None]


@each_case
def test_a_document_that_names_a_drug_has_its_codes(call, kind, args):
    document = call(*args, "--format", "json").json
    found = list(named(document))
    assert bool(found) != (kind in OF_NO_DRUG)
    for part in found:
        assert [part[system] for system in SYSTEMS] == expected(part["drug"]), part["drug"]


@each_case
def test_a_line_that_names_a_drug_has_its_codes(call, kind, args):
    lines = call(*args, "--format", "jsonl", "--quiet").stdout.splitlines()
    for row in (json.loads(line, parse_float=Decimal) for line in lines):
        assert ("drug" in row) != (kind in OF_NO_DRUG)
        if "drug" in row:
            assert [row[system] for system in SYSTEMS] == expected(row["drug"]), row["drug"]


@each_case
def test_a_line_of_a_spreadsheet_has_its_codes(call, kind, args):
    for form, comma in (("csv", ","), ("tsv", "\t")):
        text = call(*args, "--format", form, "--quiet").stdout
        for row in csv.DictReader(io.StringIO(text), delimiter=comma):
            if kind not in OF_NO_DRUG:
                codes = [code or "" for code in expected(row["drug"])]
                assert [row[system] for system in SYSTEMS] == codes, row["drug"]


@pytest.mark.parametrize("how", [(), ("--check",)], ids=["dose", "check"])
def test_a_batch_has_the_codes_of_each_row(call, tmp_path, how):
    orders = tmp_path / "orders.csv"
    orders.write_text("drug,order,weight\nmethotrexate,10 mg weekly,70\nrituximab,1 g once,70\n")
    lines = call("batch", str(orders), *how, "-f", "jsonl").stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    assert {row["drug"] for row in rows} == {"methotrexate", "rituximab"}
    for row in rows:
        assert [row[system] for system in SYSTEMS] == expected(row["drug"])


@pytest.mark.parametrize("kind", schemas.kinds())
def test_what_has_a_drug_in_a_schema_has_its_codes(kind):
    for schema in (schemas.document(kind), schemas.line(kind)):
        for shape in (schema, *schema.get("anyOf", []), schema["$defs"].get("row", {})):
            keys = shape.get("properties", {})
            assert [system in keys for system in SYSTEMS] == ["drug" in keys] * 2


def test_a_code_is_text_and_an_unknown_one_is_null(call):
    rows = call("drugs", "-f", "json").json["rows"]
    found = {row["drug"]: row["rxnorm"] for row in rows}
    assert found["rituximab"] == "121191"
    assert found["mycophenolate"] is None
    assert call("dose", "tacrolimus", "-w", "70", "--field", "rxnorm").stdout == "42316\n"
    assert call("taper", "prednisone", "--from", "20mg", "--field", "atc").stdout.startswith(
        "H02AB07\n"
    )


def test_people_read_a_code_as_it_is_and_why_there_is_none(call):
    wide = ("--explain", "--width", "500")
    why = call("why", "rituximab", *wide).stdout
    assert "ATC code: L01FA01\n" in why
    assert "RxNorm ingredient: 121191\n" in why
    shown = call("show", "rituximab", *wide).stdout
    assert "ATC code: L01FA01. Older files have L01XC02 instead. [" in shown
    assert "RxNorm ingredient: 121191 [" in shown
    for command in ("show", "why"):
        assert "has mycophenolic acid as 7145." in call(command, "mycophenolate", *wide).stdout
    assert "RxNorm ingredient: none. An ingredient of RxNorm" in call("show", "ivig", *wide).stdout
    listed = [" ".join(line.split()) for line in call("drugs", *wide).stdout.splitlines()]
    assert "rituximab anti-CD20 antibody intravenous L01FA01 121191" in listed
    assert "prednisone corticosteroid oral hhe-2018, etg, ese-es-2024 H02AB07 8640" in listed
    narrow = " ".join(call("drugs", "--explain", "--width", "80").stdout.split())
    assert "ATC code L01FA01; RxNorm ingredient 121191" in narrow


def test_a_code_that_differs_between_two_tables_is_text_with_its_source(call, root, tmp_path):
    table = (root / "data" / "drugs.yaml").read_text(encoding="utf-8")
    held = 'rxnorm: {code: "42316"'
    assert held in table
    other = table.replace(held, 'rxnorm: {code: "42317"').replace(
        "RxNorm:42316 t", "RxNorm:42317 t"
    )
    (tmp_path / "other.yaml").write_text(other, encoding="utf-8")
    rows = call("table", "diff", "bundled", str(tmp_path / "other.yaml"), "-f", "json").json["rows"]
    (row,) = [row for row in rows if row["name"] == "tacrolimus.rxnorm.code"]
    assert (row["kind"], row["a"], row["b"]) == ("text", "42316", "42317")
    assert row["sources_b"] == ["cpic-drugs", "rxnorm"]
    page = call("table", "diff", "bundled", str(tmp_path / "other.yaml")).stdout
    assert "42317" in page
    assert "42,317" not in page
