"""How numbers and regimens are put into words.

The rules are those of safe medication orders: no trailing zero, a leading zero, a space before the
unit, "daily" and "once a week" in full (ISMP list of error-prone abbreviations 2021; Joint
Commission "Do Not Use" list).
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from dmcalc.quantities.amount import plain, rounded

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator

    from dmcalc.dispensing.packs import Packed
    from dmcalc.dispensing.stock import Handed
    from dmcalc.quantities.amount import Interval
    from dmcalc.schedules.model import Beside
    from dmcalc.table.model.table import Ramp, Regimen, Route

PLACES = 3

#: Not from the locale: a page has one language.
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

ROUTES: dict[Route, str] = {
    "oral": "by mouth",
    "intravenous": "intravenously",
    "subcutaneous": "under the skin",
}


def shown(value: Decimal, *, up: bool = False) -> Decimal:
    """Return a number as people see it, with 3 decimals at the most.

    The low end of a range is rounded up and the high end down, so that what is shown stays inside
    the range.
    """
    return rounded(value, PLACES, up=up)


def number(value: Decimal | int, *, up: bool = False) -> str:
    """Write a number for people: ``52.5``, ``0.5``, ``1,050``."""
    return exact(shown(Decimal(value), up=up))


def exact(value: Decimal) -> str:
    """Write a number for people with all its decimals."""
    whole, dot, decimals = plain(abs(value)).partition(".")
    return f"{'-' if value < 0 else ''}{int(whole):,}{dot}{decimals}"


#: A limit with more decimals than this follows from a computed body surface.
MOST_DECIMALS = 12


def limit(value: Decimal, *, up: bool = False) -> str:
    """Write an amount that is compared, with all its decimals; a very long one is cut to 6.

    A low end is rounded up and a high end down, as ``shown`` does.
    """
    return exact(value if _decimals(value) <= MOST_DECIMALS else rounded(value, 6, up=up))


def _decimals(value: Decimal) -> int:
    return len(plain(value).partition(".")[2])


def span(low: Decimal | int, high: Decimal | int, unit: str = "") -> str:
    """Write a range for people: ``52.5 to 70 mg``."""
    first, last = shown(Decimal(low), up=True), shown(Decimal(high))
    if low == high or first == last:
        text = exact(last)
    elif first < last:
        text = f"{exact(first)} to {exact(last)}"
    else:  # a range narrower than the last decimal shown
        text = f"{exact(Decimal(low))} to {exact(Decimal(high))}"
    return f"{text} {unit}".strip()


def ratio(low: Decimal, high: Decimal, unit: str) -> str:
    """Write a dose per kg or m2, to 3 decimals half up: it stands beside the dose, not for it."""
    ends = [plain(end.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)) for end in (low, high)]
    return f"{' to '.join(dict.fromkeys(ends))} {unit}"


def roundings(unit: str, *ends: tuple[Decimal | None, bool]) -> Iterator[str]:
    """Say of each number that is not shown in full what it is and by how much it was rounded."""
    for value, up in ends:
        if value is not None and (seen := shown(value, up=up)) != value:
            yield (
                f"{exact(value)} {unit} is shown as {exact(seen)} {unit}, "
                f"rounded by {exact(abs(value - seen))} {unit}"
            )


def length(interval: Interval) -> str:
    """Write a length of time: ``4 to 6 weeks``, ``1 month``."""
    plural = "" if interval.high == 1 else "s"
    return f"{span(interval.low, interval.high)} {interval.period}{plural}"


def hours(minutes: int) -> str:
    """Write a number of minutes: ``30 min``, ``4 h``, ``4 h 15 min``."""
    full, rest = divmod(minutes, 60)
    if not full:
        return f"{rest} min"
    return f"{full} h {rest} min" if rest else f"{full} h"


def ramp(way: Ramp) -> str:
    """Write how the rate of an infusion rises, as the sources give it."""
    if way.by is not None:
        text = f"{way.start}, rising by {way.by} every {way.every} to {way.max}"
    else:
        then = " and ".join(plain(rate.value) for rate in way.then)
        text = f"{way.start}, then {then} {way.start.unit}, {way.every} a step; max {way.max}"
    if way.max_at_risk is not None:
        text += f", at risk {way.max_at_risk}"
    return text


def every(interval: Interval) -> str:
    """Write how often: ``every 4 weeks``, ``every month``."""
    return f"every {interval.period}" if interval.high == 1 else f"every {length(interval)}"


def posology(regimen: Regimen) -> str:
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


def order(
    regimen: Regimen,
    route: Route,
    amounts: tuple[Decimal, Decimal] | None,
    daily: tuple[Decimal, Decimal] | None,
) -> str:
    """Put a regimen for one patient into a sentence: ``52.5 to 70 mg by mouth daily``.

    ``amounts`` are the ends of the dose in its unit, None where there is no amount; ``daily`` are
    those of a course's day.
    """
    rate = regimen.dose
    parts = []
    if amounts is None or rate is None:
        missing = regimen.no_dose or "What it is multiplied by is not known."
        parts.append("no amount: " + missing[0].lower() + missing[1:].rstrip("."))
    else:
        dose = f"{span(*amounts, rate.unit)} {ROUTES[regimen.route or route]}"
        if rate.per == "day":
            dose += " daily"
        elif rate.per == "week":
            dose += " once a week"
        elif rate.per == "course" and regimen.days and daily:
            dose += f" per course, divided over {length(regimen.days)}"
            dose += f" ({span(*daily, rate.unit)} daily)"
        parts.append(dose)
        if regimen.days and rate.per != "course":
            parts[-1] += f" for {length(regimen.days)}"
    if regimen.doses:
        apart = f", {length(regimen.every)} apart" if regimen.every else ""
        parts.append(f"{regimen.doses} doses{apart}")
    elif regimen.every and amounts and rate and rate.per == "dose":
        parts[-1] += f" {every(regimen.every)}"
    elif regimen.every:
        parts.append(every(regimen.every))
    if regimen.lasts:
        parts.append(f"for {length(regimen.lasts)}")
    start = f"from week {regimen.from_week}: " if regimen.from_week else ""
    return start + ", ".join(parts)


def handed(products: Iterable[Handed], form: str) -> str:
    """Write what is handed out: ``1 tablet of 50 mg and half a tablet of 5 mg``."""
    parts = [f"{_count(p.count, form)} of {number(p.strength)} {p.unit}" for p in products]
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else "nothing"


def counts(products: Iterable[Handed]) -> str:
    """Write what is handed out where the form is known: ``1 of 50 mg, half of 5 mg``."""
    return ", ".join(f"{halves(p.count)} of {number(p.strength)} {p.unit}" for p in products)


def packs(packed: Iterable[Packed], handed_out: Iterable[Handed], form: str) -> str:
    """Write which packs hold what is handed out: ``2 of 100 tablets of 20 mg, 98 over``."""
    parts = [
        f"{number(pack.packs)} of {number(pack.size)} {form}{'' if pack.size == 1 else 's'} of "
        f"{number(pack.strength)} {pack.unit}{f', {halves(pack.over)} over' if pack.over else ''}"
        for pack in packed
    ]
    sized = {(pack.strength, pack.unit) for pack in packed}
    without = [f"{number(h.strength)} {h.unit}" for h in handed_out if h[:2] not in sized]
    if without:
        parts.append(f"no size of a pack is given for {', '.join(without)}")
    return "; ".join(parts) or "none"


def halves(count: Decimal) -> str:
    """Write a count of units, of which one may be half: ``2 and a half``."""
    whole, half = int(count), count != int(count)
    return " and a ".join([*([f"{whole:,}"] if whole else []), *(["half"] if half else [])])


def _count(count: Decimal, form: str) -> str:
    whole, half = int(count), count != int(count)
    if half and whole:
        return f"{whole:,} and a half {form}s"
    if half:
        return f"half a {form}"
    return f"{whole:,} {form}{'' if whole == 1 else 's'}"


def beside(other: Beside, drug: str) -> str:
    """Write what is given on the day after: ``5 mg once a week, on Tuesday, the day after ...``."""
    on = f", on {other.day.capitalize()}" if other.day else ""
    return (
        f"{span(other.low, other.high, other.unit)} once a week{on}, the day after {drug.lower()}"
    )


def grouped(notation: str) -> str:
    """Write a source's notation for people: ``1000 mg/day`` is 1,000 mg/day."""
    return re.sub(r"[0-9]{4,}", lambda found: f"{int(found[0]):,}", notation)


def date(day: datetime.date) -> str:
    """Write a date for patients: ``1 December 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def spoken(text: str) -> str:
    """Write the ranges of a notation as people say them: ``52.5-70 mg`` is 52.5 to 70 mg."""
    return re.sub(r"(?<=[0-9])-(?=[0-9])", " to ", text)


def visible(text: str) -> str:
    """Show control characters, such as terminal escapes in a file name, as text."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character == "\n" else ascii(character)[1:-1]
        for character in text
    )
