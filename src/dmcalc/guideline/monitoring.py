"""The shapes of monitoring: tests before the start, tests in phases, and limits for results."""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, NamedTuple, Self, get_args

from dmcalc.quantities.base import Quantity, format_plain
from dmcalc.quantities.time import Interval
from dmcalc.sources.cite import Cites, Note
from dmcalc.table.model.table import Table

Lab = Literal[
    "wcc", "neutrophils", "platelets", "alt", "ast", "creatinine",
    "eosinophils", "mcv", "albumin", "egfr", "systolic", "diastolic",
]  # fmt: skip
LABS: tuple[Lab, ...] = get_args(Lab)
#: The unit of each, in which its results and its limits are written.
UNITS: dict[str, str] = {
    **dict.fromkeys(("wcc", "neutrophils", "eosinophils", "platelets"), "x10^9/L"),
    **dict.fromkeys(("alt", "ast"), "units/L"),
    **dict.fromkeys(("systolic", "diastolic"), "mmHg"),
    "creatinine": "% above baseline",
    "mcv": "fL",
    "albumin": "g/L",
    "egfr": "mL/min/1.73 m2",
}

_PERCENT = UNITS["creatinine"]
_NUMBER = r"[0-9]{1,4}(?:\.[0-9]{1,2})?"
_UNIT = "|".join(re.escape(f" {unit}") for unit in sorted({*UNITS.values()} - {_PERCENT}))
#: What follows a number in a quote, by its unit. Of counts and enzymes pages leave the unit out.
_ENDS = {
    _PERCENT: r"% (?:above|rise)",
    "fL": r" ?f/?l\b",
    "g/L": r" ?g/l\b",
    "mL/min/1.73 m2": r" ?ml/min/1\.73 ?m2",
}
_PLAIN_END = r"(?![0-9.]*[0-9])(?! ?(?:%|g/l|f/?l|ml|mm))"


class Limit(Quantity):
    """What a result must not be: ``< 3.5 x10^9/L``, ``> 105 fL``, ``>= 30% above baseline``."""

    __slots__ = ("below", "value", "unit", "reached")
    pattern = rf"(?P<sign><|>=|>) (?P<value>{_NUMBER})(?P<unit>{_UNIT}|{_PERCENT})"
    examples = ("< 3.5 x10^9/L", "> 100 units/L")

    below: bool
    value: Decimal
    unit: str
    #: Whether a result at it has crossed it.
    reached: bool

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        sign, value, unit = match["sign"], Decimal(match["value"]), match["unit"].strip()
        return cls(sign == "<", value, unit, sign == ">=")

    def crossed(self, value: Fraction) -> bool:
        """Tell whether a result is past it; at the limit only where that counts."""
        limit = Fraction(self.value)
        return value < limit if self.below else value > limit or (self.reached and value == limit)

    def stands_in(self, quote: str) -> bool:
        """Tell whether it stands in a quote: its number, with its sign or the words for it.

        "30% above" without a word for more is a rise that is reached, not passed.
        """
        number, text = re.escape(format_plain(self.value)), quote.lower()
        if self.unit == "mmHg":
            number, ends = rf"(?:{number}/[0-9]+|[0-9]+/{number})", " ?mmhg"
        else:
            ends = _ENDS.get(self.unit, _PLAIN_END)
        signs = r"(?:< ?|less than )" if self.below else r"(?:> ?|greater than )"
        if not self.reached:
            return bool(re.search(rf"{signs}{number} ?{ends}", text))
        bare = rf"(?<![0-9.<>≥])(?<![<>≥] )(?<!than ){number}{ends}"
        return bool(re.search(rf"(?:≥|>=) ?{number} ?{ends}|{bare}", text))

    @property
    def sign(self) -> str:
        """The sign that it is written with."""
        return "<" if self.below else ">=" if self.reached else ">"

    def __str__(self) -> str:
        space = "" if self.unit == _PERCENT else " "
        return f"{self.sign} {format_plain(self.value)}{space}{self.unit}"


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
    limit: Annotated[Limit, "The limit; past it, or with >= at it, the action is due."]
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
            this = (drug_key, threshold.lab, threshold.limit.below, threshold.population)
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
        creatinine = _PERCENT in (unit, threshold.limit.unit)
        says = "creatinine is compared with its baseline" if creatinine else f"it is not in {unit}"
        yield path, says
    elif unit == "mmHg":
        number = format_plain(threshold.limit.value)
        pair = rf"(?<![0-9]){number}/" if threshold.lab == "systolic" else rf"/{number}(?![0-9])"
        if not any(re.search(pair, cite.quote or "") for cite in threshold.cite):
            yield path, f"{number} is not the {threshold.lab} pressure of its quote"
