"""Units, packs and deviations in the words that a page and a label have."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.dispensing.packs import packs_needed
from dmcalc.dispensing.stock import DispensedUnits
from dmcalc.dispensing.wording import (
    counts_text,
    day_text,
    deviation_text,
    instructions_text,
    packs_text,
    units_text,
)


def units(*counts):
    """Return so many units of 50, 20 and 5 mg."""
    strengths = (Decimal(50), Decimal(20), Decimal(5))
    return tuple(
        DispensedUnits(strength, "mg", Decimal(count))
        for strength, count in zip(strengths, counts, strict=False)
        if count
    )


@pytest.mark.parametrize(
    ("counts", "words", "short"),
    [
        ((), "nothing", ""),
        (("1",), "1 tablet of 50 mg", "1 of 50 mg"),
        (("1", "2"), "1 tablet of 50 mg and 2 tablets of 20 mg", "1 of 50 mg, 2 of 20 mg"),
        (
            ("1", "2", "0.5"),
            "1 tablet of 50 mg, 2 tablets of 20 mg and half a tablet of 5 mg",
            "1 of 50 mg, 2 of 20 mg, half of 5 mg",
        ),
    ],
)
def test_units_in_words(counts, words, short):
    assert units_text(units(*counts), "tablet") == words
    assert counts_text(units(*counts)) == short


@pytest.mark.parametrize(
    ("counts", "times", "words"),
    [
        (("3",), 1, "3 tablets of 50 mg"),
        (("4",), 2, "2 tablets of 50 mg in the morning, 2 in the evening"),
        (
            ("4", "2"),
            2,
            "2 tablets of 50 mg and 1 tablet of 20 mg in the morning, the same in the evening",
        ),
        (("3",), 3, "1 tablet of 50 mg 3 times daily"),
    ],
)
def test_the_units_of_a_day_in_equal_doses(counts, times, words):
    assert day_text(units(*counts), "tablet", times) == words


def test_the_order_of_a_label():
    words = instructions_text(units("6"), "tablet", 2, "twice daily")
    assert words == "Take 3 tablets of 50 mg twice daily."


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", None),
        ("0.5", ("0.5 g more", "0.4 per cent")),
        ("-0.5", ("0.5 g less", "0.4 per cent")),
        ("2", ("2 g more", "1.6 per cent")),
    ],
)
def test_a_deviation_in_words(amount, words):
    amount = Decimal(amount)
    assert deviation_text(amount, amount * 4 / 5, "g") == words


def test_packs_in_words():
    needed = units("30", "102", "7")
    sizes = {Decimal(50): Decimal(30), Decimal(20): Decimal(100)}
    packed = packs_needed(needed, sizes)
    assert packs_text(packed, needed, "tablet") == (
        "1 of 30 tablets of 50 mg; 2 of 100 tablets of 20 mg, 98 over; "
        "no size of a pack is given for 5 mg"
    )
    assert packs_text((), (), "tablet") == "none"
    single = packs_needed(units("2"), {Decimal(50): Decimal(1)})
    assert packs_text(single, units("2"), "vial") == "2 of 1 vial of 50 mg"
