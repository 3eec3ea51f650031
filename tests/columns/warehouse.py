"""``make postgres`` and ``make spark``: the statements of ``dmcalc sql`` on those engines.

    python -m tests.columns.warehouse postgres
    python -m tests.columns.warehouse spark --python SPARK_ENVIRONMENT/bin/python

Random patients, from a seed that is printed, are answered by the row path and by the statements,
and checks of amounts by DuckDB and by the statements. It counts the rows and where they differ.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.columns import test_statement as statements

GIVEN = statements.ALL
COMPARED = ("low", "high", "suggested", "cap_low", "cap_high", "verdict", "deviation", "code")
POSTGRES = Path("/usr/lib/postgresql")


def patient(chance: random.Random) -> dict[str, Any]:
    """Return a random patient: facts beside the edges of rules, and an amount to check."""

    def some(share: float, *values: object) -> object:
        return chance.choice(values) if chance.random() < share else None

    places = chance.randrange(4)
    weight = f"{chance.uniform(2, 320):.{places}f}"
    return {
        "weight_kg": some(0.95, weight, weight, weight, "76.8", "102.4", "80", "30", "300.001"),
        "severity": some(0.7, "mild", "moderate", "severe", "dire"),
        "age_years": some(0.3, *range(19), 45, 59, 60, 70, 71, 131),
        "bsa_m2": some(0.3, "1.85", "1.2", "0.7", "4.5"),
        "egfr_ml_min_173m2": some(0.2, "14.9", "25", "29.9999", "30", "59.9", "60", "301"),
        "crcl_ml_min": some(0.2, "9.99", "10", "30", "50.9", "51", "59.99", "60"),
        "tpmt": some(0.15, "normal", "intermediate", "poor", "odd"),
        "nudt15": some(0.15, "normal", "intermediate", "poor"),
        **{
            name: some(0.1, True, False)
            for name in GIVEN
            if name.startswith(("taking_", "condition_"))
        },
        "amount": some(
            0.97, "0.1", "10", "52.5", "60", "60.0001", "80", "80.000001", "140", "2000"
        ),
    }


def work(rows: int, seed: int, dialect: str) -> list[dict[str, Any]]:
    """Return what an engine is asked: a statement and its patients, for each drug and kind."""
    share = rows // len(statements.DRUGS)
    asked = []
    for number, drug in enumerate(statements.DRUGS):
        patients = [patient(random.Random(seed * 7919 + number * rows + n)) for n in range(share)]
        for check in (False, True):
            text = statements.asked(drug, dialect=dialect, given=GIVEN, check=check)
            table = "orders" if check else "patients"
            names = ["weight_kg", "severity", *GIVEN, *(["amount"] if check else [])]
            asked.append(
                {
                    "drug": drug,
                    "check": check,
                    "table": table,
                    "statement": text,
                    "names": names,
                    "patients": patients,
                }
            )
    return asked


def on_postgres(asked: list[dict[str, Any]], folder: Path) -> list[list[dict[str, Any]]]:
    """Start a PostgreSQL of its own, and run the statements there."""
    programs = max(POSTGRES.glob("*/bin"))
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    user = user if os.getuid() == 0 else []
    folder.chmod(0o755)
    data = folder / "postgres"
    data.mkdir()
    if user:
        shutil.chown(data, "postgres", "postgres")

    def call(*words: str, text: str | None = None) -> str:
        done = subprocess.run([*user, *words], input=text, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{words[0]}: {done.stderr[-2000:]}")
        return done.stdout

    call(str(programs / "initdb"), "-D", f"{data}/db", "-A", "trust", "-E", "UTF8", "--locale=C")
    socket = f"-c listen_addresses='' -k {data}"
    start = [str(programs / "pg_ctl"), "-D", f"{data}/db", "-w", "-l", f"{data}/log"]
    call(*start, "-o", socket, "start")
    try:
        results = []
        for one in asked:
            kinds = [
                "boolean"
                if n.startswith(("taking_", "condition_"))
                else statements.TYPES.get(n, "numeric(12,6)").replace("VARCHAR", "text")
                for n in one["names"]
            ]
            columns = ", ".join(f"{n} {k}" for n, k in zip(one["names"], kinds, strict=True))
            lines = ",".join(
                f"({n}, {', '.join(statements.literal(who.get(c)) for c in one['names'])})"
                for n, who in enumerate(one["patients"])
            )
            script = (
                f"CREATE TABLE {one['table']} (n integer, {columns});\n"
                f"INSERT INTO {one['table']} VALUES {lines};\n"
                f"COPY (\n{one['statement']}\n) TO STDOUT CSV HEADER;\nDROP TABLE {one['table']};\n"
            )
            words = [str(programs / "psql"), "-q", "-v", "ON_ERROR_STOP=1", "-h", str(data)]
            output = call(*words, "-d", "postgres", text=script)
            results.append(
                [
                    {name: value or None for name, value in row.items()}
                    for row in csv.DictReader(output.splitlines())
                ]
            )
        return results
    finally:
        call(*start, "-m", "immediate", "stop")


def on_spark(asked: list[dict[str, Any]], folder: Path, python: str) -> list[list[dict[str, Any]]]:
    """Run the statements on a local Spark, by a Python that has pyspark."""
    request, response = folder / "asked.json", folder / "answers.json"
    request.write_text(json.dumps(asked))
    script = Path(__file__).with_name("spark_statements.py")
    subprocess.run([python, str(script), str(request), str(response)], check=True)
    answers: list[list[dict[str, Any]]] = json.loads(response.read_text())
    return answers


def compared(asked: list[dict[str, Any]], results: list[list[dict[str, Any]]]) -> tuple[int, int]:
    """Return how many rows were compared, and how many differ; print the first of them."""
    rows = differing = 0
    for one, found in zip(asked, results, strict=True):
        drug, check, patients = one["drug"], one["check"], one["patients"]
        mine = {(int(row["n"]), row["regimen"]): row for row in found}
        expected = statements.answers(drug, patients, GIVEN, check=check)
        by_rows = {} if check else {n: statements.by_rows(drug, p) for n, p in enumerate(patients)}
        if set(mine) != set(expected):
            sys.exit(f"{drug}: other rows than on DuckDB")
        for key, row in expected.items():
            wanted = {name: plain(row[name]) for name in COMPARED if name in row}
            if not check:  # the row path, and not DuckDB, says which dose it is
                dose = (by_rows[key[0]] or {}).get(key[1])
                for name in ("low", "high", "suggested"):
                    wanted[name] = plain(getattr(dose, name, None))
            seen = {name: plain(mine[key].get(name)) for name in wanted}
            rows += 1
            if wanted != seen:
                differing += 1
                if differing <= 10:
                    print(drug, patients[key[0]], wanted, seen, file=sys.stderr)
    return rows, differing


def plain(value: object) -> object:
    """Return a number without the zeros of its type, and a text as it is."""
    if isinstance(value, str) and value.replace(".", "").lstrip("-").isdigit():
        value = Decimal(value)
    return value.normalize() if isinstance(value, Decimal) else value


def main() -> int:
    """Run, print the counts, and return 1 where something differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=["postgres", "spark"])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--python", default=sys.executable, help="a Python that has pyspark")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    asked = work(options.rows, options.seed, options.engine)
    with tempfile.TemporaryDirectory() as name:
        if options.engine == "postgres":
            if not POSTGRES.is_dir():
                sys.exit("there is no PostgreSQL: apt-get install postgresql")
            results = on_postgres(asked, Path(name))
        else:
            results = on_spark(asked, Path(name), options.python)
    rows, differing = compared(asked, results)
    print(f"{options.engine}: {rows:,} rows of doses and checks, {differing:,} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
