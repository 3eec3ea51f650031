"""Inputs of all kinds, each made from a number of a seed: command lines, and spoiled files."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from dmcalc.audit import receipt_file
from dmcalc.cli import _command_model
from dmcalc.cli._command_model import Argument, Command, Option
from dmcalc.table import load
from tests.fuzz.mutate import PIECES, spoiled, spoiled_bytes
from tests.fuzz.run import Input

ROOT = Path(__file__).parents[2]
#: The only files that are ever written, beside those of an input.
WRITTEN = ("out.txt", "out.csv", "out.json", "no/where.txt", "-")
#: What is written to, and so is never spoiled.
OUTPUTS = ("--output", "-o", "--rejects", "--receipt")
#: Other engines have tests of their own, and whole tables are read by inputs of their own.
LEFT_OUT = ("--engine", "--table", "--guide")
#: Values that are right, by option and argument; those that have words of their own are not here.
VALUES = {
    "--weight": ("70", "154lb", "11st 6lb", "62.55", "350"),
    "--height": ("175cm", "5ft9in", "1.75m", "170"),
    "--bsa": ("1.85", "0.9"),
    "--age": ("45", "9", "17y 11m", "3 months", "30w"),
    "--dob": ("1980-02-29", "2017-03-01"),
    "--as-of": ("2026-11-29",),
    "--egfr": ("90", "38", "8"),
    "--crcl": ("90", "25"),
    "--creatinine": ("0.9mg/dL", "80umol/L"),
    "--taking": ("allopurinol", "zyloric", "ramipril,naproxen", "xyzzy"),
    "--unchecked": ("xyzzy",),
    "--from": ("60mg", "1g", "50 mg"),
    "--on": ("35mg",),
    "--to": ("150mg", "3g", "20 mg"),
    "--start": ("2026-12-01", "today", "1 Dec 2026", "+7d"),
    "--from-date": ("2027-02-01",),
    "--hold": ("4w", "4"),
    "--interval": ("2w", "12 weeks"),
    "--weeks": ("24", "26w"),
    "--stable": ("12", "6w"),
    "--for": ("28d", "4 weeks", "2 months"),
    "--days": ("2", "2..5", "5"),
    "--steps": ("hold 4w; -10mg/4w to 20mg; -20%/4w", "-5mg/1w to 0mg"),
    "--stock": ("20mg,5mg", "1mg", "10g"),
    "--left": ("20mg:30",),
    "--pack": ("5mg:30",),
    "--round-to": ("5g", "2.5mg"),
    "--dose": ("1g", "30g"),
    "--at": ("09:00", "22:17"),
    "--pump-step": ("0.1", "5"),
    "--increase": ("5mg",),
    "--step": ("5mg",),
    "--max-step": ("2.5mg",),
    "--product": ("panzyga", "capsule-us", "envarsus-xr-us"),
    "--with": ("methotrexate", "azathioprine,ivig"),
    "--width": ("60", "80", "200"),
    "--given": ("age_years", "egfr"),
    "--wcc": ("5", "0.5 x10^9/L"),
    "--neutrophils": ("2.5", "<0.1", "350 /uL"),
    "--platelets": ("200", "350 K/uL"),
    "ORDER": ("90 mg daily", "20 mg once a week", "140 g over 2 days", "1 g IV daily for 3 days"),
    "AMOUNT": ("60mg", "62.5mg", "140g", "70 mg daily"),
}


@cache
def commands() -> tuple[Command, ...]:
    """List the commands that take no others."""
    found = _command_model.commands(load())
    return tuple(command for command in found if command.name and not command.commands)


def option_value(option: Option, chance: random.Random) -> str:
    """Return a value of an option, as often as not one that is right."""
    if option.long in OUTPUTS:
        return chance.choice(WRITTEN)
    if option.is_file:
        right = {"--patient": "patient.yaml", "--overlay": "hospital.yaml"}.get(option.long, "none")
        return right if chance.random() < 0.9 else chance.choice(("in.csv", "none", "-", ""))
    right = VALUES.get(option.long, ()) or option.words
    if right and chance.random() < 0.7:
        return chance.choice(right)
    return spoiled(chance.choice(right), chance) if right else chance.choice(PIECES)


def argument_values(command: str, argument: Argument, chance: random.Random) -> list[str]:
    """Return what stands in the place of an argument; sometimes nothing, or too much."""
    if not argument.required and chance.random() < 0.3:
        return []
    if argument.is_file:
        names = ("in.csv", "order.json", "receipt.json", "-", "none")
        right = {"batch": "in.csv", "verify": "order.json", "replay": "receipt.json"}.get(command)
        return [right if right and chance.random() < 0.9 else chance.choice(names)]
    right = VALUES.get(argument.name, ()) or argument.words or PIECES
    count = chance.choice((1, 1, 1, 2)) if argument.repeats else 1
    words = [chance.choice(right) for _ in range(count)]
    return [spoiled(word, chance) if chance.random() < 0.2 else word for word in words]


def as_word(text: str) -> str:
    """Return what a command line can hold: no NUL, and bytes that are no UTF-8 in Python's way."""
    return text.replace("\0", "").replace("\ud800", "\udcff")


def command_line(chance: random.Random) -> Input:
    """Make a command line of any command with any of its options."""
    command = chance.choice(commands())
    words = command.name.split()
    for argument in command.arguments:
        words += argument_values(command.name, argument, chance)
    options = [o for o in command.options if o.long not in LEFT_OUT]
    for option in chance.sample(options, min(len(options), chance.choice((0, 1, 2, 3, 5, 8)))):
        name = chance.choice(option.names)
        if option.metavar is None:
            words.append(name)
        else:
            words += [name, option_value(option, chance)]
    if chance.random() < 0.3 and any(o.long == "--weight" for o in command.options):
        words += ["--weight", "70"]
    at = chance.randrange(len(words))
    before = words[at - 1] if at else ""
    if chance.random() < 0.25 and before not in OUTPUTS and words[at] not in OUTPUTS:
        words[at] = spoiled(words[at], chance)
    # a word that was spoiled into an output is none
    kept = [w for w in words if not w.startswith(("--output=", "--receipt=", "--rejects="))]
    return Input("command lines", tuple(map(as_word, kept)), files(chance), b"weight: 70\n")


def files(chance: random.Random) -> dict[str, bytes]:
    """Return the files that a command line may name: small ones, and none of the table's size."""
    return {
        "patient.yaml": b"weight: 70\nseverity: severe\n",
        "hospital.yaml": (ROOT / "examples" / "hospital.yaml").read_bytes(),
        "in.csv": b"drug,order,weight\nprednisone,70 mg daily,70\n",
        "order.json": chance.choice(orders()),
        "receipt.json": receipt(),
    }


ROWS = (
    ("1", "prednisone", "90 mg daily", "70", "severe", "A", "", ""),
    ("2", "methotrexate", "20 mg once a week", "", "mild", "B", "Pregnancy", "allopurinol"),
    ("3", "ivig", "140 g over 2 days", "154lb", "", 'C, "west"', "LUNG", ""),
    ("4", "rituximab", "1 g", "85.5", "moderate", "=1+1", "", "zyloric; ramipril"),
    ("5", "azathioprine", "150 mg daily", "75", "severe", "", "not-pregnant", "allopurinol"),
)
COLUMNS = ("id", "drug", "order", "weight", "severity", "ward", "condition", "taking")


def batch(chance: random.Random) -> Input:
    """Make a batch of a few rows, in one of the forms, with one or several of its cells spoiled."""
    form = chance.choice(("csv", "tsv", "jsonl"))
    lines = []
    for _ in range(chance.choice((1, 3, 10))):
        row = dict(zip(COLUMNS, chance.choice(ROWS), strict=True))
        for _ in range(chance.choice((0, 1, 1, 3))):
            cell = chance.choice(COLUMNS)
            row[cell] = spoiled(row[cell], chance).replace("\n", " ")
        lines.append(row)
    if form == "jsonl":
        content = "\n".join(json.dumps(row) for row in lines) + "\n"
    else:
        comma = "," if form == "csv" else "\t"
        written = [
            [cell.replace(comma, " ").replace('"', "") for cell in r.values()] for r in lines
        ]
        head = list(COLUMNS)
        if chance.random() < 0.1:
            head[chance.randrange(len(head))] = chance.choice((*PIECES, "age", "stage", "weigth"))
        content = "\n".join(comma.join(cells) for cells in [head, *written]) + "\n"
    if chance.random() < 0.2:
        content = spoiled(content, chance)
    words = [
        "batch",
        f"in.{form}",
        "--rejects",
        "rejects.csv",
        "--format",
        chance.choice(("csv", "jsonl")),
    ]
    words += [chance.choice(("--check", "--alternatives", "--quiet", "--strict"))]
    if chance.random() < 0.3:
        words += ["--keep", chance.choice(("ward", "id,ward", "no", ""))]
    return Input("batches", tuple(words), {f"in.{form}": content.encode("utf-8", "surrogatepass")})


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
            part[key] = chance.choice(VALUES_OF_JSON)
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


FACTS = ("--weight", "--height", "--bsa", "--age", "--dob", "--egfr", "--crcl", "--taking")


def patients(chance: random.Random) -> Input:
    """Make a file of a patient, in YAML or JSON, spoiled."""
    right = chance.choice(
        (
            "weight: 70.5\nseverity: severe\ntaking: [allopurinol, febuxostat]\negfr: 85\n",
            "age: 9\nweight: 30\nheight: 130cm\nbsa: 1.05\n",
            "dob: 1980-02-29\nas-of: 2026-11-29\nsex: female\ncondition: [not-pregnant]\n",
            '{"weight": 70.5, "severity": "severe", "egfr": null}',
        )
    )
    if chance.random() < 0.5:
        right = "\n".join(
            f"{fact.strip('-')}: {json.dumps(chance.choice(VALUES[fact]))}"
            for fact in chance.sample(FACTS, chance.randint(1, 6))
        )
    if chance.random() < 0.6:
        right = spoiled(right, chance)
    content = right.encode("utf-8", "surrogatepass")
    drug = chance.choice(("prednisone", "methotrexate", "ivig"))
    words = (chance.choice(("dose", "titrate", "monitor")), drug, "--patient", "p.yaml")
    return Input("patients", words, {"p.yaml": content})


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


SIGS = (
    *("90 mg daily", "45 mg twice daily", "1 mg/kg/day", "20 mg once a week", "140 g over 2 days"),
    *("1 g IV daily for 3 days", "70 g daily for 2 days every 4 weeks", "500 mg every 12 hours"),
    *("Take 2 tablets of 5 mg every morning", "1 tab po qd", "10mg weekly on Monday"),
)


def sigs(chance: random.Random) -> Input:
    """Make an order in words, spoiled, or of any letters at all."""
    text = chance.choice(SIGS)
    if chance.random() < 0.6:
        text = spoiled(text, chance)
    if chance.random() < 0.2:
        letters = "0123456789.,/ mgkdayonceweklvrIV"
        text = "".join(chance.choice(letters) for _ in range(chance.randrange(30)))
    drug = chance.choice(("prednisone", "methotrexate", "ivig", "methylprednisolone"))
    verb = chance.choice(("check", "check", "dispense"))
    return Input("orders in words", (verb, drug, as_word(text), "--weight", "70"))


#: How often each is made, of a thousand: what reads a whole table is slow.
KINDS: dict[Callable[[random.Random], Input], int] = {
    command_line: 470,
    batch: 150,
    receipts: 90,
    fhir: 90,
    sigs: 110,
    patients: 50,
    of_file("examples/hospital.yaml", "--overlay", "overlays"): 30,
    of_file("data/drugs.yaml", "--table", "tables"): 5,
    of_file("data/guide.yaml", "--guide", "guides"): 5,
}


def make(seed: int, number: int) -> Input:
    """Make one input of a seed: the same at each run."""
    chance = random.Random(f"{seed}:{number}")
    (kind,) = chance.choices([*KINDS], [*KINDS.values()])
    return kind(chance)
