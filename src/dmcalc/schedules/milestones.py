"""The taper of a child: the milestones that a source gives, and nothing between them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, NamedTuple

from dmcalc.dosing.one_drug import rule_notes
from dmcalc.dosing.paediatric import highest_cap
from dmcalc.errors import PatientError, RefusedError, UsageError
from dmcalc.quantities.amount import DoseRange
from dmcalc.quantities.arithmetic import EXACT, multiply, per_size
from dmcalc.quantities.base import format_plain
from dmcalc.quantities.time import months_later
from dmcalc.results.base import (
    ClinicalNote,
    ClinicalWarning,
    leading,
    local_value_warnings,
    local_values_for,
    source_keys,
    split_notes,
)
from dmcalc.results.described import described_by
from dmcalc.results.trace import RATIO, noting, quotient, used
from dmcalc.schedules.document import LandmarkColumns, LandmarksDocument
from dmcalc.schedules.model import Choices
from dmcalc.schedules.published import find_protocol, protocols, published_for
from dmcalc.table.names import figure_name
from dmcalc.table.rules.milestones import months

if TYPE_CHECKING:
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Amount, Mass, Per
    from dmcalc.results.field_types import Local
    from dmcalc.table.model.schedules import Milestone, MilestoneTaper
    from dmcalc.table.model.table import LoadedTable, Table

Ends = tuple[Decimal, Decimal]

BETWEEN = (
    "The source does not state the doses between the milestones, and none is computed. They are "
    "goals if the response is adequate, not a fixed order; the prescriber decides."
)


class MilestoneDose(NamedTuple):
    """One milestone: a time in months, and the dose that the source names for it.

    Amounts are exact, in ``unit`` per ``per``; at the end of a taper they are 0.
    """

    landmark: Annotated[int, "Number of the milestone, from 1."]
    month: Annotated[int, "Months from the start."]
    day: Annotated[int | None, "Day from the start, the first being 1; null without a start date."]
    date: Annotated[
        datetime.date | None,
        "The date, months being counted on the calendar; in a shorter month its last day.",
    ]
    percent_of_start: Annotated[
        Decimal | None,
        "Share of the start dose in per cent, 0 where the drug is discontinued; null where the "
        "source gives a dose per kg.",
    ]
    per_kg_low: Annotated[
        Decimal | None, "low for one kg of weight; a quotient without an end is rounded."
    ]
    per_kg_high: Annotated[
        Decimal | None, "high for one kg of weight; a quotient without an end is rounded."
    ]
    low: Annotated[Decimal, "Low end of the dose; 0 where the drug is discontinued."]
    high: Annotated[Decimal, "High end of the dose."]
    unit: Annotated[Mass, "Unit of the dose."]
    per: Annotated[Per, "Time that the dose is for."]
    condition: Annotated[str | None, "The response on which the source makes it depend."]
    note: Annotated[str | None, "What there is to know at this milestone."]
    local: Local = ()


class FullDose(NamedTuple):
    """The dose that the shares are of, before and after its cap, and whether it was given."""

    low: Annotated[Decimal, "Low end, after the low end of the cap."]
    high: Annotated[Decimal, "High end, after the high end of the cap."]
    unit: Annotated[Mass, "Unit of the dose."]
    posology: Annotated[str, "The start dose as the source gives it."]
    capped: Annotated[bool, "Whether the cap changed the low or the high end."]
    given: Annotated[bool, "Whether it was given with --from."]
    low_before: Annotated[
        Decimal | None, "Low end before a cap changed it; null where none did."
    ] = None
    high_before: Annotated[Decimal | None, "High end before that."] = None


@described_by(LandmarksDocument)
class MilestoneResult(NamedTuple):
    """The answer of ``dmcalc taper DRUG`` for a child."""

    loaded: LoadedTable
    patient: Patient
    drug: str
    protocol: str
    name: str
    population: str
    start: FullDose
    rows: tuple[MilestoneDose, ...]
    between: str
    ends: str
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    sources: tuple[str, ...]
    #: The date of the start, where one was entered.
    first_day: datetime.date | None = None
    kind: str = "landmarks"

    @property
    def context(self) -> LandmarkColumns:
        """What each line says of the taper."""
        return LandmarkColumns(self.drug, self.protocol, self.patient.weight_kg)


def milestones(
    loaded: LoadedTable,
    patient: Patient,
    drug: str,
    protocol: str | None,
    start_dose: Amount | None,
    start: datetime.date | None,
    choices: Choices | None = None,
) -> MilestoneResult:
    """Compute the milestones of a child's taper.

    Raise PatientError where the drug or protocol has none for children or the weight is missing,
    UnknownNameError for a protocol that there is not, RefusedError for a start dose over the cap,
    and UsageError for a choice that is one of steps.
    """
    if chosen := (choices or Choices()).chosen:
        option, *_ = chosen
        raise UsageError(
            f"‹{option}› is for the steps of a taper, and paediatric tapers are milestones",
            "With the drug they take ‹age›, ‹confirm_weight›, ‹from›, ‹protocol›, ‹start›, "
            "‹weight›.",
        )
    table = loaded.table
    key = _find_protocol(table, drug, protocol)
    taper = table.landmark_tapers[key]
    used(drug, "landmark_tapers", key)
    # a taper whose source gives no cap is held to the highest for children, as a dose is
    borrowed = highest_cap(table, drug, taper.start.per) if taper.max is None else None
    cap = DoseRange.of(taper.max) if taper.max else borrowed.dose if borrowed else None
    cap = None if cap is None else cap.in_unit(taper.start.unit)
    first = _start(patient, taper, key, start_dose, cap)
    cites = [*taper.cite, *(cite for landmark in taper.landmarks for cite in landmark.cite)]
    if borrowed is not None and first.capped:
        used(drug, *borrowed.path)
        cites += borrowed.cite
    names = [
        figure_name(table, ("landmark_tapers", key)),
        *(["limits"] if patient.weight_kg is not None else []),
    ]
    local = local_values_for(loaded, *names)
    rows = tuple(
        _row(
            number, month, _dose(landmark, first, patient, cap), landmark, first, patient, start
        )._replace(local=local)
        for number, (month, landmark) in enumerate(
            zip(months(taper), taper.landmarks, strict=True), 1
        )
    )
    _, of_children = split_notes(table.juvenile_notes, None)
    warnings, cautions = split_notes(taper.notes, drug)
    rule_warnings, rule_cautions = rule_notes(patient, drug)
    return MilestoneResult(
        loaded=loaded,
        patient=patient,
        drug=drug,
        protocol=key,
        name=taper.name,
        population=taper.population,
        start=first,
        rows=rows,
        between=BETWEEN,
        ends=taper.ends,
        warnings=(
            *rule_warnings,
            *local_value_warnings(local),
            *_severity_note(patient, taper, drug),
            *_start_warnings(patient, taper, first, drug),
            *warnings,
        ),
        cautions=(*rule_cautions, *of_children, *cautions),
        sources=source_keys(cites),
        first_day=start,
    )


def _find_protocol(table: Table, drug: str, protocol_id: str | None) -> str:
    """Return the key of a child's taper; refuse one of adults."""
    known = published_for(table.landmark_tapers, drug)
    if not known:
        having = dict.fromkeys(key for t in table.landmark_tapers.values() for key in t.drugs)
        raise PatientError(
            f"the table has no taper for children for {drug}",
            f"A taper of adults is not used for a child. It has some for: "
            f"{', '.join(having) or 'no drug'}.",
        )
    listed = "Its tapers for children"
    if protocol_id not in known and protocol_id in protocols(table, drug):
        raise PatientError(
            f"{protocol_id} is for adults and is not used for a child",
            f"{listed}: {', '.join(known)}",
        )
    return find_protocol(table.landmark_tapers, drug, protocol_id, listed=listed)


def _start(
    patient: Patient,
    taper: MilestoneTaper,
    key: str,
    start_dose: Amount | None,
    cap: DoseRange | None,
) -> FullDose:
    """Return the start dose, limited by a cap in the unit of the taper; refuse one above it."""
    rate = taper.start
    posology = f"{rate}, max {taper.max}" if taper.max else str(rate)
    by_kg = any(landmark.dose is not None for landmark in taper.landmarks)
    if start_dose is not None and by_kg:
        raise UsageError(
            f"the milestones of {key} are doses per kg and do not follow from a start dose",
            "Leave ‹from› out and give ‹weight›.",
        )
    if start_dose is not None:
        dose = start_dose.value_in(rate.unit)
        if cap is not None and dose > cap.high:
            whose = f"of {key}, {taper.max}" if taper.max else f"for children, {cap} daily"
            raise RefusedError(
                f"{format_plain(dose)} {rate.unit} is over the cap {whose}",
                "Check the number and its unit, or choose another start dose (‹from›).",
            )
        if dose <= 0:
            raise UsageError("a start dose is above 0", "Write it with its unit: ‹from 50mg›.")
        return FullDose(dose, dose, rate.unit, posology, capped=False, given=True)
    if patient.weight_kg is None:
        raise PatientError(
            f"the weight is missing; {key} starts from {rate}",
            "Give ‹weight›" + ("." if by_kg else ", or the daily dose with ‹from›, e.g. 50mg."),
        )
    exact = multiply(rate.low, patient.weight_kg)
    ends = DoseRange(exact, exact, rate.unit).cap(cap)
    capped = ends.low != exact
    before = exact if capped else None
    return FullDose(ends.low, ends.high, rate.unit, posology, capped, False, before, before)


def _start_warnings(
    patient: Patient, taper: MilestoneTaper, start: FullDose, drug: str
) -> tuple[ClinicalWarning, ...]:
    """Warn of a given start dose above the source's for the weight."""
    warnings = []
    if start.given and patient.weight_kg is not None:
        most = multiply(taper.start.high, patient.weight_kg)
        if start.high > most:
            message = (
                f"The given start dose, {format_plain(start.high)} {start.unit}, is above the "
                f"source's for this weight, {format_plain(most)} {start.unit}."
            )
            warnings.append(
                ClinicalWarning("above-start", drug, message, leading(taper.cite).source)
            )
    return tuple(warnings)


def _severity_note(
    patient: Patient, taper: MilestoneTaper, drug: str
) -> tuple[ClinicalWarning, ...]:
    """Warn where the source speaks of other severities than that of this child."""
    if patient.severity is None or not taper.severities or patient.severity in taper.severities:
        return ()
    message = (
        f"This taper is of {' and '.join(taper.severities)} disease, and {patient.severity} "
        "weakness was entered: the source does not cover it."
    )
    return (ClinicalWarning("other-severity", drug, message, leading(taper.cite).source),)


def _row(
    number: int,
    month: int,
    ends: Ends,
    landmark: Milestone,
    start: FullDose,
    patient: Patient,
    first: datetime.date | None,
) -> MilestoneDose:
    low, high = ends
    date = day = None
    if first is not None:
        date = months_later(first, month)
        day = (date - first).days + 1
    kg = patient.weight_kg
    percent = landmark.percent.value if landmark.percent else None
    row = MilestoneDose(
        landmark=number,
        month=month,
        day=day,
        date=date,
        percent_of_start=Decimal(0) if landmark.stop else percent,
        per_kg_low=None if kg is None else per_size(low, kg),
        per_kg_high=None if kg is None else per_size(high, kg),
        low=low,
        high=high,
        unit=start.unit,
        per="day",
        condition=landmark.condition,
        note="The source discontinues the drug here." if landmark.stop else None,
    )
    if kg is not None and (trace := noting()):
        for end, amount, ratio in (("low", low, row.per_kg_low), ("high", high, row.per_kg_high)):
            assert ratio is not None
            what, unit = f"milestone {number}, {end} end: ratio", f"{start.unit}/kg"
            where = f"rows.{number - 1}.per_kg_{end}"
            trace.rounded(where, what, quotient(amount, kg), ratio, unit, RATIO)
    return row


def _dose(landmark: Milestone, start: FullDose, patient: Patient, cap: DoseRange | None) -> Ends:
    """Return both ends of a milestone's dose; one per kg is limited by the cap too."""
    if landmark.percent is not None:
        share = EXACT.scaleb(landmark.percent.value, -2)
        return EXACT.multiply(start.low, share), EXACT.multiply(start.high, share)
    if landmark.dose is not None:
        assert patient.weight_kg is not None  # without it there is no start dose
        amount = multiply(landmark.dose.low, patient.weight_kg)
        dose = DoseRange(amount, amount, start.unit).cap(cap)
        return dose.low, dose.high
    return Decimal(0), Decimal(0)
