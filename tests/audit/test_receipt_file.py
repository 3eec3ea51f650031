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


def test_an_overlay_without_its_name_is_named(call, receipt, tmp_path):
    receipt["table"]["overlays"] = [{"sha256": "0"}]
    done = call("replay", sealed(receipt, tmp_path / "r.json"))
    assert done.code == 7
    assert "overlays: the key 'name' is missing" in done.stderr
