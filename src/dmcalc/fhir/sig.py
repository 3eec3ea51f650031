"""Plain sigs: ``Take 4 tablets by mouth daily for 7 days, then 3 tablets daily for 7 days``.

A sig is the steps of an order in the words of a label. What an order of ``check`` may say, a sig
says in the same words (``order.grammar``); here stand those that are a label's own: verbs, counts
of tablets, times of day, dates, and ``then``. Whatever is not understood ends the reading, and the
first such word is named; nothing is guessed.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from dmcalc.fhir.resource.quantity import Measure, kind_of, unit_of_words
from dmcalc.fhir.sig_words import AMOUNTS, SEPARATOR, STOP, THEN, WORD, WORDS
from dmcalc.order.error_prone import plain_wording
from dmcalc.order.grammar import HOURS_OF_A_DAY, NUMBERS, longest_clause
from dmcalc.quantities.time import DAYS
from dmcalc.records import Record
from dmcalc.text.timing import MONTHS

if TYPE_CHECKING:
    from dmcalc.order.grammar import Clause

MAX_LENGTH = 2000
MAX_STEPS = 100


class SigStep(Record):
    """One step of a sig; what is None is not stated."""

    dose: Measure
    #: So many times in so many days; both 1 for once daily, None for a single dose.
    times: int | None
    every_days: int
    days: int | None
    start: datetime.date | None = None
    weekday: str | None = None
    #: Low end of a range, of which ``dose`` is the high end.
    low: Measure | None = None
    #: ``oral``, and the time of day in the words of the text: ``in the morning``.
    route: str | None = None
    clock: str | None = None

    @property
    def rate(self) -> Fraction | None:
        """Administrations a day; None for a single dose."""
        return None if self.times is None else Fraction(self.times, self.every_days)


class Sig(Record):
    """A sig that was read: its steps, or why not, and at which character from 1."""

    steps: tuple[SigStep, ...]
    problem: str | None = None
    at: int | None = None


class _ProblemError(Exception):
    def __init__(self, text: str, at: int) -> None:
        super().__init__(text)
        self.text, self.at = text, at


@lru_cache(maxsize=8192)
def read(text: str) -> Sig:
    """Read a sig; sigs of real orders repeat, so what was read is remembered."""
    if len(text) > MAX_LENGTH:
        return Sig((), f"it has more than {MAX_LENGTH} characters", 1)
    reader = _Reader(SEPARATOR.sub(lambda match: " " if match[0].isspace() else ",", text))
    try:
        return Sig(tuple(reader.steps()))
    except _ProblemError as problem:
        return Sig((), problem.text, problem.at + 1)


class _Reader:
    """Goes through a sig, in which full stops and dashes are commas, from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def steps(self) -> list[SigStep]:
        steps: list[SigStep] = []
        while True:
            steps.append(self._step())
            if len(steps) > MAX_STEPS:
                raise _ProblemError(f"it has more than {MAX_STEPS} steps", self.at)
            if self._passed(STOP):
                if self.at < len(self.text):
                    raise self._strange()
                return steps
            if not self._passed(THEN):
                return steps

    def _passed(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
            self._gap()
        return match is not None

    def _gap(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in " ,":
            self.at += 1

    def _strange(self) -> _ProblemError:
        token = WORD.match(self.text, self.at)
        word = token[0] if token else ""
        if not word:
            return _ProblemError("it ends too early", self.at)
        instead = plain_wording(word) if unit_of_words(word) is None else None
        return _ProblemError(
            f"'{word[:40]}' is not understood" + (f": {instead}" if instead else ""), self.at
        )

    def _step(self) -> SigStep:
        self._gap()
        begin = self.at
        doses: tuple[Measure, Measure | None] | None = None
        slots: dict[str, Clause | re.Match[str]] = {}
        while self.at < len(self.text):
            if STOP.match(self.text, self.at) or THEN.match(self.text, self.at):
                break
            amount = self._amount()
            if amount is not None:
                if doses is not None:
                    raise _ProblemError("a second amount: write then before it", self.at)
                high, low, end = amount
                doses = (high, low)
            else:
                end = self._clause(slots)
            self.at = end
            self._gap()
        if doses is None:
            raise self._strange() if self.at == begin else _ProblemError("no amount", begin)
        return self._made(doses[0], slots)._replace(
            low=doses[1],
            route=_route(slots["route"]) if "route" in slots else None,
            clock=_words(slots["clock"]).lower() if "clock" in slots else None,
        )

    def _amount(self) -> tuple[Measure, Measure | None, int] | None:
        """Return the next amount, the low end of a range, and where it ends."""
        for pattern in AMOUNTS:
            match = pattern.match(self.text, self.at)
            if match is not None:
                value = _value(match.groupdict())
                if value is None:
                    raise _ProblemError(f"'{match[0]}' says two numbers", self.at)
                if value == 0:
                    raise _ProblemError("an amount is above 0", self.at)
                unit = unit_of_words(match["unit"]) or match["unit"]
                high, low = Measure(value, unit, kind_of(unit)), None
                if match.groupdict().get("low"):
                    low = high._replace(value=_plain(match["low"]))
                    if not 0 < low.value < value:
                        raise _ProblemError(f"'{match[0]}' does not rise", self.at)
                return high, low, match.end()
        return None

    def _clause(self, slots: dict[str, Clause | re.Match[str]]) -> int:
        """Read the next words into their slot, the longest match counts; return where it ends."""
        matches: list[tuple[int, str | None, Clause | re.Match[str]]] = [
            (match.end(), slot, match)
            for slot, pattern in WORDS
            if (match := pattern.match(self.text, self.at))
        ]
        clause = longest_clause(self.text, self.at, len(self.text))
        if clause is not None:
            matches.append((self.at + len(clause[1].words), *clause))
        if not matches:
            if re.compile(r"for [^ ,]+ months?\b", re.IGNORECASE).match(self.text, self.at):
                raise _ProblemError("a month has no length: write days or weeks", self.at)
            raise self._strange()
        end, slot, matched = max(matches, key=itemgetter(0))
        if slot in slots:
            words = self.text[self.at : end]
            if slot != "route":
                raise _ProblemError(f"'{words}' says it twice", self.at)
            if _route(slots[slot]) != _route(matched):
                raise _ProblemError(f"two routes: '{_words(slots[slot])}' and '{words}'", self.at)
        if slot is not None:
            slots[slot] = matched
        return end

    def _made(self, dose: Measure, slots: dict[str, Clause | re.Match[str]]) -> SigStep:
        for slot in ("course", "over", "dose", "parts"):
            if slot in slots:
                raise _ProblemError(
                    f"'{_of_grammar(slots[slot]).words}' is not part of a sig", self.at
                )
        days = slots.get("days")
        length = None if days is None else _days(_of_grammar(days))
        start = slots.get("start")
        begin = _date(start) if isinstance(start, re.Match) else None
        single = "single" in slots or "doses" in slots
        if single:
            if "doses" in slots and _of_grammar(slots["doses"]).number() != 1:
                raise _ProblemError("so many doses, and not how often", self.at)
            if "often" in slots or "every" in slots:
                if "doses" not in slots or _of_grammar(slots["doses"]).kind == "once":
                    raise _ProblemError("a single dose is not repeated", self.at)
            elif length not in (None, 1):
                raise _ProblemError("a single dose lasts no longer than a day", self.at)
            elif "weekday" in slots:
                raise _ProblemError("a day of the week goes with once a week", self.at)
            else:
                self._fits_the_clock(slots, None, 1)
                return SigStep(dose, None, 1, 1, begin)
        times, every = self._frequency(slots)
        self._fits_the_clock(slots, times, every)
        if single and times > 1:
            raise _ProblemError("a single dose is not repeated", self.at)
        if days is not None and length is not None and length < every:
            often = _of_grammar(slots.get("every") or slots["often"])
            raise _ProblemError(
                f"'{_words(days)}' is shorter than '{often.words}'", _of_grammar(days).at
            )
        if "weekday" in slots and (times, every) != (1, DAYS["week"]):
            raise _ProblemError("a day of the week goes with once a week", self.at)
        clauses = [_of_grammar(slots[slot]) for slot in ("weekday", "often") if slot in slots]
        weekdays = [day for clause in clauses if (day := clause.weekday())]
        if len(weekdays) > 1:
            raise _ProblemError("the day of the week is written twice", self.at)
        return SigStep(dose, times, every, length, begin, weekdays[0] if weekdays else None)

    def _fits_the_clock(
        self, slots: dict[str, Clause | re.Match[str]], times: int | None, every: int
    ) -> None:
        """Refuse a time of day that another frequency excludes: twice daily in the morning."""
        clock = slots.get("clock")
        if not isinstance(clock, re.Match):
            return
        if clock["daily"] and (times, every) != (1, 1):
            raise _ProblemError(f"'{clock[0]}' is daily", self.at)
        if times is not None and times > every:
            raise _ProblemError(f"'{clock[0]}' is once a day", self.at)

    def _frequency(self, slots: dict[str, Clause | re.Match[str]]) -> tuple[int, int]:
        often, every, clock = slots.get("often"), slots.get("every"), slots.get("clock")
        if often is not None and every is not None:
            raise _ProblemError("the frequency is stated twice", self.at)
        if often is not None:
            clause = _of_grammar(often)
            hours = clause.figures.get("hours")
            if hours:
                if HOURS_OF_A_DAY % int(hours):
                    raise _ProblemError(f"'{clause.words}' is not a whole number a day", clause.at)
                return HOURS_OF_A_DAY // int(hours), 1
            return clause.number(), 1 if clause.kind == "day" else DAYS["week"]
        if every is not None:
            clause = _of_grammar(every)
            interval = clause.interval()
            if interval.period not in DAYS:
                raise _ProblemError("a month has no length: write days or weeks", clause.at)
            return 1, interval.low * DAYS[interval.period]
        if clock is not None:
            return 1, 1
        raise _ProblemError("how often is missing", self.at)


def _value(groups: dict[str, str | None]) -> Decimal | None:
    """Return the number of an amount; None where it says two."""
    if word := groups.get("word"):
        figure = _plain(groups["figure"] or "0")
        return figure if figure == _plain(word) else None
    half = Decimal("0.5") if groups.get("fraction") else Decimal(0)
    return half + _plain(groups.get("whole") or groups.get("number") or "0")


def _plain(word: str) -> Decimal:
    lower = word.lower()
    if lower in ("a", "an"):
        return Decimal(1)
    return Decimal(NUMBERS.index(lower) + 1) if lower in NUMBERS else Decimal(word.replace(",", ""))


def _words(match: Clause | re.Match[str]) -> str:
    return match[0] if isinstance(match, re.Match) else match.words


def _route(match: Clause | re.Match[str]) -> str:
    return match["route"].lower() if isinstance(match, re.Match) else match.kind


def _of_grammar(match: Clause | re.Match[str]) -> Clause:
    assert not isinstance(match, re.Match)  # no word of a label fills its slot
    return match


def _days(clause: Clause) -> int:
    interval = clause.interval()
    return interval.low * DAYS[interval.period]


def _date(match: re.Match[str]) -> datetime.date:
    groups = match.groupdict()
    try:
        if groups.get("iso"):
            return datetime.date.fromisoformat(match["iso"])
        names = [name.lower() for name in MONTHS]
        month = names.index(match["month"].lower()) + 1
        return datetime.date(int(match["year"]), month, int(match["day"]))
    except ValueError:
        raise _ProblemError(f"there is no day '{match[0]}'", match.start()) from None
