"""What is to be dispensed, as text, read into what is given at a time, how often and how long."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.errors import RefusedError, UsageError, read
from dmcalc.order.parse import read_order
from dmcalc.order.verdict import amount_in_unit, refuse_unless_weekly
from dmcalc.quantities.amount import read_amount
from dmcalc.quantities.arithmetic import multiply
from dmcalc.quantities.time import DAYS, read_interval

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import Direction
    from dmcalc.order.parse import Order
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Mass, Per
    from dmcalc.table.model.drug import Drug

_DAYS = r"([0-9]{1,3})(?:\.\.([0-9]{1,3}))?"
MOST_DAYS = 366


class DispenseInput(NamedTuple):
    """How an amount is to be dispensed, as it is written; the fields bear Python's keywords."""

    days: str | None = None
    for_: str | None = None
    round_to: str | None = None
    direction: Direction | None = None
    packs: str | None = None
    confirm_amount: bool = False
    #: Whether the words of an order for a label are all that is printed.
    label: bool = False


class Giving(NamedTuple):
    """What is to be given: an ``amount`` a day, a week, a course or at once.

    ``amount`` is in ``unit`` for its ``per``. Of an order ``times`` says how often it says that a
    day's amount is given, and ``givings`` how many days, weeks or doses it has in all.
    """

    amount: Decimal
    unit: Mass
    per: Per
    order: str | None = None
    times: int = 1
    #: For how many days the order is; None where it does not say, and it is dispensed once.
    days: int | None = None
    givings: int = 1
    #: The order as it was read, for the words of a label.
    read_as: Order | None = None


def read_days(text: str) -> tuple[int, int]:
    """Read a number of days, ``2``, or from the fewest to the most, ``2..5``; raise ValueError."""
    match = re.fullmatch(_DAYS, text.strip(), re.ASCII)
    if match is None:
        raise ValueError(f"{text!r} is not a number of days, like 2, or several, like 2..5")
    first = int(match[1])
    last = int(match[2] or first)
    if last < first:
        raise ValueError(f"{text!r} runs downwards: write {last}..{first}")
    return first, last


def read_giving(text: str, options: DispenseInput, drug: Drug, patient: Patient) -> Giving:
    """Read an amount, ``62.5mg``, or an order, ``70 mg daily``; raise UsageError.

    Raise RefusedError for an order of a drug for once a week that says otherwise, and PatientError
    for an order by a size that is not known.
    """
    length = read("for", options.for_, read_interval)
    try:
        amount = read_amount(text)
    except ValueError as error:
        if not re.search("[a-z0-9] +[a-z]", text.strip(), re.IGNORECASE):
            raise UsageError(f"‹amount›: {error}") from None
    else:
        if length is not None:
            raise UsageError(
                "‹for› is for an order, which says how often",
                'Write the order in place of the amount: "70 mg daily".',
            )
        return Giving(amount.value, amount.unit, "week" if drug.once_weekly else "dose")
    order = read_order(text)
    if stop := refuse_unless_weekly(drug, order):
        raise RefusedError(stop)
    days = None if length is None else length.low * DAYS[length.period]
    if order.days is not None and order.per != "course":
        if days not in (None, order.days):
            raise UsageError(
                f"the order is for {order.days} days and ‹for› for {days}", "Leave one of them out."
            )
        days = order.days
    if days is not None and days > MOST_DAYS:
        raise UsageError(f"{days} days are more than {MOST_DAYS}", "Dispense for a shorter time.")
    return _of_order(order, amount_in_unit(order, order.unit, patient), days)


def _of_order(order: Order, amount: Decimal, days: int | None) -> Giving:
    giving = Giving(amount, order.unit, order.per, order.text, days=days, read_as=order)
    if order.per == "course":
        return giving._replace(days=order.days)
    if order.per == "day":
        return giving._replace(
            amount=multiply(amount, Decimal(order.times)),
            times=order.times * order.parts,
            givings=days or 1,
        )
    if order.per == "week":
        if order.times * order.parts > 1:
            raise UsageError("an order is dispensed by the day or once a week", None)
        return giving._replace(givings=-(-(days or 1) // DAYS["week"]))
    if days is not None:
        raise UsageError(
            "‹for› goes with an order by the day or once a week",
            'Write "daily" or "once a week", or leave it out.',
        )
    return giving
