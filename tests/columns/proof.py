"""Random rows, answered by rows and by columns: ``make columns-proof`` counts where they differ.

    python -m tests.columns.proof --rows 1000000 --parts 100 --part 7 --seed 2026
    python -m tests.columns.proof --rows 20000 --engine spark --master 'local[2]'

A seed gives the same rows again; a part is its share of them, so that a long run can be cut up.
``make spark`` runs it by a Python that has pyspark.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import itertools
import json
import random
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple

import duckdb

from dmcalc import guideline, table
from dmcalc.batch.answers import Doses, Orders
from dmcalc.batch.request import BatchFiles, BatchRequest
from dmcalc.batch.run import run
from dmcalc.columns.answers import CHECK_COLUMNS, DOSE_COLUMNS
from dmcalc.columns.cases import FOR_ROWS, OF_UNITS
from dmcalc.columns.inputs import ColumnsRequest
from dmcalc.columns.run import run_columns

LOADED, GUIDE = table.load(), guideline.load()
DRUGS = tuple(LOADED.table.drugs)
NAMES = (
    *("id", "weight", "severity", "drug", "order", "age", "taking", "condition", "tpmt", "nudt15"),
    *("egfr", "crcl", "bsa", "sex", "height", "creatinine", "confirm_weight", "unchecked"),
)
OFTEN = (
    *("daily", "twice daily", "once weekly", "once a week", "every morning", "three times daily"),
    *("over 2 days", "over 5 days", "per course", "per dose", "daily for 3 days", "daily IV"),
    *("weekly", "every 4 weeks", "daily in 2 doses", "on Mondays", ""),
)
AMOUNTS = (
    *("0.75", "1", "2", "2.5", "5", "7.5", "10", "12.5", "15", "20", "25", "30", "37.5", "40"),
    *("50", "60", "70", "80", "90", "100", "125", "150", "200", "250", "500", "1000", "1500"),
    *("2000", "3000", "35", "140", "175"),
)
UNITS = ("mg", "mg", "mg", "g", "mcg", "mg/kg", "g/kg", "mg/m2", "")
SPOILT = (
    "heavy",
    "7e1",
    "1_000",
    "+70",
    "70,5",
    ".5",
    "-70",
    "0",
    "700",
    "1e400",
    "70 stone",
    "NaN",
)
RULES = GUIDE.guideline.rules
_RUNS = itertools.count()
WORDS = (
    *RULES.taken,
    *DRUGS,
    *("Zyloric", "Allopurinl", "omeprazole", "vitamin C", "MTX", "Keppra"),
)


def weight(chance: random.Random) -> str:
    """Return a weight of 0 to 4 decimals, in kg or lb, of an adult or a child, or a spoilt one."""
    kind = chance.random()
    if kind < 0.03:
        return ""
    if kind < 0.07:
        return chance.choice(SPOILT)
    places = chance.randrange(5)
    top = chance.choice((300, 120, 60, 500))
    number = f"{chance.uniform(2 if top == 60 else 25, top):.{places}f}"
    return chance.choice((number, number, number, f"{number}kg", f"{number} lb"))


def question(chance: random.Random, number: int) -> dict[str, str]:
    """Return one row: a patient, a drug and an order, most facts not said."""

    def some(share: float, *values: str) -> str:
        return chance.choice(values) if chance.random() < share else ""

    order = f"{chance.choice(AMOUNTS)} {chance.choice(UNITS)} {chance.choice(OFTEN)}".strip()
    sensible = {"methotrexate": "once weekly", "ivig": "over 2 days", "rituximab": "per dose"}
    drug = chance.choice((*DRUGS, "steroid", "IVIG", "Azathioprin"))
    if chance.random() < 0.6:
        unit = "g" if drug in ("ivig", "rituximab", "mycophenolate") else "mg"
        order = f"{chance.choice(AMOUNTS)} {unit} {sensible.get(drug, 'daily')}"
    return {
        "id": str(number),
        "weight": weight(chance),
        "severity": some(0.6, "mild", "moderate", "severe", "Severe", "dire"),
        "drug": drug,
        "order": some(0.99, order),
        "age": some(0.3, *map(str, (*range(0, 19), 45, 59, 60, 70, 71, 80, 131)), "8 months", "x"),
        "taking": some(0.25, *WORDS, "allopurinol; omeprazole"),
        "condition": some(0.15, *RULES.conditions, "ild; pregnancy", "nonsense"),
        "tpmt": some(0.1, "normal", "intermediate", "poor", "Poor", "odd"),
        "nudt15": some(0.08, "normal", "intermediate", "poor"),
        "egfr": some(0.2, *map(str, (0, 14, 15, 24.9, 25, 29.9999, 30, 59, 59.5, 60, 90, 301))),
        "crcl": some(0.15, "9.9", "10", "29", "30", "38", "50", "50.5", "51", "59.99", "60", "x"),
        "bsa": some(0.2, "1.85", "1.2", "0.9", "0.2", "4.1", "2 m2"),
        "sex": some(0.2, "female", "male", "f"),
        "height": some(0.02, "170", "5ft9"),
        "creatinine": some(0.02, "1.1", "90 umol/L"),
        "confirm_weight": some(0.1, "true", "no", "perhaps"),
        "unchecked": some(0.03, "Allopurinl", "thing"),
    }


def questions(seed: int, first: int, count: int) -> Iterator[dict[str, str]]:
    """Yield rows, each made from the seed and its number alone."""
    for number in range(first, first + count):
        yield question(random.Random(seed * 1_000_003 + number), number)


class Way(NamedTuple):
    """What is asked of rows: doses or checks, of the drug that they name or of all."""

    check: bool
    alternatives: bool = False
    named: bool = True

    def answerer(self) -> Doses | Orders:
        """Return what answers the rows."""
        more = self.alternatives
        if self.check:
            return Orders(LOADED, GUIDE, None, alternatives=more)
        return Doses(LOADED, GUIDE, (), alternatives=more)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the rows."""
        return NAMES if self.named else tuple(name for name in NAMES if name != "drug")


#: The usual ways, of all rows, and others, of one row in ten.
USUAL = (Way(check=False), Way(check=True))
OTHERS = (Way(check=False, named=False), Way(check=False, alternatives=True), Way(True, True))


def write(source: Path, way: Way, rows: Iterable[dict[str, str]]) -> None:
    """Write rows as a CSV."""
    with source.open("w", newline="") as file:
        writer = csv.DictWriter(file, way.names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


class Silent:
    """Hears of a run."""

    def say(self, line: str) -> None:
        """Say nothing."""

    def receipt(self, files: object) -> None:
        """Keep nothing."""


def by_rows(source: Path, way: Way) -> tuple[dict[Any, Any], dict[str, Any]]:
    """Answer a CSV by rows: the rows of answers by id and regimen, and the rejects by id."""
    output, rejects = source.with_suffix(".jsonl"), source.with_suffix(".rejects.jsonl")
    request = BatchRequest(
        input_format="csv",
        format="jsonl",
        as_of=datetime.date.today().isoformat(),
        check=way.check,
        alternatives=way.alternatives,
        keep=("id",),
        ignore_column=None if way.check else ("order",),
    )
    files = BatchFiles(str(source), str(output), str(rejects.with_suffix(".csv")), quiet=True)
    run(LOADED, GUIDE, request, files, Silent())
    rows = {}
    for line in output.read_text().splitlines():
        row = json.loads(line, parse_float=Decimal, parse_int=Decimal)
        rows[row["id"], row["regimen"]] = row
    with rejects.with_suffix(".csv").open(newline="") as file:
        return rows, {row["id"]: (row["code"], row["reason"]) for row in csv.DictReader(file)}


class On(NamedTuple):
    """The engine of the columns, and its address."""

    name: Literal["duckdb", "spark"] = "duckdb"
    master: str | None = None
    remote: str | None = None


DUCKDB = On()


def by_columns(source: Path, way: Way, on: On = DUCKDB) -> tuple[dict[Any, Any], dict[str, Any]]:
    """Answer the same rows from Parquet by columns."""
    parquet = source.with_suffix(".parquet")
    ending = ".parquet" if on.name == "duckdb" else ""
    output, rejects = (
        source.with_name(f"{source.stem}_{number}_{name}{ending}")
        for name in ("answers", "rejects")
        for number in [next(_RUNS)]
    )
    engine = duckdb.connect()
    engine.execute(
        f"COPY (SELECT * FROM read_csv('{source}', all_varchar=true, header=true)) TO '{parquet}'"
    )
    request = ColumnsRequest(
        str(parquet),
        str(output),
        str(rejects),
        keep=("id",),
        ignored=("order",) if not way.check else (),
        quiet=True,
        engine=on.name,
        master=on.master,
        remote=on.remote,
    )
    run_columns(LOADED, GUIDE, way.answerer(), request, {}, lambda _: None)

    def read(path: Path) -> list[dict[str, Any]]:
        found = engine.execute(f"SELECT * FROM '{path}{'' if ending else '/*.parquet'}'")
        names = [head[0] for head in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    rows = {(row["id"], row["regimen"]): row for row in read(output)}
    return rows, {row["id"]: (row["code"], row["reason"]) for row in read(rejects)}


def compared(source: Path, way: Way, on: On = DUCKDB) -> tuple[int, list[str]]:
    """Return how many values were compared, and where rows and columns differ."""
    rows, rejected = by_rows(source, way)
    mine, refused = by_columns(source, way, on)
    for_rows = {name for name, why in refused.items() if why[0] == "for-rows"}
    with source.open(newline="") as file:
        found = [
            f"{row['id']}: for-rows without a cause"
            for row in csv.DictReader(file)
            if row["id"] in for_rows and not excused(row, way)
        ]
    values = 0
    for name in rejected.keys() | refused.keys():
        if name not in for_rows and rejected.get(name) != refused.get(name):
            found.append(f"{name}: {rejected.get(name)} by rows, {refused.get(name)} by columns")
        values += 2
    names = set(CHECK_COLUMNS if way.check else DOSE_COLUMNS) - {"not_checked"}
    for key in {key for key in rows if key[0] not in for_rows} | mine.keys():
        if key not in rows or key not in mine:
            found.append(f"{key}: only by {'rows' if key in rows else 'columns'}")
            continue
        for name in names:
            one, other = plain(name, rows[key]), plain(name, mine[key])
            values += 1
            if one != other:
                found.append(f"{key} {name}: {one!r} by rows, {other!r} by columns")
    return values, found


def plain(name: str, row: dict[str, Any]) -> object:
    """Return a value as both paths have it: ids of rules, and warnings but for those of units."""
    value = row[name]
    if name in ("rules", "warnings"):
        words = value.split("; ") if isinstance(value, str) else value or ()
        ids = [rule["id"] if isinstance(rule, dict) else rule for rule in words]
        return ids if name == "rules" else sorted(set(ids) - set(OF_UNITS))
    return value


def excused(row: dict[str, str], way: Way) -> bool:
    """Tell whether a row says what columns do not compute with."""
    # pounds with 3 decimals have 11 in kg, which leaves no room for some rates of alternatives
    long = way.alternatives and re.search(r"\.[0-9]{3,4} lb", row.get("weight") or "")
    return bool(long) or any(row.get(fact) for fact in FOR_ROWS)


def prove(
    seed: int,
    first: int,
    count: int,
    folder: Path,
    ways: Sequence[Way] = (*USUAL, *OTHERS),
    on: On = DUCKDB,
) -> tuple[int, list[str]]:
    """Answer some rows in each way; return the values compared, and what differs."""
    values, found = 0, list[str]()
    for way in ways:
        rows = questions(seed, first, count if way in USUAL else count // 10)
        source = folder / f"rows_{first}.csv"
        write(source, way, rows)
        more, differing = compared(source, way, on)
        values, found = values + more, [*found, *(f"{way}: {line}" for line in differing)]
    return values, found


def main() -> int:
    """Compare, print the counts, and return 1 where something differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--parts", type=int, default=1, help="how many parts the rows are cut into")
    parser.add_argument("--part", type=int, help="which of them, from 1; all if not given")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--engine", choices=["duckdb", "spark"], default="duckdb")
    parser.add_argument("--master", help="the master of Spark: local[2]")
    parser.add_argument("--remote", help="the Connect server of Spark: sc://localhost")
    parser.add_argument("--usual", action="store_true", help="the usual ways alone")
    options = parser.parse_args()
    on = On(options.engine, options.master, options.remote)
    ways = USUAL if options.usual else (*USUAL, *OTHERS)
    at_once = 10_000 if on.name == "duckdb" else 20_000
    share = options.rows // options.parts
    parts = [options.part] if options.part else range(1, options.parts + 1)
    values, mismatches = 0, 0
    print(f"seed {options.seed}", flush=True)
    for part in parts:
        first = (part - 1) * share
        with tempfile.TemporaryDirectory() as folder:
            for start in range(first, first + share, at_once):
                count = min(at_once, first + share - start)
                more, found = prove(options.seed, start, count, Path(folder), ways, on)
                values, mismatches = values + more, mismatches + len(found)
                for line in found[:20]:
                    print(line, file=sys.stderr)
        print(f"part {part}: {values:,} values, {mismatches:,} mismatches so far", flush=True)
    rows = share * len(parts)
    print(f"{rows:,} rows, each as a dose and as a check: {values:,} values, {mismatches:,} differ")
    return 1 if mismatches else 0


if __name__ == "__main__":
    sys.exit(main())
