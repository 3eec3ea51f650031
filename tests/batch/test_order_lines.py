"""Orders by the line: each line is one record, and one that is too long shifts no other."""

from __future__ import annotations

import hashlib
import io
import json
from types import SimpleNamespace

import pytest

from dmcalc.batch import orders
from dmcalc.batch.reader import Record
from dmcalc.batch.writer import BatchCounts

MOST = 2**21


@pytest.mark.parametrize(
    ("length", "fault"),
    [
        (MOST - 1, None),
        (MOST, "it is longer than 2 MiB"),
        (MOST + 1, "it is longer than 2 MiB"),
        (3 * MOST, "it is longer than 2 MiB"),
    ],
)
def test_a_line_that_is_too_long_is_one_record(monkeypatch, length, fault):
    monkeypatch.setattr(orders, "MAX_LINE", MOST)
    content = b"{}\n\n" + b"1" * length + b"\n[]\n  \n{}"
    lines = orders.OrderLines(io.BytesIO(content))
    found = [(record.line, record.cells[0][:2], record.fault) for record in lines]
    long = "" if fault else "11"
    assert found == [(1, "{}", None), (3, long, fault), (4, "[]", None), (6, "{}", None)]
    assert lines.read.digest() == hashlib.sha256(content).digest()


def test_a_line_has_room_for_16_mebibytes():
    lines = (b"1" * (2**24 - 1), b"2" * 2**24, b"3")
    found = list(orders.OrderLines(io.BytesIO(b"\n".join(lines) + b"\n")))
    assert [len(record.cells[0]) for record in found] == [2**24, 0, 2]
    assert [record.fault for record in found] == [None, "it is longer than 16 MiB", None]


def test_lines_of_another_type_are_counted_by_its_first_64_letters():
    counts = BatchCounts()
    for name in ("K" * 70, "K" * 64, "Patient", "K" * 80):
        line = Record(1, (json.dumps({"resourceType": name}),))
        orders._answer(line, None, None, SimpleNamespace(counts=counts), None)
    assert counts.others == {"K" * 64: 3, "Patient": 1}
