"""The shapes of the drug table: what a drug, a regimen, a protocol and a source are made of.

Named tuples, so that they are immutable and cheap to define at every start (``dmcalc.records``).
The bundled table is built as the calls that make them (``dmcalc.compile``). pydantic reads the YAML
straight into them (see ``validate.py``); the sentence next to a field becomes its description in
the JSON Schema.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from dmcalc.quantities.bounds import (
    AgeRange,
    BodySurfaceRange,
    CreatinineRange,
    HeightRange,
    KidneyFunctionRange,
    WeightRange,
)
from dmcalc.records import Record
from dmcalc.sources.cite import Note, Source
from dmcalc.table.model.drug import Drug, DrugGroup, Indications
from dmcalc.table.model.equivalence import Equivalence
from dmcalc.table.model.formula import Formula
from dmcalc.table.model.growth import Growth
from dmcalc.table.model.schedules import CourseTaper, DailyTaper, MilestoneTaper, Titration

if TYPE_CHECKING:
    from dmcalc.quantities.rounding_rule import RoundingRule
    from dmcalc.table.model.local_values import LocalValue, Overlay


class Limits(Record):
    """Plausible patients: a guard against slips of the keyboard, not a clinical figure.

    Those with a default are limits of the program, where a table does not say another one.
    """

    weight: Annotated[WeightRange, "Weights that are taken as they are."]
    confirmed_weight: Annotated[WeightRange, "Weights that are taken with --confirm-weight."]
    height: Annotated[HeightRange, "Heights that are taken."]
    creatinine: Annotated[CreatinineRange, "Serum creatinine that is taken."]
    adult_age: Annotated[int, "Age in years from which a patient is an adult."]
    juvenile_weight: Annotated[WeightRange, "Weights of children that are accepted."]
    juvenile_height: Annotated[HeightRange, "Heights of children that are accepted."]
    body_surface: Annotated[BodySurfaceRange, "Body surface areas that are accepted."] = (
        BodySurfaceRange(Decimal("0.5"), Decimal(4))
    )
    juvenile_body_surface: Annotated[
        BodySurfaceRange, "Body surface areas of children that are accepted."
    ] = BodySurfaceRange(Decimal("0.1"), Decimal(4))
    kidney_function: Annotated[
        KidneyFunctionRange, "Kidney function that is taken, eGFR in mL/min/1.73 m2."
    ] = KidneyFunctionRange(Decimal(0), Decimal(300))
    units_at_once: Annotated[
        int, "Tablets or capsules at one time, more of which are warned of."
    ] = 10
    pregnancy_age: Annotated[
        AgeRange, "Ages of a woman at which a warning says that pregnancy was not stated."
    ] = AgeRange(Decimal(12), Decimal(50))


class Table(Record):
    """The drug table."""

    version: Annotated[str, "Version of the table, year and month of its release."]
    reviewed: Annotated[datetime.date, "Day of the last review of the whole table."]
    review_by: Annotated[datetime.date, "Day after which it needs a new review."]
    base: Annotated[str, "Key of the source whose posology is the base record of each drug."]
    disclaimer: Annotated[str, "What every result ends with."]
    limits: Annotated[Limits, "Plausible patients."]
    sources: Annotated[dict[str, Source], "The works that are cited, by key."]
    groups: Annotated[dict[str, DrugGroup], "Drugs that the reference lists together, by key."]
    indications: Annotated[dict[str, Indications], "Places in treatment by severity, by key."]
    drugs: Annotated[dict[str, Drug], "The drugs, by key, in the order of the reference."]
    daily_tapers: Annotated[dict[str, DailyTaper], "Tapers of a daily dose, by key."] = {}  # noqa: RUF012
    course_tapers: Annotated[dict[str, CourseTaper], "Tapers of repeated courses, by key."] = {}  # noqa: RUF012
    titrations: Annotated[dict[str, Titration], "Dose titrations to a target dose, by key."] = {}  # noqa: RUF012
    readings: Annotated[tuple[Note, ...], "Readings of the table as a whole."] = ()
    absent: Annotated[dict[str, str] | None, "Drugs that it does not hold, and why."] = None
    formulas: Annotated[dict[str, Formula], "Formulas of body size and the kidneys, by key."] = {}  # noqa: RUF012
    equivalence: Annotated[Equivalence | None, "Equivalent amounts of glucocorticoids."] = None
    juvenile_notes: Annotated[tuple[Note, ...], "What every answer for a child says."] = ()
    growth: Annotated[Growth | None, "Plausible sizes of children by age."] = None
    landmark_tapers: Annotated[dict[str, MilestoneTaper], "Paediatric tapers, by key."] = {}  # noqa: RUF012

    @property
    def tapers(self) -> dict[str, DailyTaper | CourseTaper]:
        """All tapers of adults, by key: those of a daily dose first."""
        return {**self.daily_tapers, **self.course_tapers}


class LoadedTable(Record):
    """A table together with the bytes that it was read from, and what overlays changed in it."""

    table: Table
    sha256: str
    path: str
    #: The local figures that the table now holds, and the overlays that they come from. As text:
    #: without an overlay these types are never imported.
    local: tuple[LocalValue, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    #: Rules for what is given on one day, by key of the drug.
    rounding: dict[str, RoundingRule] = {}  # noqa: RUF012
    #: The table without its overlays, where it has some.
    base: Table | None = None
