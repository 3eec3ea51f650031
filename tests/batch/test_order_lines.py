"""Orders by the line: each line is one record, and one that is too long shifts no other."""

from __future__ import annotations

import hashlib
import io

import pytest

from dmcalc.batch import orders

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
