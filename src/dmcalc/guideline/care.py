"""The shapes of non-pharmacological care: goals, measures, the team, and how weakness is graded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from dmcalc.guideline.steps import Population
from dmcalc.records import Record
from dmcalc.sources.cite import Cites
from dmcalc.sources.figures import Path, Problem
from dmcalc.table.model.drug import Severity
from dmcalc.table.rules.shared import unlisted


class Goal(Record):
    """What treatment is to reach, or what that means for the patient."""

    text: Annotated[str, "In short terms."]
    cite: Annotated[Cites, "Its sources."]


class CareMeasure(Record):
    """A non-drug measure, with its benefits as the source gives them."""

    name: Annotated[str, "What is done."]
    cite: Annotated[Cites, "Its sources."]
    benefits: Annotated[tuple[Goal, ...], "What it is good for."]


class Team(Record):
    """Who treats the patient together."""

    members: Annotated[tuple[str, ...], "Professions."]
    text: Annotated[str, "What the source says of them."]
    cite: Annotated[Cites, "Its sources."]


class Statement(Record):
    """A sentence of the reference that is about the treatment as a whole."""

    topic: Annotated[str, "What it is about."]
    text: Annotated[str, "What it says, in short terms."]
    cite: Annotated[Cites, "Its sources."]


class Grade(Record):
    """One grade of a scale; its words are in a quote of the scale."""

    value: Annotated[str, "The span of the scale, or the sign, that the source gives for it."]
    severity: Annotated[Severity | None, "The severity that it is called, if it is one."] = None


class Scale(Record):
    """A published way to grade weakness or activity."""

    id: Annotated[str, "Short name that scripts can rely on."]
    name: Annotated[str, "Name for people."]
    measures: Annotated[str, "What is graded."]
    grades: Annotated[tuple[Grade, ...], "From the mildest on."]
    cite: Annotated[Cites, "Its sources."]
    reading: Annotated[str | None, "Its limits, and how the guide reads it."] = None


class RiskFeature(Record):
    """A feature for which a source calls a patient at high risk."""

    text: Annotated[str, "The feature."]
    population: Annotated[Population, "Whose."]
    cite: Annotated[Cites, "Its sources."]


class Care(Record):
    """Non-pharmacological care, as the reference has it."""

    goals: Annotated[tuple[Goal, ...], "Goals of therapy."]
    impact: Annotated[tuple[Goal, ...], "Their impact on the patient."]
    team: Annotated[Team, "Who treats together."]
    measures: Annotated[tuple[CareMeasure, ...], "Non-drug measures."]
    statements: Annotated[tuple[Statement, ...], "General statements of the reference."]
    page: Annotated[str, "Key of the reference among the sources."]
    references: Annotated[tuple[str, ...], "Keys of its references, in their order."]


class Severities(Record):
    """How the severity of weakness is judged."""

    text: Annotated[str, "Whose judgement it is, and what the command line takes."]
    scales: Annotated[tuple[Scale, ...], "Published scales."]
    high_risk: Annotated[tuple[RiskFeature, ...], "Features of high risk."]


def problems(care: Care, severity: Severities, sources: set[str]) -> Iterator[Problem]:
    """Find what no shape can say: references that are listed, each once; numbers without a quote.

    The numbers of a scale mostly have no unit, so here each must be in a quote as it is.
    """
    for i, scale in enumerate(severity.scales):
        for j, grade in enumerate(scale.grades):
            path: Path = ("severity", "scales", i, "grades", j, "value")
            yield from _unquoted(grade.value, scale.cite, path)
    for i, risk in enumerate(severity.high_risk):
        yield from _unquoted(risk.text, risk.cite, ("severity", "high_risk", i, "text"))
    yield from unlisted((care.page,), sources, ("care", "page"), "one of the sources")
    for number, key in enumerate(care.references):
        path = ("care", "references", number)
        yield from unlisted((key,), sources, path, "one of the sources")
        if key in care.references[:number]:
            yield path, f"{key!r} is there twice"


def _unquoted(text: str, cites: Cites, path: Path) -> Iterator[Problem]:
    quoted = {number for cite in cites for number in _numbers(cite.quote or "")}
    for number in _numbers(text):
        if number not in quoted:
            yield path, f"the number {number} is in none of its quotes"


def _numbers(text: str) -> list[str]:
    """List the numbers of a text; that of a name, as in MMT8, is none."""
    return re.findall(r"(?<![A-Za-z0-9.])[0-9]+(?:\.[0-9]+)?", text)
