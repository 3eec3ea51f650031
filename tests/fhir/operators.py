"""One way to spoil an order for each fault that must be found in it.

An operator takes an order as it was exported and a source of chance. It changes the order and
returns True, or False where the order has not what it would spoil. ``planted.FAULTS`` has them with
the codes of which one must then be found that was not there before.
"""

from __future__ import annotations

import datetime
import re

DAY = datetime.timedelta(days=1)
UCUM = "http://unitsofmeasure.org"
STEPS = (
    *("step-gap", "step-overlap", "bounds-reversed", "text-days", "supply-days", "sequence-order"),
    *("quantity-short", "quantity-over", "alternate-days"),
)
DOSES = (
    *("text-dose", "quantity-short", "quantity-over", "over-cap", "not-dispensable", "max-dose"),
    *("unit-invalid", "unit-differs", "dose-rises", "range-reversed"),
)


def dosages(order):
    return order["dosageInstruction"]


def repeat(order, number):
    return dosages(order)[number]["timing"]["repeat"]


def moved(text, days):
    return str(datetime.date.fromisoformat(text) + days * DAY)


def dated(order, end="start"):
    """List the numbers of the dosages whose period has such an end."""
    return [
        number for number in range(len(dosages(order)))
        if end in repeat(order, number).get("boundsPeriod", {})
    ]  # fmt: skip


def quantities(dosage):
    (entry,) = dosage["doseAndRate"]
    if "doseQuantity" in entry:
        return [entry["doseQuantity"]]
    return [entry["doseRange"]["low"], entry["doseRange"]["high"]]


def any_of(numbers, chance):
    return chance.choice(numbers) if numbers else None


def gap(order, chance):
    # one of several orders pauses where the others make the dose: only a length tells of a gap
    ended = dated(order, "end") if "groupIdentifier" in order else dated(order)
    number = any_of([n for n in ended if n in dated(order)[1:]], chance)
    if number is None:
        return False
    period = repeat(order, number)["boundsPeriod"]
    period["start"] = moved(period["start"], chance.randint(1, 6))
    return True


def ends_early(order, chance):
    number = any_of(dated(order, "end"), chance)
    if number is None:
        return False
    period = repeat(order, number)["boundsPeriod"]
    period["end"] = moved(period["end"], -chance.randint(1, 6))
    return True


def end_is_exclusive(order, chance):
    numbers = dated(order, "end")
    for number in numbers:
        period = repeat(order, number)["boundsPeriod"]
        period["end"] = moved(period["end"], 1)
    return bool(numbers)


def longer(order, chance):
    numbers = [n for n in range(len(dosages(order))) if "boundsDuration" in repeat(order, n)]
    number = any_of(numbers, chance)
    if number is None:
        return False
    repeat(order, number)["boundsDuration"]["value"] += chance.choice((1, 7, 28))
    return True


def text_changed(order, chance, pattern, change):
    numbers = [n for n, d in enumerate(dosages(order)) if re.search(pattern, d["text"])]
    number = any_of(numbers, chance)
    if number is None:
        return False
    dosage = dosages(order)[number]
    dosage["text"] = re.sub(pattern, change, dosage["text"], count=1)
    return True


def text_of_another_dose(order, chance):
    # a range counts by both its ends; the unit stays
    return text_changed(
        order, chance, r"^([0-9,.]+)(?= )",
        lambda found: f"{float(found[1].replace(',', '')) * chance.choice((0.5, 3)):g}",
    )  # fmt: skip


def text_of_another_frequency(order, chance):
    return text_changed(
        order, chance, r"twice daily|daily|once a week on \w+|every other day",
        lambda found: "twice daily" if found[0] == "daily" else "daily",
    )  # fmt: skip


def text_of_another_length(order, chance):
    return text_changed(
        order, chance, r"for ([0-9]+) days?",
        lambda found: f"for {int(found[1]) + chance.choice((1, 7))} days",
    )  # fmt: skip


def text_of_another_start(order, chance):
    number = any_of(dated(order), chance)
    if number is None:
        return False
    dosage = dosages(order)[number]
    start = moved(repeat(order, number)["boundsPeriod"]["start"], chance.randint(1, 30))
    plain = re.sub(r", from .*", "", dosage["text"])
    dosage["text"] = f"{plain}, starting on {start}"
    return True


def another_dose(order, chance):
    dosage = chance.choice(dosages(order))
    for quantity in quantities(dosage):
        quantity["value"] = quantity["value"] * chance.choice((2, 3, 5))
    return True


def another_frequency(order, chance):
    timing = repeat(order, chance.randrange(len(dosages(order))))
    timing["frequency"] = chance.choice([n for n in (2, 3, 4) if n != timing["frequency"]])
    return True


def another_quantity(order, chance):
    request = order.get("dispenseRequest", {})
    if "quantity" not in request:
        return False
    count = request["quantity"]["value"]
    changes = [change for change in (-30, -10, -1, 1, 10, 30) if count + change > 0]
    request["quantity"]["value"] = count + chance.choice(changes)
    return True


def another_supply(order, chance):
    request = order.get("dispenseRequest", {})
    if "expectedSupplyDuration" not in request:
        return False
    request["expectedSupplyDuration"]["value"] += chance.choice((-7, -1, 1, 7))
    return True


def unit_and_code_differ(order, chance):
    quantity = chance.choice(quantities(chance.choice(dosages(order))))
    if quantity.get("system") != UCUM:
        return False
    quantity["unit"] = "g" if quantity["code"] != "g" else "mg"
    return True


def thousandfold(order, chance):
    quantity = chance.choice(quantities(chance.choice(dosages(order))))
    if quantity.get("code") != "mg":
        return False
    quantity["unit"] = quantity["code"] = "g"
    return True


def misspelt_unit(order, chance):
    quantity = chance.choice(quantities(chance.choice(dosages(order))))
    if quantity.get("system") != UCUM:
        return False
    quantity["code"] = chance.choice(("milligrams", "mcg", "gram", "tab", "µg", "IU", "cc"))
    return True


def weekly(order):
    return [n for n in range(len(dosages(order))) if repeat(order, n).get("periodUnit") == "wk"]


def weekly_drug_daily(order, chance):
    number = any_of(weekly(order), chance)
    if number is None:
        return False
    repeat(order, number)["periodUnit"] = "d"
    repeat(order, number).pop("dayOfWeek", None)
    return True


def without_weekday(order, chance):
    number = any_of(weekly(order), chance)
    return number is not None and bool(repeat(order, number).pop("dayOfWeek", None))


def another_weekday(order, chance):
    number = any_of(weekly(order), chance)
    if number is None:
        return False
    repeat(order, number)["dayOfWeek"] = [chance.choice(("tue", "wed", "thu", "fri", "sat", "sun"))]
    return True


def course_daily(order, chance):
    if "J06BA02" not in str(order):
        return False
    number = chance.randrange(len(dosages(order)))
    for bounds in ("boundsPeriod", "boundsDuration"):
        repeat(order, number).pop(bounds, None)
    return True


def over_the_cap(order, chance):
    if "H02AB07" not in str(order):
        return False
    dosage = chance.choice(dosages(order))
    for quantity in quantities(dosage):
        quantity["value"] = 500
    dosage["text"] = re.sub(r"^[0-9,.]+(?: to [0-9,.]+)? \w+", "500 mg", dosage["text"])
    quantities(dosage)[0].update({"unit": "mg", "code": "mg", "system": UCUM})
    return True


def named(order):
    return order.get("medicationCodeableConcept") or order["medication"]["concept"]


def no_such_strength(order, chance):
    found = re.search(r"([0-9.]+) mg tablets", named(order)["text"])
    if found is None:
        return False
    named(order)["text"] = named(order)["text"].replace(f"{found[1]} mg", f"{found[1]}7 mg")
    return True


def part_of_a_tablet(order, chance):
    dosage = chance.choice(dosages(order))
    (quantity, *_) = quantities(dosage)
    if quantity["unit"] != "tablet":
        return False
    quantity["value"] += chance.choice((0.25, 0.75))
    dosage.pop("text")
    return True


def another_route(order, chance):
    dosage = chance.choice(dosages(order))
    (coding,) = dosage["route"]["coding"]
    routes = {"26643006": "Oral route", "47625008": "Intravenous route"}
    routes.pop(coding["code"], None)
    coding["code"], coding["display"] = chance.choice(list(routes.items()))
    return True


def another_time_of_day(order, chance):
    number = any_of([n for n in range(len(dosages(order))) if once(order, n)], chance)
    if number is None:
        return False
    dosages(order)[number]["text"] += " in the morning"
    repeat(order, number)["timeOfDay"] = [f"{chance.randint(12, 23)}:00:00"]
    return True


def once(order, number):
    return repeat(order, number).get("frequency") == 1


def code_of_another_frequency(order, chance):
    number = any_of([n for n in range(len(dosages(order))) if once(order, n)], chance)
    if number is None:
        return False
    words = chance.choice(("BID", "TID", "twice a week", "every 8 hours"))
    dosages(order)[number]["timing"]["code"] = {"text": words}
    return True


def another_rate(order, chance):
    number = chance.randrange(len(dosages(order)))
    (entry,) = dosages(order)[number]["doseAndRate"]
    dose = entry.get("doseQuantity", {})
    if dose.get("code") not in ("mg", "g"):
        return False
    rate = {"value": dose["value"] * chance.choice((0.1, 2)), "system": UCUM}
    entry["rateQuantity"] = {**rate, "code": f"{dose['code']}/h"}
    repeat(order, number).update(duration=2, durationUnit="h")
    return True
