"""The verbs of the command line that need the guide too, as functions of ``dmcalc``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dmcalc

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from decimal import Decimal

    from dmcalc.core.plan import PlanResult
    from dmcalc.guide.model import LoadedGuide
    from dmcalc.guide.plan import Response
    from dmcalc.table.model import LoadedTable, Severity


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
    weeks: int = 52,
    pulse_days: int | None = None,
    protocol: str | None = None,
    table: LoadedTable | None = None,
    guide: LoadedGuide | None = None,
) -> PlanResult:
    """Lay out the treatment in steps, with a calendar of what begins and what is chosen."""
    from dmcalc import guide as guides
    from dmcalc.core.events import Dating
    from dmcalc.core.plan import Situation
    from dmcalc.core.plan import plan as compute
    from dmcalc.errors import read
    from dmcalc.given import patient_of
    from dmcalc.quantity import read_date

    loaded = table or dmcalc.load_table()
    who = patient_of(loaded, weight, severity, bsa, confirm_weight=confirm_weight, age=age)
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
