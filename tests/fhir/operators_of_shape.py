"""Further ways to spoil an order: its bounds, numbers, state and shape (see ``operators``)."""

from __future__ import annotations

from .operators import UCUM, any_of, dated, dosages, named, quantities, repeat


def without_bounds(order, chance):
    numbers = range(len(dosages(order)) - 1)
    numbers = [n for n in numbers if repeat(order, n).keys() & {"boundsPeriod", "boundsDuration"}]
    number = any_of(numbers, chance)
    if number is None:
        return False
    repeat(order, number).pop("boundsPeriod", None)
    repeat(order, number).pop("boundsDuration", None)
    return True


def period_reversed(order, chance):
    number = any_of(dated(order, "end"), chance)
    if number is None:
        return False
    period = repeat(order, number)["boundsPeriod"]
    if period["start"] == period["end"]:
        return False
    period["start"], period["end"] = period["end"], period["start"]
    return True


def validity_reversed(order, chance):
    request = order.setdefault("dispenseRequest", {})
    request["validityPeriod"] = {
        "start": "2027-03-01",
        "end": f"2027-02-{chance.randint(1, 28):02}",
    }
    return True


def two_bounds(order, chance):
    number = any_of(dated(order), chance)
    if number is None:
        return False
    length = {"value": chance.randint(1, 40), "unit": "days", "system": UCUM, "code": "d"}
    repeat(order, number)["boundsDuration"] = length
    return True


def sequence_repeated(order, chance):
    numbers = [d["sequence"] for d in dosages(order)]
    number = any_of([n for n in range(1, len(numbers)) if numbers[n] != numbers[n - 1]], chance)
    if number is None:
        return False
    dosages(order)[number]["sequence"] = numbers[number - 1]
    return True


def sequence_missing(order, chance):
    if len(dosages(order)) < 2:
        return False
    del chance.choice(dosages(order))["sequence"]
    return True


def swap_shows(order, number):
    """Tell whether a step and the one before it, once swapped, contradict dates or the fall."""
    before, after = dosages(order)[number - 1 : number + 1]
    is_dated = {number - 1, number} <= set(dated(order))
    falls = quantities(before)[-1]["value"] > quantities(after)[-1]["value"]
    return before["sequence"] != after["sequence"] and (is_dated or falls)


def sequence_swapped(order, chance):
    # without dates steps that rise are a schedule in either order: nothing contradicts it
    numbers = range(1, len(dosages(order)))
    number = any_of([n for n in numbers if swap_shows(order, n)], chance)
    if number is None:
        return False
    before, after = dosages(order)[number - 1 : number + 1]
    before["sequence"], after["sequence"] = after["sequence"], before["sequence"]
    return True


def sequence_skips(order, chance):
    if len(dosages(order)) < 2:
        return False
    dosages(order)[-1]["sequence"] += chance.randint(1, 5)
    return dosages(order)[-1]["sequence"] != dosages(order)[-2]["sequence"] + 1


def as_needed(order, chance):
    r5 = "medication" in order
    chance.choice(dosages(order))["asNeeded" if r5 else "asNeededBoolean"] = True
    return True


def alternating(order):
    return [n for n in range(len(dosages(order))) if repeat(order, n).get("period") == 2]


def alternate_days_daily(order, chance):
    number = any_of(alternating(order), chance)
    if number is None:
        return False
    repeat(order, number)["period"] = 1
    return True


def alternate_days_the_same(order, chance):
    numbers = alternating(order)
    if len(numbers) < 2:
        return False
    first, second = numbers[:2]
    repeat(order, second)["boundsPeriod"] = dict(repeat(order, first)["boundsPeriod"])
    return True


def duration_for_a_course(order, chance):
    number = chance.randrange(len(dosages(order)))
    repeat(order, number).update({"duration": chance.randint(1, 8), "durationUnit": "wk"})
    return True


def do_not_perform(order, chance):
    order["doNotPerform"] = True
    return True


def modifier(order, chance):
    place = chance.choice((order, chance.choice(dosages(order))))
    place["modifierExtension"] = [{"url": "http://example.org/negated", "valueBoolean": True}]
    return True


def not_active(order, chance):
    order["status"] = chance.choice(("entered-in-error", "cancelled", "stopped"))
    return True


def another_drug(order, chance):
    coding = next(iter(named(order).get("coding", ())), None)
    if coding is None:
        return False
    coding["code"] = chance.choice(
        [c for c in ("H02AB04", "L04AX03", "J06BA02") if c != coding["code"]]
    )
    return True


def unknown_field(order, chance):
    chance.choice((order, chance.choice(dosages(order)), repeat(order, 0)))["dosis"] = 1
    return True


def missing(order, chance):
    del order[chance.choice(("subject", "status", "intent"))]
    return True


def unknown_code(order, chance):
    if chance.random() < 0.5:
        order["status"] = "wibble"
    else:
        repeat(order, 0)["periodUnit"] = "day"
    return True


def wrong_type(order, chance):
    quantity = chance.choice(quantities(chance.choice(dosages(order))))
    quantity["value"] = str(quantity["value"])
    return True


def no_period_unit(order, chance):
    del repeat(order, chance.randrange(len(dosages(order))))["periodUnit"]
    return True


def negative_period(order, chance):
    repeat(order, chance.randrange(len(dosages(order))))["period"] = -1
    return True


def no_dose(order, chance):
    del chance.choice(dosages(order))["doseAndRate"]
    return True


def range_reversed(order, chance):
    dosage = chance.choice(dosages(order))
    (entry,) = dosage["doseAndRate"]
    low, high = quantities(dosage)[0], quantities(dosage)[-1]
    entry.pop("doseQuantity", None)
    entry["doseRange"] = {"low": {**high, "value": high["value"] + 1}, "high": low}
    return True


def dose_twice(order, chance):
    (entry,) = chance.choice(dosages(order))["doseAndRate"]
    if "doseQuantity" not in entry:
        return False
    entry["doseRange"] = {"low": entry["doseQuantity"], "high": entry["doseQuantity"]}
    return True


def maximum_below(order, chance):
    dosage = chance.choice(dosages(order))
    quantity = quantities(dosage)[-1]
    day = {"value": 1, "unit": "day", "system": UCUM, "code": "d"}
    most = {"numerator": {**quantity, "value": quantity["value"] / 2}, "denominator": day}
    dosage["maxDosePerPeriod"] = [most] if "medication" in order else most
    return True


def repeats(order, chance):
    order.setdefault("dispenseRequest", {})["numberOfRepeatsAllowed"] = chance.randint(1, 11)
    numbers = range(len(dosages(order)))
    return all(
        "boundsDuration" in repeat(order, n) or "end" in repeat(order, n).get("boundsPeriod", {})
        for n in numbers
    )
