"""The rules of the table that an answer rests on: figures and readings, each with its sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dmcalc.catalogue.patient_rules import condition_text
from dmcalc.dosing.adjustments import most
from dmcalc.table.figures import SourcedFigure, figures_of, supports
from dmcalc.table.names import value_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.dispensing.stock import Stocked
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.sources.cite import Cite, Source
    from dmcalc.sources.figures import Path
    from dmcalc.table.model.drug import Drug, Regimen
    from dmcalc.table.model.schedules import DailyTaper
    from dmcalc.table.model.table import Table


#: What stands for a drug in a rule that is of none.
FORMULA = "body"


class Rule(NamedTuple):
    """A figure or a reading of the table.

    ``figure`` is its name, as ``dmcalc why`` has it; several strengths of a product share one.
    """

    drug: str
    figure: str
    value: str
    path: Path
    #: The citations in whose quotes it stands.
    cites: tuple[Cite, ...]

    def document(self, sources: dict[str, Source]) -> dict[str, Any]:
        """Return the rule for machines, with each work and its quote."""
        return {
            "drug": self.drug,
            "figure": self.figure,
            "value": self.value,
            "where": ".".join(map(str, self.path)),
            "sources": [_cited(sources, cite) for cite in self.cites],
        }


class Found(NamedTuple):
    """A rule before its quotes are looked at, which takes far longer than to list it."""

    drug: str
    path: Path
    figure: SourcedFigure | None
    label: str
    value: str
    cites: tuple[Cite, ...]

    def rule(self) -> Rule:
        """Return the rule with those of its citations that hold it."""
        cites = self.cites
        if self.figure is not None:
            cites = tuple(cite for cite in cites if supports(self.figure, cite))
        return Rule(self.drug, self.label, self.value, self.path, cites)


def listed(table: Table) -> Iterator[Found]:
    """List every figure of the table, and every reading that changes an answer."""
    for key, drug in table.drugs.items():
        yield from _figures(key, figures_of(table, "drugs", key))
        yield from _severities(key, drug)
        for severity, place in table.indications[drug.indication]._asdict().items():
            path = ("indications", drug.indication, severity)
            value = f"{'yes' if place.indicated else 'no'}: {place.reason}"
            label = f"indicated in {severity} weakness"
            yield Found(key, path, None, label, value, place.cite)
    for part in ("daily_tapers", "course_tapers"):
        for key, taper in getattr(table, part).items():
            yield from _figures(taper.drug, figures_of(table, part, key))
    for key, daily in table.daily_tapers.items():
        yield from _hold_default(key, daily)
    for key, landmarks in table.landmark_tapers.items():
        yield from _figures(landmarks.drug, figures_of(table, "landmark_tapers", key))
    for key, titration in table.titrations.items():
        yield from _figures(titration.drug, figures_of(table, "titrations", key))
    yield from _figures(FORMULA, figures_of(table, "formulas"))
    if table.equivalence is not None:
        for figure in figures_of(table, "equivalence"):
            of = value_at(table, figure.path[:3])
            yield from _figures(getattr(of, "drug", str(figure.path[2])), [figure])


def used(result: Any, stocked: Stocked) -> list[Rule]:
    """Return the rules that an answer rests on, in the order of the table, then of the guide.

    ``stocked`` is what the user said of the shelf: the product and its strengths follow from it.
    """
    table: Table = result.loaded.table
    places = set(_OF[result.kind](table, result, stocked)) | set(_weighed(result))
    found = [
        found.rule()
        for found in listed(table)
        if any((found.drug, found.path[:end]) in places for end in range(len(found.path) + 1))
    ]
    return found + _advised(result)


def of_guide(guideline: LoadedGuideline) -> Iterator[Rule]:
    """List the rules for one patient and the policies of a guide, each for each of its drugs."""
    for rule in guideline.guideline.rules.rules:
        for drug in rule.drugs:
            left = rule.share or (most(rule) if rule.max else None)
            value = f"{condition_text(rule)}: {rule.then}{f' {left}' if left else ''}: {rule.text}"
            yield Rule(drug, f"rule {rule.id}", value, ("rules", "rules", rule.id), rule.cite)
    for key, policy in guideline.guideline.weight_policies.items():
        asked = "; ".join([f"{policy.basis} weight", *map(str, (*policy.any_of, *policy.all_of))])
        for drug in policy.drugs:
            yield Rule(drug, f"weight policy {key}", asked, ("weight_policies", key), policy.cite)


def _advised(result: Any) -> list[Rule]:
    """Return the rules of the guide that hold for the patient of an answer, and its policy."""
    guideline = getattr(result, "guide", None)
    if guideline is None:
        return []
    drugs = {result.drug} if hasattr(result, "drug") else {row.drug for row in result.rows}
    advice, weight = getattr(result, "advice", None), result.patient.dosing
    held = set()
    if advice is not None:
        held |= {(drug, f"rule {rule.id}") for drug in drugs for rule in advice.holding(drug)}
    if weight is not None:
        held |= {(drug, f"weight policy {weight.policy}") for drug in drugs}
    return [rule for rule in of_guide(guideline) if (rule.drug, rule.figure) in held]


def _weighed(result: Any) -> Iterator[Place]:
    """Name the formulas that the weight rests on which doses go by, where one was asked for."""
    weight = getattr(getattr(result, "patient", None), "dosing", None)
    for key in weight.formulas if weight else ():
        yield FORMULA, ("formulas", key)


def _cited(sources: dict[str, Source], cite: Cite) -> dict[str, Any]:
    source = sources[cite.source]
    primary = sources[cite.primary] if cite.primary else None
    return {
        "source": cite.source,
        "title": source.title,
        "doi": source.doi,
        "read": source.read,
        "primary": cite.primary,
        "primary_title": primary.title if primary else None,
        "primary_doi": primary.doi if primary else None,
        "primary_read": primary.read if primary else None,
        "quote": cite.quote,
    }


def _figures(drug: str, sourced: Iterable[SourcedFigure]) -> Iterator[Found]:
    for figure in sourced:
        yield Found(drug, figure.path, figure, figure.label, str(figure.value), figure.cites)


def _severities(key: str, drug: Drug) -> Iterator[Found]:
    """List which end of a range each severity points to: a reading, with the note that says so."""
    for number, regimen in enumerate(drug.regimens):
        if regimen.by_severity is not None:
            noted = [note.cite for note in drug.notes if note.code == "severity-reading"]
            ends = ", ".join(f"{word} {end}" for word, end in regimen.by_severity._asdict().items())
            path = ("drugs", key, "regimens", number, "by_severity")
            label = f"{regimen.name} by severity"
            yield Found(key, path, None, label, ends, noted[0] if noted else regimen.cite)


def _hold_default(key: str, taper: DailyTaper) -> Iterator[Found]:
    if taper.hold_default is not None:
        path, value = ("daily_tapers", key, "hold_default"), str(taper.hold_default)
        yield Found(taper.drug, path, None, f"taper {key} hold default", value, taper.cite)


# What each kind of answer rests on, as places in the table: a drug, and the path of the rule or of
# what it is a part of.

Place = tuple[str, "Path"]


def _regimens(table: Table, result: Any, stocked: Stocked) -> Iterator[Place]:
    """Name what ``dose`` and ``check`` rest on: their posologies, and the shelf."""
    severity = result.patient.severity
    for row in result.rows:
        drug = table.drugs[row.drug]
        part = "regimens" if row.base else "alternatives"
        part = "juvenile" if result.patient.child else part
        for number, regimen in enumerate(getattr(drug, part)):
            if f"{row.drug}.{regimen.name}" == row.regimen:
                yield from _posology(row.drug, (part, number), regimen, suggested=bool(severity))
        if row.base and severity is not None:
            yield row.drug, ("indications", drug.indication, severity)
        if _has_units(row):
            yield from _shelf(table, row.drug, stocked)
    if result.patient.bsa_formula is not None:
        yield FORMULA, ("formulas", result.patient.bsa_formula)


def _has_units(row: Any) -> bool:
    """Tell whether whole units were looked for."""
    return (row.form if hasattr(row, "form") else row.dispensable) is not None


def _posology(
    key: str, place: tuple[str, int], regimen: Regimen, *, suggested: bool
) -> Iterator[Place]:
    """Name the figures of a posology, and its reading of the severity where that was used."""
    for field in regimen._fields:
        if field != "by_severity" or suggested:
            yield key, ("drugs", key, *place, field)


def _shelf(table: Table, key: str, stocked: Stocked) -> Iterator[Place]:
    """Name the strengths of the product that is handed out, and those that may be halved."""
    products = table.drugs[key].products
    numbers = [n for n, product in enumerate(products) if stocked.market in product.markets]
    if numbers and not stocked.stock:
        yield key, ("drugs", key, "products", numbers[0], "strengths")
    for number in range(len(products) if stocked.halves else 0):
        yield key, ("drugs", key, "products", number, "scored")


def _taper(table: Table, result: Any, stocked: Stocked) -> Iterator[Place]:
    """Name what a taper rests on: its protocol, its start dose, notes on steps, and the shelf."""
    key, drug = result.drug, table.drugs[result.drug]
    if result.protocol in table.course_tapers:
        yield key, ("course_tapers", result.protocol)
        yield key, ("drugs", key, "regimens")
    else:
        yield key, ("daily_tapers", result.protocol)
        yield key, ("drugs", key, "step_notes")
        if any(choice.option == "--from" for choice in result.choices):
            number = next(n for n, r in enumerate(drug.regimens) if r.by_severity is not None)
            yield from _posology(key, ("regimens", number), drug.regimens[number], suggested=True)
        else:  # a start dose that is given is held against the cap of every source
            for part in ("regimens", "alternatives"):
                for number in range(len(getattr(drug, part))):
                    yield key, ("drugs", key, part, number, "max")
    if any(step.products is not None for step in result.steps):
        yield from _shelf(table, key, stocked)


def _landmarks(table: Table, result: Any, stocked: Stocked) -> Iterator[Place]:
    """Name what the landmarks of a child rest on: their taper."""
    yield result.drug, ("landmark_tapers", result.protocol)


def _titration(table: Table, result: Any, stocked: Stocked) -> Iterator[Place]:
    """Name what a way up rests on: its protocol, the target, the start, and the shelf."""
    key, titration = result.drug, table.titrations[result.protocol]
    yield key, ("titrations", result.protocol)
    own_start = titration.start is not None or titration.levels
    for number, regimen in enumerate(table.drugs[key].regimens):
        if regimen.phase == "target" or (regimen.phase == "start" and not own_start):
            yield key, ("drugs", key, "regimens", number)
    yield from _shelf(table, key, stocked)


def _infusion(table: Table, result: Any, stocked: Stocked) -> Iterator[Place]:
    """Name what an infusion rests on: its dose, its rates, and the solution."""
    key, drug, plan = result.drug, table.drugs[result.drug], result.plan
    for number, regimen in enumerate(drug.regimens):
        if regimen.name == plan.regimen:
            yield from _posology(key, ("regimens", number), regimen, suggested=False)
    yield key, ("drugs", key, "infusion", "within")
    yield key, ("drugs", key, "infusion", "ramps", plan.ramps.index(result.ramp))
    for number, product in enumerate(drug.products):
        if product.id == plan.product:
            yield key, ("drugs", key, "products", number, "concentration")


def _dispense(table: Table, result: Any, stocked: Stocked) -> Iterator[Place]:
    """Name what handing out rests on: the shelf."""
    key = result.rows[0].drug
    yield from _shelf(table, key, stocked)


def _body(table: Table, result: Any, stocked: Stocked) -> Iterator[Place]:
    """Name the numbers of the formulas that were used."""
    for one in result.formulas:
        yield FORMULA, ("formulas", one.formula)


def _convert(table: Table, result: Any, stocked: Stocked) -> Iterator[Place]:
    """Name the equivalents of both drugs, what they are compared with, and the pulses."""
    equivalence = result.equivalence
    for key in (result.from_drug, result.drug, equivalence.to):
        yield key, ("equivalence", "drugs", key)
    for number, pulse in enumerate(equivalence.pulses):
        yield pulse.drug, ("equivalence", "pulses", number)
        yield pulse.drug, ("equivalence", "drugs", pulse.drug)


_OF = {
    "dose": _regimens,
    "check": _regimens,
    "taper": _taper,
    "landmarks": _landmarks,
    "titrate": _titration,
    "infusion": _infusion,
    "dispense": _dispense,
    "dispense-days": _dispense,
    "body": _body,
    "convert": _convert,
}
