"""The row formats: CSV, TSV and JSON lines hold the same rows as the JSON, each with its origin."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from decimal import Decimal

import pytest

import dmcalc

LARGE = ("--weight", "100", "--height", "175", "--sex", "male")
COMMANDS = [
    ("dose", "--weight", "70", "--severity", "severe"),
    ("dose", "--weight", "154lb", "--alternatives", "--bsa", "1.85"),
    ("dose", "cyclophosphamide"),
    ("taper", "prednisone", "--from", "60mg", "--start", "2026-12-01"),
    ("taper", "ivig", "--weight", "45.5"),
    ("taper",),
    ("check", "azathioprine", "62.3 mg daily", "--weight", "70", "--alternatives"),
    ("check", "methotrexate", "20 mg once a week"),
    ("drugs",),
    ("show", "ivig"),
    ("why", "prednisone"),
    ("table", "check"),
    ("infusion", "ivig", "--weight", "70"),
    ("dose", *LARGE, "--weight-policy", "ontario"),
    ("taper", "ivig", *LARGE, "--weight-basis", "ideal"),
    ("check", "ivig", "160 g over 2 days", *LARGE, "--weight-policy", "ontario"),
    ("infusion", "ivig", *LARGE, "--weight-policy", "ontario"),
]
ORIGIN = ["schema", "dmcalc", "table_version", "table_sha256"]


def text(value):
    """Write a JSON value as CSV and TSV do."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(map(text, value))
    if isinstance(value, dict) and value.keys() == {"below", "above"}:
        below, above = ("null" if end is None else text(end) for end in value.values())
        return f'{{"below": {below}, "above": {above}}}'
    if isinstance(value, dict) and "count" not in value:  # a value of several named ones
        return json.dumps(value, default=float)
    if isinstance(value, dict):
        return f"{value['count']} x {value['strength']} {value['unit']}"
    return value if isinstance(value, str) else json.dumps(value, default=str).strip('"')


def rows_of(document):
    return document.get("rows") or document["steps"]


@pytest.mark.parametrize("args", COMMANDS, ids=" ".join)
class TestRows:
    def expected(self, call, args):
        return rows_of(call(*args, "--format", "json").json)

    def check(self, rows, expected, bundled):
        assert len(rows) == len(expected) > 0
        sha256 = hashlib.sha256(bundled.read_bytes()).hexdigest()
        for row, wanted in zip(rows, expected, strict=True):
            assert [key for key in row if key in wanted] == list(wanted)
            assert {key: row[key] for key in wanted} == wanted
            assert row["dmcalc"] == dmcalc.__version__
            assert row["table_sha256"] == sha256
            assert row["table_version"]
            assert row["schema"].startswith("dmcalc.")
            assert list(row)[-len(ORIGIN) :] == ORIGIN

    def test_json_lines(self, call, bundled, args):
        out = call(*args, "--format", "jsonl").stdout
        rows = [json.loads(line, parse_float=Decimal) for line in out.splitlines()]
        self.check(rows, self.expected(call, args), bundled)
        assert out.endswith("}\n")

    def test_csv(self, call, bundled, args):
        out = call(*args, "--format", "csv").stdout
        expected = [{k: text(v) for k, v in row.items()} for row in self.expected(call, args)]
        rows = list(csv.DictReader(io.StringIO(out, newline=""), strict=True))
        self.check(rows, expected, bundled)
        assert out.count("\r\n") == len(rows) + 1

    def test_tsv(self, call, bundled, args):
        out = call(*args, "--format", "tsv").stdout
        header, *cells = csv.reader(io.StringIO(out), delimiter="\t")
        assert out.count("\n") == len(cells) + 1
        expected = [{k: text(v) for k, v in row.items()} for row in self.expected(call, args)]
        self.check([dict(zip(header, row, strict=True)) for row in cells], expected, bundled)


def test_numbers_in_rows_have_no_thousands_commas(call):
    rows = call("taper", "ivig", "--weight", "70", "--format", "tsv").stdout.splitlines()
    totals = [row.split("\t")[rows[0].split("\t").index("total_high")] for row in rows[1:]]
    assert totals[7:] == ["1120", "1260", "1400"]


def test_a_row_names_the_warnings_that_concern_it(call):
    out = call("dose", "--weight", "350", "--confirm-weight", "--format", "jsonl").stdout
    found = {row["regimen"]: row["warnings"] for row in map(json.loads, out.splitlines())}
    assert found["prednisone.induction"] == ["unusual-weight"]
    assert found["tacrolimus.target"] == ["unusual-weight", "transplant-range"]
    assert found["cyclophosphamide.pulse"] == ["unusual-weight", "no-dose"]


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "tsv"])
def test_a_terminal_changes_nothing_in_what_machines_read(run, form):
    args = ("dose", "--weight", "70", "--format", form)
    in_pipe = run(*args).stdout.replace("\r\n", "\n")
    in_terminal = run(*args, tty=True, columns=60).stdout.replace("\r\n", "\n")
    assert in_terminal.replace("\r", "") == in_pipe


# 62.5 mg are 50, 10 and 2.5 mg: one tablet of 2.5 mg out of a pack of 30 leaves 29
@pytest.mark.parametrize(
    ("args", "field", "text"),
    [
        (
            ("dispense", "prednisone", "62.5mg", "--pack", "2.5mg:30"),
            "packs",
            '{"strength": 2.5, "unit": "mg", "size": 30, "packs": 1, "over": 29}',
        ),
        (
            ("dispense", "prednisone", "62.5mg", "--pack", "2.5mg:30,10mg:100"),
            "packs",
            '{"strength": 10, "unit": "mg", "size": 100, "packs": 1, "over": 99}; '
            '{"strength": 2.5, "unit": "mg", "size": 30, "packs": 1, "over": 29}',
        ),
        (("dispense", "prednisone", "62.5mg"), "nearest", '{"below": 62.5, "above": 62.5}'),
        (
            ("check", "prednisone", "61.3 mg daily", "-w", "70"),
            "nearest",
            '{"below": 61, "above": 61.5}',
        ),
        (("dispense", "prednisone", "62.5mg"), "products", "1 x 50 mg; 1 x 10 mg; 1 x 2.5 mg"),
    ],
)
def test_a_nested_value_keeps_its_names(call, args, field, text):
    assert call(*args, "--field", field).stdout == f"{text}\n"
    for form, comma in (("csv", ","), ("tsv", "\t")):
        rows = call(*args, "--format", form, "--quiet").stdout
        (row,) = csv.DictReader(io.StringIO(rows), delimiter=comma)
        assert row[field] == text
