"""The largest amount that the table gives one patient at a time: the limit of an amount."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dosing.dose import apply_patient_rules, regimens_of
from dmcalc.dosing.paediatric import drugs_with_posology
from dmcalc.dosing.regimen import note_posology, prepare_regimen
from dmcalc.quantities.base import format_plain
from dmcalc.results.base import ClinicalWarning
from dmcalc.results.trace import recording

if TYPE_CHECKING:
    from decimal import Decimal

    from dmcalc.dosing.adjustments import PatientRules
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import DoseRange, Mass
    from dmcalc.table.model.table import LoadedTable


class LargestDoses(NamedTuple):
    """What each posology of a drug gives one patient at most, by its own route if there is one."""

    rows: tuple[DoseRow, ...]
    unit: Mass
    warnings: tuple[ClinicalWarning, ...] = ()

    @property
    def course(self) -> DoseRow | None:
        """The largest course; None for a drug that is not given in courses."""
        return max((row for row in self.rows if row.per == "course"), key=self.of, default=None)

    @property
    def course_days(self) -> tuple[int, int]:
        """The fewest and the most days over which the sources divide a course."""
        courses = [row for row in self.rows if row.per == "course"]
        fewest = min(row.days_low for row in courses if row.days_low is not None)
        return fewest, max(row.days_high for row in courses if row.days_high is not None)

    @property
    def largest(self) -> DoseRow | None:
        """The posology that gives most at a time; None where the table has no amount."""
        return max(self.rows, key=self.of, default=None)

    def of(self, row: DoseRow) -> Decimal:
        """Return the most that a posology gives: a day, a week, a course or a dose of it."""
        return _dose(row).in_unit(self.unit).high

    def for_rounding(self, amount: Decimal) -> Decimal | None:
        """Return what an amount may be rounded to at most; None where the table has no amount.

        Where a rule for the patient reduced a dose that is the dose that the amount belongs to.
        """
        if self.largest is None or not any(row.low_before is not None for row in self.rows):
            return self.largest and self.of(self.largest)
        return min((most for most in map(self.of, self.rows) if most >= amount), default=amount)


def largest_doses(
    loaded: LoadedTable, drug: str, unit: Mass, patient: Patient, advice: PatientRules | None
) -> LargestDoses:
    """Compute what the posologies of a drug give a patient, those of other sources too.

    Without a weight or a surface those of the heaviest patient that is taken count, and the
    answer warns of it. Raise RefusedError where a rule refuses the drug or leaves no amount of it,
    and PatientError for a child where it has no paediatric posology.
    """
    table = loaded.table
    if advice is not None:
        advice.refuse_amounts(drug)
    if patient.child:
        drugs_with_posology(table, (drug,), tuple(table.drugs))
    limits = table.limits
    weight = (limits.juvenile_weight if patient.child else limits.weight).high
    surface = limits.body_surface.high
    heaviest = patient._replace(
        weight_kg=weight if patient.weight_kg is None else patient.weight_kg,
        bsa_m2=surface if patient.bsa_m2 is None else patient.bsa_m2,
    )
    entry, rows = table.drugs[drug], []
    with recording():  # the answer is based on the largest of them alone
        for regimen, base in regimens_of(entry, alternatives=True, juvenile=patient.child):
            ready = prepare_regimen(table, drug, regimen, base=base, child=patient.child)
            row = apply_patient_rules(ready, heaviest, advice).row
            if row.dose is not None:
                rows.append(row)
    # what is given by another route bounds a drug that has nothing by its own
    rows = [row for row in rows if row.route == entry.route] or rows
    if any(row.base and row.low_before is not None for row in rows):
        # a rule reduced the dose: what other sources give is not checked against it
        rows = [row for row in rows if row.base]
    doses = LargestDoses(tuple(rows), unit)
    if (largest := doses.largest) is not None:
        note_posology(
            drug,
            entry,
            next(
                regimen
                for regimen, _ in regimens_of(entry, alternatives=True, juvenile=patient.child)
                if f"{drug}.{regimen.name}" == largest.regimen
            ),
        )
    sizes = {row.basis for row in rows}
    unknown = [
        text
        for basis, known, text in (
            ("kg", patient.weight_kg, f"weight, and that of {format_plain(weight)} kg"),
            ("m2", patient.bsa_m2, f"surface, and that of {format_plain(surface)} m2"),
        )
        if basis in sizes and known is None
    ]
    warnings = tuple(
        ClinicalWarning(
            "not-checked-weight",
            drug,
            f"The dose depends on body {text} was taken, as none was entered: what is right for "
            f"this "
            "patient was not checked.",
            None,
        )
        for text in unknown
    )
    return doses._replace(warnings=warnings)


def _dose(row: DoseRow) -> DoseRange:
    assert row.dose is not None  # proved where the rows were made
    return row.dose
