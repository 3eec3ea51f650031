"""What must hold of any answer, computed anew from its numbers alone, in fractions.

``documents.check`` asks it of every JSON document that a test makes dmcalc print. It knows no drug
and no table: steps follow each other, amounts add up, units make the dose, a verdict fits its ends.
"""

from __future__ import annotations

import datetime
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tests import sense_of_days
from tests.exact import MG, ROUNDED, SHARE, as_date

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Pairs of keys of which none is without the other, and the first is never the larger.
RANGES = (
    *(("low", "high"), ("cap_low", "cap_high"), ("per_kg_low", "per_kg_high")),
    *(("per_basis_low", "per_basis_high"), ("days_low", "days_high")),
    *(("daily_low", "daily_high"), ("total_low", "total_high"), ("amount_low", "amount_high")),
    *(("low_before", "high_before"), ("dispensed_low", "dispensed_high")),
    ("mark_low", "mark_high"),
)


def faults(found: dict[str, Any]) -> list[str]:
    """List what does not make sense in a document, each with its path."""
    kind = found["schema"].removeprefix("dmcalc.").partition("/")[0]
    told = [fault for path, record in _records(found, "$") for fault in _record(path, record)]
    return [*told, *(KINDS[kind](found) if kind in KINDS else ())]


def _records(value: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object in a value with its path; ``verify`` repeats what others wrote."""
    if isinstance(value, dict) and value.get("schema") != "dmcalc.verify/1":
        yield path, value
        for key, part in value.items():
            yield from _records(part, f"{path}.{key}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _records(part, f"{path}[{number}]")


def _record(path: str, record: dict[str, Any]) -> Iterator[str]:
    """Any object: its ranges have two ends in order, and its units make its dose."""
    for low, high in RANGES:
        ends = record.get(low), record.get(high)
        if low not in record or high not in record or ends == (None, None):
            continue
        if None in ends:
            yield f"{path}: {low} and {high} are {ends}: one is missing"
        elif not 0 <= ends[0] <= ends[1]:
            yield f"{path}: {low} and {high} are {ends}: they are no range"
    if {"low", "unit"} <= record.keys() and record["low"] is not None and record["unit"] is None:
        yield f"{path}: an amount without its unit"
    if "None" in record.values():
        yield f"{path}: the word None stands for nothing"
    by = [record[key] is None for key in ("basis", "per_basis_low") if key in record]
    if len(by) == 2 and record["low"] is not None and by[0] != by[1]:
        yield f"{path}: what it is by, and how much of it, do not go together"
    if {"strength", "count"} <= record.keys() and not record["count"] > 0:
        yield f"{path}: no unit is counted"
    if {"products_by_days", "days_low"} <= record.keys() and record["products_by_days"] is not None:
        yield from _course(path, record)
    if record.get("daily_low", record.get("low")) not in (None, record.get("low")) and (
        record["per"] != "course"
    ):
        yield f"{path}: a dose per {record['per']} is divided over days"
    start, end, days = (record.get(key) for key in ("start", "end", "days"))
    if start and end and isinstance(days, int):
        last = datetime.date.fromisoformat(start) + datetime.timedelta(days - 1)
        if end != last.isoformat():
            yield f"{path}: {days} days from {start} do not end on {end}"


def _course(path: str, record: dict[str, Any]) -> Iterator[str]:
    """A course over so many days: its days are those of its source, and they add up to it."""
    if record["per"] != "course":
        yield f"{path}: a dose per {record['per']} has the days of a course"
    for part in record["products_by_days"]:
        days, daily = part["days"], Fraction(part["daily"])
        if not record["days_low"] <= days <= record["days_high"]:
            yield f"{path}: no source gives the course in {days} days"
        if not 0 <= Fraction(record["high"]) - days * daily < Fraction(days, 10**6):
            yield f"{path}: {days} days of {daily} are not the course of {record['high']}"


def _make(products: list[dict[str, Any]] | None, amount: Any, unit: str) -> bool:
    """Tell whether some units make an amount, as far as both are known, and are masses."""
    if not products or amount is None or not {unit, *(p["unit"] for p in products)} <= MG.keys():
        return True
    held = sum(Fraction(p["strength"]) * Fraction(p["count"]) * MG[p["unit"]] for p in products)
    return held == Fraction(amount) * MG[unit]


def _schedule(found: dict[str, Any]) -> Iterator[str]:
    """The steps of a taper or of a titration."""
    steps, totals = found["steps"], found["totals"]
    if [step["step"] for step in steps] != list(range(1, len(steps) + 1)):
        yield "the steps are not numbered one after the other"
    weight = found["patient"]["weight_kg"] if found["patient"] else None
    total_low, total_high = Fraction(0), Fraction(0)
    for step in steps:
        name = f"step {step['step']}"
        if step["week"] != (step["day"] - 1) // 7:
            yield f"{name}: day {step['day']} is not in week {step['week']}"
        low, high = _given(step, "low"), _given(step, "high")
        if low is not None and high is not None:
            total_low, total_high = total_low + low, total_high + high
            if (step["total_low"], step["total_high"]) != (total_low, total_high):
                yield f"{name}: the running total is not {total_low} to {total_high}"
        first, second = _doses(step)
        for products, dose in (("products", first), ("products_alternate", second)):
            if not _make(step[products], dose, step["unit"]):
                yield f"{name}: {products} do not make {dose} {step['unit']}"
        own = step["dosing_weight_kg"] or weight
        for end in ("low", "high"):
            if own and step[f"per_kg_{end}"] is not None and second is None:
                exact = Fraction(step[end]) / Fraction(own)
                if abs(exact - Fraction(step[f"per_kg_{end}"])) > ROUNDED:
                    yield f"{name}: {step[end]} {step['unit']} is not {step[f'per_kg_{end}']} a kg"
    for before, after in pairwise(steps):
        if before["days"] is None or after["day"] != before["day"] + before["days"]:
            yield f"step {after['step']} does not begin where the one before it ends"
        if before["start"] and after["start"]:
            apart = as_date(after["start"]) - as_date(before["start"])
            if apart.days != after["day"] - before["day"]:
                yield f"step {after['step']}: its date is not that of its day"
    if totals["amount_low"] is not None and steps:
        if (totals["amount_low"], totals["amount_high"]) != (total_low, total_high):
            yield f"the total is not {total_low} to {total_high}"
        if totals["days"] != sum(step["days"] or 0 for step in steps):
            yield "the days are not those of the steps"
    if not _make(totals["products"], totals["amount"], totals["unit"]):
        yield "the units of all steps do not make the total"
    yield from _packs(totals["packs"], totals["needed"] or totals["products"])


def _packs(packs: list[dict[str, Any]] | None, products: list[dict[str, Any]]) -> Iterator[str]:
    """Whole packs: as many as the units fill, and less than one of them is left over."""
    counts = {(p["strength"], p["unit"]): p["count"] for p in products or ()}
    for pack in packs or ():
        needed = counts[pack["strength"], pack["unit"]]
        left = pack["size"] * pack["packs"] - needed
        # half a tablet is of a whole one, and the other half is not left over
        if not 0 <= left < pack["size"] or not left - 1 < pack["over"] <= left:
            yield f"{pack} is not what {needed} units fill"


def _doses(step: dict[str, Any]) -> tuple[Any, Any]:
    """Return the dose of the first day, and that of the second where they alternate.

    None stands for a dose that is a range, and where there is no second.
    """
    low, high, second = step["low"], step["high"], step["alternate"]
    if second is None:
        return (low if low == high else None), None
    return (high if second == low else low), second


def _given(step: dict[str, Any], end: str) -> Fraction | None:
    """Return what is given in all days of a step; None where the step has no end."""
    if step["days"] is None or step["total_low"] is None:
        return None
    dose, days = Fraction(step[end]), step["days"]
    if step["per"] == "week":
        return dose * -(-days // 7)
    if step["per"] != "day":
        return dose
    first, second = _doses(step)
    if second is None:
        return dose * days
    return Fraction(first) * -(-days // 2) + Fraction(second) * (days // 2)


def _check(found: dict[str, Any]) -> Iterator[str]:
    """An order: each verdict is that of its ends, and the distance is that to the nearer one."""
    for row in found["rows"]:
        ordered, low, high = row["ordered"], row["low"], row["high"]
        if ordered is None or low is None or row["verdict"] not in FITS:
            continue
        fault = f"{row['regimen']}: {ordered} is {row['verdict']} {low} to {high}"
        # within, and off its range: it is a step of a source, or rounded as a source rounds it
        elsewhere = row["verdict"] == "within" and row["deviation"] is not None
        if not elsewhere and not FITS[row["verdict"]](low, ordered, high):
            yield fault
        apart = min(Fraction(ordered - low), Fraction(0)) + max(
            Fraction(ordered - high), Fraction(0)
        )
        if Fraction(row["deviation"] or 0) != apart:
            yield f"{fault}: it is {apart} off, not {row['deviation']}"


FITS = {
    "within": lambda low, ordered, high: low <= ordered <= high,
    "below": lambda low, ordered, _: ordered < low,
    "above": lambda _, ordered, high: ordered > high,
    # a cap may be that of one dose, and the day's amount within its limits
    "over-cap": lambda low, ordered, _: ordered >= low,
}


def _dose(found: dict[str, Any]) -> Iterator[str]:
    """Doses: what is suggested is one of the ends, and no more than the cap."""
    for row in found["rows"]:
        low, high, suggested, cap = (row[k] for k in ("low", "high", "suggested", "cap_high"))
        if suggested is not None and not (low <= suggested <= high):
            yield f"{row['regimen']}: {suggested} is not within {low} to {high}"
        if high is not None and cap is not None and high > cap:
            yield f"{row['regimen']}: {high} is over the cap of {cap}"
        for end in ("low", "high"):
            made, off = row[f"dispensed_{end}"], row[f"deviation_{end}_percent"]
            if made is None:
                continue
            if not low <= made <= high:
                yield f"{row['regimen']}: {made} is made, and not within {low} to {high}"
            exact = Fraction(made - row[end]) * 100 / Fraction(row[end])
            if abs(exact - Fraction(off)) > SHARE:
                yield f"{row['regimen']}: {made} is not {off} per cent off {row[end]}"
            if row["form"] != "vial" and not _make(row[f"products_{end}"], made, row["unit"]):
                yield f"{row['regimen']}: the units do not make {made} {row['unit']}"
        if row["basis"] == "kg" and not row["capped"] and row["low_before"] is None:
            weight = row["dosing_weight_kg"] or found["patient"]["weight_kg"]
            for end in ("low", "high"):
                per, dose = row[f"per_basis_{end}"], row[end]
                known = None not in (per, dose, weight)
                if known and Fraction(per) * Fraction(weight) != Fraction(dose):
                    yield f"{row['regimen']}: {per} a kg of {weight} kg is not {dose}"


def _dispense(found: dict[str, Any]) -> Iterator[str]:
    """Whole units: what they hold is what is given and what is thrown away, and no more."""
    off = Fraction(found["dispensed"]) - Fraction(found["amount"])
    if Fraction(found["deviation"]) != off:
        yield f"{found['dispensed']} is {off} off {found['amount']}"
    products = found["total_products"]
    held = Fraction(found["dispensed"]) + Fraction(found["waste"])
    if not _make(products, held, found["unit"]):
        yield f"the units hold another amount than {held} {found['unit']}"
    if found["units"] is not None and found["units"] != sum(p["count"] for p in products):
        yield f"the units are not {found['units']}"
    yield from _packs(found["packs"], products)


KINDS = {
    "dispense": _dispense,
    "taper": _schedule,
    "titrate": _schedule,
    "infusion": sense_of_days.infusion,
    "check": _check,
    "plan": sense_of_days.plan,
    "monitor": sense_of_days.monitor,
    "labs": sense_of_days.labs,
    "dose": _dose,
}
