"""A regimen calculator for dermatomyositis: exact doses and tapers, each figure with its source.

The verbs of the command line, as functions::

    result = dmcalc.dose("prednisone", weight="70", severity="severe")
    result.rows[0].high  # Decimal("70")

Nothing is read or imported before a function is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc._version import __version__ as __version__

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from decimal import Decimal
    from typing import Unpack

    from dmcalc.aids import body, convert, dispense, replay  # noqa: F401
    from dmcalc.dosing.dose import DoseResult
    from dmcalc.given import Circumstances, Size
    from dmcalc.infusions.infusion import InfusionResult
    from dmcalc.order.check import CheckResult
    from dmcalc.results.base import TableResult
    from dmcalc.schedules.milestones import LandmarkResult
    from dmcalc.schedules.model import TaperResult
    from dmcalc.table.model.drug import Severity
    from dmcalc.table.model.table import LoadedTable
    from dmcalc.treatment import (  # noqa: F401
        about,
        care,
        labs,
        monitor,
        plan,
        refs,
        rules,
        severity,
    )

__all__ = [
    *("body", "check", "convert", "dispense", "dose", "drugs", "infusion", "load_table", "replay"),
    *("about", "care", "labs", "monitor", "plan", "refs", "rules", "severity"),
    *("show", "taper", "titrate", "why"),
]
#: The verbs that stand in a module of their own, which is imported when one is named.
_ELSEWHERE = {
    "aids": ("body", "convert", "dispense", "replay"),
    "treatment": ("about", "care", "labs", "monitor", "plan", "refs", "rules", "severity"),
}


def __getattr__(name: str) -> object:
    """Return a verb that stands in a module of its own."""
    from importlib import import_module

    for module, verbs in _ELSEWHERE.items():
        if name in verbs:
            return getattr(import_module(f"dmcalc.{module}"), name)
    raise AttributeError(f"module 'dmcalc' has no attribute {name!r}")


def load_table(path: str | None = None, overlays: Sequence[str] = ()) -> LoadedTable:
    """Load a drug table from a file, or the bundled one; raise FileError or TableError.

    ``overlays`` are files of local figures, put over it in turn; DMCALC_OVERLAY is not read here.
    """
    from dmcalc.formulary import load

    return load(path, overlays)


def dose(
    *names: str,
    weight: str | int | Decimal | None = None,
    severity: Severity | None = None,
    bsa: str | int | Decimal | None = None,
    confirm_weight: bool = False,
    age: str | int | None = None,
    height: str | int | Decimal | None = None,
    alternatives: bool = False,
    table: LoadedTable | None = None,
    **said: Unpack[Circumstances],
) -> DoseResult:
    """Compute the doses of the named drugs, or of all.

    ``weight`` is in kg, or text with its unit ("154lb"); ``bsa`` is in m2, ``height``
    in cm or text with its unit. Under 18 years only posology of children applies. ``said`` is what
    rules ask about: ``taking=["allopurinol"]``, ``egfr=45``; and the weight that a dose goes by:
    ``weight_policy="ontario"`` with ``sex``. Raise TypeError for a float, and the errors of
    ``dmcalc.errors`` where the command line would stop.
    """
    from dmcalc.dosing.dose import dose as compute
    from dmcalc.given import read_advice, read_patient, sized

    loaded = table or load_table()
    who = read_patient(loaded, weight, severity, bsa, confirm_weight=confirm_weight, age=age)
    who = sized(loaded, who, names, height, said)
    advice = read_advice(loaded, who, names, said)
    return compute(loaded, who, names, alternatives=alternatives, advice=advice)


def taper(
    name: str,
    *,
    weight: str | int | Decimal | None = None,
    severity: Severity | None = None,
    confirm_weight: bool = False,
    age: str | int | None = None,
    protocol: str | None = None,
    start_dose: str | None = None,
    start: datetime.date | str | None = None,
    hold: str | None = None,
    interval: str | None = None,
    decrement: str | None = None,
    weeks: int | None = None,
    height: str | int | Decimal | None = None,
    table: LoadedTable | None = None,
    **size: Unpack[Size],
) -> TaperResult | LandmarkResult:
    """Compute a published taper or schedule of courses; for a child, the landmarks of a taper.

    Amounts and lengths are text with their unit ("60mg", "4w"), a start is a date or its ISO text.
    ``size`` is the weight that courses go by: ``weight_policy="ontario"`` with ``sex``.
    """
    from dmcalc.errors import read
    from dmcalc.given import Size, known_only, read_patient, sized
    from dmcalc.quantities.amount import read_amount
    from dmcalc.quantities.time import read_date, read_interval
    from dmcalc.schedules.model import Choices
    from dmcalc.schedules.taper import taper as compute

    loaded = table or load_table()
    who = read_patient(loaded, weight, severity, None, confirm_weight=confirm_weight, age=age)
    known_only(size, Size)
    return compute(
        loaded,
        sized(loaded, who, (name,), height, size, surface=False),
        name,
        protocol=protocol,
        start_dose=read("start_dose", start_dose, read_amount),
        start=read("start", start, read_date) if isinstance(start, str) else start,
        choices=Choices(
            hold=read("hold", hold, read_interval),
            interval=read("interval", interval, read_interval),
            decrement=read("decrement", decrement, read_amount),
            weeks=weeks,
        ),
    )


def check(
    name: str,
    order: str,
    *,
    weight: str | int | Decimal | None = None,
    severity: Severity | None = None,
    bsa: str | int | Decimal | None = None,
    confirm_weight: bool = False,
    age: str | int | None = None,
    height: str | int | Decimal | None = None,
    alternatives: bool = False,
    phase: str | None = None,
    table: LoadedTable | None = None,
    **said: Unpack[Circumstances],
) -> CheckResult:
    """Compare an order in plain words ("45 mg twice daily") with the table; ``said`` as for a dose.

    ``verdict`` of the result is the verdict, ``exit_code`` what the command exits with.
    """
    from dmcalc.given import read_advice, read_patient, sized
    from dmcalc.order.check import check as compare
    from dmcalc.order.parse import read_order

    asked = read_order(order)
    loaded = table or load_table()
    who = read_patient(loaded, weight, severity, bsa, confirm_weight=confirm_weight, age=age)
    who = sized(loaded, who, (name,), height, said)
    advice = read_advice(loaded, who, (name,), said)
    return compare(loaded, who, name, asked, alternatives=alternatives, phase=phase, advice=advice)


def titrate(
    name: str,
    *,
    weight: str | int | Decimal | None = None,
    confirm_weight: bool = False,
    protocol: str | None = None,
    start_dose: str | None = None,
    target: str | None = None,
    increase: str | None = None,
    hold: str | None = None,
    interval: str | None = None,
    day: str | None = None,
    start: datetime.date | str | None = None,
    table: LoadedTable | None = None,
) -> TaperResult:
    """Compute the way up from a start dose to the target, where a source gives one.

    Amounts and lengths are text with their unit; ``day`` is the weekday of a dose once a week.
    """
    from dmcalc.errors import read
    from dmcalc.given import read_patient
    from dmcalc.quantities.amount import read_amount
    from dmcalc.quantities.time import read_date, read_interval
    from dmcalc.schedules.model import Choices
    from dmcalc.schedules.titration import titrate as compute

    loaded = table or load_table()
    return compute(
        loaded,
        read_patient(loaded, weight, None, None, confirm_weight=confirm_weight),
        name,
        protocol=protocol,
        start_dose=read("start_dose", start_dose, read_amount),
        target=read("target", target, read_amount),
        increase=read("increase", increase, read_amount),
        choices=Choices(
            hold=read("hold", hold, read_interval),
            interval=read("interval", interval, read_interval),
        ),
        start=read("start", start, read_date) if isinstance(start, str) else start,
        day=day,
    )


def infusion(
    name: str,
    *,
    weight: str | int | Decimal | None = None,
    confirm_weight: bool = False,
    days: int | None = None,
    dose: str | None = None,
    at_risk: bool = False,
    later: bool = False,
    at: str | None = None,
    age: str | int | None = None,
    height: str | int | Decimal | None = None,
    table: LoadedTable | None = None,
    **said: Unpack[Circumstances],
) -> InfusionResult:
    """Compute how a dose is infused; ``dose`` is text like "30g", and ``at`` like "09:00".

    ``said`` is as for a dose, and may put the patient at risk.
    """
    from dmcalc.given import read_advice, read_patient, sized
    from dmcalc.infusions.infusion import infusion as compute
    from dmcalc.patient.patient import adults_only
    from dmcalc.quantities.amount import read_amount
    from dmcalc.quantities.time import read_time

    loaded = table or load_table()
    who = read_patient(loaded, weight, None, None, confirm_weight=confirm_weight, age=age)
    adults_only(who, "the infusions")
    who = sized(loaded, who, (name,), height, said, surface=False)
    return compute(
        loaded,
        who,
        name,
        days=days,
        dose=None if dose is None else read_amount(dose),
        at_risk=at_risk,
        later=later,
        at=None if at is None else read_time(at),
        advice=read_advice(loaded, who, (name,), said),
    )


def drugs(*, table: LoadedTable | None = None) -> TableResult:
    """List the drugs of the table."""
    from dmcalc.catalogue.drugs import list_drugs

    return list_drugs(table or load_table())


def show(name: str, *, table: LoadedTable | None = None) -> TableResult:
    """Return all that the table says of one drug."""
    from dmcalc.catalogue.monograph import show as compute

    return compute(table or load_table(), name)


def why(name: str, *, table: LoadedTable | None = None) -> TableResult:
    """Return where each figure of a drug comes from."""
    from dmcalc.catalogue.provenance import why as compute

    return compute(table or load_table(), name)
