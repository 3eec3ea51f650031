"""An order in the words of a label: ``Take 3 tablets of 500 mg twice daily.``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.dispensing.wording import instructions_text
from dmcalc.errors import RefusedError
from dmcalc.quantities.time import DAYS
from dmcalc.text import timing
from dmcalc.text.numbers import plural

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import HandedUnits
    from dmcalc.order.parse import Order
    from dmcalc.table.model.drug import Form


def refuse_other_route(order: Order | None, form: Form, name: str) -> None:
    """Raise RefusedError for an order by another route than that of what is dispensed."""
    if order is None or order.route is None or (order.route == "oral") == (form != "vial"):
        return
    raise RefusedError(
        f"the order is {order.route}, and what is dispensed of {name} are {form}s",
        "Write the order without the route, or name another product with ‹product›.",
    )


def label_text(order: Order, products: HandedUnits, form: Form, times: int) -> str | None:
    """Write an order of tablets or capsules for a label.

    ``products`` are the units of a day, of a week or of one dose, ``times`` the doses that a day is
    divided into. None where the order does not say how often, and of vials.
    """
    often = _often(order, times)
    if form == "vial" or often is None:
        return None
    if order.per != "week":
        return instructions_text(products, form, times, often)
    words = instructions_text(products, form, 1, often)
    return words if order.weekday else f"{words} Day of the week: ____________"


def _often(order: Order, times: int) -> str | None:
    lasts = ""
    if order.days is not None and order.per in ("day", "week"):
        unit = order.per
        count = order.days // DAYS[unit]
        lasts = f" for {count} {plural(count, unit)}"
    at = f", {order.time_of_day}" if order.time_of_day else ""
    if order.per == "week":
        day = f", on {order.weekday.capitalize()}" if order.weekday else ""
        return f"once a week{day}{at}, never daily{lasts and f',{lasts}'}"
    if order.per == "day":
        return f"{timing.times_daily(times).strip()}{at}{lasts}"
    if order.per == "dose" and order.every is not None and order.doses is None:
        every = timing.every(order.every)
        return f"{'every other day' if every == 'every 2 days' else every}{at}"
    return None
