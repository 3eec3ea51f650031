"""What pages say of one posology for one patient: its dose, what lowered it, what makes it up."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.dispensing.wording import counts_text, day_text, single_dose, units_text
from dmcalc.text import timing
from dmcalc.text.numbers import (
    format_exact,
    format_measured,
    format_per_size,
    page_number,
    page_range,
    plural,
    ranges_in_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.dispensing.stock import CourseDays, DispensedUnits
    from dmcalc.dosing.adjustments import PatientRules
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.guideline.patient_rules import Rule
    from dmcalc.table.model.drug import Route
    from dmcalc.text.numbers import PageNumbers

ROUTES: dict[Route, str] = {
    "oral": "by mouth",
    "intravenous": "IV",
    "subcutaneous": "subcutaneously",
}
#: How often, where a slip would be an overdose.
OFTEN = {"day": "daily", "week": "ONCE A WEEK", "course": "PER COURSE"}
#: More units than this of several strengths are counted in a list and not named one by one.
NAMED = 4


def listed_dose(row: DoseRow, numbers: PageNumbers, before: DoseRow | None) -> str:
    """Write a dose for a list, without what it shares with the row of its drug before it."""
    if row.unit is None and row.basis is None and not (row.refused or row.rules):
        return "no dose: the source gives none"
    row = row._replace(times_daily=None)
    if before is None or before.low is None:
        return dose_words(row, numbers)
    if (before.days_low, before.days_high, before.every) == (
        row.days_low,
        row.days_high,
        row.every,
    ):
        row = row._replace(days_low=None, days_high=None, every=None)
    return dose_words(row, numbers, route=before.route != row.route)


def dose_words(row: DoseRow, numbers: PageNumbers, *, route: bool = True) -> str:
    """Write a dose: ``60 to 80 mg by mouth daily, CAPPED``; or why there is none."""
    if row.low is None or row.high is None or row.unit is None:
        return row.sentence.replace("refused for", "REFUSED for", 1)
    words = [numbers.range(row.low, row.high, row.unit, f"{row.regimen}:")]
    words += [ROUTES[row.route]] if route else []
    words += [OFTEN[row.per]] if row.per in OFTEN else []
    text = " ".join(words)
    if row.times_daily:
        text += f" in {row.times_daily} doses"
    if row.days_low is not None and row.days_high is not None:
        over = "over" if row.per == "course" else "for"
        text += f" {over} {page_range(Decimal(row.days_low), Decimal(row.days_high))}"
        text += f" {plural(row.days_high, 'day')}"
    if row.doses:
        text += {1: " once", 2: " twice"}.get(row.doses, f" {row.doses} times")
        text += f", {ranges_in_words(row.every)} apart" if row.every else ""
    elif row.every:
        text += f" every {ranges_in_words(row.every).removeprefix('1 ')}"
    if row.lasts:
        text += f", for {ranges_in_words(row.lasts)}"
    if row.from_week:
        text = f"from week {row.from_week}: {text}"
    return text + (", CAPPED" if row.capped else "")


def suggestion(row: DoseRow, numbers: PageNumbers) -> str:
    """Write the end of the range that the severity points to; empty where there is none."""
    if row.suggested is None or row.low == row.high:
        return ""
    up = row.suggested == row.low
    amount = numbers.number(row.suggested, row.unit or "", f"{row.regimen}:", up=up)
    return f"suggested {amount} (interpretation)"


def lowered(row: DoseRow, advice: PatientRules | None) -> str:
    """Say what a dose was before rules or a cap for children lowered it, and for what reason."""
    dose = row.dose_before
    if dose is None:
        return ""
    before = page_range(dose.low, dose.high, dose.unit)
    by_id = {} if advice is None else {r.id: r for r in advice.guideline.guideline.rules.rules}
    reasons = [
        because(by_id[name], advice) if advice is not None and name in by_id else name
        for name in row.lowered_by
    ]
    word = "LIMITED" if all(name.startswith("the cap") for name in row.lowered_by) else "REDUCED"
    return f"{word} from {before}: {', '.join(dict.fromkeys(reasons))}"


def because(rule: Rule, advice: PatientRules) -> str:
    """Name the facts of the patient by which a rule holds: ``allopurinol``, ``eGFR 45``."""
    known, when = advice.context, rule.when
    conditions = advice.guideline.guideline.rules.conditions
    facts = [n for n in known.taking if not {n, *known.names_of(n)}.isdisjoint(when.taking)]
    facts += [conditions[name] for name in when.conditions if name in known.conditions]
    for band in when.bands:
        value = known.value(band.measure)
        if value is not None:
            name = {"egfr": "eGFR", "crcl": "creatinine clearance", "age": "age"}[band.measure]
            facts.append(f"{name} {format_measured(value)}")
    genes = (("TPMT", known.tpmt, when.tpmt), ("NUDT15", known.nudt15, when.nudt15))
    facts += [f"{gene} {speed} metaboliser" for gene, speed, asked in genes if speed in asked]
    return " and ".join(dict.fromkeys(facts)) or rule.id


def per_size(row: DoseRow) -> str:
    """Write a dose per kg or m2: ``0.732 to 0.976 mg/kg daily``; empty for a fixed dose."""
    low, high = row.per_basis_low, row.per_basis_high
    if low is None or high is None:
        return ""
    weight = f" of {row.weight_basis} weight" if row.weight_basis else ""
    unit = f"{row.unit}/{row.basis}{weight}"
    return format_per_size(low, high, unit) + timing.suffix(row.per)


def made_up(row: DoseRow) -> str:
    """Write in short what makes a dose up: ``80 mg: 50 + 20 + 10 mg``, ``8 to 10 of 2.5 mg``."""
    if row.low is None or row.form is None:
        return "-"
    if row.products_by_days:
        part = row.products_by_days[-1]
        return _each_day(part, row)
    ends = _ends(row)
    if not ends:
        return f"CANNOT BE MADE UP with whole {row.form}s"
    if len(ends) == 1:
        ((dose, _, products),) = ends
        return _in_short(dose, products, row)
    (low, _, least), (high, _, most) = ends
    if len(least) == len(most) == 1 and least[0].strength == most[0].strength:
        count = page_range(least[0].count, most[0].count)
        return f"{count} of {page_number(most[0].strength)} {most[0].unit}"
    return f"{page_range(low, high)} {row.unit}"


def _each_day(part: CourseDays, row: DoseRow) -> str:
    """Write what a day of a course is, over so many days: ``2 days: 70 g each``."""
    days = f"{part.days} {plural(part.days, 'day')}"
    return f"{days}: {page_number(part.daily)} {row.unit} each"


def made_up_in_full(row: DoseRow) -> Iterator[str]:
    """Yield what makes each end of a dose up, and how far that is from it."""
    if row.products_by_days is not None:
        for part in row.products_by_days:
            yield f"{_each_day(part, row)}, {counts_text(part.products)}"
        return
    ends = _ends(row, of_suggestion=False)
    for dose, deviation, products in ends:
        off = f" ({format_exact(deviation)} per cent)" if deviation else ""
        units = day_text(products, row.form or "unit", row.times_daily or 1)
        yield f"{page_number(dose)} {row.unit}{off}: {units}"
    if row.form is not None and row.low is not None and not ends:
        yield f"CANNOT BE MADE UP with whole {row.form}s; ask the prescriber"


def _ends(
    row: DoseRow, *, of_suggestion: bool = True
) -> list[tuple[Decimal, Decimal | None, tuple[DispensedUnits, ...]]]:
    """Return the ends that whole units make, or that of the suggestion where there is one."""
    ends = (
        (row.low, row.dispensed_low, row.deviation_low_percent, row.products_low),
        (row.high, row.dispensed_high, row.deviation_high_percent, row.products_high),
    )
    made = {
        dose: (dose, off, products)
        for end, dose, off, products in ends
        if dose is not None
        and products is not None
        and not (of_suggestion and row.suggested is not None and end != row.suggested)
    }
    return list(made.values())


def _in_short(dose: Decimal, products: tuple[DispensedUnits, ...], row: DoseRow) -> str:
    """Write the units of a dose: ``4 tablets of 2.5 mg``, ``80 mg: 50 + 20 + 10 mg``."""
    times = row.times_daily or 1
    single = single_dose(products, times)
    if times > 1:
        return f"{page_number(dose)} {row.unit}: {counts_text(single)}{timing.times_daily(times)}"
    if len(single) == 1:
        return units_text(single, row.form or "unit")
    count = sum(units.count for units in single)
    if count > NAMED or any(units.count % 1 for units in single):
        return f"{page_number(dose)} {row.unit}: {counts_text(single)}"
    strengths = [page_number(u.strength) for u in single for _ in range(int(u.count))]
    return f"{page_number(dose)} {row.unit}: {' + '.join(strengths)} {single[0].unit}"
