"""The rules that an answer may be based on: figures and readings of table and guide."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.audit.document import CitedDocument, RuleDocument
from dmcalc.catalogue.patient_rules import condition_text
from dmcalc.dosing.applied_rule import maximum_text
from dmcalc.guideline import paths
from dmcalc.monitoring.visits import phase_text
from dmcalc.results.trace import FORMULA, PLAN
from dmcalc.table.figures import SourcedFigure, figures_of, supporting
from dmcalc.table.names import value_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.guideline.steps import Plan
    from dmcalc.results.trace import Trace
    from dmcalc.sources.cite import Cite, Source
    from dmcalc.sources.figures import Path
    from dmcalc.table.model.drug import Drug
    from dmcalc.table.model.schedules import DailyTaper
    from dmcalc.table.model.table import Table


class FigureOrReading(NamedTuple):
    """A figure or a reading.

    ``figure`` is its name, as ``dmcalc why`` has it; several strengths of a product share one.
    """

    drug: str
    figure: str
    value: str
    path: Path
    #: The citations of its entry.
    cited: tuple[Cite, ...]
    #: The figure as the table has it, None for a reading.
    sourced: SourcedFigure | None = None

    @property
    def cites(self) -> tuple[Cite, ...]:
        """The citations whose quotes contain it; the search takes far longer than the listing."""
        if self.sourced is None:
            return self.cited
        return supporting(self.sourced)

    def document(self, sources: dict[str, Source]) -> RuleDocument:
        """Return the rule for machines, with each work and its quote."""
        works = tuple(_cited(sources, cite) for cite in self.cites)
        where = ".".join(map(str, self.path))
        return RuleDocument(self.drug, self.figure, self.value, where, works)


def rules_used(
    trace: Trace, table: Table, guideline: LoadedGuideline | None
) -> list[FigureOrReading]:
    """Return the rules that an answer is based on, in the order of the table, then of the guide."""
    rules = [*rules_of_table(table), *(rules_of_guideline(guideline) if guideline else ())]
    figures = trace.figures
    return [
        rule
        for rule in rules
        if any((rule.drug, rule.path[:end]) in figures for end in range(len(rule.path) + 1))
    ]


def rules_of_table(table: Table) -> Iterator[FigureOrReading]:
    """List every figure of the table, and every reading that changes an answer."""
    for key, drug in table.drugs.items():
        yield from _figures(key, figures_of(table, "drugs", key))
        yield from _severities(key, drug)
        for severity, indication in table.indications[drug.indication]._asdict().items():
            path = ("indications", drug.indication, severity)
            value = f"{'yes' if indication.indicated else 'no'}: {indication.reason}"
            yield FigureOrReading(
                key, f"indicated in {severity} weakness", value, path, indication.cite
            )
    for part in ("daily_tapers", "course_tapers"):
        for key, taper in getattr(table, part).items():
            for of in taper.drugs:
                yield from _figures(of, figures_of(table, part, key))
    for key, daily in table.daily_tapers.items():
        yield from _hold_default(key, daily)
    for key, milestones in table.landmark_tapers.items():
        for of in milestones.drugs:
            yield from _figures(of, figures_of(table, "landmark_tapers", key))
    for key, titration in table.titrations.items():
        yield from _figures(titration.drug, figures_of(table, "titrations", key))
    yield from _figures(FORMULA, figures_of(table, "formulas"))
    if table.equivalence is not None:
        for figure in figures_of(table, "equivalence"):
            of = value_at(table, figure.path[:3])
            yield from _figures(getattr(of, "drug", str(figure.path[2])), [figure])


def rules_of_guideline(guideline: LoadedGuideline) -> Iterator[FigureOrReading]:
    """List the rules for one patient and the policies of a guide, each for each of its drugs."""
    for declared in guideline.guideline.rules.rules:
        for drug in (*declared.drugs, *declared.when.taking):
            rule = declared.of(drug) or declared
            left = rule.share or (maximum_text(rule) if rule.max else None)
            value = f"{condition_text(rule)}: {rule.then}{f' {left}' if left else ''}: {rule.text}"
            yield FigureOrReading(
                drug, f"rule {rule.id}", value, ("rules", "rules", rule.id), rule.cite
            )
    for drug, monitoring in guideline.guideline.monitoring.items():
        for number, baseline in enumerate(monitoring.baseline):
            path = paths.monitoring_path(drug, paths.BASELINE, number)
            yield FigureOrReading(
                drug, "baseline tests", ", ".join(baseline.tests), path, baseline.cite
            )
        for number, series in enumerate(monitoring.series):
            tests = ", ".join(series.tests)
            value = f"{tests}: {', then '.join(map(phase_text, series.phases))}"
            path = paths.monitoring_path(drug, paths.SERIES, number)
            yield FigureOrReading(drug, "monitoring", value, path, series.cite)
    for number, limit in enumerate(guideline.guideline.thresholds):
        for drug in limit.drugs:
            value = f"{limit.limit}: {limit.action}"
            cited = tuple(cite for cite in limit.cite if cite.quote is not None)
            path = paths.threshold_path(number)
            yield FigureOrReading(drug, f"threshold {limit.lab}", value, path, cited)
    for key, policy in guideline.guideline.weight_policies.items():
        conditions = map(str, (*policy.any_of, *policy.all_of))
        value = "; ".join([f"{policy.basis} weight", *conditions])
        for drug in policy.drugs:
            yield FigureOrReading(
                drug, f"weight policy {key}", value, ("weight_policies", key), policy.cite
            )
    yield from _rules_of_plan(guideline.guideline.plan)


def _rules_of_plan(plan: Plan) -> Iterator[FigureOrReading]:
    """List the steps of a plan, with their triggers, dates to act on, pulses and substitutes."""
    for step in plan.steps:
        label = f"{step.population} step {step.id}"
        yield FigureOrReading(PLAN, label, step.text, paths.step_path(step), step.cite)
        for number, trigger in enumerate(step.triggers):
            times = (("after", trigger.after), ("within", trigger.within))
            value = "; ".join([trigger.text, *(f"{word} {time}" for word, time in times if time)])
            name = f"{label}, trigger {number + 1}"
            yield FigureOrReading(PLAN, name, value, paths.step_path(step, number), trigger.cite)
    for mark in plan.marks:
        lasting = f"; persists {mark.persists}" if mark.persists else ""
        value = f"{mark.dose} daily for {mark.time}{lasting}"
        yield FigureOrReading(
            PLAN, f"mark {mark.id}", value, paths.exposure_path(mark.id), mark.cite
        )
    for repeat in plan.repeats:
        value = f"{', '.join(map(str, repeat.at))}; then every {repeat.then} for {repeat.lasts}"
        path = paths.repeat_path(repeat.regimen)
        yield FigureOrReading(PLAN, f"repeat {repeat.regimen}", value, path, repeat.cite)
    for stand_in in plan.stand_ins:
        label = f"{stand_in.drug} instead of {stand_in.instead_of}"
        path = paths.stand_in_path(stand_in.drug)
        yield FigureOrReading(PLAN, label, stand_in.text, path, stand_in.cite)


def _figures(drug: str, sourced: Iterable[SourcedFigure]) -> Iterator[FigureOrReading]:
    for figure in sourced:
        yield FigureOrReading(
            drug, figure.label, str(figure.value), figure.path, figure.cites, figure
        )


def _severities(key: str, drug: Drug) -> Iterator[FigureOrReading]:
    """List which end of a range each severity points to: a reading, with the note that says so."""
    for number, regimen in enumerate(drug.regimens):
        if regimen.by_severity is not None:
            noted = [note.cite for note in drug.notes if note.code == "severity-reading"]
            ends = ", ".join(f"{word} {end}" for word, end in regimen.by_severity._asdict().items())
            path = ("drugs", key, "regimens", number, "by_severity")
            label = f"{regimen.name} by severity"
            yield FigureOrReading(key, label, ends, path, noted[0] if noted else regimen.cite)


def _hold_default(key: str, taper: DailyTaper) -> Iterator[FigureOrReading]:
    if taper.hold_default is not None:
        path, value = ("daily_tapers", key, "hold_default"), str(taper.hold_default)
        for drug in taper.drugs:
            yield FigureOrReading(drug, f"taper {key} hold default", value, path, taper.cite)


def _cited(sources: dict[str, Source], cite: Cite) -> CitedDocument:
    source = sources[cite.source]
    primary = sources[cite.primary] if cite.primary else None
    return CitedDocument(
        source=cite.source,
        title=source.title,
        doi=source.doi,
        read=source.read,
        primary=cite.primary,
        primary_title=primary.title if primary else None,
        primary_doi=primary.doi if primary else None,
        primary_read=primary.read if primary else None,
        quote=cite.quote,
    )
