"""The schemas: valid, complete, and only ever added to; and the check that every test runs."""

from __future__ import annotations

import csv
import io
import json
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from dmcalc.schemas import json_schema as schemas
from tests import documents

from . import snapshots
from .printed import HOSPITAL, PRINTED, SEVERE, each_case

KINDS = schemas.kinds()


def test_every_kind_is_printed_by_a_command():
    # the two of a receipt have a test of their own below, a run of a batch in test_batch_receipts
    assert {*PRINTED, "batch", "batch-run", "receipt", "replay"} == set(KINDS)


@pytest.mark.parametrize(
    "asked",
    [
        ("dose", "--weight", "70.07", "--severity", "severe", "--alternatives"),
        ("taper", "prednisone", "--from", "62.3mg", "--round", "down", "--protocol", "etg"),
        ("titrate", "methotrexate", "--day", "monday"),
        ("dispense", "ivig", "137.2g", "--days", "3"),
        ("infusion", "ivig", "--weight", "70", "--overlay", HOSPITAL),
        ("check", "azathioprine", "60 mg daily", "--weight", "70"),
        ("body", "-w", "70.1", "--age", "45", "--sex", "male", "--creatinine", "80umol/L"),
        ("convert", "1mg", "dexamethasone", "prednisolone"),
    ],
    ids=lambda asked: asked[0],
)
def test_a_receipt_and_its_replay_fit_their_schemas(call, tmp_path, asked):
    file = str(tmp_path / "receipt.json")
    assert call(*asked, "--receipt", file).code in (0, 5)
    document = documents.read(Path(file).read_text(encoding="utf-8"))
    assert documents.faults(document) == []
    assert documents.faults(document["answer"]) == []
    for table in ((), ("--overlay", HOSPITAL)):
        replayed = call("replay", file, *table, "--format", "json").json
        assert replayed["schema"] == "dmcalc.replay/1"
        assert documents.faults(replayed) == []


def test_the_command_lists_the_kinds(call):
    assert call("schema").stdout.split() == KINDS


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("more", [(), ("--line",)], ids=["document", "line"])
def test_a_printed_schema_is_a_schema(call, kind, more):
    done = call("schema", kind, *more)
    if more and not schemas.has_lines(kind):
        assert (done.code, done.stdout) == (2, "")
        return
    assert done.code == 0
    schema = json.loads(done.stdout)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].startswith(f"urn:dmcalc:{kind}:")
    assert schema["title"]
    assert schema["description"].endswith(".")


def objects(schema):
    """Yield every object of a schema that has keys."""
    if isinstance(schema, list):
        schema = dict(enumerate(schema))
    if isinstance(schema, dict):
        if "properties" in schema and isinstance(schema.get("required"), list):
            yield schema
        for part in schema.values():
            yield from objects(part)


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_described_required_and_may_have_others_beside_it(kind):
    for schema in (schemas.document(kind), schemas.line(kind)):
        found = list(objects(schema))
        assert found
        for shape in found:
            assert shape["required"] == list(shape["properties"])
            assert shape["additionalProperties"] is True
            for name, of in shape["properties"].items():
                assert of.get("description", "").endswith("."), f"{kind}: {name}"


@each_case
def test_a_document_fits_its_schema_and_names_it(call, kind, args):
    document = call(*args, "--format", "json").json
    assert document["schema"] == f"dmcalc.{kind}/1"
    assert list(document) == list(schemas.document(kind)["properties"])
    assert documents.faults(document) == []


@each_case
def test_a_line_has_the_columns_of_its_schema(call, kind, args):
    columns = list(schemas.line(kind)["properties"])
    for line in call(*args, "--format", "jsonl", "--quiet").stdout.splitlines():
        assert list(json.loads(line)) == columns
    columns = list(schemas.line(kind, sheet=True)["properties"])
    for form, comma in (("csv", ","), ("tsv", "\t")):
        text = call(*args, "--format", form, "--quiet").stdout
        assert next(csv.reader(io.StringIO(text), delimiter=comma)) == columns


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_is_added_on_purpose_and_none_goes_away(kind):
    """Read ``README.md`` beside this file before you change what it compares with."""
    promised, printed = snapshots.promised(kind), snapshots.printed(kind)
    whole = (snapshots.inlined(each, {}) for each in (promised, printed))
    assert list(snapshots.lost(*whole)) == [], "scripts rely on these: a new version"
    assert printed == promised, "new keys or words: python -m tests.contract.snapshots"


def test_no_snapshot_is_left_over():
    assert sorted(path.stem for path in snapshots.FOLDER.iterdir()) == KINDS


def test_what_goes_away_is_found():
    old = {"properties": {"low": {"type": "number"}, "per": {"enum": ["day", "week"]}}}
    new = {"properties": {"low": {"type": "string"}, "per": {"enum": ["day"]}}}
    more = {"properties": {**old["properties"], "high": {"type": "number"}}}
    assert list(snapshots.lost(old, new)) == ["/properties/low/type", "/properties/per/enum/week"]
    assert list(snapshots.lost(old, {})) == ["/properties"]
    assert list(snapshots.lost(old, more)) == []


class TestTheCheckOfEveryTest:
    """``tests/documents.py`` finds what is wrong; without that no other test proves anything."""

    @pytest.fixture
    def document(self, call):
        return call("dose", "prednisone", *SEVERE, "--format", "json").json

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            (lambda d: d.pop("patient"), "'patient' is a required property"),
            (lambda d: d["rows"][0].pop("low"), "'low' is a required property"),
            (lambda d: d["rows"][0].update(colour="red"), "'colour' was unexpected"),
            (lambda d: d["rows"][0].update(low="52.5"), "$.rows[0].low: '52.5' is not of type"),
            (lambda d: d["rows"][0].update(per="night"), "$.rows[0].per"),
            (lambda d: d["rows"][0].update(days_low=Decimal("2.5")), "$.rows[0].days_low"),
            (lambda d: d["rows"][0].update(base=1), "$.rows[0].base"),
            (lambda d: d["table"].update(sha256="0"), "$.table.sha256"),
            (lambda d: d["table"].update(path="x"), "'path' was unexpected"),
            (lambda d: d.update(schema="dmcalc.dose/2"), "no schema describes 'dmcalc.dose/2'"),
            (lambda d: d.update(schema="dmcalc.doze/1"), "no schema describes 'dmcalc.doze/1'"),
            (lambda d: d.update(schema="dmcalc.common/1"), "no schema describes"),
            (lambda d: d.pop("schema"), "names no schema"),
            (lambda d: d.update(rows=d.pop("rows")), "in another order"),
        ],
    )  # fmt: skip
    def test_a_document_that_does_not_fit_is_found(self, document, change, fault):
        assert documents.faults(document) == []
        change(document)
        told = documents.faults(document)
        assert len(told) == 1
        assert fault in told[0]

    @pytest.mark.parametrize("how", ["run", "call", "shell", "terminal", "file"])
    def test_a_test_that_makes_dmcalc_print_it_fails(
        self, run, call, shell, document, tmp_path, monkeypatch, how
    ):
        document["rows"][0]["colour"] = "red"
        text = json.dumps(document, indent=2, default=str)
        (tmp_path / "wrong.json").write_text(text)
        args = ("dose", "--format", "json")
        fake = (sys.executable, "-c", f"print(open({str(tmp_path / 'wrong.json')!r}).read())")

        def main():
            print(text)
            sys.exit(0)

        monkeypatch.setattr("tests.conftest.main", main)
        ways = {
            "run": lambda: run(*args, program=fake),
            "call": lambda: call(*args),
            "shell": lambda: shell("cat wrong.json", cwd=tmp_path),
            "terminal": lambda: run(*args, program=fake, tty=True),
            "file": lambda: run("-o", "wrong.json", program=("true",), cwd=tmp_path),
        }
        with pytest.raises(AssertionError, match="does not fit"):
            ways[how]()

    def test_what_was_asked_for_as_json_is_held_to_it_whatever_it_is(self, run):
        fake = (sys.executable, "-c", "print('[]')")
        with pytest.raises(AssertionError, match="does not fit"):
            run("--format", "json", program=fake)
        with pytest.raises(json.JSONDecodeError):
            run("--format", "json", program=("echo", "dose"))

    def test_a_wrong_line_is_found(self, call, run):
        line = call("drugs", "--format", "jsonl").stdout.splitlines()[0]
        wrong = line.replace('"alternatives": ', '"alternative": ')
        assert documents.faults(documents.read(line), line=True) == []
        with pytest.raises(AssertionError, match="does not fit"):
            run("--format", "jsonl", program=(sys.executable, "-c", f"print({wrong!r})"))

    # columns of the input stand before those of a row, and only there
    def test_a_batch_passes_on_what_it_was_given(self, call):
        line = call("dose", "prednisone", *SEVERE, "--format", "jsonl").stdout
        row = documents.read(line)
        assert documents.faults({"id": 1, **row}, line=True) != []
        assert documents.faults({"id": 1, **row}, line=True, passed_on=True) == []
        assert documents.faults({**row, "id": 1}, line=True, passed_on=True) != []


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_row_of_a_batch_fits_the_schema_of_a_batch(call, tmp_path, form):
    (tmp_path / "patients.csv").write_text("id,weight,severity\n1,70,severe\n2,85,mild\n")
    done = call("batch", "patients.csv", "--drug", "prednisone", "-f", form, cwd=tmp_path)
    assert done.code == 0
    if form == "csv":
        header = next(csv.reader(io.StringIO(done.stdout)))
        assert header == ["id", *schemas.line("dose")["properties"]]
        return
    checker = Draft202012Validator(json.loads(call("schema", "batch").stdout))
    rows = [documents.read(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in rows] == ["1", "2"]
    for row in rows:
        assert list(checker.iter_errors(row)) == []
        assert list(checker.iter_errors({**row, "low": "52.5"})) != []


def test_a_checked_order_fits_the_schema_of_a_batch(call, tmp_path):
    order = '{"id": 1, "drug": "prednisone", "order": "90 mg daily", "weight": 70}\n'
    (tmp_path / "orders.jsonl").write_text(order)
    done = call("batch", "orders.jsonl", "--check", cwd=tmp_path)
    row = documents.read(done.stdout)
    checker = Draft202012Validator(schemas.document("batch"))
    assert (done.code, row["order_verdict"], row["exit"]) == (5, "over-cap", 5)
    assert list(checker.iter_errors(row)) == []
    assert list(checker.iter_errors({**row, "order_verdict": "fine"})) != []


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("doze",), "there is no kind 'doze' (like it: dose)"),
        (("common",), "there is no kind 'common'"),
        (("../schemas/dose",), "there is no kind"),
        (("--line",), "--line is of one kind"),
    ],
)
def test_a_kind_that_there_is_not_is_refused(call, args, message):
    done = call("schema", *args)
    assert (done.code, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_kind_without_rows_has_no_line(call):
    done = call("schema", "receipt", "--line")
    assert (done.code, done.stdout) == (2, "")
