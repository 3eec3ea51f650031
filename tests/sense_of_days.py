"""What must hold of any calendar, infusion or list of results, computed anew from its numbers."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tests.exact import MG, ROUNDED, as_date

if TYPE_CHECKING:
    from collections.abc import Iterator


def plan(found: dict[str, Any]) -> Iterator[str]:
    """A calendar: what has a date has it on its day, and ends after its days; the rest is last.

    What was given of a drug by the end of a dose is all of it up to then.
    """
    start = found["start"]
    rows = [row for row in found["rows"] if row["part"] == "calendar"]
    days = [row["day"] for row in rows]
    if days != sorted(days, key=lambda day: (day is None, day)):
        yield f"the days are not in order: {days}"
    sums: dict[str, tuple[Fraction, Fraction]] = {}
    for row in rows:
        name = f"{row['kind']} {row['drug']} on day {row['day']}"
        timed = row["kind"] in ("mark", "test", "review", "landmark")
        if timed and (row["day"] is None) != (row["days"] is None):
            yield f"{name}: it has {row['days']} days"
        # a test and a threshold are of a day; a source may look back on several
        if timed and row["days"] not in (None, 1) and (row["kind"] != "review" or row["days"] < 1):
            yield f"{name}: it has {row['days']} days"
        if row["mark_days"] is not None and row["mark_weeks"] != row["mark_days"] // 7:
            yield f"{name}: {row['mark_days']} days have {row['mark_weeks']} weeks"
        if row["total_low"] is not None:
            known = sums.get(row["drug"], (Fraction(0), Fraction(0)))
            low, high = (
                sum_ + Fraction(row[end]) * _times(row)
                for sum_, end in zip(known, ("low", "high"), strict=True)
            )
            sums[row["drug"]] = low, high
            if (row["total_low"], row["total_high"]) != (low, high):
                yield f"{name}: the running total is not {low} to {high}"
        if row["prednisone_equivalent_low"] is not None:
            for end in ("low", "high"):
                mg = Fraction(row[f"total_{end}"]) * MG[row["unit"]]
                if row[f"prednisone_equivalent_{end}"] != mg:
                    yield f"{name}: {row[f'total_{end}']} {row['unit']} are {mg} mg"
        if row["day"] is None:
            continue
        if start:
            day = as_date(start) + datetime.timedelta(row["day"] - 1)
            if row["date"] != day.isoformat():
                yield f"{name}: its date is {row['date']}"
        if row["date"] and row["end"] and row["days"] is not None:
            last = as_date(row["date"]) + datetime.timedelta(row["days"] - 1)
            if row["end"] != last.isoformat():
                yield f"{name}: its {row['days']} days do not end on {row['end']}"
        if row["before"] and (as_date(row["before"]) - as_date(row["date"])).days != 1:
            yield f"{name}: it is not on the day before {row['before']}"
    yield from _per_kg(found)


def _times(row: dict[str, Any]) -> int:
    """Return how often the amount of a dose on a calendar is given in all."""
    if row["per"] == "course":
        return 1
    return int(row["days"] if row["per"] == "day" else -(-row["days"] // 7))


def _per_kg(found: dict[str, Any]) -> Iterator[str]:
    """Doses per kg of a plan: by the weight they are the doses that stand beside them."""
    weight = found["patient"]["weight_kg"]
    for row in found["rows"]:
        per, dose = row["per_basis_low"], row["low"]
        if weight and row["basis"] == "kg" and None not in (per, dose) and not row["capped"]:
            for end in ("low", "high"):
                exact = Fraction(row[end]) / Fraction(weight)
                if abs(exact - Fraction(row[f"per_basis_{end}"])) > ROUNDED:
                    yield f"{row['title']}: {row[end]} is not {row[f'per_basis_{end}']} a kg"


def monitor(found: dict[str, Any]) -> Iterator[str]:
    """Tests: each date is that of its day, and they are in the order of their days."""
    days = [row["day"] for row in found["rows"] if row["part"] == "visit"]
    if days != sorted(days) or not all(1 < day <= found["weeks"] * 7 for day in days):
        yield f"the days of {found['weeks']} weeks are {days}"
    parts = [row["part"] for row in found["rows"]]
    if parts != sorted(parts, key=("baseline", "visit", "limit").index):
        yield "tests before the first dose, visits and limits are not in their order"
    for row in found["rows"]:
        if row["day"] is not None and row["date"] is not None and found["start"]:
            day = as_date(found["start"]) + datetime.timedelta(row["day"] - 1)
            if row["date"] != day.isoformat():
                yield f"{row['drug']} on day {row['day']}: its date is {row['date']}"


#: How a limit is crossed, and which verdict says so.
CROSSED = {
    "<": lambda result, limit: result < limit,
    "<=": lambda result, limit: result <= limit,
    ">": lambda result, limit: result > limit,
    ">=": lambda result, limit: result >= limit,
}
VERDICTS = {"crossed": True, "not-crossed": False, "not-compared": None, "no-result": None}


def labs(found: dict[str, Any]) -> Iterator[str]:
    """Results: each verdict is that of its number and its limit, and rows are counted right."""
    rows = found["rows"]
    counts = (
        any(row["crossed"] for row in rows),
        sum(row["result"] is not None and row["crossed"] is not None for row in rows),
        sum(row["verdict"] == "not-compared" for row in rows),
    )
    if (found["crossed"], found["compared"], found["not_compared"]) != counts:
        yield f"it counts otherwise than its rows, {counts}"
    for row in rows:
        name = f"{row['drug']}, {row['lab'] or row['rule']}"
        if VERDICTS[row["verdict"]] is not row["crossed"]:
            yield f"{name}: {row['verdict']}, and crossed is {row['crossed']}"
        if (row["result"] is None) and row["verdict"] not in ("no-result", "crossed"):
            yield f"{name}: {row['verdict']} without a result"
        limit = re.fullmatch(r"([<>]=?) ([0-9.]+)(?: .*|%.*)", row["limit"] or "")
        if limit and row["result"] is not None and row["result_sign"] is None:
            past = CROSSED[limit[1]](row["result"], Decimal(limit[2]))
            if row["crossed"] is not None and row["crossed"] != past:
                yield f"{name}: {row['result']} and {limit[0]} are {row['verdict']}"


def infusion(found: dict[str, Any]) -> Iterator[str]:
    """The rate steps of an infusion: they follow each other, rise, and add up to the dose."""
    steps = found["steps"]
    amount, volume = Fraction(0), Fraction(0)
    for step in steps:
        name = f"step {step['step']}"
        amount += Fraction(step["amount"])
        if Fraction(step["total_amount"]) != amount:
            yield f"{name}: the amounts up to it are {amount}"
        if step["volume_ml"] is not None:
            volume += Fraction(step["volume_ml"])
            if Fraction(step["total_volume_ml"]) != volume:
                yield f"{name}: the volumes up to it are {volume}"
    for before, after in pairwise(steps):
        if after["rate_mg_h"] <= before["rate_mg_h"]:
            yield f"step {after['step']}: its rate is not above that before it"
        if abs(before["minute"] + before["minutes"] - after["minute"]) > Decimal("0.01"):
            yield f"step {after['step']}: it does not begin when the one before it ends"
    if steps and amount * MG[steps[0]["unit"]] != Fraction(found["amount"]) * MG[found["unit"]]:
        yield f"the steps come to {amount}, and the dose is {found['amount']}"
    for step in steps:
        yield from _rate_step(step, found["starts"])
    last = steps[-1] if steps else None
    if last and found["starts"]:
        ends = _clock(found["starts"], found["whole_minutes"])
        if (found["ends"], found["ends_day"]) != ends:
            yield f"{found['whole_minutes']} minutes from {found['starts']} do not end at {ends}"
    if last and abs(last["minute"] + last["minutes"] - found["duration_min"]) > Decimal("0.01"):
        yield "the infusion does not last as long as its steps"


def _rate_step(step: dict[str, Any], starts: str | None) -> Iterator[str]:
    """A step of an infusion: what runs in its minutes at its rate is what it gives."""
    name, minutes = f"step {step['step']}", Fraction(step["minutes"])
    whole = step["whole_minutes"]
    # minutes are rounded by half of 0.01
    near = Fraction(1, 200)
    if not minutes - near <= whole < minutes + near + 1:
        yield f"{name}: {minutes} minutes are not {whole} whole ones"
    mg = Fraction(step["amount"]) * MG[step["unit"]]
    for rate, given in ((step["rate_mg_h"], mg), (step["rate_ml_h"], step["volume_ml"])):
        if rate is not None:
            apart = abs(Fraction(rate) * minutes / 60 - Fraction(given))
            if apart > Fraction(rate) * near / 60 + Fraction(1, 1000):
                yield f"{name}: {minutes} minutes at {rate} an hour are not {given}"
    if starts and (step["clock"], step["clock_day"]) != _clock(starts, step["minute"]):
        yield f"{name}: minute {step['minute']} from {starts} is not at {step['clock']}"


def _clock(starts: str, minutes: int) -> tuple[str, int]:
    """Return the time of day after some minutes, and how many days later that is."""
    first = datetime.datetime(2000, 1, 1, *map(int, starts.split(":")))
    after = first + datetime.timedelta(minutes=minutes)
    return f"{after:%H:%M}", (after.date() - first.date()).days
