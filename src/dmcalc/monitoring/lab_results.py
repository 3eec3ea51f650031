"""Read results of tests as laboratories print them: ``3.1``, ``350/uL``, ``<0.1``, ``128/82``."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from dmcalc.errors import PatientError
from dmcalc.patient import anthropometry
from dmcalc.quantities.base import SQUARE_METRE, format_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dmcalc.guideline.model import Guideline
    from dmcalc.guideline.monitoring import Lab, LabTest
    from dmcalc.quantities.thresholds import ResultUnit
    from dmcalc.table.model.table import Limits

#: The two limits of a blood pressure, which is one result.
PRESSURES: tuple[Lab, Lab] = ("systolic", "diastolic")
#: Those that are facts of the patient, which rules go by.
OF_KIDNEYS: tuple[Literal["egfr", "crcl"], ...] = ("egfr", "crcl")
_RESULT = re.compile(r"([<>]?) ?([0-9]{1,7}(?:\.[0-9]{1,3})?) ?(.*)", re.ASCII)
_PRESSURE = r"([0-9]{1,3})/([0-9]{1,3}) ?(?:mmhg)?"
_THOUSANDS = r"(?:x ?)?10[\^*]3|k|thou"
_MICROLITRE = "[u\N{MICRO SIGN}\N{GREEK SMALL LETTER MU}]l"
#: How each unit is typed, in small letters, and how many of the unit of the test it is.
_TYPED: dict[ResultUnit, dict[str, Fraction]] = {
    "x10^9/L": {
        r"(?:x ?)?10[\^*]9/l|e9/l|g/l|giga/l": Fraction(1),
        rf"(?:{_THOUSANDS})/{_MICROLITRE}|(?:{_THOUSANDS})/mm3": Fraction(1),
        rf"(?:cells)?/{_MICROLITRE}|(?:cells)?/mm3": Fraction(1, 1000),
    },
    "units/L": {r"u/l|iu/l|units/l": Fraction(1)},
    "fL": {"fl": Fraction(1)},
    "g/L": {"g/l": Fraction(1), "g/dl": Fraction(10)},
    "mL/min/1.73 m2": {rf"ml/min(?:/1\.73 ?{SQUARE_METRE})?": Fraction(1)},
    "mL/min": {"ml/min": Fraction(1)},
}
#: Less than any two written figures differ by, and more than any of them is.
_LEAST, _MOST = Fraction(1, 10**9), Fraction(10**9)


class LabResult(NamedTuple):
    """A result in the unit of its test: a number, or that it lies below or above one."""

    value: Fraction
    sign: Literal["<", ">"] | None = None

    def meets(self, condition: Callable[[Fraction], bool], edge: Decimal) -> bool | None:
        """Tell whether a condition holds, which changes at ``edge``; None where both may be."""
        low, high = self._ends()
        if condition(low) != condition(high) or (not condition(low) and low < edge < high):
            return None
        return condition(low)

    def _ends(self) -> tuple[Fraction, Fraction]:
        if self.sign == "<":
            return Fraction(), self.value - _LEAST
        if self.sign == ">":
            return self.value + _LEAST, _MOST
        return self.value, self.value


def accepted_results(guideline: Guideline) -> tuple[str, ...]:
    """Name the results that may be given besides the patient's facts, a blood pressure as one."""
    apart = (*PRESSURES, *OF_KIDNEYS, "creatinine")
    return (*(lab for lab in guideline.lab_tests if lab not in apart), "bp", "baseline_creatinine")


def read_results(
    limits: Limits, tests: Mapping[Lab, LabTest], results: Mapping[str, str | None]
) -> dict[Lab, LabResult]:
    """Read the results that were entered, by lab; raise PatientError for one that is not plausible.

    With its baseline creatinine becomes its rise in per cent of that; without it, it is no result
    here.
    """
    values: dict[Lab, LabResult] = {}
    for lab, test in tests.items():
        text = results.get(lab)
        if text is not None and test.unit in _TYPED:
            values[lab] = _result(lab, test, text)
    if (pressure := results.get("bp")) is not None:
        values.update(_pressure(tests, pressure))
    creatinine, baseline = results.get("creatinine"), results.get("baseline_creatinine")
    if creatinine is not None and baseline is not None:
        values["creatinine"] = LabResult(_rise(limits, creatinine, baseline))
    return values


def _result(lab: Lab, test: LabTest, text: str) -> LabResult:
    match = _RESULT.fullmatch(text.strip())
    per_unit = None if match is None else _per_unit(test.unit, match[3])
    if per_unit is None:
        raise PatientError(
            f"{test.name} of {text!r} cannot be read",
            f"Write a number in {test.unit}: ‹{lab} {test.example}›",
        )
    assert match is not None
    value = Fraction(match[2]) * per_unit
    if not match[3] and (range_ := test.without_unit) and not range_.low <= value <= range_.high:
        raise PatientError(
            f"{test.name} of {match[2]} {test.unit} are not plausible",
            f"Without a unit dmcalc takes {format_plain(range_.low)} to "
            f"{format_plain(range_.high)} {test.unit}. Write the unit: {match[2]}/uL, or "
            f"{match[2]} {test.unit}.",
        )
    _check_plausible(test, value, f"{match[2]} {match[3] or test.unit}")
    return LabResult(value, _SIGNS[match[1]])


_SIGNS: dict[str, Literal["<", ">"] | None] = {"<": "<", ">": ">", "": None}


def _per_unit(unit: ResultUnit, typed: str) -> Fraction | None:
    """Return how many of the unit of a test a unit as typed is; None where it is none of them."""
    if not typed:
        return Fraction(1)
    for pattern, factor in _TYPED[unit].items():
        if re.fullmatch(pattern, typed.strip().lower()):
            return factor
    return None


def _pressure(tests: Mapping[Lab, LabTest], text: str) -> dict[Lab, LabResult]:
    match = re.fullmatch(_PRESSURE, text.strip(), re.ASCII | re.IGNORECASE)
    if match is None:
        raise PatientError(
            f"a blood pressure of {text!r} cannot be read",
            "Write systolic and diastolic in mmHg: ‹bp 128/82›",
        )
    systolic, diastolic = Fraction(match[1]), Fraction(match[2])
    if systolic <= diastolic:
        raise PatientError(
            f"a blood pressure of {text} is not plausible",
            "Write the systolic pressure first: ‹bp 128/82›",
        )
    for lab, number in zip(PRESSURES, (match[1], match[2]), strict=True):
        _check_plausible(tests[lab], Fraction(number), f"{number} {tests[lab].unit}")
    return dict(zip(PRESSURES, (LabResult(systolic), LabResult(diastolic)), strict=True))


def _check_plausible(test: LabTest, value: Fraction, text: str) -> None:
    taken = test.program_limits
    if taken is not None and not taken.low <= value <= taken.high:
        raise PatientError(
            f"{test.name} of {text} are not plausible",
            f"dmcalc takes {format_plain(taken.low)} to {format_plain(taken.high)} {test.unit}. "
            "Check the number and its unit.",
        )


def _rise(limits: Limits, creatinine: str, baseline: str) -> Fraction:
    """Return by how much creatinine rose, in per cent of its baseline, exactly."""
    now, before = (
        anthropometry.read(limits, creatinine=text).creatinine for text in (creatinine, baseline)
    )
    assert now is not None
    assert before is not None
    return (now / before - 1) * 100
