"""What distinct questions come to by the row path: rows of an answer, or why there is none."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.batch.answers import COLUMNS, RowInput
from dmcalc.batch.rejects import Rejection
from dmcalc.batch.rendered_answers import rejection_of
from dmcalc.errors import DmcalcError
from dmcalc.order.check_row import CheckRow
from dmcalc.order.result import CheckResult
from dmcalc.quantities.base import format_plain
from dmcalc.results.base import counted, overlays_in_use

if TYPE_CHECKING:
    from dmcalc.batch.answers import Answered, Answerer, Row
    from dmcalc.batch.reader import Cell
    from dmcalc.table.model.table import LoadedTable

#: The type of each column of an answer, wide enough that nothing is rounded.
WEIGHT, AMOUNT, PERCENT = "DECIMAL(18, 12)", "DECIMAL(38, 16)", "DECIMAL(28, 2)"
#: Of doses, whose widths fit 64 bits: below 10,000 in the unit of the posology.
DOSE = "DECIMAL(18, 14)"
#: Of few different texts, which are written once; a list is parted by "; ".
WORD = "ENUM"
DOSE_COLUMNS = {
    "weight_kg": WEIGHT,
    "severity": WORD,
    "drug": WORD,
    "regimen": WORD,
    "low": DOSE,
    "high": DOSE,
    "suggested": DOSE,
    "cap_low": DOSE,
    "cap_high": DOSE,
    "unit": WORD,
    "per": WORD,
    "rules": WORD,
    "not_checked": WORD,
    "warnings": WORD,
}
CHECK_COLUMNS = {
    "weight_kg": WEIGHT,
    "severity": WORD,
    "order_verdict": WORD,
    "drug": WORD,
    "regimen": WORD,
    "verdict": WORD,
    "code": WORD,
    "ordered": AMOUNT,
    "low": AMOUNT,
    "high": AMOUNT,
    "suggested": AMOUNT,
    "cap_low": AMOUNT,
    "cap_high": AMOUNT,
    "unit": WORD,
    "per": WORD,
    "deviation": AMOUNT,
    "deviation_percent": PERCENT,
    "matched": WORD,
    "protocol": WORD,
    "step": "BIGINT",
    "rules": WORD,
    "not_checked": WORD,
    "warnings": WORD,
}
#: Facts that rows alone compute with, and what for.
FOR_ROWS = {
    "height": "a body surface area or a dosing weight by height",
    "weight_basis": "a dosing weight",
    "weight_policy": "a dosing weight",
    "creatinine": "kidney function by creatinine",
}
#: Warnings of whole units, which rows alone look for.
OF_UNITS = ("no-combination", "not-dispensable")
CODE_FOR_ROWS = "for-rows"
#: The decimals that a column of binary numbers may have, and those that a schema has room for.
BINARY_PLACES = 3
_WIDTH = re.compile(r"DECIMAL\(([0-9]+), ([0-9]+)\)")


class Reject(NamedTuple):
    """Why a question has no answer: an exit code or ``for-rows``, and the sentence."""

    code: str
    reason: str


class Answer(NamedTuple):
    """The rows of an answer, as texts in the order of its columns."""

    rows: list[list[str | None]]
    #: Whether it has warnings that count, and whether an order is not within its limits.
    warned: bool
    refused: bool


class RowPath:
    """Answers questions as rows do."""

    def __init__(self, loaded: LoadedTable, answerer: Answerer, columns: dict[str, str]) -> None:
        """Answer with what rows are answered with; ``columns`` are those of the answer."""
        self._answerer, self._names = answerer, list(columns)
        widths = {name: _WIDTH.fullmatch(kind) for name, kind in columns.items()}
        self._widths = {name: (int(m[1]), int(m[2])) for name, m in widths.items() if m}
        self._in_use, self._rounding = overlays_in_use(loaded), loaded.rounding

    def answer(self, texts: Sequence[str | None]) -> Answer | Reject:
        """Answer a question, whose texts stand in the order of ``COLUMNS``."""
        asked = dict(zip(COLUMNS, texts, strict=True))
        for fact, what in FOR_ROWS.items():
            if asked[fact] is not None:
                return Reject(
                    CODE_FOR_ROWS,
                    f"By columns there is no {what}: the column {fact} is for rows. "
                    "Run it with --engine rows.",
                )
        try:
            result = self._answerer(RowInput.read(texts))
        except DmcalcError as error:
            why: Rejection = rejection_of(error, self._in_use)
            return Reject(str(int(why.code)), why.reason)
        return self._answer(result)

    def _answer(self, result: Answered) -> Answer | Reject:
        order_verdict = result.verdict if isinstance(result, CheckResult) else None
        rows = []
        for row in result.rows:
            if row.drug in self._rounding:
                return Reject(
                    CODE_FOR_ROWS,
                    f"The hospital's rounding of {row.drug} is for rows. Run it "
                    "with --engine rows.",
                )
            values = self._values(result, row)
            for name, (digits, places) in self._widths.items():
                if not _fits(values.get(name), digits, places):
                    return Reject(
                        CODE_FOR_ROWS,
                        f"The {name} {values[name]} has more digits than the columns of an answer. "
                        "Run it with --engine rows.",
                    )
            rows.append([_text(values.get(name)) for name in self._names])
        warned = any(w.code not in OF_UNITS for w in counted(result.warnings))
        return Answer(rows, warned, order_verdict not in (None, "within"))

    def _values(self, result: Answered, row: Row) -> dict[str, object]:
        """Return the values of a row by name: its own, or those of its dose."""
        dose = row.dose if isinstance(row, CheckRow) else row
        found = {
            name: getattr(row, name) if hasattr(row, name) else getattr(dose, name, None)
            for name in self._names
        }
        context = getattr(result, "circumstances", None)
        return {
            **found,
            **result.context._asdict(),
            "rules": [rule.id for rule in getattr(dose, "rules", ())],
            "not_checked": list(context.not_checked) if context else [],
            "warnings": sorted(
                {w.code for w in result.warnings if w.drug in (None, row.drug)} - set(OF_UNITS)
            ),
        }


def _fits(value: object, digits: int, places: int) -> bool:
    if not isinstance(value, Decimal):
        return True
    whole, _, behind = format_plain(value).lstrip("-").partition(".")
    return len(behind) <= places and len(whole) <= digits - places


def _text(value: object) -> str | None:
    if value is None or value == []:
        return None
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return format_plain(value) if isinstance(value, Decimal | int) else str(value)


def cell_of(value: object) -> Cell:
    """Return a value of a column as a cell of a row; raise ValueError for a binary number.

    A column of binary numbers has the shortest decimals that they can be, and no more than three.
    """
    if isinstance(value, float):
        number = Decimal(repr(value))
        plain = format_plain(number) if number.is_finite() else ""
        if not plain or len(plain.partition(".")[2]) > BINARY_PLACES:
            raise ValueError(
                f"{value!r} is a binary number of more than {BINARY_PLACES} decimals. Store it as "
                "a decimal, or round it."
            )
        return plain
    if isinstance(value, datetime.date):
        return value.isoformat()
    if value is None or isinstance(value, bool | str | Decimal):
        return value
    return format_plain(value) if isinstance(value, int) else str(value)
