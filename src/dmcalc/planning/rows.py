"""The rows of a plan for machines: its steps with their doses, and the events of its calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dmcalc.results.base import source_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.planning.events import Event
    from dmcalc.planning.steps import Placed

#: The keys of a row, of a step as of an event.
ROW = (
    *("part", "step", "kind", "status", "title", "text", "why", "choice", "chosen"),
    *("drug", "name", "regimen", "low", "high", "suggested", "unit", "per"),
    *("day", "days", "date", "end", "total_low", "total_high"),
    *("sources", "quote", "local"),
    *("basis", "per_basis_low", "per_basis_high", "capped", "population", "reading", "listed"),
    *("before", "prednisone_equivalent_low", "prednisone_equivalent_high"),
    *("mark_dose", "mark_dose_unit", "mark_dose_exceeded", "mark_time", "mark_time_unit"),
    *("mark_time_exceeded", "mark_days", "mark_weeks", "mark_open"),
)


def records(steps: Iterable[Placed], events: Iterable[Event]) -> list[dict[str, Any]]:
    """Return the steps and then the events of the calendar, flat."""
    rows = [row for placed in steps for row in _of_step(placed)]
    blank = dict.fromkeys(ROW)
    return [{**blank, **row} for row in (*rows, *map(_of_event, events))]


def _of_step(placed: Placed) -> Iterator[dict[str, Any]]:
    step = placed.step
    common: dict[str, Any] = {
        "part": "plan",
        "step": step.id,
        "status": placed.status,
        "title": step.title,
        "why": tuple(trigger.text for trigger in placed.why),
        "sources": source_keys((*step.cite, *(c for t in placed.why for c in t.cite))),
        "quote": step.cite[0].quote,
        "local": (),
        "listed": placed.listed,
    }
    if not placed.options:
        yield {**common, "kind": "measure", "text": step.text}
    for option in placed.options:
        of_drug = {
            **common,
            "kind": "drug",
            "choice": step.choice,
            "chosen": option.chosen,
            "drug": option.drug,
            "name": option.name,
        }
        if not option.tolerated:
            yield {**of_drug, "text": "not tolerated"}
        elif not option.rows:
            yield {**of_drug, "text": "the table has no posology of it for this patient"}
        else:
            for row in option.rows:
                sources = tuple(dict.fromkeys((*common["sources"], *row.sources)))
                yield {**of_drug, **_dose(row), "sources": sources}


def _dose(row: DoseRow) -> dict[str, Any]:
    keys = (
        *("text", "regimen", "low", "high", "suggested", "unit", "per", "local"),
        *("basis", "per_basis_low", "per_basis_high", "capped", "population", "reading"),
    )
    return {key: getattr(row, key) for key in keys}


def _of_event(event: Event) -> dict[str, Any]:
    row = event._asdict()
    mark = row.pop("mark")
    del row["before_day"]
    return {**row, **(mark._asdict() if mark else {}), "part": "calendar"}
