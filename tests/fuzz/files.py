"""Files that are spoiled: receipts, orders in FHIR, tables, guides and overlays."""

from __future__ import annotations

import copy
import hashlib
import json
import random
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from dmcalc.audit import receipt_file
from tests.fuzz.mutate import spoiled, spoiled_bytes
from tests.fuzz.run import Input

ROOT = Path(__file__).parents[2]


@cache
def receipt() -> bytes:
    """Return the receipt of a dose, written by dmcalc itself."""
    from tests.fuzz.run import run  # not at the import of a module that run imports

    folder = Path(__import__("tempfile").mkdtemp())
    run(
        Input(
            "",
            (
                "dose",
                "azathioprine",
                "--weight",
                "75",
                "--taking",
                "allopurinol",
                "--receipt",
                "r.json",
            ),
        ),
        folder,
    )
    return (folder / "r.json").read_bytes()


def receipts(chance: random.Random) -> Input:
    """Make a receipt of which something was changed; as often as not its hashes fit again."""
    if chance.random() < 0.3:
        return Input("receipts", ("replay", "r.json"), {"r.json": spoiled_bytes(receipt(), chance)})
    document: dict[str, Any] = json.loads(receipt(), parse_float=Decimal)
    for _ in range(chance.choice((1, 1, 2))):
        change_somewhere(document, chance)
    answer = document.get("answer")
    if isinstance(answer, dict):
        document["answer_sha256"] = hashed(receipt_file.answer_hash, answer)
    document["receipt_sha256"] = hashed(receipt_file.receipt_hash, document)
    content = encoded(document)
    return Input("receipts", ("replay", "r.json"), {"r.json": content})


def encoded(document: object) -> bytes:
    """Write a document as JSON."""
    return json.dumps(document, default=float).encode("utf-8", "surrogatepass")


def hashed(of: Callable[[dict[str, object]], str], document: dict[str, object]) -> str:
    """Return a hash as dmcalc writes it, or any where what was changed has none."""
    try:
        return of(document)
    except Exception:  # what cannot be hashed is refused for its shape
        return hashlib.sha256(b"").hexdigest()


VALUES_OF_JSON: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1e308,
    70,
    "70",
    "",
    "NaN",
    [],
    {},
    [[]],
    "x" * 300,
)


def change_somewhere(document: dict[str, Any], chance: random.Random) -> None:
    """Change, take out or add one value of a document, somewhere in it."""
    part: Any = document
    while True:
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        if not keys:
            return
        key = chance.choice(keys)
        if isinstance(part[key], dict | list) and part[key] and chance.random() < 0.8:
            part = part[key]
            continue
        way = chance.randrange(4)
        if way == 0:
            del part[key]
        elif way == 1 and isinstance(part[key], str):
            part[key] = spoiled(part[key], chance)
        else:
            # a value of its own, which later changes do not share
            part[key] = copy.deepcopy(chance.choice(VALUES_OF_JSON))
        return


def of_file(name: str, option: str, kind: str) -> Callable[[random.Random], Input]:
    """Return what makes a command with one of dmcalc's own files, of which a part is spoiled."""

    def make(chance: random.Random) -> Input:
        right = (ROOT / name).read_text(encoding="utf-8")
        at = chance.randrange(max(1, len(right) - 200))
        text = right[:at] + spoiled(right[at : at + 200], chance) + right[at + 200 :]
        file = Path(name).name
        words = ("dose", "azathioprine", "--weight", "75", "--taking", "allopurinol", option, file)
        return Input(kind, words, {file: text.encode("utf-8", "surrogatepass")})

    return make


@cache
def orders() -> tuple[bytes, ...]:
    """Return the FHIR orders of the tests."""
    found = sorted((ROOT / "tests" / "fhir").glob("*/*.json"))
    return tuple(f.read_bytes() for f in found if not f.name.endswith(".expect.json"))


def fhir(chance: random.Random) -> Input:
    """Make a FHIR order with bytes changed, taken out and put in."""
    content = chance.choice(orders())
    if chance.random() < 0.4:
        content = spoiled_bytes(content, chance)
    else:
        document = json.loads(content)
        for _ in range(chance.choice((1, 1, 3))):
            change_somewhere(document, chance)
        content = encoded(document)
    words = ("verify", "o.json") if chance.random() < 0.8 else ("check", "--fhir", "o.json")
    return Input("FHIR orders", words, {"o.json": content})
