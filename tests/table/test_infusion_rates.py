"""Rates and lengths of an infusion: how they are written, and the quotes that they stand in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.quantities.amount import Amount, Rate
from dmcalc.quantities.flow import InfusionRate
from dmcalc.quantities.time import Duration, read_time
from dmcalc.sources import quotes
from tests.table.editing import assert_reported, fault

LADDER = "First 30 min 1 (60) 0.01 Next 30 min 2 (120) 0.02 Next 30 min 4 (240) 0.04"


@pytest.mark.parametrize("text", ["0.01 mL/kg/min", "0.04 mL/kg/min", "50 mg/h", "400 mg/h"])
def test_rate_is_read_and_written_back(text):
    rate = InfusionRate.parse(text)
    assert str(rate) == text
    assert rate.value == Decimal(text.split()[0])


@pytest.mark.parametrize(
    "text",
    [
        *("0.01 ml/kg/min", "0.01mL/kg/min", "0.01 mL/kg/h", "0.01 mL/min", "0.01 mL/h", "0.01 mL"),
        *("50 mg/hr", "50 mg/hour", "50 mg/min", "50 g/h", "50 mg", "50 mg/day", "1 mg/kg/min"),
        *("0 mg/h", "-1 mg/h", "50-100 mg/h", ".01 mL/kg/min", "0,01 mL/kg/min", "1e-2 mL/kg/min"),
        *("", "50", "mg/h", " 50 mg/h", "50 mg/h "),
    ],
)
def test_other_ways_to_write_a_rate_are_refused(text):
    with pytest.raises(ValueError, match=r"written like|above 0"):
        InfusionRate.parse(text)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("30 minutes", 30), ("1 minute", 1), ("8 hours", 480), ("1 hour", 60)],
)
def test_length_is_read_and_written_back(text, minutes):
    length = Duration.parse(text)
    assert (str(length), length.minutes) == (text, minutes)


@pytest.mark.parametrize(
    "text", ["30 min", "30minutes", "0 minutes", "1.5 hours", "8 h", "30-60 minutes", "2 days", "8"]
)
def test_other_ways_to_write_a_length_are_refused(text):
    with pytest.raises(ValueError, match="written like"):
        Duration.parse(text)


@pytest.mark.parametrize(
    ("text", "minutes"), [("00:00", 0), ("09:00", 540), ("9:05", 545), ("23:59", 1439)]
)
def test_time_of_day(text, minutes):
    assert read_time(text) == minutes


@pytest.mark.parametrize(
    "text", ["24:00", "9:5", "09:60", "9", "0900", "9am", "09:00:00", "-1:00", "", "٠٩:٠٠", "nine"]
)
def test_what_is_no_time_of_day(text):
    with pytest.raises(ValueError, match="time of day"):
        read_time(text)


def value(text):
    if text.endswith(("minutes", "hours")):
        return Duration.parse(text)
    if text.startswith("rate "):
        return Rate.parse(text.removeprefix("rate "))
    if text.startswith("amount "):
        return Amount.parse(text.removeprefix("amount "))
    return InfusionRate.parse(text)


@pytest.mark.parametrize(
    ("figure", "quote"),
    [
        ("0.01 mL/kg/min", "1.0 mg/kg/min(0.01 mL/kg/min)"),
        ("0.04 mL/kg/min", "do not exceed an infusion rate of 0.04 ml/kg/min"),
        ("0.04 mL/kg/min", "Up to 0.04mL/kg/minute"),
        ("0.04 mL/kg/min", "0.04 mL per kg per minute"),
        ("0.04 mL/kg/min", "0.04 millilitres / kg / min"),
        ("0.03 mL/kg/min", "not to exceed 3.3 mg/kg/min (0.03 mL/kg/min)"),
        ("0.02 mL/kg/min", LADDER),
        ("0.04 mL/kg/min", LADDER),
        ("50 mg/h", "by 50 mg/hr increments every 30 minutes"),
        ("50 mg/h", "by 50 mg/hour"),
        ("50 mg/h", "by 50mg/h"),
        ("50 mg/h", "by 50 mg per hour"),
        ("400 mg/h", "to a maximum of 400 mg/hr"),
        ("30 minutes", "maintained for 30 minutes, and"),
        ("30 minutes", "increments at 30-minute intervals"),
        ("30 minutes", "First 30 min 1 (60) 0.01"),
        ("8 hours", "infused within 8 hours after pooling"),
        ("8 hours", "within 8 h"),
        ("8 hours", "within 8 hrs"),
        ("8 hours", "within eight hours"),
    ],
)
def test_stands(figure, quote):
    assert quotes.in_quote(value(figure), quote)


@pytest.mark.parametrize(
    ("figure", "quote"),
    [
        # another unit, or another time
        ("0.04 mL/kg/min", "0.04 mL/kg/h"),
        ("0.04 mL/kg/min", "0.04 mL/min"),
        ("0.04 mL/kg/min", "0.04 mg/kg/min"),
        ("0.04 mL/kg/min", "2.4 mL/kg/h"),
        ("50 mg/h", "50 mg/min"),
        ("50 mg/h", "50 mg"),
        ("50 mg/h", "50 mg/kg/h"),
        ("50 mg/h", "50 mg every 30 minutes"),
        ("50 mg/h", "50 mL/h"),
        ("50 mg/h", "50 g/h"),
        ("30 minutes", "30 hours"),
        ("30 minutes", "30 days"),
        ("30 minutes", "30 mg"),
        ("8 hours", "8 minutes"),
        ("8 hours", "480 minutes"),
        # another number
        ("0.04 mL/kg/min", "0.4 mL/kg/min"),
        ("0.04 mL/kg/min", "0.040.4 mL/kg/min"),
        ("0.04 mL/kg/min", "0.01-0.04 mL/kg/min"),
        ("0.01 mL/kg/min", "0.01-0.04 mL/kg/min"),
        ("0.04 mL/kg/min", "<0.04 mL/kg/min"),
        ("50 mg/h", "150 mg/h"),
        ("50 mg/h", "50-100 mg/h"),
        ("8 hours", "18 hours"),
        ("8 hours", "8-12 hours"),
        # a row that does not prove its columns: 60 x 2 is not 130
        ("0.02 mL/kg/min", "30 min 2 (130) 0.02"),
        ("0.02 mL/kg/min", "2 (120) 0.02"),
        ("0.08 mL/kg/min", LADDER),
        ("1 mL/kg/min" , LADDER),
        # a rate is not a dose or an amount
        ("amount 50 mg", "by 50 mg/hr increments"),
        ("rate 3.3 mg/kg/dose", "3.3 mg/kg/min"),
        ("rate 3.3 mg/kg/day", "3.3 mg/kg/min for a day, daily"),
        ("rate 50 mg/dose", "50 mg/h"),
    ],
)  # fmt: skip
def test_does_not_stand(figure, quote):
    assert not quotes.in_quote(value(figure), quote)


IVIG = "drugs.ivig.infusion"
THEN = "then: [0.02 mL/kg/min, 0.04 mL/kg/min]"
FAULTS = {
    "rate without a quote": fault(
        THEN, "then: [0.025 mL/kg/min, 0.04 mL/kg/min]", f"{IVIG}.ramps.0.then.0", "is not in"
    ),
    "a step for immune thrombocytopenia": fault(
        THEN,
        "then: [0.02 mL/kg/min, 0.04 mL/kg/min, 0.08 mL/kg/min]",
        f"{IVIG}.ramps.0.max",
        "0.08 mL/kg/min is above the maximum, 0.04 mL/kg/min",
        at="max: 0.04 mL/kg/min",
        alone=False,  # it stands in no quote either
    ),
    "rates that do not rise": fault(
        THEN,
        "then: [0.04 mL/kg/min, 0.02 mL/kg/min]",
        f"{IVIG}.ramps.0.then",
        "do not rise",
    ),
    "last step below the maximum": fault(
        THEN,
        "then: [0.02 mL/kg/min]",
        f"{IVIG}.ramps.0.max",
        "the last step does not run at the maximum",
        at="max: 0.04 mL/kg/min",
    ),
    "at risk and faster": fault(
        "max_at_risk: 0.03 mL/kg/min",
        "max_at_risk: 0.3 mL/kg/min",
        f"{IVIG}.ramps.0.max_at_risk",
        "is not from 0.01 mL/kg/min to 0.04 mL/kg/min",
        alone=False,
    ),
    "regimen that is none": fault(
        "regimen: induction\n      product", "regimen: target\n      product", f"{IVIG}.regimen",
        "'target' is not a base regimen",
    ),
    "regimen with a range": fault(
        "regimen: induction\n      product", "regimen: maintenance\n      product",
        f"{IVIG}.regimen", "one amount, not a range",
    ),
    "product that is none": fault(
        "product: octagam-10", "product: octagam-5", f"{IVIG}.product", "concentration"
    ),
    "within without a quote": fault(
        "within: 8 hours", "within: 9 hours", f"{IVIG}.within", "is not in the quote"
    ),
    "a figure of a note": fault(
        "practicable: 0.03 mL/kg/min is", "practicable: 0.035 mL/kg/min is",
        f"{IVIG}.notes.1.text", "is in none of its quotes",
        at="text: >-", below="code: at-risk\n",
    ),
    "later without first": fault(
        "- when: first", "- when: any", "drugs.rituximab.infusion.ramps", "one for the first",
        at="ramps:", below="\n  rituximab:",
    ),
    "a rate of another unit": fault(
        "by: 100 mg/h", "by: 100 mL/kg/min", "drugs.rituximab.infusion.ramps.1", "is not in mg/h",
        at="- when: later", alone=False,
    ),
    "neither by nor then": fault(
        "          by: 100 mg/h\n", "", "drugs.rituximab.infusion.ramps.1", "give either",
        at="- when: later",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_reported(tmp_path, name):
    assert_reported(tmp_path, FAULTS[name])
