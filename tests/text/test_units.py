from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.text.units import count_text, halves_text


@pytest.mark.parametrize(
    ("count", "halves", "tablets"),
    [
        ("0.5", "half", "half a tablet"),
        ("1", "1", "1 tablet"),
        ("1.5", "1 and a half", "1 and a half tablets"),
        ("2", "2", "2 tablets"),
        ("1200.5", "1,200 and a half", "1,200 and a half tablets"),
    ],
)
def test_a_half_is_a_word(count, halves, tablets):
    assert halves_text(Decimal(count)) == halves
    assert count_text(Decimal(count), "tablet") == tablets
