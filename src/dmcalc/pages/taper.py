"""The page of ``dmcalc taper DRUG``."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.dispensing.wording import counts_text, packs_text, units_text
from dmcalc.pages.model import ListBlock, Page, References, TableBlock
from dmcalc.pages.sections import (
    actual_weight_text,
    describe_patient,
    dosing_weight_blocks,
    entered_and_not,
    explained_sections,
    local_mark,
    number_notes,
    patient_rules_block,
    rounding_block,
    usual_sections,
)
from dmcalc.quantities.time import DAYS
from dmcalc.schedules import step_text
from dmcalc.schedules.step_text import companion_text
from dmcalc.text import timing
from dmcalc.text.numbers import (
    PageNumbers,
    format_number,
    format_per_size,
    format_range,
    page_number,
    ranges_in_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from dmcalc.schedules.model import Choice, Step, TaperResult


def page(result: TaperResult, references: References) -> Page:
    """Lay out the steps, then totals, choices, notes and sources."""
    numbers = PageNumbers()
    cited = references.cite(result.sources)
    notes = list(dict.fromkeys(step.note for step in result.steps if step.note))
    name = result.loaded.table.drugs[result.drug].name
    blocks = (
        _steps(result, notes, numbers),
        _reduced_doses(result),
        patient_rules_block(((name, rule) for rule in result.rules), references),
        *dosing_weight_blocks(result, (result.drug,), references, _courses_by_weight(result)),
        _vials(result),
        _usual(result, notes),
        *usual_sections(result, local=result.steps[0].local),
    )
    explained = (
        _in_full(result, numbers),
        _in_all(result, cited),
        *_day_after(result, references),
        _choices(result),
        *explained_sections(result, references, rounding=(rounding_block(numbers),)),
    )
    drug = result.loaded.table.drugs[result.drug]
    title = (
        f"{drug.name}: {result.protocol}{_author(result)} for {describe_patient(result.patient)}"
    )
    subtitle = f"{result.name}. For: {result.population}."
    if drug.once_weekly:
        on = f", on {result.day.capitalize()}" if result.day else ""
        subtitle += f" Once a week{on}, and never daily."
    known = entered_and_not(result, (result.drug,))
    return Page(title, blocks, "\n".join(filter(None, (subtitle, known))), explained)


def _author(result: TaperResult) -> str:
    """Say what there is to know of the author of a taper: `` (author unknown)``."""
    taper = result.loaded.table.daily_tapers.get(result.protocol)
    return f" ({taper.author})" if taper is not None and taper.author else ""


def _reduced_doses(result: TaperResult) -> ListBlock:
    """Say of each dose that a rule for this patient reduced what it was before."""
    items = []
    for dose in result.doses:
        if dose.low_before is not None and dose.high_before is not None:
            before = format_range(dose.low_before, dose.high_before, dose.unit)
            amount = f"{format_range(dose.low, dose.high, dose.unit)}{timing.suffix(dose.per)}"
            items.append((f"{dose.regimen}:", f"{amount}, reduced from {before}"))
    return ListBlock("Reduced for this patient", tuple(items))


def _steps(result: TaperResult, notes: list[str], numbers: PageNumbers) -> TableBlock:
    """Lay out when each step is and what is taken: what fits a line of 80 columns."""
    steps, form = result.steps, result.totals.form or "vial"
    courses, dated = steps[0].per == "course", steps[0].start is not None
    columns: dict[str, Callable[[Step], str]] = {"Step": lambda step: str(step.step)}
    if courses:
        columns["First day" if dated else "Week"] = lambda step: (
            step.start.isoformat() if step.start else str(step.week)
        )
        columns |= {
            "Dose per course": lambda step: numbers.range(
                step.low, step.high, step.unit, f"step {step.step}:"
            ),
            "Over": lambda step: step_text.over(step).removeprefix("over "),
            "Daily": lambda step: _daily(step, numbers),
        }
    else:
        columns |= {
            "Dates" if dated else "Days": _dates,
            "Weeks": _weeks,
            "Daily dose" if steps[0].per == "day" else "Once a week": (
                lambda step: _marked_dose(step, notes)
            ),
        }
    if not courses and any(step.products for step in steps):
        columns[f"{form.capitalize()}s a {steps[0].per}"] = _dispensed
    if any(step.rounded_from for step in steps):
        columns["Rounded from"] = lambda step: (
            f"{format_number(step.rounded_from)} {step.unit}" if step.rounded_from else ""
        )
    if steps[0].local:
        columns["Local"] = lambda step: "yes" if step.local else ""
    wraps = [name for name in columns if name.startswith(form.capitalize())]
    return TableBlock.of(None, steps, columns, wraps=wraps, figures=("Step", "Week", "Weeks"))


def _dates(step: Step) -> str:
    if step.start is not None:
        first, last = step.start.isoformat(), step.end.isoformat() if step.end else None
    else:
        first = format_number(step.day)
        last = None if step.days is None else format_number(step.day + step.days - 1)
    return f"{first} on, open" if last is None else f"{first} to {last}"


def _weeks(step: Step) -> str:
    """Write how long a step lasts: in weeks, or in days where they are not whole."""
    if step.days is None:
        return "open"
    weeks, rest = divmod(step.days, DAYS["week"])
    return f"{step.days} d" if rest else str(weeks)


def _marked_dose(step: Step, notes: list[str]) -> str:
    mark = f" ({notes.index(step.note) + 1})" if step.note else ""
    return f"{step_text.exact_amount(step)}{mark}"


def _usual(result: TaperResult, notes: list[str]) -> ListBlock:
    """Say in a line each what the whole takes, what was assumed, and what follows."""
    totals, companion = result.totals, result.day_after
    items = list(number_notes(notes))
    items.append(("Totals", _total(result, short=True)))
    if totals.packs is not None and totals.form is not None:
        products = totals.products if totals.needed is None else totals.needed
        items.append(("Packs", packs_text(totals.packs, products or (), totals.form)))
    if companion is not None:
        text = companion_text(companion, result.loaded.table.drugs[result.drug].name)
        items.append((companion.name, text))
    if result.choices:
        items.append(("Assumed", "; ".join(map(_choice, result.choices))))
    items.append(("After", result.ends))
    if local := local_mark(result.steps[0].local):
        items.append(("", local))
    return ListBlock(None, tuple(items), aligned=True)


def _choice(choice: Choice) -> str:
    """Write a choice in short: ``hold 4 weeks of 3 to 4 weeks (--hold)``."""
    allowed = ranges_in_words(choice.allowed or "")
    of = f" of {allowed}" if allowed and not allowed.startswith(choice.chosen) else ""
    text = f"{choice.name} {choice.chosen}{of}"
    short = re.sub(r"[0-9]+\.[0-9]{4,}", lambda number: format_number(Decimal(number[0])), text)
    return f"{short} ({choice.option})"


def _in_full(result: TaperResult, numbers: PageNumbers) -> TableBlock:
    """Lay out of each step what the usual table leaves out."""
    columns: dict[str, Callable[[Step], str]] = {
        "Step": lambda step: str(step.step),
        "Week": lambda step: str(step.week),
        "Days": lambda step: str(step.days or "open"),
    }
    first = result.steps[0]
    if first.per_kg_low is not None and not first.unit.endswith("/kg"):
        weight = first.weight_basis
        columns[f"Per kg of {weight} weight" if weight else "Per kg"] = _per_kg
    columns["Total by then"] = lambda step: _total_by_then(step, numbers)
    if first.per == "course" and first.start is not None:
        columns["Next course"] = _next_course
    figures = ("Step", "Week", "Days")
    return TableBlock.of("Each step in full", result.steps, columns, figures=figures)


def _dispensed(step: Step) -> str:
    if step.products is None or (step.alternate is not None and step.products_alternate is None):
        return "cannot be made up"
    if step.times > 1:
        each = counts_text(step_text.one_of(step.products, step.times))
        return f"{each}{timing.times_daily(step.times)}"
    second = f"; next day {counts_text(step.products_alternate)}" if step.products_alternate else ""
    return counts_text(step.products) + second


def _in_all(result: TaperResult, cited: str) -> ListBlock:
    totals, local = result.totals, local_mark(result.steps[0].local)
    items = [("", _total(result))]
    if totals.packs is not None and totals.form is not None:
        products = totals.products if totals.needed is None else totals.needed
        items.append(("packs:", packs_text(totals.packs, products or (), totals.form)))
    items.append(("", f"{result.ends} {cited}"))
    items += [("", local)] if local else []
    return ListBlock("Totals", tuple(items))


def _courses_by_weight(result: TaperResult) -> list[tuple[str, str]]:
    """Say of each dose of a schedule, and of its sum, what the actual weight would give."""
    steps: dict[str, list[Step]] = {}
    for step in result.steps:
        if text := actual_weight_text(step):
            dose = format_range(step.low, step.high, step.unit)
            steps.setdefault(f"{dose} a course {text}", []).append(step)
    items = [
        (f"{_course_numbers(steps_alike)}:", f"{text}.") for text, steps_alike in steps.items()
    ]
    totals = result.totals
    if totals.saved_low is not None and totals.saved_high:
        low, high = totals.amount_low_actual, totals.amount_high_actual
        assert low is not None and high is not None
        amount = format_range(totals.amount_low, totals.amount_high, totals.unit)
        by_actual = format_range(low, high, totals.unit)
        less = format_range(totals.saved_low, totals.saved_high, totals.unit)
        text = f"{amount} in place of {by_actual} by the actual weight: {less} less."
        items.append(("totals:", text))
    return items


def _course_numbers(steps: list[Step]) -> str:
    first, last = steps[0].step, steps[-1].step
    return f"course {first}" if first == last else f"courses {first} to {last}"


def _vials(result: TaperResult) -> ListBlock:
    """Say which vials each day of a course takes, once for each dose that there is."""
    courses = {s.high: step_text.course_days(s) for s in result.steps if s.products_by_days}
    items = tuple(
        (f"{page_number(dose)} {result.totals.unit}:", text)
        for dose, texts in courses.items()
        for text in texts
    )
    return ListBlock("Vials for each day of a course", items)


def _next_course(step: Step) -> str:
    """Return the day after a step: its last day would read as the end of an infusion."""
    return (step.end + datetime.timedelta(days=1)).isoformat() if step.end else "open"


def _daily(step: Step, numbers: PageNumbers) -> str:
    assert step.daily_low is not None and step.daily_high is not None
    return numbers.range(step.daily_low, step.daily_high, step.unit, f"step {step.step}:")


def _per_kg(step: Step) -> str:
    if step.per_kg_low is None or step.per_kg_high is None:
        return ""
    return format_per_size(step.per_kg_low, step.per_kg_high, f"{step.unit}/kg")


def _total_by_then(step: Step, numbers: PageNumbers) -> str:
    if step.total_low is None or step.total_high is None:
        return "open"
    return numbers.range(step.total_low, step.total_high, step.unit, f"step {step.step}:")


def _total(result: TaperResult, *, short: bool = False) -> str:
    totals = result.totals
    amount = format_range(totals.amount_low, totals.amount_high, totals.unit)
    steps = "1 step" if len(result.steps) == 1 else f"{len(result.steps)} steps"
    text = f"{steps}, {format_number(totals.days)} days, {amount} in total"
    if totals.products and totals.form:
        units = units_text(totals.products, totals.form)
        text += f": {counts_text(totals.products) if short else units}"
    if totals.needed is not None and totals.form:
        text += f"; with what is left, still needed: {units_text(totals.needed, totals.form)}"
    return text + ("; the open step is not counted." if result.steps[-1].days is None else ".")


def _day_after(result: TaperResult, references: References) -> list[ListBlock]:
    companion = result.day_after
    if companion is None:
        return []
    text = companion_text(companion, result.loaded.table.drugs[result.drug].name)
    item = (f"{companion.name}:", f"{text} {references.cite(companion.sources)}")
    return [ListBlock("On another day", (item,))]


def _choices(result: TaperResult) -> ListBlock:
    local = ", with the local figures," if result.steps[0].local else ""
    items = tuple(
        (
            f"{c.name}:",
            f"{c.chosen}; {c.source or 'the source'}{local} gives "
            f"{ranges_in_words(c.allowed or 'none')}. "
            f"Change it with {c.option}.",
        )
        for c in result.choices
    )
    return ListBlock("Assumptions (within the published range)", items)
