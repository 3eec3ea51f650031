"""One way to spoil an order for each fault that must be found in it.

An operator takes an order as it was exported and a source of chance. It changes the order and
returns True, or False where the order has not what it would spoil. ``FAULTS`` names them with the
codes of which one must then be found that was not there before.
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
    number = any_of(dated(order)[1:], chance)
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
        order, chance, r"daily|once a week on \w+|every other day",
        lambda found: {"d": "twice daily", "o": "daily", "e": "daily"}[found[0][0]],
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
    repeat(order, chance.randrange(len(dosages(order))))["frequency"] = chance.randint(2, 4)
    return True


def another_quantity(order, chance):
    request = order.get("dispenseRequest", {})
    if "quantity" not in request:
        return False
    request["quantity"]["value"] += chance.choice((-30, -10, -1, 1, 10, 30))
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


def sequence_swapped(order, chance):
    numbers = [d["sequence"] for d in dosages(order)]
    number = any_of([n for n in range(1, len(numbers)) if numbers[n] != numbers[n - 1]], chance)
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


#: Each operator with the codes of which one must be found.
FAULTS = {
    gap: STEPS,
    ends_early: STEPS,
    end_is_exclusive: STEPS,
    longer: STEPS,
    text_of_another_dose: ("text-dose",),
    text_of_another_frequency: ("text-frequency",),
    text_of_another_length: ("text-days",),
    text_of_another_start: ("text-start",),
    another_dose: DOSES,
    another_frequency: ("text-frequency", "weekly-drug", "max-dose"),
    another_quantity: ("quantity-short", "quantity-over"),
    another_supply: ("supply-days",),
    unit_and_code_differ: ("unit-differs",),
    thousandfold: DOSES,
    misspelt_unit: ("unit-invalid",),
    weekly_drug_daily: ("weekly-drug",),
    without_weekday: ("weekday-missing",),
    another_weekday: ("text-frequency",),
    course_daily: ("course-as-daily",),
    over_the_cap: ("over-cap",),
    no_such_strength: ("strength-unknown",),
    part_of_a_tablet: ("not-dispensable",),
    without_bounds: ("bounds-missing", "alternate-days"),
    period_reversed: ("bounds-reversed",),
    validity_reversed: ("bounds-reversed",),
    two_bounds: ("choice-twice",),
    sequence_repeated: ("sequence-repeated", "alternate-days", "sequence-order"),
    sequence_missing: ("sequence-missing",),
    sequence_swapped: ("sequence-order", "dose-rises"),
    sequence_skips: ("sequence-skips",),
    as_needed: ("as-needed",),
    alternate_days_daily: ("alternate-days",),
    alternate_days_the_same: ("alternate-days",),
    duration_for_a_course: ("duration-as-course",),
    do_not_perform: ("do-not-perform",),
    modifier: ("modifier",),
    not_active: ("not-active",),
    another_drug: ("not-valid-order",),
    unknown_field: ("unknown-field",),
    missing: ("missing",),
    unknown_code: ("unknown-code",),
    wrong_type: ("wrong-type",),
    no_period_unit: ("timing-incomplete",),
    negative_period: ("timing-invalid",),
    no_dose: ("dose-missing",),
    range_reversed: ("range-reversed",),
    dose_twice: ("choice-twice",),
    maximum_below: ("max-dose",),
    repeats: ("repeats-on-course",),
}
