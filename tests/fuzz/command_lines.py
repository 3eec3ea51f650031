"""Command lines of any command with any of its options, read from the commands themselves."""

from __future__ import annotations

import random
from functools import cache

from dmcalc.cli import _command_model
from dmcalc.cli._command_model import Argument, CommandModel, CommandOption
from dmcalc.table import load
from tests.fuzz.files import ROOT, orders, receipt
from tests.fuzz.mutate import PIECES, spoiled
from tests.fuzz.run import Input

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
def commands() -> tuple[CommandModel, ...]:
    """List the commands that take no others."""
    found = _command_model.commands(load())
    return tuple(command for command in found if command.name and not command.commands)


def option_value(option: CommandOption, chance: random.Random) -> str:
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
