"""Rows of batches with some of their cells spoiled, in text and by the forms of files."""

from __future__ import annotations

import json
import random

from tests.fuzz.mutate import PIECES, spoiled
from tests.fuzz.run import Input

ROWS = (
    ("1", "prednisone", "90 mg daily", "70", "severe", "A", "", ""),
    ("2", "methotrexate", "20 mg once a week", "", "mild", "B", "Pregnancy", "allopurinol"),
    ("3", "ivig", "140 g over 2 days", "154lb", "", 'C, "west"', "LUNG", ""),
    ("4", "rituximab", "1 g", "85.5", "moderate", "=1+1", "", "zyloric; ramipril"),
    ("5", "azathioprine", "150 mg daily", "75", "severe", "", "not-pregnant", "allopurinol"),
)
COLUMNS = ("id", "drug", "order", "weight", "severity", "ward", "condition", "taking")


def rows(chance: random.Random) -> list[dict[str, str]]:
    """Make a few rows, with one or several of their cells spoiled."""
    lines = []
    for _ in range(chance.choice((1, 3, 10))):
        row = dict(zip(COLUMNS, chance.choice(ROWS), strict=True))
        for _ in range(chance.choice((0, 1, 1, 3))):
            cell = chance.choice(COLUMNS)
            row[cell] = spoiled(row[cell], chance).replace("\n", " ")
        lines.append(row)
    return lines


def by_rows(chance: random.Random) -> Input:
    """Make a batch in one of the forms of text, answered by rows or, some of them, by columns."""
    form = chance.choice(("csv", "tsv", "jsonl"))
    lines = rows(chance)
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
    words = ["batch", f"in.{form}", "--rejects", "rejects.csv"]
    words += [chance.choice(("--check", "--alternatives", "--quiet", "--strict"))]
    if chance.random() < 0.1:
        words += ["--engine", "duckdb", "-o", chance.choice(("out.csv", "out.parquet"))]
    else:
        words += ["--format", chance.choice(("csv", "jsonl"))]
    if chance.random() < 0.3:
        words += ["--keep", chance.choice(("ward", "id,ward", "no", ""))]
    return Input("batches", tuple(words), {f"in.{form}": content.encode("utf-8", "surrogatepass")})
