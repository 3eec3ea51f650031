"""Height, sex and creatinine of a patient, read strictly and checked for plausibility."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.errors import PatientError
from dmcalc.patient.inputs import SEXES, read_sex
from dmcalc.quantities.arithmetic import EXACT
from dmcalc.quantities.base import DECIMALS, format_plain
from dmcalc.records import Record

if TYPE_CHECKING:
    from dmcalc.patient.inputs import Sex
    from dmcalc.table.model.table import Limits

#: The international inch is 2.54 cm by definition (agreement of 1959), and a foot 12 of them.
CM_PER_INCH = Decimal("2.54")
INCHES_PER_FOOT = 12
#: 1 mg/dL of creatinine in micromol/L: 10 mg/L over its molar mass, 113.12 g/mol, to 3 digits as
#: laboratories convert it.
MICROMOL_PER_MG_DL = Decimal("88.4")

_METRIC = rf"([0-9]{{1,3}}{DECIMALS}) ?(cm|m)?"
_FEET = rf"(?:([0-9]) ?(?:ft|') ?)?(?:([0-9]{{1,3}}{DECIMALS}) ?(?:in|\"))?"
_FEET_AND_BARE = r"([0-9]) ?(?:ft|') ?([0-9]{1,2})"
_CREATININE = rf"([0-9]{{1,4}}{DECIMALS}) ?(mg/dl|(?:u|µ|μ|micro)mol/l)"


class Anthropometry(Record):
    """What formulas take besides weight and age. What is None is not known."""

    height_cm: Decimal | None = None
    sex: Sex | None = None
    #: Serum creatinine in mg/dL, exact.
    creatinine: Fraction | None = None
    #: The height as it was given, where that was not in cm.
    given_height: str | None = None


def read(
    limits: Limits,
    *,
    height: str | None = None,
    sex: str | None = None,
    creatinine: str | None = None,
    child: bool = False,
) -> Anthropometry:
    """Read what is given: ``175cm`` or ``5ft9in``, female or male, ``0.9mg/dL`` or ``80umol/L``.

    Raise PatientError where a value cannot be read or is not plausible.
    """
    cm = None if height is None else _height(height, limits, child=child)
    return Anthropometry(
        cm,
        None if sex is None else _sex(sex),
        None if creatinine is None else _creatinine(creatinine, limits),
        None if height is None or _in_cm(height) else " ".join(height.split()),
    )


def _height(text: str, limits: Limits, *, child: bool) -> Decimal:
    cm = _centimetres(text.strip())
    if cm is None:
        comma = " Write a point for decimals." if "," in text else ""
        raise PatientError(
            f"the height {text!r} cannot be read",
            f"Write cm, m, or feet and inches: 175, 175cm, 1.75m, 5ft9in.{comma}",
        )
    limit = limits.juvenile_height if child else limits.height
    if not limit.low <= cm <= limit.high:
        raise PatientError(
            f"a height of {format_plain(cm)} cm is not plausible for "
            f"{'a child' if child else 'an adult'}",
            f"dmcalc takes {format_plain(limit.low)} to {format_plain(limit.high)} cm. "
            "Check the number and its unit: a bare number is in cm.",
        )
    return cm


def _centimetres(text: str) -> Decimal | None:
    """Return a height in cm, exactly; None for what is not one."""
    metric = re.fullmatch(_METRIC, text, re.ASCII | re.IGNORECASE)
    if metric is not None:
        number = Decimal(metric[1])
        return EXACT.multiply(number, Decimal(100 if (metric[2] or "cm").lower() == "m" else 1))
    flags = re.ASCII | re.IGNORECASE
    feet = re.fullmatch(_FEET, text, flags) or re.fullmatch(_FEET_AND_BARE, text, flags)
    if feet is None or not text:  # feet may be missing, and inches, but not both
        return None
    inches = Decimal(feet[2] or 0)
    if feet[1] and inches >= INCHES_PER_FOOT:
        return None
    whole = EXACT.add(EXACT.multiply(Decimal(feet[1] or 0), Decimal(INCHES_PER_FOOT)), inches)
    return EXACT.multiply(whole, CM_PER_INCH)


def _in_cm(text: str) -> bool:
    metric = re.fullmatch(_METRIC, text.strip(), re.ASCII | re.IGNORECASE)
    return metric is not None and (metric[2] or "cm").lower() == "cm"


def _sex(text: str) -> Sex:
    if (sex := read_sex(text)) is None:
        raise PatientError(f"the sex {text!r} is not known", f"It is {' or '.join(SEXES)}.")
    return sex


def _creatinine(text: str, limits: Limits) -> Fraction:
    match = re.fullmatch(_CREATININE, text.strip(), re.IGNORECASE)
    if match is None or not text.isprintable():
        raise PatientError(
            f"the creatinine {text!r} cannot be read",
            "Write it with its unit: 0.9mg/dL or 80umol/L.",
        )
    number = Fraction(match[1])
    in_mg = match[2].lower().startswith("mg")
    value = number if in_mg else number / Fraction(MICROMOL_PER_MG_DL)
    limit = limits.creatinine
    if not limit.low <= value <= limit.high:
        ends = [EXACT.multiply(end, MICROMOL_PER_MG_DL) for end in (limit.low, limit.high)]
        raise PatientError(
            f"a creatinine of {' '.join(text.split())} is not plausible",
            f"dmcalc takes {format_plain(limit.low)} to {format_plain(limit.high)} mg/dL, which is "
            f"{' to '.join(map(format_plain, ends))} micromol/L. Check the number and its unit.",
        )
    return value
