"""The columns of a batch: which of them ask something, which are passed on, and which are refused.

A column is heeded, passed on, or named in an error: none that could be a fact is silently unused.
"""

from __future__ import annotations

import itertools
import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.batch.answers import COLUMNS
from dmcalc.documents.json import encode
from dmcalc.errors import UsageError
from dmcalc.quantities.base import format_plain
from dmcalc.text.spelling import distance, near

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dmcalc.batch.reader import Cell

#: The units that a name may carry, ``Age (years)`` or ``weight_kg``, and what stands for them
#: behind a bare number; empty where the bare number means that already.
UNITS = {
    "weight": {"kg": "", "lb": " lb", "lbs": " lb"},
    "height": {"cm": "", "m": " m"},
    "age": {"years": "", "months": " months", "weeks": " weeks"},
    "bsa": {"m2": ""},
    "egfr": {"ml min": "", "ml min 173m2": "", "ml min 1 73 m2": "", "ml min 1 73m2": ""},
    "crcl": {"ml min": ""},
    "creatinine": {
        "mg dl": " mg/dL",
        "umol l": " umol/L",
        "µmol l": " umol/L",
        "micromol l": " umol/L",
    },
}
#: Other names of a fact, among them those that dmcalc itself writes.
OTHER_NAMES = {
    "conditions": "condition",
    "body weight": "weight",
    "body surface": "bsa",
    "date of birth": "dob",
    "birth date": "dob",
}
#: Words that speak of a patient's facts, besides the names of the facts: a column that holds one
#: and is not known bears on the dose.
WORDS = ("gender", "clearance", "birth", "allergy", "allergies", "medication", "medications")
BEGINNINGS = ("pregnan", "allerg", "breastfe", "lactat")
#: Words shorter than this are compared whole: ``stage`` is no ``age``.
COMPARED_LETTERS = 4
#: What may be glued to the name of a fact: ``ageyears``.
_GLUED = frozenset(("y", "yr", "yrs", "year", "years", "mo", "months", "weeks", "kg", "lb", "lbs"))
#: Facts that are numbers, in which a comma can stand for the decimal point.
NUMBERS = frozenset({"weight", "height", "bsa", "egfr", "crcl", "creatinine"})
_DECIMAL_COMMA = re.compile(r"([0-9]+),([0-9]{1,2})(?![0-9])", re.ASCII)
_BARE_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)


class HeededColumn(NamedTuple):
    """A column that asks something: where it stands, and the unit of its bare numbers."""

    at: int
    name: str
    unit: str = ""


class Columns:
    """Reads what a row asks, and what of it is passed on, by the names of the columns."""

    def __init__(
        self,
        names: Sequence[str],
        keep: Sequence[str] | None,
        asking: Sequence[str],
        *,
        own: Sequence[str] = (),
        ignored: Sequence[str] = (),
        decimal_comma: bool = False,
    ) -> None:
        """Find the columns that ask something; pass on ``keep``, or all others.

        ``own`` are the columns of an answer, which may be read back: they are no slip of a fact.
        ``ignored`` are columns that are meant to be unused though they look like a fact; with
        ``decimal_comma`` a number may be written 70,5. Raise UsageError for a column that looks
        like a fact and is none, for two of one fact, and for a name in ``keep`` or ``ignored``
        that there is not.
        """
        self._heeded: dict[str, HeededColumn] = {}
        self._decimal_comma = decimal_comma
        for option, listed in (("keep", keep), ("ignore_column", ignored)):
            _known(option, listed or (), names)
        others = []
        for at, name in enumerate(names):
            fact, unit = (None, "") if name in ignored else _fact(name)
            if fact is None or fact not in asking:
                others.append(name)
            elif fact in self._heeded:
                raise UsageError(
                    f"the columns {self._heeded[fact].name!r} and {name!r} both give {fact}",
                    "Leave one of them out, or name it in ‹ignore_column›.",
                )
            else:
                self._heeded[fact] = HeededColumn(at, name, unit)
        for name in others:
            if name == "drug" or name not in (*own, *ignored, *(keep or ())):
                _refuse_lookalike(name, asking)
        self._unused = tuple(filter(None, others))
        #: The names of the columns that are passed on.
        self.kept = self._unused if keep is None else tuple(keep)
        self._kept_at = [list(names).index(name) for name in self.kept]

    @property
    def understood(self) -> str:
        """Say which column gives what, and which ones play no part: ``age from 'Age (years)'``."""
        heeded = ", ".join(f"{fact} from {column.name!r}" for fact, column in self._heeded.items())
        unused = f"; not used: {', '.join(self._unused)}" if self._unused else ""
        return f"{heeded or 'no column asks anything'}{unused}"

    def input_of(self, cells: Sequence[Cell]) -> tuple[str | None, ...]:
        """Return what a row asks, as it is written; an empty cell asks nothing."""
        return tuple(
            None if (column := self._heeded.get(fact)) is None else self._value(fact, column, cells)
            for fact in COLUMNS
        )

    def passed(self, cells: Sequence[Cell]) -> list[Cell]:
        """Return what of a row is passed on."""
        return [cells[at] for at in self._kept_at]

    def _value(self, fact: str, column: HeededColumn, cells: Sequence[Cell]) -> str | None:
        text = _text(cells[column.at])
        if text is None:
            return None
        if self._decimal_comma and fact in NUMBERS:
            text = _DECIMAL_COMMA.sub(r"\1.\2", text)
        return f"{text}{column.unit}" if _BARE_NUMBER.fullmatch(text) else text


def _fact(name: str) -> tuple[str | None, str]:
    """Return the fact that a column gives, and the unit of its bare numbers; None for another."""
    words = " ".join(_words(name))
    words = OTHER_NAMES.get(words, words)
    key = words.replace(" ", "_")
    if key in COLUMNS:
        return key, ""
    for fact, units in UNITS.items():
        for unit, written in units.items():
            if words in (f"{name} {unit}" for name in (fact, *_names_of(fact))):
                return fact, written
    return None, ""


def _names_of(fact: str) -> list[str]:
    return [name for name, meant in OTHER_NAMES.items() if meant == fact]


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name.lower())


def _refuse_lookalike(name: str, asking: Sequence[str]) -> None:
    """Raise UsageError for a column that looks like a fact: nobody would see that it is unused."""
    if name.lower() == "drug":
        raise UsageError(
            "the column 'drug' would not be heeded beside ‹drug›",
            "Leave ‹drug› out, or name in ‹keep› the columns that are to be passed on.",
        )
    facts = [fact for fact in asking if fact not in ("drug", "order")]
    known = [*(fact for fact in facts if "_" not in fact), *WORDS]
    words = _words(name)
    words += [f"{one}{other}" for one, other in itertools.pairwise(words)]
    like = next((word for word in words if _is_near(word, known)), None)
    if like is None and any(_is_near(name.lower(), (fact,)) for fact in asking):
        like = name
    if like is not None:
        raise UsageError(
            f"the column {name!r} is no fact that dmcalc knows{near(name.lower(), asking)}",
            f"Rename it to one of {', '.join(asking)}, which may carry a unit (weight_kg, "
            "Age (years)); or name it in ‹ignore_column› or ‹keep›: then it is not used.",
        )


def _is_near(word: str, known: Iterable[str]) -> bool:
    if word.startswith(BEGINNINGS) or word in known:
        return True
    if len(word) < COMPARED_LETTERS:
        return False
    return any(
        distance(word, fact) == 1
        or (len(fact) >= COMPARED_LETTERS and fact in word)
        or (word.startswith(fact) and word[len(fact) :] in _GLUED)
        for fact in known
    )


def _known(option: str, listed: Sequence[str], names: Sequence[str]) -> None:
    for name in listed:
        if name not in names:
            raise UsageError(
                f"‹{option}›: there is no column {name!r}{near(name, names)}",
                f"The columns: {', '.join(names)}",
            )


def _text(value: Cell) -> str | None:
    if isinstance(value, Decimal):
        return format_plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        texts = [item for item in value if isinstance(item, str)]
        is_list = isinstance(value, list) and len(texts) == len(value)
        return ("; ".join(texts) or None) if is_list else encode(value)
    return str(value).strip() or None if value is not None else None
