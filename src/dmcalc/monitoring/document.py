"""The documents of ``monitor`` and ``labs`` for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal

    from dmcalc.guideline.monitoring import Lab
    from dmcalc.quantities.thresholds import ResultUnit
    from dmcalc.results.field_types import DrugKey, DrugName, FirstQuote, Sources, SpokenOf


class MonitorRow(NamedTuple):
    """A test before the first dose, a visit, or a limit for a result."""

    part: Annotated[
        Literal["baseline", "visit", "limit"],
        "Whether it is before the first dose, a visit, or a limit for a result.",
    ]
    drug: DrugKey
    name: DrugName
    day: Annotated[int | None, "Of a visit: its day; the first dose is on day 1."] = None
    date: Annotated[datetime.date | None, "Of a visit: its date."] = None
    tests: Annotated[tuple[str, ...], "What is tested; empty for a limit."] = ()
    lab: Annotated[Lab | None, "Of a limit: what is measured."] = None
    limit: Annotated[str | None, "Of a limit: sign, number and unit."] = None
    text: Annotated[
        str, "The interval that a visit follows; of a limit what the source asks for past it."
    ] = ""
    population: Annotated[str | None, "Population of the source of a visit or a threshold."] = None
    sources: Sources = ()
    quote: FirstQuote = None


class MonitorDocument:
    """The document of ``monitor``."""

    drugs: Annotated[tuple[str, ...], "Keys of the drugs."]
    start: Annotated[datetime.date | None, "Day of the first dose."]
    weeks: Annotated[int, "Length in weeks."]
    stable_day: Annotated[
        int,
        "Day from which the dose is stable, from 1; the day after the last one where none "
        "was entered.",
    ]
    stable_assumed: Annotated[
        bool,
        "Whether no stable-dose date was entered; tests that end at a stable dose then continue to "
        "the end.",
    ]
    rows: Annotated[
        tuple[MonitorRow, ...], "Tests before the first dose, then visits, then limits."
    ]


class LabRow(NamedTuple):
    """A limit or a rule for one drug, and the result that it is for, if there is one."""

    drug: DrugKey
    name: DrugName
    lab: Annotated[Lab | None, "What is measured; null for a rule that uses no result."] = None
    result: Annotated[
        Decimal | None,
        "The result, of creatinine its rise in per cent, rounded half up to 6 decimals; it is "
        "compared exactly. Null where none was given.",
    ] = None
    unit: Annotated[ResultUnit | None, "Unit of result and limit."] = None
    limit: Annotated[
        str,
        "The limit: sign, number and unit, or a band of a rule; empty for a rule without a number.",
    ] = ""
    crossed: Annotated[
        bool | None, "Whether the result is past the limit; at the limit only where its sign is >=."
    ] = None
    text: Annotated[str, "What the source asks for past the limit."] = ""
    sources: Sources = ()
    quote: FirstQuote = None
    population: SpokenOf = None
    result_sign: Annotated[
        Literal["<", ">"] | None, "The sign before a result that is not a number itself."
    ] = None
    verdict: Annotated[
        Literal["crossed", "not-crossed", "not-compared", "no-result"],
        "Whether the threshold is reached or the rule applies. Not compared: a rule without a "
        "number speaks of the "
        "result, or what was entered leaves it open; then the exit code is 6.",
    ] = "no-result"
    rule: Annotated[str | None, "Short name of the rule; null for a limit."] = None


class LabsDocument:
    """The document of ``labs``."""

    crossed: Annotated[bool, "Whether a threshold is reached or a rule applies: exit code 5."]
    compared: Annotated[
        int, "How many limits a result was checked against; 0 where nothing was compared."
    ]
    not_compared: Annotated[
        int, "How many limits and rules are on a result that they were not compared with."
    ]
    rows: Annotated[
        tuple[LabRow, ...],
        "One for each limit of each drug, and for each rule on a result or refuses.",
    ]
