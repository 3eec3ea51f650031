"""The real drug table with one thing changed, and what the loader says of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from dmcalc import table
from dmcalc.errors import ExitCode, TableError

if TYPE_CHECKING:
    from dmcalc.table.model.table import Table

YAML = Path(__file__).parents[2] / "data" / "drugs.yaml"
TEXT = YAML.read_text(encoding="utf-8")


class Fault(NamedTuple):
    """A change that makes the table invalid, and where and how that is reported.

    ``at`` stands on the line that the report names: in the changed table, after ``below``.
    """

    changes: tuple[tuple[str, str], ...]
    key: str
    says: str
    at: str
    below: str = ""
    alone: bool = True


def fault(old: str, new: str, key: str, says: str, at: str | None = None, **more: Any) -> Fault:
    """Return a fault of one change; it is reported on the line where the new text begins."""
    where = new.strip().partition("\n")[0] if at is None else at
    return Fault(((old, new),), key, says, where, **more)


def edited(*changes: tuple[str, str]) -> str:
    """Return the table with each text replaced where it first stands."""
    text = TEXT
    for old, new in changes:
        assert old in text, f"data/drugs.yaml no longer holds {old!r}: change this test"
        text = text.replace(old, new, 1)
    return text


def line_of(text: str, part: str, below: str = "") -> int:
    """Return the number of the line on which a part first stands, below another part."""
    return text.count("\n", 0, text.index(part, text.index(below))) + 1


def load(folder: Path, content: str | bytes) -> Table:
    """Write a table and read it as ``--table`` does."""
    path = folder / "table.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return table.read_checked(str(path)).table


def refusal(folder: Path, content: str | bytes) -> str:
    """Return why a table is refused."""
    with pytest.raises(TableError) as caught:
        load(folder, content)
    assert caught.value.exit_code is ExitCode.TABLE_OR_FILE
    return caught.value.message.replace(str(folder / "table.yaml"), "table.yaml")


def assert_reported(folder: Path, wrong: Fault) -> None:
    """Show that a fault is reported with file, line and key, and no other where it is alone."""
    text = edited(*wrong.changes)
    head, *faults = refusal(folder, text).splitlines()
    line = line_of(text, wrong.at, wrong.below)
    said = [told for told in faults if told.startswith(f"  table.yaml:{line}: {wrong.key}: ")]
    assert any(wrong.says in told for told in said), faults
    assert not wrong.alone or head == "the table is not valid, 1 fault:", faults
