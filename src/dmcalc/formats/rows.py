"""What the row formats share: each row with its provenance, each value as bare text."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from dmcalc._version import __version__
from dmcalc.dispensing.stock import CourseDays, DispensedUnits
from dmcalc.documents import fields as documents
from dmcalc.documents.common import LineGuide, LineOrigin
from dmcalc.documents.fields import PERHAPS
from dmcalc.documents.json import encode
from dmcalc.quantities.base import format_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dmcalc.dispensing.stock import HandedUnits
    from dmcalc.formats.registry import Style
    from dmcalc.results.base import ClinicalNote, ClinicalWarning, Result


#: Keys of a row of an answer that the guide may have changed: the origin of its rules.
GUIDE = tuple(LineGuide.__annotations__)
#: Keys of every row on its origin; the overlays with their SHA-256.
ORIGIN = tuple(LineOrigin.__annotations__)
_UNITS = (DispensedUnits, CourseDays)
#: A spreadsheet computes what begins so; some strip blanks, and what is not seen, on the way to it.
_FORMULA = re.compile(
    r"[\t\r\n]|[\s\0-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠]"
)
_PLAIN_NUMBER = re.compile(r"\s*[+-]?[0-9]+(?:[.,][0-9]+)?\s*", re.ASCII)


def traced(result: Result, *, sheet: bool = False) -> Iterator[dict[str, object]]:
    """Yield each row with its warnings, the schema and the versions that it comes from.

    With ``sheet`` they are those of a spreadsheet.
    """
    warning_codes, note_codes = codes(result.warnings), codes(result.cautions)
    for row in documents.sheet_rows(result) if sheet else documents.rows(result):
        yield _with_origin(result, row, warning_codes, note_codes)


def columns(result: Result) -> list[str]:
    """Return the names of the columns, of a listing without rows too."""
    return list(_with_origin(result, dict.fromkeys(documents.columns(result)), {}, {}))


def _with_origin(
    result: Result,
    row: dict[str, object],
    warning_codes: dict[str | None, tuple[str, ...]],
    note_codes: dict[str | None, tuple[str, ...]],
) -> dict[str, object]:
    drug = row.get("drug")
    drug = drug if isinstance(drug, str) else None
    return {
        **row,
        **advised_by(result),
        "warnings": about(drug, warning_codes),
        "cautions": about(drug, note_codes),
        **origin(result),
    }


class SeparatedRows:
    """Rows in columns, with a header: what CSV and TSV are but for what parts cells and lines.

    A cell is quoted by itself, and not by the library that writes whole rows: a batch renders a
    cell that many rows share only once. A test holds the two to the same bytes.
    """

    def __init__(self, separator: str, end: str) -> None:
        """Part the cells by ``separator``, and end each line with ``end``."""
        self._separator = separator
        self._end = end
        self._quoted = re.compile(f'["\r\n{separator}]')

    def cell(self, value: object) -> str:
        """Return a value as a cell, which no spreadsheet takes for a formula."""
        if isinstance(value, Decimal):  # neither a formula nor to be quoted
            return format_plain(value)
        return self._cell(defused(bare(value)))

    def raw_cell(self, value: object) -> str:
        """Return a value as a cell, formulas as they are."""
        return self._cell(bare(value))

    def _cell(self, text: str) -> str:
        if self._quoted.search(text):
            return '"' + text.replace('"', '""') + '"'
        return text

    def render(self, result: Result, style: Style) -> str:
        """Return a header and one line a row."""
        names = columns(result)
        rows = [
            self.line(names, list(map(self.cell, row.values())))
            for row in traced(result, sheet=True)
        ]
        return self.header(names) + "".join(rows)

    def header(self, names: Sequence[str], *, raw: bool = False) -> str:
        """Return the line of the names; with ``raw`` formulas as they are."""
        return self.line(names, list(map(self.raw_cell if raw else self.cell, names)))

    def line(self, names: Sequence[str], cells: Sequence[str]) -> str:
        """Return one row."""
        return self._separator.join(cells) + self._end

    def joined(self, before: str, rows: Sequence[str]) -> str:
        """Return lines, each as one row with the line that stands before it."""
        return f"{before.removesuffix(self._end)}{self._separator}".join(("", *rows))


def codes(notes: Iterable[ClinicalWarning | ClinicalNote]) -> dict[str | None, tuple[str, ...]]:
    """Return the codes of warnings or cautions by drug; None has those of the whole answer."""
    by_drug: dict[str | None, tuple[str, ...]] = {}
    for note in notes:
        by_drug[note.drug] = (*by_drug.get(note.drug, ()), note.code)
    return by_drug


def about(drug: str | None, by_drug: dict[str | None, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the codes that concern a drug: those of the whole answer, then its own."""
    return by_drug.get(None, ()) + (by_drug.get(drug, ()) if drug is not None else ())


def advised_by(result: Result) -> dict[str, object]:
    """Return where the rules for a patient come from, null where none were requested.

    Nothing is returned for an answer that rules for a patient do not change.
    """
    if result.kind not in PERHAPS:
        return {}
    guide = getattr(result, "guide", None)
    values = (guide.guideline.version, guide.sha256) if guide else (None, None)
    return dict(zip(GUIDE, values, strict=True))


def origin(result: Result) -> dict[str, object]:
    """Return what computed a row, and from which table with which overlays over it."""
    loaded = result.loaded
    overlays = tuple(map(str, loaded.overlays))
    kind = f"dmcalc.{result.kind}/1"
    values = (overlays, kind, __version__, loaded.table.version, loaded.sha256)
    versions: dict[str, object] = dict(zip(ORIGIN, values, strict=True))
    guide = getattr(result, "guide", None)
    if guide is None or result.kind in PERHAPS:
        return versions
    return {**versions, "guide_version": guide.guideline.version, "guide_sha256": guide.sha256}


def defused(text: str) -> str:
    """Return a text that a spreadsheet would take for a formula with an apostrophe before it.

    A plain number, such as ``-12``, is none.
    """
    if text[:1].isalnum() or not _FORMULA.match(text) or _PLAIN_NUMBER.fullmatch(text):
        return text
    return f"'{text}"


def bare(value: object) -> str:
    """Write a value without quotes or unit: what is unknown is empty, a list is joined by "; ".

    A value of several named ones is a JSON object on one line.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format_plain(value)
    if isinstance(value, tuple) and value and isinstance(value[0], _UNITS):
        return _units(value)
    if hasattr(value, "_fields"):
        # of a local figure its name, and of a rule too
        called = getattr(value, "figure", None) or getattr(value, "id", None)
        return encode(value) if called is None else str(called)
    if isinstance(value, dict):
        return encode(value)
    if isinstance(value, list | tuple):
        return "; ".join([bare(item) for item in value])
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


@lru_cache(maxsize=512)
def _units(handed: HandedUnits | tuple[CourseDays, ...]) -> str:
    """Write units once: many patients get the same, and several rows of one do."""
    return "; ".join(
        f"{format_plain(units.count)} x {format_plain(units.strength)} {units.unit}"
        if isinstance(units, DispensedUnits)
        else encode(units)
        for units in handed
    )
