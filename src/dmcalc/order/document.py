"""The document of ``check`` for machines, but for its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.order.check_row import (
        AlsoMatched,
        CheckRow,
        Matched,
        Protocol,
        StepNumber,
        Verdict,
    )
    from dmcalc.order.parse import Order
    from dmcalc.patient.clinical_context import Circumstances
    from dmcalc.patient.patient import Patient
    from dmcalc.patient.weight_request import ChosenWeight
    from dmcalc.quantities.amount import Mass, Per, SizeBasis
    from dmcalc.results.field_types import DrugKey, OneOf
    from dmcalc.table.model.drug import Route, Severity


class OrderColumns(NamedTuple):
    """What each line says of the patient, of the order as a whole, and how the command ends."""

    weight_kg: Annotated[Decimal | None, "Body weight in kg."]
    severity: Annotated[Severity | None, "Degree of muscle weakness."]
    order_verdict: Annotated[
        Verdict, "The verdict on the order as a whole, which is that of one of its rows."
    ]
    exit: Annotated[
        int,
        OneOf((0, 4, 5)),
        "What dmcalc check exits with for this order: 0 within, and dispensable as far as known or "
        "an end of the range next to which whole units make a dose inside it; 4 nothing to compare "
        "with, 5 all else.",
    ]


class OrderDocument:
    """An order as it was read."""

    amount: Annotated[Decimal, "The amount."]
    unit: Annotated[Mass, "Its unit."]
    basis: Annotated[
        SizeBasis | None, "What the amount is multiplied by; null where it is the amount itself."
    ]
    per: Annotated[Per, "Time that it is for."]
    times: Annotated[int, "How many times in that time the amount is given."]
    parts: Annotated[int, "In how many doses the amount is divided."]
    days: Annotated[int | None, "For how many days; of a course, over how many."]
    every: Annotated[str | None, "Time from one dose or course to the next."]
    doses: Annotated[int | None, "How many doses in all."]
    route: Annotated[Route | None, "How it is given."]


class CheckDocument:
    """The document of ``check``."""

    patient: Annotated[Patient, "Whom the order is for."]
    circumstances: Circumstances
    drug: DrugKey
    order: Annotated[str, "The order as it was written."]
    read: Annotated[Order, "The order as it was read. What is null is not stated."]
    verdict: Annotated[
        Verdict,
        "The verdict that counts: that of the base posology whose limits the order keeps, or "
        "misses by the least.",
    ]
    rows: Annotated[tuple[CheckRow, ...], "One for each posology that the order was compared with."]
    dosing_weight: ChosenWeight
    matched: Matched
    protocol: Protocol
    step: StepNumber
    also_matched: AlsoMatched
