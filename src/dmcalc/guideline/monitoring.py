"""The shapes of monitoring: tests before the start, tests in phases, and limits for results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from dmcalc.quantities.base import format_plain
from dmcalc.quantities.bounds import NumberRange
from dmcalc.quantities.thresholds import PERCENT_ABOVE, ResultLimit, ResultUnit
from dmcalc.quantities.time import Interval
from dmcalc.records import Record
from dmcalc.sources.cite import Cites, Note
from dmcalc.sources.figures import Path, Problem
from dmcalc.table.model.table import Table
from dmcalc.table.rules.shared import OF_TABLE, unlisted

Lab = Literal[
    "wcc", "neutrophils", "platelets", "alt", "ast", "creatinine",
    "eosinophils", "mcv", "albumin", "egfr", "crcl", "systolic", "diastolic",
]  # fmt: skip


class Phase(Record):
    """A part of a series of tests with one interval; open where neither end is given."""

    every: Annotated[Interval, "Time from one test to the next; of a range the least counts."]
    stable: Annotated[Interval | None, "It lasts until the dose is stable for so long."] = None
    lasts: Annotated[Interval | None, "How long it lasts; of a range the most counts."] = None


class Series(Record):
    """Tests that are done again and again, in phases one after the other."""

    tests: Annotated[tuple[str, ...], "Tests, for people."]
    phases: Annotated[tuple[Phase, ...], "From the first dose on."]
    cite: Annotated[Cites, "Its sources; each interval is in a quote."]
    population: Annotated[str | None, "Population of the source."] = None
    reading: Annotated[str | None, "How the guide reads what the source says."] = None
    adults: Annotated[bool, "Whether the source is on adults alone."] = False


class Baseline(Record):
    """Tests before the first dose."""

    tests: Annotated[tuple[str, ...], "Tests, for people."]
    cite: Annotated[Cites, "Its sources."]


class Monitoring(Record):
    """What the sources have monitored under one drug."""

    baseline: Annotated[tuple[Baseline, ...], "Before the first dose."] = ()
    series: Annotated[tuple[Series, ...], "During treatment."] = ()
    notes: Annotated[tuple[Note, ...], "What is said and not computed; disagreements."] = ()
    limits: Annotated[tuple[Note, ...], "Limits that no result is compared with."] = ()


class LabTest(Record):
    """A test whose results are compared with limits.

    ``program_limits`` and ``without_unit`` are wider than any result: a guard against slips of
    units and keys, not a clinical figure, and so without a quote. Creatinine has those of the
    drug table.
    """

    name: Annotated[str, "Name for people."]
    unit: Annotated[ResultUnit, "Unit of its results and its limits."]
    example: Annotated[str | None, "A result as it is typed."] = None
    program_limits: Annotated[NumberRange | None, "Results that are taken, in its unit."] = None
    without_unit: Annotated[NumberRange | None, "Results that are taken without a unit."] = None
    shows: Annotated[
        tuple[str, ...], "Conditions of rules that it may show; no number says from where on."
    ] = ()


class ResultThreshold(Record):
    """A limit for a result, and what the source asks for past it."""

    drugs: Annotated[tuple[str, ...], "Keys of the drugs on whose pages it was seen."]
    lab: Annotated[Lab, "What is measured."]
    limit: Annotated[ResultLimit, "The limit; past it, or with >= at it, the action is due."]
    action: Annotated[str, "What the source asks for then."]
    cite: Annotated[Cites, "Its sources; the limit is in a quote."]
    reading: Annotated[str | None, "How the guide reads what the source says."] = None
    population: Annotated[str | None, "Population of the source."] = None

    @property
    def instruction(self) -> str:
        """The action, and how the guide reads the source."""
        return f"{self.action} {self.reading}" if self.reading else self.action


def problems(
    monitoring: dict[str, Monitoring],
    thresholds: tuple[ResultThreshold, ...],
    lab_tests: dict[Lab, LabTest],
    table: Table,
) -> Iterator[Problem]:
    """Find what no shape can say: unlisted drugs, and a phase after one that does not end."""
    for key, drug in monitoring.items():
        yield from unlisted((key,), table.drugs, ("monitoring", key), OF_TABLE)
        for number, series in enumerate(drug.series):
            for phase_number, phase in enumerate(series.phases, start=1):
                path = ("monitoring", key, "series", number, "phases", phase_number - 1)
                last = phase_number == len(series.phases)
                if phase.stable is not None and phase.lasts is not None:
                    yield path, "it ends twice: by a stable dose and by its length"
                if not last and phase.stable is None and phase.lasts is None:
                    yield path, "it does not end, and another phase comes after it"
    seen: set[tuple[str, str, bool, str | None]] = set()
    for number, threshold in enumerate(thresholds):
        drugs_path = ("thresholds", number, "drugs")
        for name in threshold.drugs:
            yield from unlisted((name,), table.drugs, drugs_path, OF_TABLE)
            # sources that disagree each have their limit, for whom they speak of
            limit = (name, threshold.lab, threshold.limit.sign == "<", threshold.population)
            if limit in seen:
                yield drugs_path, f"{name} has a limit for {threshold.lab} already"
            seen.add(limit)
        lab = (threshold.lab,)
        yield from unlisted(lab, lab_tests, ("thresholds", number, "lab"), "one of the lab_tests")
        if threshold.lab in lab_tests:
            unit = lab_tests[threshold.lab].unit
            yield from _limit_of(threshold, unit, ("thresholds", number, "limit"))


def _limit_of(threshold: ResultThreshold, unit: ResultUnit, path: Path) -> Iterator[Problem]:
    """Find a limit in another unit than its test, or the other pressure of a pair."""
    if threshold.limit.unit != unit:
        creatinine = PERCENT_ABOVE in (unit, threshold.limit.unit)
        problem = (
            "creatinine is compared with its baseline" if creatinine else f"it is not in {unit}"
        )
        yield path, problem
    elif unit == "mmHg":
        number = format_plain(threshold.limit.value)
        pair = rf"(?<![0-9]){number}/" if threshold.lab == "systolic" else rf"/{number}(?![0-9])"
        if not any(re.search(pair, cite.quote or "") for cite in threshold.cite):
            yield path, f"{number} is not the {threshold.lab} pressure of its quote"
