"""Packs, worked out by hand and with fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmcalc.dispensing.packs import PackCount, counts_by_strength, packs_needed
from dmcalc.dispensing.stock import DispensedUnits, StockOptions, stock_of
from dmcalc.errors import UsageError
from dmcalc.table import load

TWENTY = Decimal(20)


def test_half_a_tablet_takes_one_out_of_its_pack():
    half = DispensedUnits(TWENTY, "mg", Decimal("28.5"))
    assert packs_needed((half,), {TWENTY: Decimal(28)}) == (
        PackCount(TWENTY, "mg", 28, 2, Decimal("27.5")),
    )


def test_a_strength_without_a_size_has_no_packs():
    assert (
        packs_needed((DispensedUnits(TWENTY, "mg", Decimal(3)),), {Decimal(5): Decimal(30)}) == ()
    )


def test_a_strength_is_the_same_in_g_and_in_mg():
    one = DispensedUnits(Decimal("0.5"), "g", Decimal(6))
    assert packs_needed((one,), {Decimal(500): Decimal(4)})[0].packs == 2


@pytest.mark.parametrize("halves", [False, True])
def test_a_pack_may_be_one_unit_and_never_none(halves):
    stock = stock_of(load().table, "prednisone", "mg", StockOptions("EU", halves=halves))
    one = DispensedUnits(TWENTY, "mg", Decimal(1))
    assert counts_by_strength("pack", (one,), stock) == {TWENTY: 1}
    with pytest.raises(UsageError, match="20 mg has a count of 0"):
        counts_by_strength("pack", (one._replace(count=Decimal(0)),), stock)
    with pytest.raises(UsageError, match="20 mg is named twice"):
        counts_by_strength("pack", (one, one), stock)
    with pytest.raises(UsageError, match="20 mg is not in stock") as refused:
        counts_by_strength("pack", (one,), None)
    assert refused.value.hint == "Name others with stock."


@given(halves=st.integers(1, 20_000), size=st.integers(1, 1_000))
def test_packs_hold_what_is_handed_out_and_not_a_pack_more(halves, size):
    count = Decimal(halves) / 2
    (found,) = packs_needed((DispensedUnits(TWENTY, "mg", count),), {TWENTY: Decimal(size)})
    assert found.packs == ceil(Fraction(halves, 2) / size)
    assert found.over == found.packs * size - count
    assert 0 <= found.over < size
