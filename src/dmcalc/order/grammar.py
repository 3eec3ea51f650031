"""The words of an order: its amount, and the clauses that follow it, each with its position."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from dmcalc.errors import UsageError, pointed
from dmcalc.order.error_prone import plain_wording
from dmcalc.quantities.base import DECIMALS
from dmcalc.quantities.time import WEEKDAYS, Interval

if TYPE_CHECKING:
    from dmcalc.quantities.amount import Mass, SizeBasis

MAX_LENGTH = 200
EXAMPLES = (
    "90 mg daily; 45 mg twice daily; 1 mg/kg/day; 20 mg once a week; 140 g over 2 days; "
    "1 g IV daily for 3 days"
)
HOURS_OF_A_DAY = 24


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII | re.IGNORECASE)


_NUMBER = _compiled(rf"(?:0|[1-9][0-9]{{0,2}},[0-9]{{3}}|[1-9][0-9]{{0,5}}){DECIMALS}")
_DIGITS = _compiled(r"[0-9.,]*[0-9]")
_RANGE = _compiled(r" ?(?:-|–|—|to\b) ?[0-9.]")
_UNIT = _compiled(r" ?(mcg|mg|g)(?![^ /,])")
_BASIS = _compiled(r"(?:/| per )(kg|m2)(?![^ /,])")
#: Clauses are separated by a space, a comma or nothing before a slash; no comma ends an order.
_GAP = _compiled(r"(?:,(?= *[^ ]) *| +)?")
_WORD = re.compile(r"[^ ,]+|,")

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_N = rf"(?:[1-9][0-9]{{0,2}}|{'|'.join(NUMBERS)})"
_TIMES = rf"(?:(?P<twice>twice)|(?P<times>{_N}) times)"
_DAY = r"(?:a|per|every|each) day"
_WEEK = r"(?:a|per|every|each) week"
_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})"
_TIME = r"(?P<period>day|week|month)s?"
_SPACED = r"(?:day|week|month)s? apart"

#: What an order may say: the slot that it fills, what it says there, and how. The longest counts.
_CLAUSES = tuple(
    (slot, kind, _compiled(rf"(?:{pattern})(?![^ ,])"))
    for slot, kind, pattern in (
        ("often", "day", rf"/day|daily|once daily|(?:once )?{_DAY}"),
        ("often", "day", rf"{_TIMES} (?:daily|{_DAY})"),
        ("often", "day", r"(?P<single>(?:every|each) (?:morning|evening|night))"),
        ("often", "day", r"every (?P<hours>[1-9][0-9]?) hours"),
        ("often", "week", rf"/week|weekly|once weekly|(?:once )?{_WEEK}"),
        ("often", "week", rf"{_TIMES} (?:weekly|{_WEEK})"),
        ("often", "week", rf"(?:every|each) {_WEEKDAY}"),
        ("weekday", "weekday", rf"on {_WEEKDAY}(?P<plural>s)?"),
        ("time", "time", r"in the (?:morning|evening)|at night"),
        ("every", "every", rf"(?:once )?every (?P<count>{_N}) {_TIME}"),
        ("every", "other", rf"(?:once )?every other {_TIME}|(?:on )?alternate (?P<days>day)s"),
        ("every", "month", r"monthly|once monthly|(?:once )?(?:a|per|every|each) month"),
        ("every", "apart", rf"(?P<count>{_N}) (?P<period>day|week|month)s? apart"),
        ("course", "course", r"/course|(?:per|a) course"),
        ("over", "over", rf"(?:divided )?over (?P<count>{_N}) days?"),
        ("days", "for", rf"for (?P<count>{_N}) (?P<period>day|week)s?"),
        ("dose", "dose", r"/dose|(?:per|a) dose"),
        ("doses", "once", r"once|once only"),
        ("doses", "single", r"(?:as|in) (?:a single|one) dose|in 1 dose|single dose"),
        ("doses", "doses", rf"(?:for )?(?P<count>{_N}) doses"),
        ("doses", "doses", rf"(?P<twice>twice)(?=,? {_N} {_SPACED})"),
        ("parts", "parts", rf"in (?P<count>{_N}) (?:equal |divided |equally divided )?doses"),
        ("route", "oral", r"by mouth|oral|orally"),
        ("route", "intravenous", r"IV|intravenous|intravenously"),
        ("route", "subcutaneous", r"under the skin|subcutaneous|subcutaneously"),
    )
)


class Clause(NamedTuple):
    """What an order says in one slot, where that begins, and the figures in it."""

    at: int
    kind: str
    words: str
    figures: dict[str, str | None]

    def number(self) -> int:
        """Return its number: 1 where it has none."""
        if self.figures.get("twice"):
            return 2
        word = self.figures.get("count") or self.figures.get("times") or "1"
        return int(word) if word.isdigit() else NUMBERS.index(word.lower()) + 1

    def interval(self) -> Interval:
        """Return its length of time."""
        if self.kind == "month":
            return Interval(1, 1, "month")
        period: Any = (self.figures.get("period") or "day").lower()
        count = 2 if self.kind == "other" else self.number()
        return Interval(count, count, period)

    def weekday(self) -> str | None:
        """Return the day that "on Mondays" and "every Monday" name, ``monday``; None without."""
        day = self.figures.get("weekday")
        return day and day.lower()


def longest_clause(text: str, at: int, end: int) -> tuple[str, Clause] | None:
    """Return the slot and the longest clause that begins at a character; None where none does."""
    clauses = [
        (slot, Clause(at, kind, match[0], match.groupdict()))
        for slot, kind, pattern in _CLAUSES
        if (match := pattern.match(text, at, end))
    ]
    return max(clauses, key=lambda slot_and_clause: len(slot_and_clause[1].words), default=None)


class OrderReader:
    """Goes through the text of an order from left to right."""

    def __init__(self, text: str) -> None:
        """Take the text; raise UsageError for one that is empty, too long or not plain."""
        self.text = text
        self.at = len(text) - len(text.lstrip(" "))
        self.end = len(text.rstrip(" "))
        if not self.end or len(text) > MAX_LENGTH:
            problem = f"has more than {MAX_LENGTH} characters" if self.end else "is empty"
            raise UsageError(f"the order {problem}", f"Write it like: {EXAMPLES}")
        strange = next((at for at, sign in enumerate(text) if not sign.isprintable()), None)
        if strange is not None:
            raise UsageError(
                f"the order has a sign that cannot be printed, at character {strange + 1}",
                "Write it in letters, figures and spaces.",
            )

    def refuse(self, problem: str, at: int) -> NoReturn:
        """Raise the UsageError that points at a character."""
        raise UsageError(
            f"the order: {problem}, at character {at + 1}\n{pointed(self.text, at)}",
            f"Write it like: {EXAMPLES}",
        )

    def amount(self) -> tuple[Decimal, Mass, SizeBasis | None]:
        """Read the amount, its unit, and what it is multiplied by."""
        value = self._number()
        unit = _UNIT.match(self.text, self.at, self.end)
        if unit is None:
            self._no_unit()
        self.at = unit.end()
        basis = _BASIS.match(self.text, self.at, self.end)
        if basis is not None:
            self.at = basis.end()
        mass: Any = unit[1].lower()
        size: Any = basis[1].lower() if basis else None
        return value, mass, size

    def clauses(self) -> dict[str, Clause]:
        """Read all that follows the amount; nothing may occur twice."""
        clauses: dict[str, Clause] = {}
        while self.at < self.end:
            gap = _GAP.match(self.text, self.at, self.end)
            self.at = gap.end() if gap else self.at
            slot, clause = self._clause()
            if slot in clauses:
                problem = f"{clause.words!r} comes after {clauses[slot].words!r}; say it once"
                self.refuse(problem, self.at)
            clauses[slot] = clause
            self.at += len(clause.words)
        return clauses

    def _clause(self) -> tuple[str, Clause]:
        clause = longest_clause(self.text, self.at, self.end)
        if clause is None:
            word = self._word(self.at)
            self._refuse_error_prone(word, self.at)
            self.refuse(f"{word!r} is not understood", self.at)
        return clause

    def _number(self) -> Decimal:
        digits = _DIGITS.match(self.text, self.at, self.end)
        if digits is None:
            word = self._word(self.at)
            self._refuse_error_prone(word, self.at)
            self.refuse(f"{word!r} is not an amount; an order begins with one", self.at)
        written = digits[0]
        if written.startswith("."):
            self.refuse(f"{written!r} can be misread: write 0{written}", self.at)
        if not _NUMBER.fullmatch(written):
            comma = "; a comma parts thousands, a point decimals" if "," in written else ""
            self.refuse(f"{written!r} cannot be read as a number{comma}", self.at)
        if "." in written and written.endswith("0"):
            plain = written.rstrip("0").rstrip(".")
            self.refuse(f"{written!r} can be misread: write {plain}", self.at)
        if _RANGE.match(self.text, digits.end(), self.end):
            self.refuse("a range is not an order: check each end by itself", self.at)
        value = Decimal(written.replace(",", ""))
        if value <= 0:
            self.refuse("an amount is above 0", self.at)
        self.at = digits.end()
        return value

    def _no_unit(self) -> NoReturn:
        at = self.at + (self.text[self.at : self.at + 1] == " ")
        word = self._word(at)
        self._refuse_error_prone(word, at)
        before = f" before {word!r}" if word else ""
        self.refuse(f"the unit is missing{before}; write mcg, mg or g", at)

    def _refuse_error_prone(self, word: str, at: int) -> None:
        """Refuse a word that a plain one replaces."""
        if instead := plain_wording(word):
            self.refuse(f"{word!r} is not used in an order: {instead}", at)

    def _word(self, at: int) -> str:
        word = _WORD.match(self.text, at, self.end)
        return word[0] if word else ""
