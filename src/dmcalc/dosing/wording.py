"""A posology and a dose in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.text import timing
from dmcalc.text.numbers import format_range

if TYPE_CHECKING:
    from dmcalc.quantities.amount import DoseRange
    from dmcalc.table.model.drug import Regimen, Route

ROUTE_TEXT: dict[Route, str] = {
    "oral": "by mouth",
    "intravenous": "intravenously",
    "subcutaneous": "subcutaneously",
}


def posology_text(regimen: Regimen) -> str:
    """Write the rule as the source gives it: ``0.75-1 mg/kg/day, max 60-80 mg/day``."""
    parts = [str(regimen.dose) if regimen.dose else "no dose given"]
    if regimen.max:
        parts.append(f"max {regimen.max}")
    if regimen.days:
        over = "over" if regimen.dose and regimen.dose.per == "course" else "for"
        parts[-1] += f" {over} {regimen.days}"
    if regimen.doses:
        parts.append(f"{regimen.doses} doses")
    if regimen.every:
        parts.append(f"every {regimen.every}")
    if regimen.lasts:
        parts.append(f"for {regimen.lasts}")
    start = f"from week {regimen.from_week}: " if regimen.from_week else ""
    return start + ", ".join(parts)


def dose_text(sentence: str, dose: DoseRange, daily: DoseRange | None) -> str:
    """Put a dose, and that of a course's day, into the sentence that ``dose_sentence`` made."""
    of_day = format_range(daily.low, daily.high, daily.unit) if daily else ""
    return sentence.format(dose=format_range(dose.low, dose.high, dose.unit), daily=of_day)


def dose_sentence(
    regimen: Regimen, route: Route, times_daily: int | None = None, *, amounts: bool
) -> str:
    """Put a regimen for any patient into a sentence: ``{dose} by mouth daily``.

    Where there are no ``amounts`` it says why; else ``dose_text`` puts them in for one patient.
    ``times_daily`` is in how many doses the amount of a day is divided.
    """
    rate = regimen.dose
    parts = []
    if not amounts or rate is None:
        missing = regimen.no_dose or "What it is multiplied by is not known."
        parts.append("no amount: " + missing[0].lower() + missing[1:].rstrip("."))
    else:
        dose = f"{{dose}} {ROUTE_TEXT[regimen.route or route]}"
        length = timing.length(regimen.days) if regimen.days else None
        if rate.per != "course":
            dose += timing.suffix(rate.per)
            dose += f" in {times_daily} doses" if times_daily else ""
            dose += f" for {length}" if length else ""
        elif length:
            dose += f" per course, divided over {length} ({{daily}} daily)"
        parts.append(dose)
    if regimen.doses:
        apart = f", {timing.length(regimen.every)} apart" if regimen.every else ""
        parts.append(f"{regimen.doses} doses{apart}")
    elif regimen.every and amounts and rate and rate.per == "dose":
        parts[-1] += f" {timing.every(regimen.every)}"
    elif regimen.every:
        parts.append(timing.every(regimen.every))
    if regimen.lasts:
        parts.append(f"for {timing.length(regimen.lasts)}")
    start = f"from week {regimen.from_week}: " if regimen.from_week else ""
    return start + ", ".join(parts)
