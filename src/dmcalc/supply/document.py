"""What machines read of ``dispense``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.dispensing.packs import Packs
    from dmcalc.dispensing.solver import Nearest
    from dmcalc.dispensing.stock import HandedUnits
    from dmcalc.quantities.amount import Mass
    from dmcalc.results.described import Atc, DrugKey, Local, RxNorm, Sources
    from dmcalc.table.model.drug import Form


class DispenseDocument:
    """The document of ``dispense``, which is its one row."""

    drug: DrugKey
    amount: Annotated[Decimal, "The amount that was asked for."]
    unit: Annotated[Mass, "Unit of all amounts."]
    form: Annotated[Form, "What one unit is."]
    dispensed: Annotated[Decimal, "What is given in all."]
    deviation: Annotated[Decimal, "dispensed less amount."]
    deviation_percent: Annotated[
        Decimal, "The same in per cent of amount, rounded half up to 0.01."
    ]
    days: Annotated[int, "Days that it is given over, in equal doses."]
    daily: Annotated[Decimal, "The dose of one day."]
    products: Annotated[HandedUnits, "The units for one day."]
    total_products: Annotated[HandedUnits, "The units for all days."]
    waste: Annotated[Decimal, "What is left in opened vials over all days."]
    nearest: Annotated[Nearest, "The amounts next to one dose that whole units make."]
    label: Annotated[
        str, "Where the units come from: a product of the table, or the stock that was named."
    ]
    sources: Sources
    packs: Annotated[Packs | None, "Packs that hold it all; null without --pack."]
    local: Local


class DispenseDaysHead(NamedTuple):
    """What the document of ``dispense`` over several numbers of days says of all its rows."""

    drug: DrugKey
    amount: Annotated[Decimal, "The amount that was asked for."]
    unit: Annotated[Mass, "Its unit."]
    atc: Atc
    rxnorm: RxNorm
