"""Batches that are answered by columns, Parquet among them, and statements with any names."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import duckdb

from dmcalc.columns.dialect import DIALECTS, quoted
from dmcalc.columns.duckdb_engine import name_of
from dmcalc.table import load
from tests.fuzz.command_lines import as_word
from tests.fuzz.mutate import PIECES, spoiled, spoiled_bytes
from tests.fuzz.rows import COLUMNS, rows
from tests.fuzz.run import Input

#: What a column of a warehouse may be of; what a cell of it cannot be is NULL.
TYPES = ("VARCHAR",) * 6 + ("DOUBLE", "DECIMAL(12, 6)", "HUGEINT", "DATE", "BOOLEAN", "BLOB")


def by_columns(chance: random.Random) -> Input:
    """Make a batch in Parquet with columns of any type, of which now and then bytes are spoiled."""
    content = parquet(rows(chance), chance)
    if chance.random() < 0.2:
        content = spoiled_bytes(content, chance)
    words = ("batch", "in.parquet", "--rejects", chance.choice(("r.parquet", "r.csv")), "-o")
    words += (chance.choice((*("out.parquet", "out.csv") * 5, "out.txt", "in.parquet")),)
    words += (chance.choice(("--check", "--alternatives", "--quiet", "--strict", "--resume")),)
    return Input("Parquet batches", words, {"in.parquet": content})


def parquet(lines: list[dict[str, str]], chance: random.Random) -> bytes:
    """Write rows as Parquet."""
    columns = {name: (name, chance.choice(TYPES)) for name in COLUMNS}
    if chance.random() < 0.1:
        column = chance.choice(COLUMNS)
        columns[column] = chance.choice((*PIECES, "weight_kg", "age", "stage")), columns[column][1]
    selects = [
        ", ".join(
            f"TRY_CAST({quoted(utf8(row[column]))} AS {kind}) AS {name_of(utf8(name) or column)}"
            for column, (name, kind) in columns.items()
        )
        for row in lines
    ]
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as engine:
        path = Path(folder) / "in.parquet"
        query = " UNION ALL ".join(f"SELECT {cells}" for cells in selects)
        engine.execute(f"COPY ({query}) TO {quoted(str(path))}")
        return path.read_bytes()


def utf8(text: str) -> str:
    """Return what a text of DuckDB can hold: no NUL, and no half of a pair of surrogates."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


NAMES = ("patients", "ward.patients", "a.b.c", '"t"', "t; DROP TABLE t", "t -- ", "t/*", "read_csv")
GIVEN = (
    *("age_years", "bsa_m2", "egfr_ml_min_173m2", "crcl_ml_min", "tpmt", "nudt15"),
    *("taking_allopurinol", "condition_pregnancy", "taking_xyzzy", "weight_kg", "egfr"),
)


def statements(chance: random.Random) -> Input:
    """Make a statement of SQL that reads a table and columns of any name."""
    words = ["sql", chance.choice([*load().table.drugs]), "--dialect", chance.choice(DIALECTS)]
    if chance.random() < 0.7:
        words += ["--from", _perhaps_spoiled(chance.choice(NAMES), chance)]
    if chance.random() < 0.7:
        names = [chance.choice(GIVEN) for _ in range(chance.randint(1, 4))]
        words += ["--given", ",".join(_perhaps_spoiled(name, chance) for name in names)]
    if chance.random() < 0.3:
        words.append("--check")
    return Input("statements", tuple(map(as_word, words)))


def _perhaps_spoiled(text: str, chance: random.Random) -> str:
    return spoiled(text, chance) if chance.random() < 0.2 else text
