"""Receipts that were changed so that their hashes fit again: what is read of them is checked."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from dmcalc.audit import receipt_file


@pytest.fixture
def receipt(call, tmp_path):
    path = tmp_path / "receipt.json"
    words = ("dose", "azathioprine", "--weight", "75", "--taking", "allopurinol")
    assert call(*words, "--receipt", str(path)).code == 0
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


def sealed(document, path):
    """Write a receipt with the hashes that fit it."""
    document["answer_sha256"] = receipt_file.answer_hash(document["answer"])
    document["receipt_sha256"] = receipt_file.receipt_hash(document)
    path.write_text(json.dumps(document, default=float), encoding="utf-8")
    return str(path)


def test_a_receipt_that_was_not_changed_is_answered(call, receipt, tmp_path):
    assert call("replay", sealed(receipt, tmp_path / "r.json")).code == 0


@pytest.mark.parametrize("digit", ["0", "f"])
@pytest.mark.parametrize("key", ["answer_sha256", "receipt_sha256"])
def test_any_other_hash_is_a_change(call, receipt, tmp_path, key, digit):
    sealed(receipt, tmp_path / "r.json")
    if key == "answer_sha256":
        receipt[key] = digit * 64
        receipt["receipt_sha256"] = receipt_file.receipt_hash(receipt)
    receipt[key] = digit * 64
    (tmp_path / "r.json").write_text(json.dumps(receipt, default=float), encoding="utf-8")
    done = call("replay", str(tmp_path / "r.json"))
    assert (done.code, done.stdout) == (7, "")
    assert f"its {key} does not fit" in done.stderr


@pytest.mark.parametrize(
    ("part", "key", "says"),
    [
        (("answer", "guide"), "version", "guide: the key 'version' is missing"),
        (("answer", "guide"), "sha256", "guide: the key 'sha256' is missing"),
        (("table",), "version", "table: the key 'version' is missing"),
    ],
)
def test_a_version_that_is_missing_is_named(call, receipt, tmp_path, part, key, says):
    within = receipt
    for name in part:
        within = within[name]
    del within[key]
    done = call("replay", sealed(receipt, tmp_path / "r.json"))
    assert (done.code, done.stdout) == (7, "")
    assert says in done.stderr


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"local": {}}, "'local' is not a list"),
        ({"roundings": {}}, "'roundings' is not a list"),
        ({"first": 1, "second": 2}, "unknown key 'first'"),
        ({"schema": "s" * 50}, f"its schema is '{'s' * 40}' and not"),
    ],
)
def test_what_no_receipt_holds_is_named(call, receipt, tmp_path, change, says):
    done = call("replay", sealed(receipt | change, tmp_path / "r.json"))
    assert (done.code, done.stdout) == (7, "")
    assert says in done.stderr


def test_an_overlay_without_its_name_is_named(call, receipt, tmp_path):
    receipt["table"]["overlays"] = [{"sha256": "0"}]
    done = call("replay", sealed(receipt, tmp_path / "r.json"))
    assert done.code == 7
    assert "overlays: the key 'name' is missing" in done.stderr


@pytest.mark.parametrize(
    ("label", "code"),
    [("c" * 200, 0), ("c" * 201, 2), ("case\t17", 2), ("case\x1b[31m", 2), ("c", 0)],
)
def test_a_label_is_one_plain_line_of_200_characters(call, tmp_path, label, code):
    path = tmp_path / "r.json"
    done = call("dose", "rituximab", "--receipt", str(path), "--receipt-for", label)
    assert (done.code, path.exists()) == (code, code == 0)
    if code:
        assert "is not one line of plain text" in done.stderr
