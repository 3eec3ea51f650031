"""What machines read of ``monitor`` and ``labs``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

if TYPE_CHECKING:
    import datetime

    from dmcalc.guideline.monitoring import Lab
    from dmcalc.monitoring.labs import LabRow
    from dmcalc.results.described import DrugKey, DrugName, FirstQuote, Sources


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
    population: Annotated[str | None, "Whom the source of a visit or of a limit speaks of."] = None
    sources: Sources = ()
    quote: FirstQuote = None


class MonitorDocument:
    """The document of ``monitor``."""

    drugs: Annotated[tuple[str, ...], "Keys of the drugs."]
    start: Annotated[datetime.date | None, "Day of the first dose."]
    weeks: Annotated[int, "Length in weeks."]
    stable_day: Annotated[
        int,
        "Day from which the dose is stable, from 1; the day after the last one where that was not "
        "said.",
    ]
    stable_assumed: Annotated[
        bool,
        "Whether it was not said from when the dose is stable; tests that go on until then go on "
        "to the end.",
    ]
    rows: Annotated[
        tuple[MonitorRow, ...], "Tests before the first dose, then visits, then limits."
    ]


class LabsDocument:
    """The document of ``labs``."""

    crossed: Annotated[bool, "Whether any limit is crossed; then the exit code is 5."]
    compared: Annotated[
        int, "How many limits a result was held against; 0 where nothing was compared."
    ]
    rows: Annotated[tuple[LabRow, ...], "One for each limit of each drug."]
