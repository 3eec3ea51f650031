"""The columns of a batch: which of them are used, which are passed on, and which are refused.

A column is used, passed on, or named in an error: none that could be a fact is silently unused.
"""

from __future__ import annotations

import re
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.batch.answers import COLUMNS, Doses, Orders
from dmcalc.batch.headers import condition_of, fact_of, folded, looks_like_a_fact
from dmcalc.batch.reader import MARKS
from dmcalc.documents.json import encode
from dmcalc.errors import UsageError
from dmcalc.quantities.base import format_plain
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from dmcalc.batch.reader import Cell

#: The position of a fact in a row's request.
PLACES = {fact: position for position, fact in enumerate(COLUMNS)}
#: Facts that are numbers, in which a comma can stand for the decimal point.
NUMBERS = frozenset({"weight", "height", "bsa", "egfr", "crcl", "creatinine"})
#: A comma that cannot part thousands: not before three figures, unless behind a nought alone.
_DECIMAL_COMMA = re.compile(
    r"(?<![0-9.,])(?:([0-9]+),([0-9]{1,2}|[0-9]{4,})|(0),([0-9]{3}))(?![0-9.,])", re.ASCII
)
#: What every answer to a row has, and no list of patients.
MARKS_OF_ANSWER = ("regimen", "dmcalc", "table_sha256")
_BARE_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)


class UsedColumn(NamedTuple):
    """A column that is used: its position, and the unit of its bare numbers."""

    at: int
    name: str
    unit: str = ""


class Columns:
    """Reads the request of a row, and what of it is passed on, by the names of the columns."""

    def __init__(
        self,
        names: Sequence[str],
        keep: Sequence[str] | None,
        asking: Sequence[str],
        *,
        own: Sequence[str] = (),
        conditions: Sequence[str] = (),
        ignored: Sequence[str] = (),
        written: Sequence[str] | None = None,
        delimiter: str | None = None,
    ) -> None:
        """Find the columns that ask something; pass on ``keep``, or all others.

        ``own`` are the columns of an answer, which may be read back: they are no slip of a fact.
        ``conditions`` may stand in the column condition, and a column that is called so is a slip.
        ``ignored`` are columns that are meant to be unused though they look like a fact.
        ``written`` are the columns of the answers, where those are whole: a fact that they do not
        hold is passed on, so that an answer is read back as the same patient. ``delimiter`` is what
        parts the cells, which are texts then; with a semicolon a number may be written 70,5.
        Raise UsageError for a column that looks like a fact and is none, for two of one fact, where
        no column is a fact, for an answer of which only some columns were written, and for a name
        in ``keep`` or ``ignored`` that there is not.
        """
        _refuse_no_names(names)
        unused = dict.fromkeys(map(folded, ignored))
        _refuse_unknown("ignore_column", unused, [folded(name) for name in names])
        self._used: dict[str, UsedColumn] = {}
        self._decimal_comma = delimiter == ";"
        ignored = [name for name in names if folded(name) in unused]
        _refuse_unknown("keep", keep or (), names)
        others = []
        for at, name in enumerate(names):
            fact, unit = (None, "") if name in ignored else fact_of(name)
            if fact is None or fact not in asking:
                others.append(name)
            elif fact in self._used:
                raise UsageError(
                    f"the columns {self._used[fact].name!r} and {name!r} both give {fact}",
                    "Leave one of them out, or name it in ‹ignore_column›.",
                )
            else:
                self._used[fact] = UsedColumn(at, name, unit)
        for name in others:
            if name == "drug" or name not in (*own, *ignored, *(keep or ())):
                _refuse_lookalike(name, asking, conditions)
        if not self._used and not {*ignored, *(keep or ())}.issuperset(others):
            _refuse_no_fact(names)
        self._answered = set(names).issuperset(MARKS_OF_ANSWER)
        if self._answered and "regimen" not in ignored:
            _refuse_cut_answer(names)
        self._unused = tuple(filter(None, others))
        facts = () if written is None else self._not_in(written)
        #: The names of the columns that are passed on.
        self.kept = tuple(dict.fromkeys((*(self._unused if keep is None else keep), *facts)))
        self._kept_at = [list(names).index(name) for name in self.kept]
        #: Those of them in which a comma can stand for the decimal point, by their place.
        numbers = {c.name for fact, c in self._used.items() if fact in NUMBERS and c.name in facts}
        self._with_commas = [
            position
            for position, name in enumerate(self.kept)
            if self._decimal_comma and name in numbers
        ]
        used = [column.at for column in self._used.values()]
        #: What two rows that ask the same have in common: their cells, where those are texts.
        self.key: Callable[[Sequence[Cell]], object] = (
            itemgetter(*used) if delimiter and used else self.input_of
        )

    @property
    def used(self) -> Mapping[str, UsedColumn]:
        """The columns that are used, by fact."""
        return self._used

    @property
    def understood(self) -> str:
        """Say which column has which fact, and which are not used: ``age from 'Age (years)'``."""
        used = ", ".join(f"{fact} from {column.name!r}" for fact, column in self._used.items())
        unused = f"; not used: {', '.join(self._unused)}" if self._unused else ""
        return f"{used or 'no column is used'}{unused}"

    def input_of(self, cells: Sequence[Cell]) -> tuple[str | None, ...]:
        """Return the request of a row, as text; an empty cell asks nothing."""
        asked: list[str | None] = [None] * len(COLUMNS)
        for fact, column in self._used.items():
            asked[PLACES[fact]] = self._value(fact, column, cells)
        if self._answered and asked[PLACES["weight_policy"]] is not None:
            asked[PLACES["weight_basis"]] = None  # an answer names what its policy chose
        return tuple(asked)

    def passed(self, cells: Sequence[Cell]) -> list[Cell]:
        """Return what of a row is passed on."""
        passed = [cells[at] for at in self._kept_at]
        for position in self._with_commas:
            passed[position] = _with_decimal_point(str(passed[position]))
        return passed

    def _not_in(self, written: Sequence[str]) -> tuple[str, ...]:
        """Return the columns of the facts that an answer with these columns does not hold."""
        facts = {fact_of(name)[0] for name in written}
        return tuple(column.name for fact, column in self._used.items() if fact not in facts)

    def _value(self, fact: str, column: UsedColumn, cells: Sequence[Cell]) -> str | None:
        text = text_of(cells[column.at])
        if text is None:
            return None
        if self._decimal_comma and fact in NUMBERS:
            text = _with_decimal_point(text)
        return f"{text}{column.unit}" if _BARE_NUMBER.fullmatch(text) else text


def _with_decimal_point(text: str) -> str:
    return _DECIMAL_COMMA.sub(r"\1\3.\2\4", text)


def _refuse_lookalike(name: str, asking: Sequence[str], conditions: Sequence[str]) -> None:
    """Raise UsageError for a column that looks like a fact: nobody would see that it is unused."""
    if name.lower() == "drug":
        raise UsageError(
            "the column 'drug' would not be used: ‹drug› names the drugs",
            "Leave ‹drug› out, or name in ‹keep› the columns that are to be passed on.",
        )
    if condition := condition_of(name, conditions):
        raise UsageError(
            f"the column {name!r} may hold a fact that dmcalc reads in the column condition, "
            f"as {condition}",
            "Write it there; or name the column in ‹ignore_column› or ‹keep›: then it is not used.",
        )
    if looks_like_a_fact(name, asking):
        raise UsageError(
            f"the column {name!r} is not a fact that dmcalc knows{near(name.lower(), asking)}",
            f"Rename it to one of {', '.join(asking)}, which may carry a unit (weight_kg, "
            "Age (years)); or name it in ‹ignore_column› or ‹keep›: then it is not used.",
        )


def _refuse_no_names(names: Sequence[str]) -> None:
    """Raise UsageError for a first line that is no header of columns."""
    if not any(letter.isalpha() for name in names for letter in name):
        raise UsageError(
            f"the first line names no column: {', '.join(names)}",
            "Give a line of column names, then rows.",
        )
    first, *others = names
    mark = next((mark for mark in MARKS if mark in first), None)
    if mark is not None and not others:
        raise UsageError(
            f"the first line is one column, {first!r}, and its cells are separated by "
            f"{MARKS[mark]}",
            "Give the format with ‹input_format›, or begin the file with a line sep=" + mark,
        )


def _refuse_no_fact(names: Sequence[str]) -> None:
    """Raise UsageError where nothing is asked about a patient: line 1 may be a title."""
    raise UsageError(
        f"no column is a fact of a patient: {', '.join(names)}; is line 1 the header?",
        "Remove the lines above the header, or name the columns as the options: weight, egfr. "
        "Where no fact is meant, name all of them in ‹ignore_column›.",
    )


def _refuse_cut_answer(names: Sequence[str]) -> None:
    """Raise UsageError for an answer of which some columns were written: facts may be missing."""
    if not any(set(names).issuperset(answerer.columns) for answerer in (Doses, Orders)):
        raise UsageError(
            "the input is an answer of dmcalc without all of its columns: facts of the patients "
            "may be missing",
            "Give the patients, or an answer that was written without ‹columns›; if it is meant: "
            "‹ignore_column regimen›.",
        )


def _refuse_unknown(option: str, listed: Iterable[str], names: Sequence[str]) -> None:
    for name in listed:
        if name not in names:
            raise UsageError(
                f"‹{option}›: there is no column {name!r}{near(name, names)}",
                f"The columns: {', '.join(names)}",
            )


def text_of(value: Cell) -> str | None:
    """Return the text of a cell, None for an empty one."""
    if isinstance(value, Decimal):
        return format_plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        texts = [item for item in value if isinstance(item, str)]
        is_list = isinstance(value, list) and len(texts) == len(value)
        return ("; ".join(texts) or None) if is_list else encode(value)
    return str(value).strip() or None if value is not None else None
