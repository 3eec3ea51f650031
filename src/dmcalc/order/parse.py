"""An order, read strictly: ``45 mg twice daily``, ``1 mg/kg/day``, ``140 g over 2 days``.

An order is an amount and how often it is given, then what else it says: for how many days, in how
many doses, by which route. Whatever is not understood, occurs twice or can be misread is refused,
and the error points at the word.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from dmcalc.order.document import OrderDocument
from dmcalc.order.grammar import HOURS_OF_A_DAY, OrderReader
from dmcalc.quantities.amount import Mass, Per, SizeBasis
from dmcalc.quantities.time import DAYS, Interval
from dmcalc.results.described import described_by

if TYPE_CHECKING:
    from dmcalc.order.grammar import Clause
    from dmcalc.table.model.drug import Route

#: Slots that do not go together, and what to write instead of both.
_CLASHES = (
    ("parts", "doses", "write daily in so many doses, or so many doses"),
    ("often", "course", "write an amount daily for the days, or a total over the days"),
    ("often", "dose", "write how often, or per dose"),
    ("often", "doses", "write how often and for how many days"),
    ("course", "dose", "write a total over the days, or an amount per dose"),
    ("course", "doses", "write a total over the days, or so many doses"),
    ("course", "days", "write a total over the days"),
)

_TIMES_OF_DAY = {
    "morning": "in the morning",
    "evening": "in the evening",
    "night": "at night",
}
#: Intervals that say how often.
_OFTEN_OF = {
    Interval(1, 1, "day"): "day",
    Interval(7, 7, "day"): "week",
    Interval(1, 1, "week"): "week",
}
#: Slots that say how often, besides that of an interval.
_OFTEN = {"often", "course", "dose", "doses"}


@described_by(OrderDocument)
class Order(NamedTuple):
    """One order, as it was read.

    The ``amount`` is in ``unit``. It is given ``times`` times a day or a week, or once per course
    or dose; what is given once a day or week may be divided into ``parts``. What is None is not
    said.
    """

    text: str
    amount: Decimal
    unit: Mass
    #: What the amount is multiplied by: kg of body weight, m2 of body surface area, or nothing.
    basis: SizeBasis | None
    per: Per
    times: int = 1
    parts: int = 1
    #: Whether it says that the amount is one dose: "once daily", "daily in 1 dose".
    undivided: bool = False
    #: For how many days; for a course, over how many.
    days: int | None = None
    #: Time from one dose, or from one course, to the next.
    every: Interval | None = None
    #: How many doses in all.
    doses: int | None = None
    route: Route | None = None
    #: The day of the week, ``monday``, and the time of day, ``in the morning``.
    weekday: str | None = None
    time_of_day: str | None = None


@lru_cache(maxsize=1000)  # a column of orders has the same few over and over
def read_order(text: str) -> Order:
    """Read an order; raise UsageError that says what is missing or not understood, and where."""
    reader = OrderReader(text)
    amount, unit, basis = reader.amount()
    clauses = reader.clauses()
    weekday, time_of_day = _weekday(clauses), _words_of_time(clauses)
    _go_together(reader, clauses)
    per, times = _how_often(reader, clauses)
    every, doses, parts = clauses.get("every"), clauses.get("doses"), clauses.get("parts")
    days = _days(reader, clauses, per)
    if every and days and days > _fewest_days(every.interval()):
        reader.refuse(f"{days} days do not fit into {every.words!r}", every.at)
    route: Any = clauses["route"].kind if "route" in clauses else None
    return Order(
        text=text.strip(),
        amount=amount,
        unit=unit,
        basis=basis,
        per=per,
        times=times,
        parts=parts.number() if parts else 1,
        undivided=_undivided(clauses.get("often")),
        days=days,
        every=every.interval() if every else None,
        doses=doses.number() if doses else None,
        route=route,
        weekday=weekday,
        time_of_day=time_of_day,
    )


def _weekday(clauses: dict[str, Clause]) -> str | None:
    """Return the day of "on Mondays" and of "every Monday"."""
    days = [clauses[slot].weekday() for slot in ("weekday", "often") if slot in clauses]
    return next((day for day in days if day), None)


def _words_of_time(clauses: dict[str, Clause]) -> str | None:
    """Return the time of "every morning" and of "at night" as a label has it."""
    words = " ".join(clauses[slot].words for slot in ("time", "often") if slot in clauses)
    return next((text for word, text in _TIMES_OF_DAY.items() if word in words.lower()), None)


def _go_together(reader: OrderReader, clauses: dict[str, Clause]) -> None:
    """Refuse an order whose parts contradict each other, or lean on one that is missing."""
    often, single = clauses.get("often"), clauses.get("doses")
    once = often is not None and _times(often) == 1 and "parts" not in clauses
    if often and once and single and single.kind == "single":
        # "daily as a single dose" says no more than "once daily"
        del clauses["doses"]
        clauses["often"] = often._replace(figures={**often.figures, "single": single.words})
    if "over" in clauses:
        clauses["course"] = clauses.pop("over")  # "per course over 2 days" is "over 2 days"
    _as_often(clauses)
    if "time" in clauses:
        _time_of_day(reader, clauses)
    for *slots, instead in _CLASHES:
        if all(slot in clauses for slot in slots):
            first, second = sorted((clauses[slot] for slot in slots), key=lambda clause: clause.at)
            problem = f"{second.words!r} does not go with {first.words!r}: {instead}"
            reader.refuse(problem, second.at)
    often = clauses.get("often")
    for slot in ("days", "parts"):
        if slot in clauses and often is None:
            problem = f"how often is missing with {clauses[slot].words!r}: write daily"
            reader.refuse(problem, clauses[slot].at)
    if "every" in clauses and often and not (often.kind == "day" and "days" in clauses):
        words = clauses["every"].words
        reader.refuse(f"{words!r} does not go with {often.words!r}", clauses["every"].at)
    if "every" in clauses and "doses" in clauses and clauses["doses"].number() == 1:
        words = clauses["every"].words
        reader.refuse(f"{words!r} does not go with {clauses['doses'].words!r}", clauses["every"].at)
    if "weekday" in clauses and (often is None or often.kind != "week" or often.number() > 1):
        reader.refuse("a day of the week goes with once a week", clauses["weekday"].at)
    if "weekday" in clauses and often and often.weekday():
        reader.refuse(f"the day is written in {often.words!r} too", clauses["weekday"].at)
    if "parts" in clauses and often and _times(often) > 1:
        reader.refuse(f"how many doses is written in {often.words!r} too", clauses["parts"].at)
    if "parts" in clauses and often and _undivided(often) and clauses["parts"].number() > 1:
        first, second = sorted((often, clauses["parts"]), key=lambda clause: clause.at)
        reader.refuse(f"{second.words!r} does not go with {first.words!r}", second.at)


def _as_often(clauses: dict[str, Clause]) -> None:
    """Read "every 7 days" as once a week, "every 1 day" as daily and "on Mondays" as once a week.

    Only where nothing else says how often.
    """
    if _OFTEN & clauses.keys():
        return
    weekday = clauses.get("weekday")
    if "every" not in clauses:
        if weekday is not None and weekday.figures["plural"]:
            clauses["often"] = weekday._replace(kind="week", figures={})
        return
    kind = _OFTEN_OF.get(clauses["every"].interval())
    if kind is not None:
        clause = clauses.pop("every")
        clauses["often"] = clause._replace(kind=kind, figures={})


def _time_of_day(reader: OrderReader, clauses: dict[str, Clause]) -> None:
    """Read "in the morning" as once daily, where nothing else says how often."""
    time, often, parts = clauses.pop("time"), clauses.get("often"), clauses.get("parts")
    other_time = often is not None and (_times(often) != 1 or often.figures.get("single"))
    if several := parts or (often if other_time else None):
        reader.refuse(f"{time.words!r} does not go with {several.words!r}", time.at)
    if often is not None:
        clauses["often"] = often._replace(figures={**often.figures, "single": time.words})
    elif not {*_OFTEN, "every"} & clauses.keys():
        clauses["often"] = time._replace(kind="day", figures={"single": time.words})


def _how_often(reader: OrderReader, clauses: dict[str, Clause]) -> tuple[Per, int]:
    often = clauses.get("often")
    if often is not None:
        times = _times(often)
        if times == 0:
            reader.refuse(f"{often.words!r} is not a whole number of times a day", often.at)
        return ("day" if often.kind == "day" else "week"), times
    if "course" in clauses:
        return "course", 1
    if clauses.keys() & {"dose", "doses", "every"}:
        return "dose", 1
    reader.refuse(
        "how often is missing: daily, once a week, over so many days, as a single dose", reader.end
    )


def _times(often: Clause) -> int:
    """Return how many times a day or week; 0 for hours that do not divide a day."""
    if hours := often.figures.get("hours"):
        return 0 if HOURS_OF_A_DAY % int(hours) else HOURS_OF_A_DAY // int(hours)
    return often.number()


def _undivided(often: Clause | None) -> bool:
    """Tell whether an order says that what is given in a day or week is one dose."""
    if often is None:
        return False
    return "single" in often.figures or often.words.lower().startswith("once")


def _days(reader: OrderReader, clauses: dict[str, Clause], per: Per) -> int | None:
    if "course" in clauses:
        return clauses["course"].number() if clauses["course"].kind == "over" else None
    if "days" not in clauses:
        return None
    interval = clauses["days"].interval()
    days = interval.low * DAYS[interval.period]
    if per == "week" and days % DAYS["week"]:
        reader.refuse("a weekly order is for whole weeks", clauses["days"].at)
    return days


def _fewest_days(interval: Interval) -> int:
    return interval.low * DAYS.get(interval.period, 4 * DAYS["week"])
