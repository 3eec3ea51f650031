"""The shapes of monitoring: tests before the start, tests in phases, and limits for results."""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, NamedTuple, Self, get_args

from dmcalc.quantity import Interval, _written_schema, plain
from dmcalc.table.cite import Cites, Note
from dmcalc.table.model import Table

Lab = Literal["wcc", "neutrophils", "platelets", "alt", "ast", "creatinine"]
LABS: tuple[Lab, ...] = get_args(Lab)

_UNITS = ("x10^9/L", "units/L", "% above baseline")
_LIMIT = r"(?P<sign><|>) (?P<value>[0-9]{1,4}(?:\.[0-9]{1,2})?)"
_LIMIT += r"(?P<unit> x10\^9/L| units/L|% above baseline)"


class Limit(NamedTuple):
    """What a result must not be: ``< 3.5 x10^9/L``, ``> 100 units/L``, ``> 30% above baseline``."""

    below: bool
    value: Decimal
    unit: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``< 3.5 x10^9/L``; raise ValueError for anything else."""
        found = re.fullmatch(_LIMIT, text, re.ASCII)
        if found is None:
            raise ValueError(f"{text!r} is not written like '< 3.5 x10^9/L' or '> 100 units/L'")
        return cls(found["sign"] == "<", Decimal(found["value"]), found["unit"].strip())

    def crossed(self, value: Fraction) -> bool:
        """Tell whether a result is past it; at the limit it is not."""
        limit = Fraction(self.value)
        return value < limit if self.below else value > limit

    def stands_in(self, quote: str) -> bool:
        """Tell whether it stands in a quote: its number, after its sign or the words for it."""
        number = re.escape(plain(self.value))
        signs = r"(?:< ?|less than )" if self.below else r"(?:> ?|greater than )"
        ends = r"% (?:above|rise)" if self.unit == _UNITS[2] else r"(?![0-9.]*[0-9])(?! ?%)"
        found = re.search(rf"{signs}{number} ?{ends}", quote.lower())
        above = re.search(rf"(?<![0-9.]){number}% above", quote.lower())
        return bool(found or (self.unit == _UNITS[2] and above))

    def __str__(self) -> str:
        space = "" if self.unit.startswith("%") else " "
        return f"{'<' if self.below else '>'} {plain(self.value)}{space}{self.unit}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return _written_schema(cls.parse, _LIMIT, "< 3.5 x10^9/L")


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


class Baseline(NamedTuple):
    """Tests before the first dose."""

    tests: Annotated[tuple[str, ...], "Tests, as people read them."]
    cite: Annotated[Cites, "Where that stands."]


class Monitoring(NamedTuple):
    """What the sources have monitored under one drug."""

    baseline: Annotated[tuple[Baseline, ...], "Before the first dose."] = ()
    series: Annotated[tuple[Series, ...], "During treatment."] = ()
    notes: Annotated[tuple[Note, ...], "What is said and not computed; disagreements."] = ()


class Threshold(NamedTuple):
    """A limit for a result, and what the source asks for past it."""

    drugs: Annotated[tuple[str, ...], "Keys of the drugs on whose pages it was seen."]
    lab: Annotated[Lab, "What is measured."]
    limit: Annotated[Limit, "The limit; past it the action is due."]
    action: Annotated[str, "What the source asks for then."]
    cite: Annotated[Cites, "Where it stands; the limit stands in a quote."]
    reading: Annotated[str | None, "How the guide reads what the source says."] = None


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
    seen: set[tuple[str, str, bool]] = set()
    for number, threshold in enumerate(thresholds):
        at = ("thresholds", number, "drugs")
        for drug_key in threshold.drugs:
            if drug_key not in table.drugs:
                yield at, f"{drug_key!r} is not a drug of the table"
            if (drug_key, threshold.lab, threshold.limit.below) in seen:
                yield at, f"{drug_key} has a limit for {threshold.lab} already"
            seen.add((drug_key, threshold.lab, threshold.limit.below))
        if (threshold.lab == "creatinine") != (threshold.limit.unit == _UNITS[2]):
            yield ("thresholds", number, "limit"), "creatinine is compared with its baseline"
