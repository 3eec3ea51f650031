"""The verbs beside doses and schedules: what is handed out, body size, equivalents, receipts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc import load_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from dmcalc.audit.replay import ReplayResult
    from dmcalc.dispensing.stock import Direction
    from dmcalc.equivalence import ConvertResult
    from dmcalc.patient.anthropometry import Sex
    from dmcalc.patient.body import BodyResult
    from dmcalc.patient.measures import Weight
    from dmcalc.supply.dispense import DispenseResult
    from dmcalc.table.model.drug import Market
    from dmcalc.table.model.table import LoadedTable


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
    from dmcalc.dispensing.stock import Stocked
    from dmcalc.errors import read
    from dmcalc.quantities.amount import read_amount
    from dmcalc.supply.dispense import dispense as compute

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
    from dmcalc.given import as_text, read_patient
    from dmcalc.patient import anthropometry
    from dmcalc.patient.body import body as compute

    loaded = table or load_table()
    who = read_patient(loaded, weight, None, None, confirm_weight=confirm_weight, age=age)
    build = anthropometry.read(
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
    from dmcalc.equivalence import convert as compute
    from dmcalc.errors import read
    from dmcalc.quantities.amount import read_amount

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
