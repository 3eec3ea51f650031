"""Overlays written to files, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc import formulary

if TYPE_CHECKING:
    from pathlib import Path

    from dmcalc.table.model.table import LoadedTable

WHO = "    author: Medicines committee\n    date: 2026-11-02\n    reason: Local practice\n"


def head(name: str = "Example hospital") -> str:
    """Return how an overlay begins."""
    return f"overlay: 1\nname: {name}\n"


def figures(*values: tuple[str, str], name: str = "Example hospital") -> str:
    """Return an overlay of figures; line 4 is the first of them, and each takes 5 lines."""
    entries = "".join(f"  - figure: {key}\n    value: {value}\n{WHO}" for key, value in values)
    return f"{head(name)}figures:\n{entries}"


def product(lines: str, drug: str = "prednisone") -> str:
    """Return an overlay of one product; its own lines begin on line 7."""
    return f"{head()}products:\n  - drug: {drug}\n    id: shelf\n    form: tablet\n{lines}{WHO}"


def rounding(lines: str, drug: str = "ivig") -> str:
    """Return an overlay of one rounding rule; its own lines begin on line 5."""
    return f"{head()}rounding:\n  - drug: {drug}\n{lines}{WHO}"


def write(folder: Path, *texts: str) -> list[str]:
    """Write overlays and return their paths."""
    paths = []
    for number, text in enumerate(texts, start=1):
        path = folder / f"overlay{number}.yaml"
        path.write_text(text, encoding="utf-8")
        paths.append(str(path))
    return paths


def load(folder: Path, *texts: str) -> LoadedTable:
    """Load the bundled table with overlays over it."""
    return formulary.load(None, write(folder, *texts))
