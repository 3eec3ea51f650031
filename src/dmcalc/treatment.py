"""The verbs of the command line that need the guide too, as functions of ``dmcalc``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dmcalc

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from decimal import Decimal

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.guideline.steps import Response
    from dmcalc.monitoring.labs import LabsResult
    from dmcalc.monitoring.visits import MonitorResult
    from dmcalc.planning.plan import PlanResult
    from dmcalc.results.base import TableResult
    from dmcalc.table.model.drug import Severity
    from dmcalc.table.model.table import LoadedTable


def rules(
    *names: str, table: LoadedTable | None = None, guide: LoadedGuideline | None = None
) -> TableResult:
    """List the rules for one patient, of some drugs or of all, and the names that they know."""
    from dmcalc import guideline as guides
    from dmcalc.catalogue.patient_rules import rules as compute

    return compute(table or dmcalc.load_table(), guide or guides.load(), names)


def care(*, table: LoadedTable | None = None, guide: LoadedGuideline | None = None) -> TableResult:
    """List goals of therapy, the team, measures beside drugs, and the base page's sentences."""
    from dmcalc import guideline as guides
    from dmcalc.catalogue.guideline_text import care as compute

    return compute(table or dmcalc.load_table(), guide or guides.load())


def about(*, table: LoadedTable | None = None, guide: LoadedGuideline | None = None) -> TableResult:
    """Say what dmcalc is, whose figures it has, and their versions."""
    from dmcalc import guideline as guides
    from dmcalc.catalogue.guideline_text import about as compute

    return compute(table or dmcalc.load_table(), guide or guides.load())


def severity(
    *,
    age: str | int | None = None,
    table: LoadedTable | None = None,
    guide: LoadedGuideline | None = None,
) -> TableResult:
    """List how weakness is graded, and features of high risk; for a child those come first."""
    from dmcalc import guideline as guides
    from dmcalc.catalogue.guideline_text import severity as compute
    from dmcalc.given import read_patient

    loaded = table or dmcalc.load_table()
    who = read_patient(loaded, None, None, None, confirm_weight=False, age=age)
    return compute(loaded, guide or guides.load(), who)


def refs(
    *keys: str,
    page: bool = False,
    table: LoadedTable | None = None,
    guide: LoadedGuideline | None = None,
) -> TableResult:
    """List the works that are cited and where, all or those of some keys, or of the base page."""
    from dmcalc import guideline as guides
    from dmcalc.catalogue.bibliography import references

    return references(table or dmcalc.load_table(), guide or guides.load(), keys, page=page)


def monitor(
    *names: str,
    start: datetime.date | str | None = None,
    weeks: int = 52,
    stable: int | None = None,
    table: LoadedTable | None = None,
    guide: LoadedGuideline | None = None,
) -> MonitorResult:
    """List the tests under some drugs; ``stable`` is the day from which the dose is stable."""
    from dmcalc import guideline as guides
    from dmcalc.errors import read
    from dmcalc.monitoring.visits import monitor as compute
    from dmcalc.quantities.time import read_date

    return compute(
        table or dmcalc.load_table(),
        guide or guides.load(),
        names,
        start=read("start", start, read_date) if isinstance(start, str) else start,
        weeks=weeks,
        stable=stable,
    )


def labs(
    *names: str,
    table: LoadedTable | None = None,
    guide: LoadedGuideline | None = None,
    **results: str | int | Decimal | None,
) -> LabsResult:
    """Hold results against the limits for some drugs: ``wcc="3.1"``, ``alt=40``.

    Creatinine is text with its unit, and needs ``baseline_creatinine``; ``bp`` is ``"128/82"``.
    Raise TypeError for a float and for a result that there is not.
    """
    from dmcalc import guideline as guides
    from dmcalc.given import as_text
    from dmcalc.monitoring.labs import GIVEN, read
    from dmcalc.monitoring.labs import labs as compute

    unknown = results.keys() - {*GIVEN}
    if unknown:
        raise TypeError(f"labs takes no {', '.join(sorted(unknown))}")
    loaded = table or dmcalc.load_table()
    given = {name: as_text(name, value) for name, value in results.items()}
    return compute(loaded, guide or guides.load(), names, read(loaded.table.limits, given))


def plan(
    *,
    weight: str | int | Decimal | None = None,
    severity: Severity | None = None,
    confirm_weight: bool = False,
    age: str | int | None = None,
    bsa: str | int | Decimal | None = None,
    chosen: Sequence[str] = (),
    not_tolerated: Sequence[str] = (),
    response: Response | None = None,
    organs: Sequence[str] = (),
    start: datetime.date | str | None = None,
    weeks: int | None = None,
    pulse_days: int | None = None,
    protocol: str | None = None,
    table: LoadedTable | None = None,
    guide: LoadedGuideline | None = None,
) -> PlanResult:
    """Lay out the treatment in steps, with a calendar of what begins and what is chosen."""
    from dmcalc import guideline as guides
    from dmcalc.errors import read
    from dmcalc.given import read_patient
    from dmcalc.planning.events import Dating
    from dmcalc.planning.plan import plan as compute
    from dmcalc.planning.steps import Situation
    from dmcalc.quantities.time import read_date

    loaded = table or dmcalc.load_table()
    who = read_patient(loaded, weight, severity, bsa, confirm_weight=confirm_weight, age=age)
    return compute(
        loaded,
        guide or guides.load(),
        who,
        Situation(response, tuple(organs), tuple(chosen), tuple(not_tolerated)),
        Dating(
            start=read("start", start, read_date) if isinstance(start, str) else start,
            weeks=weeks,
            pulse_days=pulse_days,
            taper=protocol,
        ),
    )
