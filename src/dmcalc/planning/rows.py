"""The rows of a plan for machines: its steps with their doses, and the events of its calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dmcalc.planning.document import PlanRow
from dmcalc.results.base import source_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.planning.events import Event
    from dmcalc.planning.steps import Placed


def plan_rows(steps: Iterable[Placed], events: Iterable[Event]) -> tuple[PlanRow, ...]:
    """Return the steps and then the events of the calendar."""
    return (*(row for placed in steps for row in _of_step(placed)), *map(_of_event, events))


def _of_step(placed: Placed) -> Iterator[PlanRow]:
    step = placed.step
    measure = PlanRow(
        part="plan",
        step=step.id,
        kind="measure",
        status=placed.status,
        title=step.title,
        text=step.text,
        why=tuple(trigger.text for trigger in placed.why),
        sources=source_keys((*step.cite, *(c for t in placed.why for c in t.cite))),
        quote=step.cite[0].quote,
        listed=placed.listed,
    )
    if not placed.options:
        yield measure
    for option in placed.options:
        of_drug = measure._replace(
            kind="drug",
            choice=step.choice,
            chosen=option.chosen,
            drug=option.drug,
            name=option.name,
        )
        if not option.tolerated:
            yield of_drug._replace(text="not tolerated")
        elif not option.rows:
            yield of_drug._replace(text="the table has no posology of it for this patient")
        else:
            for row in option.rows:
                sources = tuple(dict.fromkeys((*measure.sources, *row.sources)))
                yield of_drug._replace(**_dose(row), sources=sources)


def _dose(row: DoseRow) -> dict[str, Any]:
    keys = (
        *("text", "regimen", "low", "high", "suggested", "unit", "per", "local"),
        *("basis", "per_basis_low", "per_basis_high", "capped", "population", "reading"),
    )
    return {key: getattr(row, key) for key in keys}


def _of_event(event: Event) -> PlanRow:
    fields = event._asdict()
    reached = fields.pop("mark")
    del fields["before_day"]
    return PlanRow(part="calendar", **fields, **(reached._asdict() if reached else {}))
