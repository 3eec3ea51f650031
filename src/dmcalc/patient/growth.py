"""Is the weight, height or body surface area of a child plausible for the age?

The bounds are data of the table. They guard against slips of the keyboard (pounds for kilograms,
a decimal point) and judge no child: the user confirms an unusual value, and the answer
says so.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.errors import PatientError
from dmcalc.patient import formulas
from dmcalc.patient.age import Age
from dmcalc.patient.measures import default_formulas
from dmcalc.patient.patient import KG_PER_LB, aged
from dmcalc.quantities.arithmetic import round_half_up
from dmcalc.quantities.base import format_plain
from dmcalc.records import Record
from dmcalc.results.base import ClinicalWarning
from dmcalc.text.numbers import capitalised, format_exact, format_measured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.patient.patient import Patient
    from dmcalc.table.model.growth import Growth, GrowthBand
    from dmcalc.table.model.table import Table

_SURFACE_DIGITS = 3


class Unusual(Record):
    """A value outside what an age can have."""

    code: str
    #: The value and the bounds in words: ``a weight of 60 kg``, ``8 to 21 kg``.
    value: str
    bounds: str
    source: str
    #: What it would be if it had been written in another unit, empty where that says nothing.
    perhaps: str = ""


def with_plausible_growth(
    table: Table, patient: Patient, height_cm: Decimal | None, *, confirmed: bool
) -> Patient:
    """Return a child with the warnings of what is unusual for the age, and was confirmed.

    Raise PatientError for what was not.
    """
    if table.growth is None or not patient.child:
        return patient
    assert patient.age_years is not None
    bands = _bands(table.growth, Age(patient.age_years, patient.age_months))
    unusual = tuple(_unusual(table, bands, patient, height_cm))
    whom = aged(patient)
    if unusual and not confirmed:
        one = unusual[0]
        raise PatientError(
            f"{one.value} is unusual for a child aged {whom}: {one.bounds} ({one.source})",
            f"Check the number and its unit.{one.perhaps} If it is right, confirm it with "
            "‹confirm_weight›.",
        )
    warnings = tuple(
        ClinicalWarning(
            one.code,
            None,
            f"{capitalised(one.value)} is unusual for a child aged {whom} "
            f"({one.bounds}) and was confirmed.",
            one.source,
        )
        for one in unusual
        if not (one.code == "unusual-weight" and patient.unusual_weight)  # has a warning already
    )
    return patient._replace(fact_warnings=warnings)


def growth_bounds(
    table: Table, age: Age
) -> tuple[tuple[Decimal, Decimal] | None, tuple[Decimal, Decimal] | None]:
    """Return the weights in kg and the surfaces in m2 that a child of an age has unasked.

    None means bounds that the table does not give.
    """
    bands = _bands(table.growth, age) if table.growth is not None else []
    return (_weights(bands), _surfaces(table, bands)) if bands else (None, None)


def _weights(bands: list[GrowthBand]) -> tuple[Decimal, Decimal]:
    return _widest([(band.weight.low, band.weight.high) for band in bands])


def _heights(bands: list[GrowthBand]) -> tuple[Decimal, Decimal]:
    return _widest([(band.height.low, band.height.high) for band in bands])


def _surfaces(table: Table, bands: list[GrowthBand]) -> tuple[Decimal, Decimal] | None:
    """Return the surfaces of the least and of the largest child."""
    key = default_formulas(table, None).get("bsa_m2")
    if key is None:
        return None
    low, high = (
        round_half_up(
            Fraction(formulas.surface(table.formulas[key], weight, height)), _SURFACE_DIGITS
        )
        for weight, height in zip(_weights(bands), _heights(bands), strict=True)
    )
    return low, high


def _bands(growth: Growth, age: Age) -> list[GrowthBand]:
    first, last = age.range_of_months
    return [band for band in growth.bands if band.from_months <= last and first < band.to_months]


def _unusual(
    table: Table, bands: list[GrowthBand], patient: Patient, cm: Decimal | None
) -> Iterator[Unusual]:
    """Find what is outside the widest bounds of some ages."""
    if not bands:
        return
    kg, heights_of = patient.weight_kg, bands[-1].heights_of
    weights, heights = _weights(bands), _heights(bands)
    if kg is not None and not weights[0] <= kg <= weights[1]:
        perhaps = "" if patient.given_weight else _pounds(kg)
        shown = patient.given_weight or f"{format_plain(kg)} kg"
        yield Unusual(
            "unusual-weight",
            f"a weight of {shown}",
            _range(weights, "kg"),
            bands[-1].weights_of,
            perhaps,
        )
    if cm is not None and not heights[0] <= cm <= heights[1]:
        value = f"a height of {format_plain(cm)} cm"
        yield Unusual("unusual-height", value, _range(heights, "cm"), heights_of)
    if kg is not None and cm is not None:
        bmi = formulas.mass_index(kg, cm)
        indices = _widest([(band.bmi.low, band.bmi.high) for band in bands])
        if not indices[0] <= bmi <= indices[1]:
            crossed = Fraction(indices[bmi > indices[1]])
            value = f"a body mass index of {format_measured(bmi, crossed)} kg/m2"
            yield Unusual("unusual-bmi", value, _range(indices, "kg/m2"), heights_of)
    if patient.bsa_m2 is not None and patient.bsa_formula is None:
        surfaces = _surfaces(table, bands)
        if surfaces is not None and not surfaces[0] <= patient.bsa_m2 <= surfaces[1]:
            value = f"a body surface area of {format_plain(patient.bsa_m2)} m2"
            yield Unusual("unusual-body-surface", value, _range(surfaces, "m2"), heights_of)


def _widest(ranges: list[tuple[Decimal, Decimal]]) -> tuple[Decimal, Decimal]:
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def _range(ends: tuple[Decimal, Decimal], unit: str) -> str:
    return f"{format_plain(ends[0])} to {format_plain(ends[1])} {unit}"


def _pounds(kg: Decimal) -> str:
    converted = round_half_up(Fraction(kg) * Fraction(KG_PER_LB), 1)
    return f" {format_plain(kg)} lb are {format_exact(converted)} kg."
