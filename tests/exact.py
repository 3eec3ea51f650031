"""Units, the last digit of a quotient, and dates, for what is computed anew from an answer."""

from __future__ import annotations

import datetime
from fractions import Fraction

#: What one unit is in mg, for the units that an amount and a strength may differ in.
MG = {"mg": Fraction(1), "g": Fraction(1000), "microgram": Fraction(1, 1000)}
#: Half of the last digit of an amount per kilogram, which is rounded to four decimals.
ROUNDED = Fraction(1, 20000)
#: Half of the last digit of a share in per cent, which is rounded to two decimals.
SHARE = Fraction(1, 200)


def as_date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
