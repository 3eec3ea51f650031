"""Do the rows of a batch answer as the commands do? ``make agree`` asks 200 patients, the tests 60.

Doses of one drug or of all, and checks of orders: the same rows, the same rejects, word by word.
"""

from __future__ import annotations

import csv
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import dmcalc
from dmcalc import guideline
from dmcalc.batch.answers import Doses, Orders
from dmcalc.batch.rendered_answers import rejection_of
from dmcalc.batch.request import BatchFiles, BatchRequest
from dmcalc.batch.start import start
from dmcalc.batch.writer import WrittenFiles
from dmcalc.documents.json import encode
from dmcalc.errors import DmcalcError
from dmcalc.formats.rows import traced
from tests.properties.agreement import LOADED, TABLE, Facts, patient

#: What a command and a row of a batch call the same fact.
COLUMNS = {"conditions": "condition"}
FREQUENCIES = ("daily", "once a week", "twice daily", "every other day", "")
DAY = "2026-11-29"


class Asked(NamedTuple):
    """What one row asks: of a drug or, without one, of all; of an order, or of doses."""

    drug: str | None
    order: str | None
    facts: Facts

    @property
    def cells(self) -> dict[str, str]:
        """The row, as a hospital writes it."""
        texts = {
            COLUMNS.get(name, name): "; ".join(map(str, value))
            if isinstance(value, list)
            else str(value)
            for name, value in self.facts.items()
        }
        own = {"drug": self.drug, "order": self.order}
        return texts | {name: text for name, text in own.items() if text is not None}

    def alone(self) -> list[dict[str, Any]]:
        """Return the rows of the command; raise DmcalcError."""
        if self.order is not None:
            result = dmcalc.check(self.drug, self.order, **self.facts)
        else:
            result = dmcalc.dose(*([self.drug] if self.drug else []), **self.facts)
        return [json.loads(encode(row), parse_float=str) for row in traced(result)]


class _Silent:
    """Hears nothing of a run."""

    def say(self, line: str) -> None:
        """Say nothing."""

    def receipt(self, files: WrittenFiles) -> None:
        """Keep nothing."""


def questions(chance: random.Random, count: int, *, check: bool) -> list[Asked]:
    """Draw what some rows ask, one in twelve of them with a slip."""
    drugs = list(TABLE.drugs)
    asked = []
    for _ in range(count):
        facts = {**patient(chance), "sex": chance.choice(["male", "female", "M", "f"])}
        if chance.random() < 1 / 12:
            name = chance.choice(list(facts))
            facts[name] = chance.choice(["x", "7000", "allopurinole", "-1"])
        drug, order = chance.choice([None, *drugs, *drugs]), None
        if check:
            drug = chance.choice(drugs)
            amount = chance.choice(["2.5 mg", "15 mg", "60 mg", "80 mg", "1 g", "1 mg/kg", "140 g"])
            order = f"{amount} {chance.choice(FREQUENCIES)}".strip()
        asked.append(Asked(drug, order, facts))
    return asked


def differences(seed: int, count: int) -> Iterator[str]:
    """List where rows of a batch are not what the commands say of the same patients."""
    chance = random.Random(seed)
    for check in (False, True):
        asked = questions(chance, count, check=check)
        answers, rejects = batch(asked, check=check)
        for number, each in enumerate(asked):
            try:
                rows = each.alone()
            except DmcalcError as error:
                why = rejection_of(error, "")
                rows, reject = [], (str(int(why.code)), why.reason)
            else:
                reject = None
            if answers.get(str(number), []) != rows or rejects.get(str(number)) != reject:
                yield f"{each}: {rejects.get(str(number))}, and alone: {reject}"


def batch(
    asked: list[Asked], *, check: bool
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, tuple[str, str]]]:
    """Answer all in one batch; return rows, and codes with reasons, by the number of the row."""
    names = list(dict.fromkeys(name for each in asked for name in each.cells))
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder, name) for name in ("in.csv", "out.jsonl", "rejects.csv")]
        with places[0].open("w", encoding="utf-8", newline="") as file:
            sheet = csv.DictWriter(file, ["number", *names], restval="")
            sheet.writeheader()
            sheet.writerows({"number": at, **each.cells} for at, each in enumerate(asked))
        request = BatchRequest(input_format="csv", format="jsonl", as_of=DAY, check=check)
        files = BatchFiles(*map(str, places), quiet=True)
        start(LOADED, guideline.load(), request, files, _Silent())
        passed = {*names}.difference((Orders if check else Doses).columns)
        answers: dict[str, list[dict[str, Any]]] = {}
        for line in places[1].read_text(encoding="utf-8").splitlines():
            row = json.loads(line, parse_float=str)
            number = row.pop("number")
            # facts that an answer does not hold are passed on with it
            own = {name: value for name, value in row.items() if name not in passed}
            answers.setdefault(number, []).append(own)
        with places[2].open(encoding="utf-8", newline="") as file:
            rejects = {row["number"]: (row["code"], row["reason"]) for row in csv.DictReader(file)}
    return answers, rejects
