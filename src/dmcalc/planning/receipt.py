"""What the receipt of a plan lists: figures and roundings of its parts, by the rows they stand in.

Doses are computed as the answer ``dose`` has them, a schedule under ``schedules`` and its drug.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.guideline import paths
from dmcalc.monitoring.visits import note_tests
from dmcalc.results.trace import PLAN, noting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.dosing.dose import DoseResult
    from dmcalc.planning.plan import PlanResult
    from dmcalc.results.trace import Rounding, Trace
    from dmcalc.sources.figures import Path

#: The fields of a dose or a step in a row of the plan, None for what its words alone hold. Units
#: that make a dose are not named, and so not listed.
FIELDS = {
    "low": "low",
    "high": "high",
    "per_basis_low": "per_basis_low",
    "per_basis_high": "per_basis_high",
    "per_kg_low": "per_basis_low",
    "per_kg_high": "per_basis_high",
    "daily_low": None,
    "daily_high": None,
    "alternate": None,
}


def note_plan(result: PlanResult, doses: DoseResult) -> None:
    """Note what a plan is based on, for a receipt; ``doses`` are those of its drugs."""
    trace = noting()
    if trace is None:
        return
    steps, events = result.steps, result.events
    shown = {o.drug for placed in steps for o in placed.options if o.tolerated}
    unused = {row.drug for row in doses.rows} - shown
    rows_of = _rows_of(result, doses)
    dated = {event.origin for event in events}
    listed = {f"rows.{n}" for n, row in enumerate(doses.rows) if row.regimen in dated}

    def is_used(at: str | None, drug: str, path: Path) -> bool:
        part, *_ = path
        if drug in unused and part != "rules":
            return False
        if part == "indications":  # the place of a drug in treatment is the guide's to say
            return False
        return at is None or at in listed or _within(at, rows_of)

    def fitted(at: str, made: Rounding) -> Iterable[Rounding]:
        if made.where is None:
            return [made] if not at or _within(at, rows_of) else []
        place, _, field = made.where.rpartition(".")
        if not place.startswith(("rows.", "schedules.")):
            return [made]
        if place not in rows_of or field not in FIELDS:
            return []
        name = FIELDS[field]
        if place.startswith("schedules."):
            made = made._replace(what=f"{place.split('.')[1]}, {made.what}")
        if name is None:
            return [made._replace(where=None)]
        return [made._replace(where=f"rows.{number}.{name}") for number in rows_of[place]]

    trace.fit(is_used, fitted)
    _note_guide(trace, result)


def _rows_of(result: PlanResult, doses: DoseResult) -> dict[str, list[int]]:
    """Return the numbers of the rows that are made of a dose or a step, by where that was noted."""
    noted = {row.regimen: f"rows.{number}" for number, row in enumerate(doses.rows)}
    rows, events = result.rows, result.events
    origins = [row.regimen or "" for row in rows[: len(rows) - len(events)]]
    origins += [event.origin for event in events]
    rows_of: dict[str, list[int]] = {}
    for number, origin in enumerate(origins):
        rows_of.setdefault(noted.get(origin, origin), []).append(number)
    return rows_of


def _within(at: str, rows_of: Iterable[str]) -> bool:
    """Tell whether a schedule that was noted at a path has rows."""
    return any(place.startswith(f"{at}.") for place in rows_of)


def _note_guide(trace: Trace, result: PlanResult) -> None:
    """Note the steps that are shown, what points to them, the tests and the dates to act on."""
    guide, events = result.guide.guideline, result.events
    for placed in result.steps:
        step = placed.step
        trace.used(PLAN, *paths.step_path(step))
        for trigger in placed.why:
            trace.used(PLAN, *paths.step_path(step, step.triggers.index(trigger)))
    for drug in dict.fromkeys(event.drug for event in events if event.kind == "test"):
        assert drug is not None
        note_tests(guide, drug, child=result.patient.child)
    for event in events:
        if event.kind == "mark":
            trace.used(PLAN, *paths.exposure_path(event.step))
    for repeat in guide.plan.repeats:
        if any(event.origin == repeat.regimen for event in events):
            trace.used(PLAN, *paths.repeat_path(repeat.regimen))
    for stand_in in guide.plan.stand_ins:
        if stand_in.drug in result.situation.chosen:
            trace.used(PLAN, *paths.stand_in_path(stand_in.drug))
