"""The real guide with one thing changed, and what the loader says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmcalc import guideline
from dmcalc.errors import TableError
from tests.table.editing import line_of

YAML = Path(__file__).parents[2] / "data" / "guide.yaml"
TEXT = YAML.read_text(encoding="utf-8")


def edited(*changes: tuple[str, str]) -> str:
    """Return the guide with each text replaced where it first stands."""
    text = TEXT
    for old, new in changes:
        assert old in text, f"data/guide.yaml no longer holds {old!r}: change this test"
        text = text.replace(old, new, 1)
    return text


def refusal(folder: Path, content: str) -> str:
    """Return why a guide is refused."""
    path = folder / "guide.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(TableError) as caught:
        guideline.read_checked(str(path))
    return caught.value.message.replace(str(path), "guide.yaml")


def assert_reported(
    folder: Path, old: str, new: str, key: str, says: str, at: str | None = None
) -> None:
    """Show that one change is one fault, reported with its key on the line where ``at`` stands.

    That is the line on which the new text begins, where ``at`` is None.
    """
    text = edited((old, new))
    head, *faults = refusal(folder, text).splitlines()
    assert head == "the guide is not valid, 1 fault:", faults
    line = line_of(text, new.strip().partition("\n")[0] if at is None else at)
    assert faults[0].startswith(f"  guide.yaml:{line}: {key}: ")
    assert says in faults[0]
