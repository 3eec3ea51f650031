"""The document of ``dispense`` for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.dispensing.packs import Packs
    from dmcalc.dispensing.solver import Nearest
    from dmcalc.dispensing.stock import CourseDays, HandedUnits
    from dmcalc.dosing.applied_rule import AppliedRule
    from dmcalc.patient.clinical_context import Circumstances
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Mass, Per
    from dmcalc.results.field_types import Atc, DrugKey, Local, RxNorm, Sources
    from dmcalc.table.model.drug import Form


class DispenseRow(NamedTuple):
    """What is dispensed for an amount, for a course over some days, or for an order."""

    drug: DrugKey
    amount: Annotated[Decimal, "The amount that was entered; of an order, over all its days."]
    unit: Annotated[Mass, "Unit of all amounts."]
    form: Annotated[Form, "What one unit is."]
    dispensed: Annotated[Decimal, "What is given in all."]
    deviation: Annotated[Decimal, "dispensed less amount."]
    deviation_percent: Annotated[
        Decimal, "The same in per cent of amount, rounded half up to 0.01."
    ]
    days: Annotated[
        int | None,
        "Days that it is given over, in equal doses; null of one dose of a drug for once a week, "
        "and of a course without its days.",
    ]
    daily: Annotated[Decimal | None, "The dose of one day; null where it is not given on each day."]
    products: Annotated[
        HandedUnits,
        "The units for one day, or for one dose; none of a course without its days.",
    ]
    total_products: Annotated[HandedUnits, "The units for all days."]
    waste: Annotated[Decimal, "Waste of opened vials over all days."]
    nearest: Annotated[
        Nearest,
        "The amounts next to one dose that whole units make; none above what the patient may have.",
    ]
    label: Annotated[
        str, "Where the units come from: a product of the table, or the stock that was named."
    ]
    sources: Sources
    packs: Annotated[Packs | None, "Packs that hold it all; null without --pack."]
    local: Local
    per: Annotated[Per, "What one giving is for: a dose, a day or a week of an order, a course."]
    products_by_days: Annotated[
        tuple[Annotated[CourseDays, "One number of days."], ...] | None,
        "Of a course without its days: what each day takes, by the number of days.",
    ] = None
    times_daily: Annotated[int | None, "Of an order by the day: in how many equal doses."] = None
    total: Annotated[Decimal | None, "Of an order: what its days take in all."] = None
    units: Annotated[Decimal | None, "Of an order: how many units its days take in all."] = None
    instructions: Annotated[
        str | None, "Of an order of tablets or capsules: words for a label."
    ] = None
    largest: Annotated[
        Decimal | None,
        "The most that the table gives this patient at a time; null where it has no amount.",
    ] = None
    largest_regimen: Annotated[str | None, "The posology that gives it."] = None


class DispenseDocument:
    """The document of ``dispense``, which is its one row but for the patient."""

    row: DispenseRow
    patient: Annotated[Patient, "Whom it is for, as far as entered."]
    circumstances: Circumstances
    rules: Annotated[
        tuple[AppliedRule, ...],
        "The rules that apply to this patient; the strictest is used.",
    ]


class DispenseDaysHead(NamedTuple):
    """What the document of ``dispense`` over several numbers of days says of all its rows."""

    drug: DrugKey
    amount: Annotated[Decimal, "The amount that was entered."]
    unit: Annotated[Mass, "Its unit."]
    atc: Atc
    rxnorm: RxNorm
