"""The shapes of monitoring: tests before the start, tests in phases, and limits for results."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal, NamedTuple, get_args

from dmcalc.quantities.base import format_plain
from dmcalc.quantities.thresholds import PERCENT_ABOVE, ResultLimit, ResultUnit
from dmcalc.quantities.time import Interval
from dmcalc.sources.cite import Cites, Note
from dmcalc.table.model.table import Table

Lab = Literal[
    "wcc", "neutrophils", "platelets", "alt", "ast", "creatinine",
    "eosinophils", "mcv", "albumin", "egfr", "systolic", "diastolic",
]  # fmt: skip
LABS: tuple[Lab, ...] = get_args(Lab)
#: The unit of each, in which its results and its limits are written.
UNITS: dict[str, ResultUnit] = {
    **dict.fromkeys(("wcc", "neutrophils", "eosinophils", "platelets"), "x10^9/L"),
    **dict.fromkeys(("alt", "ast"), "units/L"),
    **dict.fromkeys(("systolic", "diastolic"), "mmHg"),
    "creatinine": PERCENT_ABOVE,
    "mcv": "fL",
    "albumin": "g/L",
    "egfr": "mL/min/1.73 m2",
}


class Phase(NamedTuple):
    """A part of a series of tests with one interval; open where neither end is given."""

    every: Annotated[Interval, "Time from one test to the next; of a range the least counts."]
    stable: Annotated[Interval | None, "It lasts until the dose is stable for so long."] = None
    lasts: Annotated[Interval | None, "How long it lasts; of a range the most counts."] = None


class Series(NamedTuple):
    """Tests that are done again and again, in phases one after the other."""

    tests: Annotated[tuple[str, ...], "Tests, as people read them."]
    phases: Annotated[tuple[Phase, ...], "From the first dose on."]
    cite: Annotated[Cites, "Where it stands; each interval stands in a quote."]
    population: Annotated[str | None, "Whom the source speaks of."] = None
    reading: Annotated[str | None, "How the guide reads what the source says."] = None
    adults: Annotated[bool, "Whether the source speaks of adults alone."] = False


class Baseline(NamedTuple):
    """Tests before the first dose."""

    tests: Annotated[tuple[str, ...], "Tests, as people read them."]
    cite: Annotated[Cites, "Where that stands."]


class Monitoring(NamedTuple):
    """What the sources have monitored under one drug."""

    baseline: Annotated[tuple[Baseline, ...], "Before the first dose."] = ()
    series: Annotated[tuple[Series, ...], "During treatment."] = ()
    notes: Annotated[tuple[Note, ...], "What is said and not computed; disagreements."] = ()
    limits: Annotated[tuple[Note, ...], "Limits that no result is compared with."] = ()


class Threshold(NamedTuple):
    """A limit for a result, and what the source asks for past it."""

    drugs: Annotated[tuple[str, ...], "Keys of the drugs on whose pages it was seen."]
    lab: Annotated[Lab, "What is measured."]
    limit: Annotated[ResultLimit, "The limit; past it, or with >= at it, the action is due."]
    action: Annotated[str, "What the source asks for then."]
    cite: Annotated[Cites, "Where it stands; the limit stands in a quote."]
    reading: Annotated[str | None, "How the guide reads what the source says."] = None
    population: Annotated[str | None, "Whom the source speaks of."] = None

    @property
    def said(self) -> str:
        """The action, and how the guide reads the source."""
        return f"{self.action} {self.reading}" if self.reading else self.action


def problems(
    monitoring: dict[str, Monitoring], thresholds: tuple[Threshold, ...], table: Table
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Find what no shape can say: unlisted drugs, and a phase after one that does not end."""
    for key, drug in monitoring.items():
        if key not in table.drugs:
            yield ("monitoring", key), f"{key!r} is not a drug of the table"
        for number, series in enumerate(drug.series):
            for place, phase in enumerate(series.phases):
                path = ("monitoring", key, "series", number, "phases", place)
                last = place == len(series.phases) - 1
                if phase.stable is not None and phase.lasts is not None:
                    yield path, "it ends twice: by a stable dose and by its length"
                if not last and phase.stable is None and phase.lasts is None:
                    yield path, "it does not end, and another phase comes after it"
    seen: set[tuple[str, str, bool, str | None]] = set()
    for number, threshold in enumerate(thresholds):
        at = ("thresholds", number, "drugs")
        for drug_key in threshold.drugs:
            if drug_key not in table.drugs:
                yield at, f"{drug_key!r} is not a drug of the table"
            # sources that disagree each have their limit, for whom they speak of
            this = (drug_key, threshold.lab, threshold.limit.sign == "<", threshold.population)
            if this in seen:
                yield at, f"{drug_key} has a limit for {threshold.lab} already"
            seen.add(this)
        yield from _limit_of(threshold, ("thresholds", number, "limit"))


def _limit_of(
    threshold: Threshold, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Find a limit in another unit than its test, or the other pressure of a pair."""
    unit = UNITS[threshold.lab]
    if threshold.limit.unit != unit:
        creatinine = PERCENT_ABOVE in (unit, threshold.limit.unit)
        says = "creatinine is compared with its baseline" if creatinine else f"it is not in {unit}"
        yield path, says
    elif unit == "mmHg":
        number = format_plain(threshold.limit.value)
        pair = rf"(?<![0-9]){number}/" if threshold.lab == "systolic" else rf"/{number}(?![0-9])"
        if not any(re.search(pair, cite.quote or "") for cite in threshold.cite):
            yield path, f"{number} is not the {threshold.lab} pressure of its quote"
