"""What dmcalc itself writes, and tables of steps, as orders: JSON of taper and titrate, and CSV."""

from __future__ import annotations

import csv
import datetime
import io
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.errors import FileError
from dmcalc.fhir.findings import Findings, shown
from dmcalc.fhir.resource.json_text import list_of
from dmcalc.fhir.resource.medication import Medication, OrderedProduct
from dmcalc.fhir.resource.quantity import Measure, kind_of, unit_of_words
from dmcalc.fhir.resource.reading import Dosage, FhirOrder
from dmcalc.fhir.resource.timing import Timing

if TYPE_CHECKING:
    from dmcalc.fhir.findings import Path
    from dmcalc.fhir.verify import VerifiedOrder, Verifier

#: Columns that a table of steps has; low and high may replace dose.
COLUMNS = ("step", "days", "dose", "unit")
_EVERY = {"day": 1, "week": 7}


def verify_schedule(document: dict[str, object], verifier: Verifier) -> VerifiedOrder:
    """Verify the JSON of ``dmcalc taper`` or ``titrate``."""
    kind = str(document["schema"]).removeprefix("dmcalc.").partition("/")[0]
    findings = Findings(None)
    dosages: list[Dosage] = []
    day = document.get("day")
    weekdays = (day[:3],) if isinstance(day, str) else ()
    for number, step in enumerate(list_of(document.get("steps"))):
        if isinstance(step, dict):
            dosages += _of_step(step, ("steps", number), findings, weekdays)
    if not dosages:
        findings.add("not-structured", (), "there is no step: nothing says the dose")
    totals = document.get("totals")
    totals = totals if isinstance(totals, dict) else {}
    amount, unit, days = totals.get("amount"), totals.get("unit"), totals.get("days")
    total = None
    if isinstance(amount, int | Decimal) and isinstance(unit, str):
        total = Measure(Decimal(amount), unit, kind_of(unit))
    key = document.get("drug")
    drug = key if isinstance(key, str) and key in verifier.loaded.table.drugs else None
    order = FhirOrder(
        kind,
        Medication(drug, None if drug is None else "name", OrderedProduct(), ("drug",)),
        tuple(dosages),
        quantity=total,
        quantity_path=("totals", "amount"),
        supply_days=days if type(days) is int else None,
        supply_path=("totals", "days"),
    )
    if any(dosage.timing and dosage.timing.days is None for dosage in dosages):
        order = order._replace(quantity=None, supply_days=None)  # they are of the steps before
    return verifier.order(order, kind, (), findings)


def _of_step(
    step: dict[str, object], path: Path, findings: Findings, weekdays: tuple[str, ...]
) -> list[Dosage]:
    """Return the dosage of a step, or the two of alternate days."""
    number, days, unit = step.get("step"), step.get("days"), step.get("unit")
    start, end = (_date(step.get(key), (*path, key), findings) for key in ("start", "end"))
    low, high = (_amount(step.get(key), unit, (*path, key), findings) for key in ("low", "high"))
    if not (days is None or (type(days) is int and days > 0)):
        findings.add("wrong-type", (*path, "days"), "days is a whole number from 1 up, or null")
        days = None
    if start and end:
        if end < start:
            findings.add("bounds-reversed", (*path, "end"), f"the step ends {end}, before {start}")
            return []
        span = (end - start).days + 1
        if days is not None and days != span:
            message = f"the step has {days} days, its dates {span}"
            findings.add(
                "timing-invalid",
                (*path, "days"),
                message,
                expected=Decimal(span),
                got=Decimal(days),
            )
    per = step.get("per", "day")
    course = per == "course"
    every = days if course and days else _EVERY.get(per if isinstance(per, str) else "")
    dosage = Dosage(path, number if type(number) is int else None, low=low, high=high)
    if every is None and not course:
        message = "how often is not understood: per is day, week or course"
        findings.add("not-understood", (*path, "per"), message, got=shown(per))
    if all(step.get(key) is None for key in ("low", "high")):
        findings.add("dose-missing", path, "the step has no dose")
    if every is None or low is None or high is None:
        return [dosage]
    timing = Timing(Fraction(1), every, start=start, end=end, days=days)
    if per == "week":
        timing = timing._replace(weekdays=weekdays)
    alternate = _amount(step.get("alternate"), unit, (*path, "alternate"), findings)
    if step.get("alternate") is None or alternate is None:
        return [dosage._replace(timing=timing)]
    return _alternating(dosage, timing, alternate)


def _alternating(dosage: Dosage, timing: Timing, alternate: Measure) -> list[Dosage]:
    """Return two dosages, the first on the first day and the other on the next, in turn."""
    first = dosage.low if alternate == dosage.high else dosage.high
    if timing.days == 1:  # there is no next day
        return [dosage._replace(low=first, high=first, timing=timing)]
    start = timing.start
    if start is None:  # which dose comes first is not known without a date: a range
        assert first is not None  # checked before
        ends = sorted((first, alternate), key=lambda end: end.in_base)
        return [dosage._replace(low=ends[0], high=ends[1], timing=timing)]
    later = start + datetime.timedelta(days=1)
    every = timing._replace(every_days=2, end=None)
    second = every._replace(start=later, days=timing.days and timing.days - 1)
    return [
        dosage._replace(low=first, high=first, timing=every),
        dosage._replace(low=alternate, high=alternate, timing=second),
    ]


def _amount(value: object, unit: object, path: Path, findings: Findings) -> Measure | None:
    if value is None:
        return None
    known = unit_of_words(unit) if isinstance(unit, str) else None
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value < 0:
        findings.add("wrong-type", path, f"{path[-1]} is a number from 0 up")
        return None
    if known is None:
        findings.add(
            "not-understood", (*path[:-1], "unit"), "the unit is not understood", got=shown(unit)
        )
        return None
    return Measure(Decimal(value), known, kind_of(known))


def _date(value: object, path: Path, findings: Findings) -> datetime.date | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        with suppress(ValueError):
            return datetime.date.fromisoformat(value)
    findings.add("wrong-type", path, f"{path[-1]} is a date, such as 2026-12-01")
    return None


def verify_table(content: bytes, verifier: Verifier) -> VerifiedOrder:
    """Verify a table of steps: step,days,dose,unit[,start], or low and high in place of dose.

    What the tables of ``taper`` and ``titrate`` say besides is read too: drug, per, end, alternate.
    """
    try:
        text = content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
    except (UnicodeDecodeError, csv.Error):
        raise FileError(
            "this cannot be read as CSV", "Save the file as UTF-8, with commas."
        ) from None
    findings = Findings(None)
    dosages: list[Dosage] = []
    for number, row in enumerate(rows):
        step: dict[str, object] = {
            key: _cell(row, key) for key in ("step", "days", "dose", "low", "high")
        }
        dose = step.pop("dose")
        for end in ("low", "high"):
            step[end] = dose if step[end] is None else step[end]
        step |= {key: row.get(key) or None for key in ("unit", "start", "end")}
        step |= {"per": row.get("per") or "day", "alternate": _cell(row, "alternate")}
        dosages += _of_step(step, (number,), findings, ())
    if not dosages:
        findings.add("not-structured", (), "there is no step: nothing says the dose")
    named = {row.get("drug") for row in rows}
    drug = next(iter(named)) if len(named) == 1 else None
    if drug not in verifier.loaded.table.drugs:
        drug = None
    medication = Medication(drug, None if drug is None else "name", OrderedProduct(), ("drug",))
    order = FhirOrder("csv", medication, tuple(dosages))
    return verifier.order(order, "csv", (), findings)


def _cell(row: dict[str, str], name: str) -> object:
    """Return a number of a row; text that is none as it is, so that its type is wrong."""
    text = row.get(name)
    if not isinstance(text, str) or not text.strip():
        return None
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return text
    if not number.is_finite() or len(text) > 18:
        return text
    return int(number) if number == int(number) else number
