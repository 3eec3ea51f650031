"""The shapes of the plan of treatment: its steps, what makes each an option, its thresholds."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Annotated, Literal

from dmcalc.quantities.thresholds import DoseThreshold, MeasureBand
from dmcalc.quantities.time import Interval
from dmcalc.records import Record
from dmcalc.sources.cite import Cites
from dmcalc.sources.figures import Problem
from dmcalc.table.model.drug import POSOLOGIES, Organ, Severity
from dmcalc.table.model.table import Table
from dmcalc.table.rules.shared import OF_TABLE, unlisted

Response = Literal["none", "partial", "good"]
Population = Literal["adult", "juvenile"]
Choice = Literal["all", "one", "any"]
Lists = Literal["high_risk", "measures"]


class Trigger(Record):
    """What brings a step into question, in the terms of a source.

    It holds where the patient's response, organ, intolerance or age is one that it names; one that
    names none is for the clinician to see, and is only mentioned.
    """

    text: Annotated[str, "What must be the case, as a clause that begins with if."]
    cite: Annotated[Cites, "Where it comes from."]
    responses: Annotated[tuple[Response, ...], "Responses to treatment for which it holds."] = ()
    organs: Annotated[tuple[Organ, ...], "Organs involved for which it holds."] = ()
    not_tolerated: Annotated[tuple[str, ...], "Drugs; it holds where one is not tolerated."] = ()
    severities: Annotated[tuple[Severity, ...], "Severities for which it can hold; all."] = ()
    ages: Annotated[tuple[MeasureBand, ...], "Ages in years for which it holds."] = ()
    after: Annotated[Interval | None, "When the source looks, from the start of treatment."] = None
    within: Annotated[Interval | None, "Up to when it looks, from the first day on."] = None
    since: Annotated[str | None, "Drug from whose first dose that time is counted instead."] = None

    def of_table(self, drugs: Container[str]) -> Trigger:
        """Return it without a time that counts from a drug which the table does not have."""
        if self.since is None or self.since in drugs:
            return self
        return self._replace(since=None, after=None, within=None)


class PlanStep(Record):
    """A step of treatment: drugs or measures, where it begins, and what else points to it."""

    id: Annotated[str, "Short name that scripts can rely on."]
    population: Annotated[Population, "Whose treatment it is a step of."]
    title: Annotated[str, "What it is, for people."]
    text: Annotated[str, "What the source says of it, in short terms."]
    cite: Annotated[Cites, "Its sources."]
    begins: Annotated[
        tuple[Severity, ...], "Severities at which the treatment begins with it."
    ] = ()
    drugs: Annotated[
        tuple[str, ...], "Keys of its drugs; their posology is in the drug table."
    ] = ()
    choice: Annotated[Choice, "Whether all its drugs are given, one of them, or any."] = "all"
    before: Annotated[str | None, "Step that begins only after the days of this one."] = None
    check: Annotated[bool, "Whether it is looked at before all else, and at once if it is so."] = (
        False
    )
    needs: Annotated[str | None, "Drug that it acts on: without it there is nothing to do."] = None
    lists: Annotated[Lists | None, "What else of the guide is listed with it."] = None
    triggers: Annotated[tuple[Trigger, ...], "What makes it an option."] = ()


class ExposureThreshold(Record):
    """A threshold of dose and time from which a source asks for something."""

    id: Annotated[str, "Short name that scripts can rely on."]
    drug: Annotated[str, "Key of the drug whose daily dose is counted."]
    population: Annotated[Population, "Population of the source."]
    title: Annotated[str, "What it is about, for people."]
    dose: Annotated[DoseThreshold, "Daily dose from which the days count."]
    time: Annotated[DoseThreshold, "How long."]
    text: Annotated[str, "What the source says of it then."]
    cite: Annotated[Cites, "Its sources; both thresholds are in a quote."]
    persists: Annotated[Interval | None, "How long it lasts after the last dose, at most."] = None
    due: Annotated[str | None, "What is due from the first such dose, where it will be so."] = None
    medicines: Annotated[
        tuple[str, ...],
        "Medicines that it may mean; a drug whose rules refuse one is named with it.",
    ] = ()


class Repeat(Record):
    """Pulses that a source gives again, at some times from the first one."""

    regimen: Annotated[str, "The posology, as drug and name: ``drug.name``."]
    at: Annotated[tuple[Interval, ...], "From the first day on; the days of each are those of it."]
    then: Annotated[Interval, "How often after that; no day is counted from a range."]
    lasts: Annotated[Interval, "For how long."]
    single_beside: Annotated[
        str | None, "Drug in a high daily dose, with which the source has the first one alone."
    ]
    cite: Annotated[Cites, "Its sources."]


class StandIn(Record):
    """A drug that replaces another one in the plan, where it is chosen."""

    drug: Annotated[str, "Key of the drug that is chosen."]
    instead_of: Annotated[str, "Key of the drug that the plan names."]
    text: Annotated[str, "What there is to know of it."]
    cite: Annotated[Cites, "Sources that the one is given for the other."]


class Plan(Record):
    """The treatment in steps, and what to mark on its calendar."""

    steps: Annotated[tuple[PlanStep, ...], "Steps, in order."]
    marks: Annotated[tuple[ExposureThreshold, ...], "Dates to act on: a dose and a time."]
    repeats: Annotated[tuple[Repeat, ...], "Pulses that come again."] = ()
    stand_ins: Annotated[tuple[StandIn, ...], "Drugs that may replace others."] = ()

    def of_table(self, drugs: Container[str]) -> Plan:
        """Return the plan for a table with these drugs: no step is without any."""
        left = []
        for step in self.steps:
            own = tuple(drug for drug in step.drugs if drug in drugs)
            if (own or not step.drugs) and (step.needs is None or step.needs in drugs):
                triggers = tuple(trigger.of_table(drugs) for trigger in step.triggers)
                left.append(step._replace(drugs=own, triggers=triggers))
        return Plan(
            tuple(left),
            tuple(threshold for threshold in self.marks if threshold.drug in drugs),
            tuple(r for r in self.repeats if r.regimen.partition(".")[0] in drugs),
            tuple(s for s in self.stand_ins if s.drug in drugs and s.instead_of in drugs),
        )


def problems(plan: Plan, table: Table) -> Iterator[Problem]:
    """Find what no shape can say: drugs and steps that there are, names that are there once."""
    for number, step in enumerate(plan.steps):
        path = ("plan", "steps", number)
        same = [s.id for s in plan.steps if s.population == step.population]
        if step.id in [s.id for s in plan.steps[:number] if s.population == step.population]:
            yield (*path, "id"), f"{step.id!r} is there twice"
        if step.before is not None and step.before not in same:
            yield (*path, "before"), f"{step.before!r} is not a step for the same population"
        yield from unlisted((step.needs,), table.drugs, (*path, "needs"), OF_TABLE)
        by_trigger = [(*trigger.not_tolerated, trigger.since) for trigger in step.triggers]
        drugs = (*step.drugs, *(drug for named in by_trigger for drug in named))
        yield from unlisted(drugs, table.drugs, (*path, "drugs"), OF_TABLE)
        if step.choice != "all" and len(step.drugs) < 2:
            yield (*path, "choice"), "there is nothing to choose between"
        for trigger_number, trigger in enumerate(step.triggers):
            trigger_path = (*path, "triggers", trigger_number)
            if trigger.after is not None and trigger.within is not None:
                yield (*trigger_path, "after"), "a time is either after or within"
            if any(band.measure != "age" for band in trigger.ages):
                yield (*trigger_path, "ages"), "ages are written like 'age < 1'"
        if not step.begins and not step.triggers:
            yield path, "it neither begins at a severity nor has a trigger"
    for number, threshold in enumerate(plan.marks):
        path = ("plan", "marks", number)
        yield from unlisted((threshold.drug,), table.drugs, (*path, "drug"), OF_TABLE)
        if threshold.dose.unit != "mg" or threshold.time.unit == "mg":
            yield path, "the dose is in mg, and the time in days, weeks or months"
        if threshold.id in [m.id for m in plan.marks[:number]]:
            yield (*path, "id"), f"{threshold.id!r} is there twice"
    for number, stand_in in enumerate(plan.stand_ins):
        both = (stand_in.drug, stand_in.instead_of)
        yield from unlisted(both, table.drugs, ("plan", "stand_ins", number), OF_TABLE)
    for number, repeat in enumerate(plan.repeats):
        path = ("plan", "repeats", number)
        single = (repeat.single_beside,)
        yield from unlisted(single, table.drugs, (*path, "single_beside"), OF_TABLE)
        if repeat.regimen not in _posologies(table):
            yield (*path, "regimen"), f"{repeat.regimen!r} is not a posology of the table"


def _posologies(table: Table) -> set[str]:
    return {
        f"{name}.{regimen.name}"
        for name, drug in table.drugs.items()
        for part in POSOLOGIES
        for regimen in getattr(drug, part)
    }
