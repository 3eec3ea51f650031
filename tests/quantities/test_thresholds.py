"""Thresholds of the guide: which value meets one, at its edges, and how it is written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from dmcalc.quantities.thresholds import (
    BodyCondition,
    DoseThreshold,
    FractionLeft,
    MeasureBand,
    ResultLimit,
)

D = Decimal


@pytest.mark.parametrize(
    ("text", "value", "low", "high"),
    [
        ("> 15-30 mg", "15", False, False),
        ("> 15-30 mg", "15.1", True, False),
        ("> 15-30 mg", "30", True, False),
        ("> 15-30 mg", "30.1", True, True),
        (">= 1 month", "1", True, True),
        (">= 1 month", "0.9", False, False),
    ],
)
def test_a_dose_or_a_time_meets_each_end_of_a_threshold(text, value, low, high):
    threshold = DoseThreshold.parse(text)
    assert (threshold.met(D(value), "low"), threshold.met(D(value), "high")) == (low, high)
    assert str(threshold) == text


@pytest.mark.parametrize(
    "text", ["> 2-4 weeks", ">= 2.5 mg", "> 1 mg", ">= 1 day", "> 2 days", "> 3 months", "> 1 week"]
)
def test_a_threshold_is_written_as_it_is_read(text):
    assert str(DoseThreshold.parse(text)) == text


@pytest.mark.parametrize("text", ["> 0 mg", "> 30-15 mg", "> 0-5 mg", "< 5 mg"])
def test_a_threshold_that_no_dose_can_meet_is_refused(text):
    with pytest.raises(ValueError, match="is not"):
        DoseThreshold.parse(text)


@pytest.mark.parametrize(
    ("text", "values", "words"),
    [
        ("egfr 30-59", {"29.9": 0, "30": 1, "59.9": 1, "60": 0}, "30 to 59"),
        ("crcl < 30", {"29.9": 1, "30": 0}, "below 30"),
        ("crcl <= 30", {"30": 1, "30.1": 0}, "up to 30"),
        ("age > 70", {"70": 0, "71": 1}, "above 70"),
        ("age >= 71", {"70": 0, "71": 1}, "from 71"),
    ],
)
def test_a_band_has_no_gap_to_the_next(text, values, words):
    band = MeasureBand.parse(text)
    assert {value: int(band.holds(Fraction(value))) for value in values} == values
    assert (str(band), band.words) == (text, words)


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [
        ("egfr 30-59", (30, False), (60, False)),
        ("crcl < 30", None, (30, False)),
        ("crcl <= 30", None, (30, True)),
        ("age > 70", (70, True), None),
        ("age >= 71", (71, False), None),
    ],
)
def test_the_edges_of_a_band(text, lower, upper):
    band = MeasureBand.parse(text)
    assert (band.lower_edge, band.upper_edge) == (lower, upper)


@pytest.mark.parametrize("text", ["egfr 59-30", "egfr 30-30", "egfr 30", "bmi > 30"])
def test_a_band_runs_upwards(text):
    with pytest.raises(ValueError, match=r"is not|does not run upwards"):
        MeasureBand.parse(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("< 3.5 x10^9/L", {"3.5": 0, "3.49": 1}),
        ("> 105 fL", {"105": 0, "105.1": 1}),
        (">= 30% above baseline", {"29.9": 0, "30": 1}),
    ],
)
def test_a_result_crosses_its_limit(text, values):
    limit = ResultLimit.parse(text)
    assert {value: int(limit.crossed(Fraction(value))) for value in values} == values
    assert str(limit) == text


@pytest.mark.parametrize(
    ("text", "value", "met", "words"),
    [
        ("bmi > 30", "30", False, "a body mass index above 30"),
        ("bmi > 30", "30.1", True, "a body mass index above 30"),
        ("height >= 152.4 cm", "152.4", True, "a height from 152.4 cm"),
        ("over ideal > 20%", "20", False, "a weight more than 20 per cent above the ideal one"),
        ("over ideal >= 20%", "20", True, "a weight 20 per cent above the ideal one"),
    ],
)
def test_a_body_meets_a_condition(text, value, met, words):
    condition = BodyCondition.parse(text)
    assert (condition.met(Fraction(value)), condition.words) == (met, words)
    assert str(condition) == text


@pytest.mark.parametrize("text", ["1/4", "1/4-1/3", "1/5-1/2", "3/4"])
def test_a_fraction_is_below_1_and_runs_upwards(text):
    assert str(FractionLeft.parse(text)) == text
    for wrong in ("1/1", "3/2", "1/3-1/4", "1/2-1/1", "1/2-3/2"):
        with pytest.raises(ValueError, match="is not a share below 1 that runs upwards"):
            FractionLeft.parse(wrong)
