"""What the pages share: the patient in words, and the sections that every page ends with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.pages.model import Block, ListBlock
from dmcalc.patient.not_entered import not_entered
from dmcalc.patient.patient import aged
from dmcalc.quantities.base import format_plain
from dmcalc.text.numbers import (
    as_sentence,
    capitalised,
    format_measured,
    format_number,
    format_range,
    ranges_in_words,
    with_thousands,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dmcalc.catalogue.monograph_rows import PosologyRow
    from dmcalc.catalogue.rows import RuleRow
    from dmcalc.dosing.adjustments import PatientRules
    from dmcalc.dosing.applied_rule import AppliedRule
    from dmcalc.dosing.dose import DoseResult
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.infusions.result import InfusionResult
    from dmcalc.order.result import CheckResult
    from dmcalc.pages.model import References
    from dmcalc.patient.patient import Patient
    from dmcalc.results.base import ClinicalNote, ClinicalWarning, Result
    from dmcalc.schedules.model import Step, TaperResult
    from dmcalc.supply.dispense import DispenseResult
    from dmcalc.table.model.local_values import LocalValue
    from dmcalc.text.numbers import PageNumbers

#: What follows from a patient rule, in words.
EFFECTS = {
    "refuse": "refused",
    "withhold": "no amount",
    "scale": "reduced",
    "cap": "limited",
    "warn": "warning",
    "monitor": "to be followed",
}
#: On each page for a child.
ADULTS_ALONE = "Rules on other medicines, conditions and kidneys do not cover children."
#: Days of a test that are listed; of more the first and the last one stand.
_LISTED_DAYS = 3
_OF_RULES = frozenset(f"rule-{effect}" for effect in EFFECTS)


def usual_sections(result: Result, *, local: Iterable[LocalValue] = ()) -> Iterator[Block]:
    """Yield what every usual page ends with: local values, and a line for each warning."""
    figures = tuple((f"{value.figure}:", local_text(value)) for value in dict.fromkeys(local))
    yield ListBlock("Local figures", figures)
    yield ListBlock(None, tuple(("!", text) for text in _warning_lines(result)))


def _warning_lines(result: Result) -> Iterator[str]:
    """Write what concerns this answer, then what the table says of its drugs, each once.

    Of several drugs, notes with one heading share a line, and what has none is left out.
    """
    warnings = _warnings(result)
    notes = [note for note in result.cautions if note.brief]
    drugs = result.loaded.table.drugs
    named = [w.drug for w in warnings] + [note.drug for note in notes]
    if len(set(filter(None, named))) < 2:
        lines = [w.brief or w.message for w in warnings] + [note.brief or "" for note in notes]
        return map(capitalised, dict.fromkeys(lines))
    single: dict[str, None] = {}
    shared: dict[str, dict[str, None]] = {}
    shown: list[ClinicalWarning | ClinicalNote] = [*warnings]
    shown += [note for note in notes if note.overview or note.drug is None]
    for note in shown:
        name = drugs[note.drug].listed if note.drug in drugs else ""
        if note.overview:
            heading, _, words = note.overview.partition(": ")
            inside = name if name[:2].isupper() else name.lower()
            shared.setdefault(heading, {})[f"{inside} {words}"] = None
        else:
            text = note.brief or note.message
            led = not name or text.startswith(f"{note.drug}.")  # by the posology's own name
            lead = text[:1].upper() if led else f"{name}: {text[:1].lower()}"
            single[lead + text[1:]] = None
    together = (f"{heading}: {'; '.join(words)}." for heading, words in shared.items())
    return iter((*single, *together))


def _warnings(result: Result) -> list[ClinicalWarning]:
    """Return the warnings but those that the list of patient rules says already."""
    ruled = getattr(result, "advice", None) is not None
    return [w for w in result.warnings if not (ruled and w.code in _OF_RULES)]


def explained_sections(
    result: Result,
    references: References,
    *,
    rounding: Iterable[Block] = (),
    further: Iterable[Block] = (),
) -> Iterator[Block]:
    """Yield what every explained page ends with: warnings in full, roundings and notes.

    ``further`` are blocks of the page's own after the notes. All is made in this order, since
    sources are numbered in the order in which they are cited.
    """
    yield ListBlock(
        "Warnings in full",
        tuple(
            (
                f"{w.drug}:" if w.drug else "",
                f"{w.message} {references.cite((w.source,) if w.source else ())}".strip(),
            )
            for w in _warnings(result)
        ),
    )
    yield from rounding
    notes = (note for note in result.cautions if note.code != "dosing-weight")  # has its own block
    yield ListBlock(
        "Cautions, readings and disagreements",
        tuple(
            (
                f"{note.drug}, {note.kind}:" if note.drug else f"{note.kind}:",
                f"{note.message} {references.cite(note.sources)}".strip(),
            )
            for note in notes
        ),
    )
    yield from further


def local_text(local: LocalValue) -> str:
    """Describe a local figure: its value, what it replaces, author, date and reason."""
    value, base = (
        ranges_in_words(with_thousands(text)) for text in (local.value, local.base or "")
    )
    instead = f" in place of {base}" if base else ""
    looser = ", looser than the table" if local.looser else ""
    text = f"{value}{instead}{looser}. {local.overlay}: {local.author}, {local.date.isoformat()}: "
    return as_sentence(text + local.reason)


def local_mark(local_values: Iterable[LocalValue]) -> str:
    """Name, in a row, the local figures that apply to it; empty where there are none."""
    names = [local.figure for local in local_values]
    return f"local: {', '.join(names)}" if names else ""


def rounding_block(numbers: PageNumbers, computed: Iterable[str] | None = None) -> ListBlock:
    """Return the block of what was rounded, for the page alone or, before that, ``computed``."""
    items = (*(("", text) for text in computed or ()), *numbers.rounded)
    title = "Rounded for this page (exact in the data formats)" if computed is None else "Rounded"
    return ListBlock(title, items)


def plain_list(title: str, texts: Iterable[str]) -> ListBlock:
    """Return a list whose paragraphs have no label; empty texts are left out."""
    return ListBlock(title, tuple(("", text) for text in texts if text))


def cited_posology(row: DoseRow | PosologyRow, references: References) -> str:
    """Write what the source gives, with its number, and below it the local figures in it."""
    text = f"{with_thousands(row.posology)} {references.cite(row.sources)}"
    return f"{text}\n{local_mark(row.local)}".strip()


def repeated_tests(visits: Iterable[tuple[str, str, str]]) -> ListBlock:
    """List the tests of each drug that are the same, with their days.

    ``visits`` are the name of the drug, the tests and why they are due, and the day in words.
    """
    days: dict[tuple[str, str], list[str]] = {}
    for name, tests, day in visits:
        days.setdefault((name, tests), []).append(day)
    items = []
    for (name, tests), when in days.items():
        shown = ", ".join(when)
        if len(when) > _LISTED_DAYS:
            shown = f"{when[0]} to {when[-1]}, {len(when)} times"
        items.append((name, f"{tests}: {shown}"))
    return ListBlock("Tests and their days", tuple(items), aligned=True)


def number_notes(notes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Lead notes by the numbers that a table refers to: ``(1)``."""
    return tuple((f"({number})", note) for number, note in enumerate(notes, start=1))


def describe_patient(patient: Patient) -> str:
    """Describe a patient: ``an adult of 70 kg with severe weakness``."""
    text = f"a child aged {aged(patient)}" if patient.child else "an adult"
    if patient.weight_kg is not None:
        kg = f"{format_plain(patient.weight_kg)} kg"
        text += ", " if patient.child else " of "
        text += f"{patient.given_weight} ({kg})" if patient.given_weight else kg
    if patient.bsa_m2 is not None:
        text += f" and {format_number(patient.bsa_m2)} m2"
    if patient.severity is not None:
        text += f" with {patient.severity} weakness"
    return text


def size_unit(unit: str, basis: str | None, weight: str | None) -> str:
    """Write the unit of a dose per kg or m2, and of which weight: ``g/kg of adjusted weight``."""
    return f"{unit}/{basis}" + (f" of {weight} weight" if weight else "")


def actual_weight_text(row: DoseRow | Step) -> str | None:
    """Say what the actual weight would give: ``in place of 200 g ...: 35.442 g less``."""
    low, high, least, most = row.low_actual, row.high_actual, row.saved_low, row.saved_high
    if low is None or high is None or least is None or most is None or not most:
        return None
    by_actual = format_range(low, high, row.unit or "")
    less = format_range(least, most, row.unit or "")
    return f"in place of {by_actual} by the actual weight: {less} less"


def merge_equal_texts(texts: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Join the names that have one text: ``prednisone, methylprednisolone: Weight gain; ...``."""
    names: dict[str, list[str]] = {}
    for name, text in texts.items():
        names.setdefault(text, []).append(name)
    return tuple((f"{', '.join(sharing)}:", text) for text, sharing in names.items())


def facts_entered(rules: PatientRules | None) -> str:
    """Describe the patient for the rules: ``Entered: allopurinol; eGFR 45``."""
    if rules is None:
        return ""
    context, guideline = rules.context, rules.guideline.guideline
    parts = [] if context.age is None else [f"{context.age} years"]
    if context.taking:
        parts.append(", ".join(context.taking))
    parts += [guideline.rules.conditions.get(name, name) for name in context.conditions]
    genotypes = {"TPMT": context.tpmt, "NUDT15": context.nudt15}
    parts += [f"{gene} {speed} metaboliser" for gene, speed in genotypes.items() if speed]
    for name, value, unit in (
        ("eGFR", context.egfr, "mL/min/1.73 m2"),
        ("creatinine clearance", context.crcl, "mL/min"),
    ):
        if value is not None:
            parts.append(f"{name} {format_measured(value)} {unit}")
    return f"Entered: {'; '.join(parts)}." if parts else ""


def entered_and_not(
    result: CheckResult | DispenseResult | DoseResult | InfusionResult | TaperResult,
    drugs: Sequence[str],
) -> str:
    """Say what was entered of a patient, and what was not and so was not checked."""
    lines = [facts_entered(result.advice)]
    if missing := not_entered(result.patient, drugs, genotype=len(drugs) == 1):
        lines.append(f"Not entered, so not checked: {', '.join(missing)}.")
    if result.patient.child:
        lines.append(ADULTS_ALONE)
    return "\n".join(filter(None, lines))


def patient_rules_block(
    rules: Iterable[tuple[str, AppliedRule]], references: References
) -> ListBlock:
    """List the rules that count for this patient, each with the name of its drug.

    With sources it also lists those that a stricter one overrides, whom each is for, and how
    it is read. A rule of several posologies counts if it does for one.
    """
    by_drug: dict[tuple[str, str], AppliedRule] = {}
    for name, rule in rules:
        if (name, rule.id) not in by_drug or rule.decides:
            by_drug[name, rule.id] = rule
    items = []
    for (name, _), rule in by_drug.items():
        counting = rule.decides or rule.then in ("warn", "monitor")
        effect = EFFECTS[rule.then] + ("" if counting else ", not counting here")
        cited = references.cite(rule.sources)
        if references.marked:
            items.append((f"{name}, {effect}:", f"{rule_text(rule)} ({rule.id}) {cited}"))
        elif counting:
            items.append((f"{name}, {effect}:", rule.text))
    return ListBlock("Rules for this patient", tuple(items))


def rule_text(rule: AppliedRule | RuleRow) -> str:
    """Write what a patient rule says, for whom, and how its source is read."""
    whom = f" For: {rule.population}." if rule.population else ""
    return f"{rule.text}{whom}" + (f" {rule.reading}" if rule.reading else "")


def dosing_weight_blocks(
    result: CheckResult | DispenseResult | DoseResult | InfusionResult | TaperResult,
    drugs: Iterable[str],
    references: References,
    lines: Iterable[tuple[str, str]] = (),
) -> tuple[ListBlock, ...]:
    """Return the block on the weight that doses go by, if another than the actual was chosen.

    ``lines`` are further lines of it.
    """
    weight = result.patient.dosing
    if weight is None:
        return ()
    from dmcalc.pages import dosing_weight  # start-up: most go by the actual weight

    return (dosing_weight.block(weight, result.loaded.table, drugs, references, lines),)


def result_limit_text(text: str) -> str:
    """Write a limit for people: ``below 3.5 x10^9/L``, ``25 per cent or more above baseline``."""
    sign, _, rest = text.partition(" ")
    if sign not in ("<", "<=", ">", ">="):
        return ranges_in_words(text)
    number, percent, whole = rest.partition("%")
    if percent:
        share = f"{number} per cent"
        return f"{share} or more{whole}" if sign == ">=" else f"more than {share}{whole}"
    if sign in ("<=", ">="):
        return f"{rest} or {'less' if sign == '<=' else 'more'}"
    return f"{'below' if sign == '<' else 'above'} {rest}"
