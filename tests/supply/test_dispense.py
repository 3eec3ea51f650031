"""What leaves the counter, worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.dispensing.stock import StockOptions
from dmcalc.errors import PatientError, RefusedError, UsageError
from dmcalc.formats.rows import bare
from dmcalc.patient.inputs import PatientInput
from dmcalc.patient.reader import PatientRequest
from dmcalc.quantities.amount import Amount
from dmcalc.supply.dispense import compute_dispensing
from dmcalc.supply.request import DispenseInput
from dmcalc.table import load

LOADED = load()
FIVES = StockOptions(stock=(Amount(Decimal(5), "mg"),), halves=True)
TWENTIES = StockOptions(stock=(Amount(Decimal(20), "mg"), Amount(Decimal(5), "mg")))


def handed(drug, amount, stocked=None, patient=PatientInput(), **options):  # noqa: B008
    request = PatientRequest(LOADED, patient)
    return compute_dispensing(request, drug, amount, DispenseInput(**options), stocked).rows[0]


@pytest.mark.parametrize(
    ("drug", "amount", "stocked", "products"),
    [
        ("prednisone", "70mg", StockOptions(), "1 x 50 mg; 1 x 20 mg"),
        ("prednisone", "7.5mg", FIVES, "1.5 x 5 mg"),
        ("prednisone", "70mg", TWENTIES,
         "3 x 20 mg; 2 x 5 mg"),
        ("azathioprine", "125mg", StockOptions("UK"), "2 x 50 mg; 1 x 25 mg"),
        ("methotrexate", "15mg", StockOptions(), "6 x 2.5 mg"),
        ("mycophenolate", "3g", StockOptions(), "6 x 500 mg"),
        ("tacrolimus", "7mg", StockOptions("EU"), "1 x 5 mg; 2 x 1 mg"),
        ("rituximab", "1g", StockOptions("EU"), "2 x 500 mg"),
        ("methylprednisolone", "1g", StockOptions("UK"), "1 x 1 g"),
    ],
)  # fmt: skip
def test_made_exactly(drug, amount, stocked, products):
    result = handed(drug, amount, stocked)
    assert bare(result.products) == products
    assert (result.deviation, result.waste) == (0, 0)


def test_vials_cover_a_dose_and_the_rest_is_waste():
    result = handed("cyclophosphamide", "1050mg")
    assert bare(result.products) == "1 x 1 g; 1 x 500 mg"
    assert (result.dispensed, result.waste) == (1050, 450)
    result = handed("cyclophosphamide", "200mg")
    assert (result.dispensed, result.waste) == (200, 300)


@pytest.mark.parametrize(
    ("days", "daily", "total", "deviation", "percent"),
    [(2, 70, 140, "2.8", "2.04"), (5, 25, 125, "-12.2", "-8.89"), (4, 35, 140, "2.8", "2.04")],
)
def test_a_course_in_equal_days_rounded_to_5_g(days, daily, total, deviation, percent):
    result = handed("ivig", "137.2g", days=str(days), round_to="5g")
    assert (result.daily, result.dispensed) == (daily, total)
    assert (result.deviation, result.deviation_percent) == (Decimal(deviation), Decimal(percent))


@pytest.mark.parametrize(
    ("direction", "dose"), [("down", 65), ("up", 70), ("nearest", 70)]
)  # 68.6 g
def test_the_direction_of_rounding(direction, dose):
    result = handed("ivig", "137.2g", days="2", round_to="5g", direction=direction)
    assert result.daily == dose


def test_ties_go_half_up():
    assert handed("ivig", "135g", days="2", round_to="5g").daily == 70


@pytest.mark.parametrize(
    ("direction", "dose"), [("down", "62"), ("up", "62.5"), ("nearest", "62.5")]
)
def test_a_dose_that_cannot_be_made_is_rounded_if_asked(direction, dose):
    assert handed("prednisone", "62.3mg", direction=direction).dispensed == Decimal(dose)


def test_no_combination_is_refused_with_the_nearest():
    with pytest.raises(RefusedError, match=r"make 62.3 mg") as refused:
        handed("prednisone", "62.3mg")
    assert "62 mg below, 62.5 mg above" in refused.value.hint


def test_days_add_up():
    result = handed("ivig", "140g", days="5")
    assert bare(result.products) == "1 x 20 g; 4 x 2 g"
    assert bare(result.total_products) == "5 x 20 g; 20 x 2 g"


@pytest.mark.parametrize(
    ("error", "drug", "amount", "more"),
    [
        (PatientError, "prednisone", "20mg", {"stocked": StockOptions("UK")}),  # no product
        (UsageError, "methotrexate", "11.25mg", {"stocked": StockOptions(halves=True)}),
        (UsageError, "mycophenolate", "750mg", {"stocked": StockOptions(halves=True)}),
        (RefusedError, "methotrexate", "15mg", {"days": "2"}),  # never on consecutive days
        (UsageError, "ivig", "140g", {"days": "0"}),
        (RefusedError, "ivig", "1g", {"days": "5", "round_to": "5g"}),
    ],
)
def test_refused(error, drug, amount, more):
    with pytest.raises(error):
        handed(drug, amount, **more)
