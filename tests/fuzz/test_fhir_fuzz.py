"""Orders with bytes changed, taken out and put in: an answer or a refusal, never a traceback."""

from __future__ import annotations

import contextlib
import random

import pytest

from dmcalc.errors import FileError
from dmcalc.fhir.sources import verify_content
from dmcalc.fhir.verify import Verifier
from dmcalc.formulary import load

from ..chance import SEED, share
from .conftest import limited, tried

TRIED = share(100_000, 100)
PIECES = (
    *(
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"0",
        b"-1",
        b"1e99",
        b"null",
        b"true",
        b"\x00",
        b"\xff",
    ),
    *(
        b'"value"',
        b'"period"',
        b'"when":["MORN"]',
        b'"mg"',
        b"2026-02-30",
        b"9999-12-31",
        b"1" * 40,
    ),
)


@pytest.fixture(scope="module")
def orders(root):
    files = [*(root / "tests" / "fhir").glob("*/*.json")]
    return [f.read_bytes() for f in sorted(files) if not f.name.endswith(".expect.json")]


def spoiled(order, chance):
    """Return an order with one to five bytes or pieces changed."""
    text = bytearray(order)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(text))
        way = chance.randrange(4)
        if way == 0:
            text[at] = chance.randrange(256)
        elif way == 1:
            del text[at : at + chance.randint(1, 40)]
        elif way == 2:
            text[at:at] = chance.choice(PIECES)
        else:
            other = chance.randrange(len(text))
            text[at:at] = text[other : other + chance.randint(1, 80)]
        if not text:
            return b"{}"
    return bytes(text)


def test_an_order_with_spoiled_bytes_is_no_bug(orders):
    chance = random.Random(SEED)
    verifier = Verifier(load(None, ()))
    for _ in range(TRIED):
        text = spoiled(chance.choice(orders), chance)
        tried["spoiled FHIR orders"] += 1
        with limited(), contextlib.suppress(FileError):
            source, found = verify_content("order.json", text, verifier)
            assert source.orders == len(found) > 0, text
