"""Inputs of all kinds, each made from a number of a seed: command lines, and spoiled files."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from tests.fuzz.columns import by_columns, statements
from tests.fuzz.command_lines import VALUES, as_word, command_line
from tests.fuzz.files import fhir, of_file, receipts
from tests.fuzz.mutate import spoiled
from tests.fuzz.rows import by_rows
from tests.fuzz.run import Input

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
    command_line: 450,
    by_rows: 145,
    by_columns: 8,
    statements: 17,
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
