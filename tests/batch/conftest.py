"""Ways to give a batch rows, and to read what it writes."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from dmcalc.batch import run, writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Outcome(NamedTuple):
    """What a batch left: its exit code, what it said, and its two files as rows."""

    code: int
    said: str
    rows: list[dict[str, Any]]
    rejects: list[dict[str, Any]]

    @property
    def reasons(self) -> list[tuple[str, str, str]]:
        """Line, code and reason of each reject."""
        return [(str(r["line"]), str(r["code"]), r["reason"]) for r in self.rejects]


def read(path: Path) -> list[dict[str, Any]]:
    """Read rows as the program that a pharmacy has for such files would."""
    text = path.read_bytes().decode() if path.exists() else ""
    if path.suffix == ".jsonl":
        return [json.loads(line, parse_float=Decimal) for line in text.split("\n")[:-1]]
    delimiter = "\t" if path.suffix == ".tsv" else ","
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


@pytest.fixture
def batch(call: Callable[..., Any], tmp_path: Path) -> Callable[..., Outcome]:
    """Run a batch over a text, or bytes, in this process."""

    def batch(given: str | bytes, *args: str, form: str = "csv") -> Outcome:
        source = tmp_path / f"given.{form}"
        source.write_bytes(given if isinstance(given, bytes) else given.encode())
        out, rejects = tmp_path / f"out.{form}", tmp_path / f"rejects.{form}"
        for old in (out, rejects):
            old.unlink(missing_ok=True)
        done = call("batch", str(source), "-o", str(out), "--rejects", str(rejects), *args)
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        assert [path.name for path in tmp_path.glob(".*")] == []
        return Outcome(done.code, done.stderr, read(out), read(rejects))

    return batch


@pytest.fixture
def run_rows(call: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Run a batch over a text, or bytes, to stdout as JSON lines."""

    def run_rows(text: str | bytes, *args: str, name: str = "in.csv") -> Any:
        source = tmp_path / name
        source.write_bytes(text if isinstance(text, bytes) else text.encode())
        return call("batch", str(source), *args, "-f", "jsonl")

    return run_rows


@pytest.fixture
def stopped_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Any]:
    """Interrupt runs in this process at a row, counted from 1; every third row is noted."""

    @contextlib.contextmanager
    def stopped_at(row: int) -> Iterator[None]:
        answer, seen = run._answer, []

        def interrupted(*args: Any) -> Any:
            seen.append(args)
            if len(seen) == row:
                raise KeyboardInterrupt
            return answer(*args)

        with monkeypatch.context() as patch:
            patch.setattr(writer, "NOTED_EVERY", 3)
            patch.setattr(run, "_answer", interrupted)
            yield

    return stopped_at
