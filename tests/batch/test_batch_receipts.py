"""What a batch says of itself: receipts, tables that are overdue, the disclaimer."""

from __future__ import annotations

import errno
import hashlib
import json
import os

import pytest

from tests import documents

ROWS = "id,weight,dob,drug,order\n1,70,,prednisone,60 mg daily\n2,x,,prednisone,60 mg daily\n"
BORN = "3,28,2019-05-01,prednisone,30 mg daily\n"
OVERDUE = ("review_by: 2027-11-22", "review_by: 2026-11-27")


@pytest.fixture
def receipt(call, tmp_path):
    """Run a batch with a receipt; return what was written, by name."""

    def receipt(*args, text=ROWS + BORN, codes=(0, 4, 5)):
        (tmp_path / "in.csv").write_text(text)
        names = {"answers": "out.csv", "rejects": "rejects.csv", "receipt": "receipt.json"}
        paths = {name: tmp_path / file for name, file in names.items()}
        files = ("-o", str(paths["answers"]), "--rejects", str(paths["rejects"]))
        keep = ("--receipt", str(paths["receipt"]))
        done = call("batch", str(tmp_path / "in.csv"), *args, *files, *keep)
        assert done.code in codes, done.stderr
        return paths

    return receipt


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_receipt_has_the_hashes_of_the_files(receipt, tmp_path):
    paths = receipt("--check")
    document = documents.read(paths["receipt"].read_text())
    answer = document["answer"]
    assert answer["schema"] == "dmcalc.batch-run/1"
    assert documents.faults(document) == documents.faults(answer) == []
    assert answer["source_sha256"] == sha256(tmp_path / "in.csv")
    assert answer["answers_sha256"] == sha256(paths["answers"])
    assert answer["rejects_sha256"] == sha256(paths["rejects"])
    assert answer["counts"] == {
        **{"rows": 3, "answered": 2, "rejected": 1, "blank": 0, "others": 0},
        **{"written": 2, "warned": 0, "refused": 0},
    }
    assert answer["disclaimer"].startswith("Doses are the opinion")
    arguments = document["request"]["arguments"]
    assert arguments["check"] is True
    assert "in.csv" not in paths["receipt"].read_text()


@pytest.mark.parametrize(
    "args",
    [
        ("--check",),
        ("--drug", "prednisone", "--keep", "id", "--ignore-column", "order", "-f", "jsonl"),
        (
            *("--drug", "prednisone", "--ignore-column", "order", "--alternatives"),
            *("--market", "UK", "--stock", "20mg,5mg", "--halves"),
        ),
    ],
)
def test_a_replay_finds_the_input_by_its_hash(receipt, call, tmp_path, args):
    if "--drug" in args:
        kept = receipt(*args, text="id,weight,order\n1,70,x\n")["receipt"]
    else:
        kept = receipt(*args)["receipt"]
    (tmp_path / "in.csv").rename(tmp_path / "another name.csv")
    again = call("replay", str(kept), "--field", "same")
    assert (again.code, again.stdout) == (0, "true\n"), again.stderr
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    found = elsewhere / "in.csv"
    (tmp_path / "another name.csv").rename(found)
    assert call("replay", str(kept)).code == 7
    assert call("replay", str(kept), "--input", str(found)).code == 0
    assert call("replay", str(kept), "--input", str(elsewhere)).code == 0
    found.write_text(ROWS.replace("70", "71"))
    lost = call("replay", str(kept), "--input", str(found))
    assert (lost.code, lost.stdout) == (7, "")
    assert "no input with the SHA-256" in lost.stderr


def test_a_replay_with_another_table_is_another_answer(receipt, call, tmp_path, bundled):
    kept = receipt("--check")["receipt"]
    other = tmp_path / "table.yaml"
    other.write_text(bundled.read_text().replace('version: "2026.11"', 'version: "2026.12"'))
    again = call("replay", str(kept), "--table", str(other), "-f", "json")
    assert again.code == 5
    assert {row["where"] for row in again.json["differences"]} == {"answers_sha256"}


def test_a_run_that_goes_on_has_the_receipt_of_the_whole(receipt, tmp_path, stopped_at):
    """Stopped at its fifth row, with a note of the first three; the label tells the two apart."""
    text = ROWS + BORN * 5
    whole = receipt("--check", text=text)
    answer = json.loads(whole["receipt"].read_text())["answer"]
    for path in whole.values():
        path.unlink()
    with stopped_at(5):
        receipt("--check", text=text, codes=(130,))
    assert not any(path.exists() for path in whole.values())
    receipt("--check", "--resume", text=text)
    assert json.loads(whole["receipt"].read_text())["answer"] == answer
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_no_receipt_is_of_an_answer_that_is_not_there(receipt, tmp_path, monkeypatch):
    """Its place is taken last: where that of the answers cannot be, there is no receipt."""
    real = os.replace

    def replace(source, target):
        if str(target).endswith("out.csv"):
            raise OSError(errno.ENOSPC, "no space")
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("dmcalc.files.os.replace", replace)
        paths = receipt("--check", codes=(7,))
    assert not paths["receipt"].exists()
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_label_needs_a_receipt(call, tmp_path):
    (tmp_path / "in.csv").write_text("weight\n70\n")
    done = call("batch", str(tmp_path / "in.csv"), "--drug", "prednisone", "--receipt-for", "x")
    assert (done.code, done.stdout) == (2, "")


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("args", [("--drug", "prednisone"), ("--check", "--drug", "prednisone")])
def test_each_row_says_that_the_table_is_overdue(call, tmp_path, bundled, form, args):
    table = tmp_path / "table.yaml"
    text = bundled.read_text()
    assert OVERDUE[0] in text
    table.write_text(text.replace(*OVERDUE))
    checked = "--check" in args
    (tmp_path / "in.csv").write_text(f"weight{',order' * checked}\n70{',60 mg daily' * checked}\n")
    done = call("batch", str(tmp_path / "in.csv"), *args, "--table", str(table), "-f", form)
    assert done.code == 0, done.stderr
    assert "table-overdue" in done.stdout.splitlines()[-1]
    assert "dmcalc: warning: The table was to be reviewed by 2026-11-27." in done.stderr
    single = ("prednisone", "60 mg daily") if checked else ("prednisone",)
    verb = "check" if checked else "dose"
    one = call(verb, *single, "--weight", "70", "--table", str(table), "-f", form)
    assert one.stdout.splitlines()[-1] == done.stdout.splitlines()[-1]


def test_the_disclaimer_is_said_once(run_rows):
    done = run_rows("weight\n70\n80\n", "--drug", "prednisone")
    assert done.stderr.count("Doses are the opinion of the cited authors") == 1
    quiet = run_rows("weight\n70\n80\n", "--drug", "prednisone", "--quiet")
    assert quiet.stderr == ""
