"""What an audit relies on: what a receipt holds, and what a replay says of it."""

from __future__ import annotations

import getpass
import hashlib
import json
import re
import socket
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import dmcalc

SEVERE = ("--weight", "70", "--severity", "severe")
LARGE = ("--weight", "100", "--height", "175", "--sex", "male")
#: Each command that answers for a patient, with its options in all their kinds.
COMMANDS = [
    (0, ("dose",), ("--weight", "154lb", "--severity", "MILD", "--age", "45", "--alternatives")),
    (0, ("dose", "ivig", "prednisone"), ("-w", "70.07", "--bsa", "1.85")),
    (0, ("dose", "rituximab"), ()),
    (0, ("dose", "tacrolimus"), ("-w", "350", "--confirm-weight", "--market", "uk")),
    (0, ("taper", "prednisone"), (*SEVERE, "--start", "2026-12-01", "--plot")),
    (0, ("taper", "prednisone"), ("--from", "62.3mg", "--round", "nearest", "--pack", "20mg:100")),
    (0, ("taper", "prednisone"), ("--on", "35mg", "--from-date", "2027-02-01", "--left", "5mg:3")),
    (0, ("taper", "prednisone"), (*SEVERE, "--on", "20mg", "--flare")),
    (0, ("taper", "prednisone"), ("--from", "40mg", "--steps", "hold 2w; -10mg/2w to 20mg")),
    (0, ("taper", "ivig"), ("--weight", "61", "--weeks", "24")),
    (0, ("taper", "ivig"), ()),
    (0, ("titrate", "azathioprine"), ("--weight", "70", "--stock", "50mg,25mg", "--halves")),
    (0, ("titrate", "methotrexate"), ("--day", "Monday", "--start", "2026-12-01")),
    (0, ("titrate", "ciclosporin"), ("--weight", "70", "--interval", "2w")),
    (0, ("dispense", "prednisone", "62.5mg"), ("--stock", "20mg,5mg", "--halves")),
    (0, ("dispense", "ivig", "137.2g"), ("--days", "2..5", "--round-to", "5g")),
    (0, ("infusion", "ivig"), ("--weight", "61", "--days", "3", "--at", "22:30", "--at-risk")),
    (0, ("infusion", "rituximab"), ("--later",)),
    (0, ("check", "prednisone", "60 mg daily"), (*SEVERE, "--alternatives")),
    (5, ("check", "methotrexate", "10 mg daily"), ()),
    (5, ("check", "azathioprine", "100 mg daily in 3 doses"), ("-w", "70", "--phase", "target")),
    (0, ("monitor", "azathioprine", "ivig"), ("--start", "2026-12-01", "--stable", "8w")),
    (0, ("monitor", "methotrexate"), ("--age", "9", "--weeks", "26w")),
    (0, ("plan",), (*SEVERE, "--with", "azathioprine,ivig", "--start", "1 Dec 2026")),
    (0, ("plan",), ("-w", "63.7", "-s", "mild", "--with", "prednisolone", "--taper", "etg")),
    (0, ("plan",), ("--age", "9", "-w", "28.3", "--height", "132", "--with", "prednisone")),
    (
        *(0, ("plan",)),
        (
            *(
                "-w",
                "85",
                "-s",
                "severe",
                "--response",
                "partial",
                "--with",
                "ivig",
                "--weeks",
                "9",
            ),
            *("--condition", "lung", "--not-tolerated", "azathioprine", "--market", "uk"),
        ),
    ),
    (5, ("labs", "azathioprine"), ("--wbc", "3100/uL", "--plt", "200", "--alt", "40")),
    (5, ("labs", "methotrexate"), ("--egfr", "45", "--bp", "128/82", "--condition", "ild")),
    (0, ("body",), ("-w", "154lb", "--height", "5ft9in", "--sex", "male", "--formula", "haycock")),
    (
        *(0, ("body",)),
        ("-w", "70", "--sex", "FEMALE", "--age", "45", "--creatinine", "80umol/L"),
    ),
    (0, ("body",), ("-w", "350", "--confirm-weight", "--height", "1.75m")),
    (0, ("convert", "40mg", "prednisone", "methylprednisolone"), ("--route", "oral")),
    (0, ("convert", "1mg", "dexamethasone", "prednisone"), ()),
    (4, ("check", "cyclophosphamide", "1 g IV every month"), ("--bsa", "1.85")),
    (0, ("dose", "ivig", "prednisone"), (*LARGE, "--weight-policy", "Ontario")),
    (0, ("taper", "ivig"), (*LARGE, "--weight-basis", "IDEAL", "--start", "2026-12-01")),
    (0, ("infusion", "ivig"), (*LARGE, "--weight-basis", "policy", "--weight-policy", "nhs-form")),
    (0, ("check", "ivig", "2 g/kg over 2 days"), (*LARGE, "--weight-basis", "adjusted")),
    (4, ("check", "cyclophosphamide", "1 g every month"), ("-w", "70", "--height", "175")),
]
each_command = pytest.mark.parametrize(("code", "what", "options"), COMMANDS)

KEYS = [
    *(
        "schema",
        "dmcalc",
        "table",
        "created",
        "for",
        "request",
        "local",
        "rules",
        "roundings",
        "answer",
    ),
    *("answer_sha256", "receipt_sha256"),
]
RULE = ["drug", "figure", "value", "where", "sources"]
SOURCE = [
    *("source", "title", "doi", "read", "primary", "primary_title", "primary_doi"),
    *("primary_read", "quote"),
]
ROUNDING = [
    *("where", "what", "before", "after", "unit", "by", "percent", "direction", "how"),
]


def read(file):
    return json.loads(Path(file).read_text("utf-8"), parse_float=Decimal)


def at(document, where):
    for key in where.split("."):
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


@each_command
def test_a_receipt_holds_what_an_audit_needs(call, bundled, kept, code, what, options):
    file = kept(*what, *options, code=code)
    document = read(file)
    assert list(document) == KEYS
    assert document["schema"] == "dmcalc.receipt/1"
    assert document["dmcalc"] == dmcalc.__version__
    sha256 = hashlib.sha256(bundled.read_bytes()).hexdigest()
    assert document["table"]["sha256"] == sha256
    assert document["for"] is None
    written = datetime.strptime(document["created"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - written).total_seconds()) < 600
    assert document["request"]["command"] == what[0]
    assert document["answer"] == call(*what, *without_plot(options), "-f", "json").json
    for rule in document["rules"]:
        assert list(rule) == RULE
        assert rule["sources"], rule["figure"]
        for source in rule["sources"]:
            assert list(source) == SOURCE
            # a list of tests, or what points to a step, is no figure: it may have no words
            assert source["quote"] or rule["figure"] == "baseline tests" or rule["drug"] == "plan"
    for rounding in document["roundings"]:
        assert list(rounding) == ROUNDING
        assert rounding["direction"] in ("up", "down")
        if rounding["where"] is not None:
            assert at(document["answer"], rounding["where"]) == rounding["after"]


def without_plot(options):
    return [option for option in options if option != "--plot"]


@each_command
def test_a_receipt_replays_as_the_same(call, kept, code, what, options):
    done = call("replay", str(kept(*what, *options, code=code)), "--format", "json")
    assert (done.code, done.stderr) == (0, "")
    assert done.json["schema"] == "dmcalc.replay/1"
    assert done.json["same"] is True
    assert (done.json["figures"], done.json["differences"], done.json["refused"]) == ([], [], None)


@pytest.mark.parametrize(
    ("args", "arguments"),
    [
        (
            ("dose", "IVIG", "prednisone", "-w", "154lb", "-s", "SEVERE", "--alternatives"),
            {
                "drugs": ["IVIG", "prednisone"],
                "weight": "154lb",
                "severity": "severe",
                "alternatives": True,
            },
        ),
        (
            ("taper", "ivig", "--weight", "70", "--weeks", "24", "-f", "csv", "--quiet"),
            {"drug": "ivig", "weight": "70", "weeks": "24"},
        ),
        (
            ("check", "prednisone", " 60 mg  daily", "--weight", "70"),
            {"drug": "prednisone", "order": " 60 mg  daily", "weight": "70"},
        ),
    ],
)
def test_the_request_is_what_was_given_and_nothing_of_the_output(kept, args, arguments):
    assert read(kept(*args))["request"] == {"command": args[0], "arguments": arguments}


def test_a_receipt_holds_no_name_host_or_place(call, tmp_path, bundled):
    table, answer = tmp_path / "hospital-of-us.yaml", tmp_path / "answer-of-us.csv"
    table.write_bytes(bundled.read_bytes())
    file = tmp_path / "receipt-of-us.json"
    options = ("--table", str(table), "--output", str(answer), "-f", "csv")
    done = call("dose", *SEVERE, *options, "--receipt", str(file))
    assert done.code == 0
    text = file.read_text("utf-8")
    document = read(file)
    for place in (str(tmp_path), str(Path.home()), str(Path.cwd()), "of-us", table.name):
        assert place not in text
    words = json.dumps({key: document[key] for key in ("created", "for", "request", "table")})
    for name in (getpass.getuser(), socket.gethostname()):
        assert not re.search(rf"\b{re.escape(name)}\b", words)


def test_a_label_is_in_it_if_it_is_given(call, kept):
    file = kept("dose", "rituximab", "--receipt-for", "case 17, ward Ä")
    assert read(file)["for"] == "case 17, ward Ä"
    assert "for case 17, ward Ä: the same answer" in call("replay", str(file)).stdout


# by the rule in the README, with nothing of dmcalc
def test_the_hashes_can_be_made_by_others(kept):
    text = kept("dose", "prednisone", "--weight", "85", "--severity", "mild").read_text("utf-8")
    document = json.loads(text, parse_float=lambda written: f"\0{written}\0")

    def sha256(value):
        line = json.dumps(value, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(re.sub(r'"\\u0000([^"]*)\\u0000"', r"\1", line).encode()).hexdigest()

    answer = {k: v for k, v in document["answer"].items() if k not in ("dmcalc", "table")}
    assert document["answer_sha256"] == sha256(answer)
    rest = {key: value for key, value in document.items() if key != "receipt_sha256"}
    assert document["receipt_sha256"] == sha256(rest)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--receipt", "-"), 2),
        (("--receipt", "answer.json", "--output", "answer.json"), 2),
        (("--receipt", "./sub/../answer.json", "--output", "answer.json"), 2),
        (("--receipt", "hospital.yaml", "--table", "hospital.yaml"), 2),
        (("--receipt-for", "case 17"), 2),
        (("--receipt", "r.json", "--receipt-for", "two\nlines"), 2),
        (("--receipt", "r.json", "--receipt-for", "x" * 201), 2),
        (("--receipt", "r.json", "--field", "nothing"), 2),
        (("--receipt", "no/such/folder/r.json"), 7),
    ],
)
def test_no_receipt_no_answer(call, bundled, tmp_path, monkeypatch, options, code):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    (tmp_path / "hospital.yaml").write_bytes(bundled.read_bytes())
    done = call("dose", "prednisone", *SEVERE, *options)
    assert (done.code, done.stdout) == (code, ""), done.stderr
    assert done.stderr.startswith("dmcalc: ")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["hospital.yaml", "sub"]
    assert (tmp_path / "hospital.yaml").read_bytes() == bundled.read_bytes()


def test_a_refusal_writes_no_receipt(call, tmp_path):
    done = call("dose", "prednisone", "--receipt", str(tmp_path / "r.json"))
    assert done.code == 4
    assert list(tmp_path.iterdir()) == []


def test_warnings_under_strict_have_a_receipt_too(kept):
    assert kept("dose", "prednisone", "-w", "350", "--confirm-weight", "--strict", code=6).exists()


def test_a_receipt_may_come_on_stdin(shell, tmp_path):
    line = (
        f"dmcalc dose rituximab --receipt {tmp_path}/r.json > /dev/null && "
        f"dmcalc replay - --field same < {tmp_path}/r.json"
    )
    assert shell(line).stdout == "true\n"
