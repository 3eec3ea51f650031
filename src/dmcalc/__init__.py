"""A regimen calculator for dermatomyositis: exact doses and tapers, each figure with its source.

The verbs of the command line, as functions::

    result = dmcalc.dose("prednisone", weight="70", severity="severe")
    result.rows[0].high  # Decimal("70")

Nothing is read or imported before a function is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from decimal import Decimal

    from dmcalc.core.body import BodyResult
    from dmcalc.core.check import CheckResult
    from dmcalc.core.convert import ConvertResult
    from dmcalc.core.dispense import DispenseResult
    from dmcalc.core.dose import DoseResult
    from dmcalc.core.infusion import InfusionResult
    from dmcalc.core.landmarks import LandmarkResult
    from dmcalc.core.measures import Weight
    from dmcalc.core.replay import ReplayResult
    from dmcalc.core.result import Listing
    from dmcalc.core.schedule import TaperResult
    from dmcalc.core.shelf import Direction
    from dmcalc.physique import Sex
    from dmcalc.table.model import LoadedTable, Market, Severity
    from dmcalc.treatment import about, care, labs, monitor, plan, refs, severity  # noqa: F401

__version__ = "0.1.0"
__all__ = [
    *("body", "check", "convert", "dispense", "dose", "drugs", "infusion", "load_table", "replay"),
    *("about", "care", "labs", "monitor", "plan", "refs", "severity"),
    *("show", "taper", "titrate", "why"),
]
#: The verbs that need the guide too, each in dmcalc.treatment, which is imported when one is named.
_TREATMENT = ("about", "care", "labs", "monitor", "plan", "refs", "severity")


def __getattr__(name: str) -> object:
    """Return a verb of the treatment."""
    if name in _TREATMENT:
        from dmcalc import treatment

        return getattr(treatment, name)
    raise AttributeError(f"module 'dmcalc' has no attribute {name!r}")


def load_table(path: str | None = None, overlays: Sequence[str] = ()) -> LoadedTable:
    """Load a drug table from a file, or the bundled one; raise FileError or TableError.

    ``overlays`` are files of local figures, put over it in turn; DMCALC_OVERLAY is not read here.
    """
    from dmcalc.table import load

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
) -> DoseResult:
    """Compute the doses of the named drugs, or of all.

    ``weight`` is in kg, or text with its unit ("154lb"); ``bsa`` is in m2, ``height``
    in cm or text with its unit. Under 18 years only posology of children applies. Raise TypeError
    for a float, and the errors of ``dmcalc.errors`` where the command line would stop.
    """
    from dmcalc.core.dose import dose as compute
    from dmcalc.given import as_text, read_patient

    loaded = table or load_table()
    who = read_patient(loaded, weight, severity, bsa, confirm_weight=confirm_weight, age=age)
    if height is not None:
        from dmcalc.core.surface import with_height

        who = with_height(loaded.table, who, as_text("height", height) or "")
    return compute(loaded, who, names, alternatives=alternatives)


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
    table: LoadedTable | None = None,
) -> TaperResult | LandmarkResult:
    """Compute a published taper or schedule of courses; for a child, the landmarks of a taper.

    Amounts and lengths are text with their unit ("60mg", "4w"), a start is a date or its ISO text.
    """
    from dmcalc.core.schedule import Choices
    from dmcalc.core.taper import taper as compute
    from dmcalc.errors import read
    from dmcalc.given import read_patient
    from dmcalc.quantity import read_amount, read_date, read_interval

    loaded = table or load_table()
    return compute(
        loaded,
        read_patient(loaded, weight, severity, None, confirm_weight=confirm_weight, age=age),
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
    alternatives: bool = False,
    phase: str | None = None,
    table: LoadedTable | None = None,
) -> CheckResult:
    """Compare an order in plain words ("45 mg twice daily") with the table.

    ``verdict`` of the result is the verdict, ``exit_code`` what the command exits with.
    """
    from dmcalc.core.check import check as compare
    from dmcalc.core.order import read_order
    from dmcalc.given import read_patient

    asked = read_order(order)
    loaded = table or load_table()
    who = read_patient(loaded, weight, severity, bsa, confirm_weight=confirm_weight, age=age)
    return compare(loaded, who, name, asked, alternatives=alternatives, phase=phase)


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
    from dmcalc.core.schedule import Choices
    from dmcalc.core.titrate import titrate as compute
    from dmcalc.errors import read
    from dmcalc.given import read_patient
    from dmcalc.quantity import read_amount, read_date, read_interval

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


def dispense(
    name: str,
    amount: str,
    *,
    market: Market = "US",
    stock: tuple[str, ...] = (),
    halves: bool = False,
    days: int = 1,
    round_to: str | None = None,
    direction: Direction | None = None,
    table: LoadedTable | None = None,
) -> DispenseResult:
    """Find the tablets, capsules or vials for an amount like "62.5mg", in equal daily doses.

    ``stock`` names the strengths on the shelf; ``direction`` and ``round_to`` ask for rounding.
    """
    from dmcalc.core.dispense import dispense as compute
    from dmcalc.core.shelf import Stocked
    from dmcalc.errors import read
    from dmcalc.quantity import read_amount

    asked = read("amount", amount, read_amount)
    assert asked is not None
    shelf = tuple(strength for text in stock if (strength := read("stock", text, read_amount)))
    return compute(
        table or load_table(),
        name,
        asked,
        stocked=Stocked(market, shelf, halves),
        days=days,
        round_to=read("round_to", round_to, read_amount),
        direction=direction,
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
    table: LoadedTable | None = None,
) -> InfusionResult:
    """Compute how a dose is infused; ``dose`` is text like "30g", and ``at`` like "09:00"."""
    from dmcalc.core.infusion import infusion as compute
    from dmcalc.given import read_patient
    from dmcalc.pace import read_time
    from dmcalc.quantity import read_amount

    loaded = table or load_table()
    return compute(
        loaded,
        read_patient(loaded, weight, None, None, confirm_weight=confirm_weight),
        name,
        days=days,
        dose=None if dose is None else read_amount(dose),
        at_risk=at_risk,
        later=later,
        at=None if at is None else read_time(at),
    )


def body(
    *,
    weight: str | int | Decimal | None = None,
    confirm_weight: bool = False,
    height: str | int | Decimal | None = None,
    sex: Sex | None = None,
    age: str | int | None = None,
    creatinine: str | None = None,
    formula: str | None = None,
    crcl_weight: Weight = "actual",
    table: LoadedTable | None = None,
) -> BodyResult:
    """Compute body size and kidney function of an adult, as far as what is given allows.

    ``height`` is in cm, or text with its unit ("5ft9in"); ``creatinine`` is text with its unit.
    ``formula`` is the key of a formula of body surface.
    """
    from dmcalc import physique
    from dmcalc.core.body import body as compute
    from dmcalc.given import as_text, read_patient

    loaded = table or load_table()
    who = read_patient(loaded, weight, None, None, confirm_weight=confirm_weight, age=age)
    build = physique.read(
        loaded.table.limits, height=as_text("height", height), sex=sex, creatinine=creatinine
    )
    return compute(loaded, who, build, formula=formula, crcl_weight=crcl_weight)


def convert(
    amount: str,
    given: str,
    wanted: str,
    *,
    route: str | None = None,
    table: LoadedTable | None = None,
) -> ConvertResult:
    """Convert an amount like "40mg" of a glucocorticoid into what sources call equivalent."""
    from dmcalc.core.convert import convert as compute
    from dmcalc.errors import read
    from dmcalc.quantity import read_amount

    asked = read("amount", amount, read_amount)
    assert asked is not None
    return compute(table or load_table(), asked, given, wanted, route=route)


def replay(path: str, *, table: str | None = None, overlays: Sequence[str] = ()) -> ReplayResult:
    """Compute the request of a receipt again; ``same`` of the result says whether it is the same.

    ``table`` is the file of a drug table, None the bundled one, ``overlays`` files of local figures
    over it. Raise FileError for a receipt that was changed or is none.
    """
    from dmcalc.cli._replay import replay as repeat

    return repeat(path, table, list(overlays))


def drugs(*, table: LoadedTable | None = None) -> Listing:
    """List the drugs of the table."""
    from dmcalc.core import catalogue

    return catalogue.drugs(table or load_table())


def show(name: str, *, table: LoadedTable | None = None) -> Listing:
    """Return all that the table says of one drug."""
    from dmcalc.core import catalogue

    return catalogue.show(table or load_table(), name)


def why(name: str, *, table: LoadedTable | None = None) -> Listing:
    """Return where each figure of a drug comes from."""
    from dmcalc.core import catalogue

    return catalogue.why(table or load_table(), name)
