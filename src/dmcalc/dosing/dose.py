"""Doses for one patient: every regimen of the named drugs, or of all."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.stock import Stock, StockOptions, stock_or_note
from dmcalc.dosing.document import DoseDocument, PatientColumns
from dmcalc.dosing.dose_row import DoseRow
from dmcalc.dosing.regimen import PreparedRegimen, RegimenDose, compute_regimen, prepare_regimen
from dmcalc.errors import ExitCode, PatientError, as_option, name_inputs
from dmcalc.patient.patient import Patient, unusual_weight_warning
from dmcalc.quantities.amount import Mass, SizeBasis
from dmcalc.results.base import (
    ClinicalNote,
    ClinicalWarning,
    local_value_warnings,
    local_values_for,
    split_notes,
)
from dmcalc.results.described import described_by
from dmcalc.results.names import find_drugs
from dmcalc.results.trace import under
from dmcalc.table.model.drug import LINES
from dmcalc.table.model.table import LoadedTable, Table

if TYPE_CHECKING:
    from dmcalc.dosing.adjustments import PatientRules
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.patient.clinical_context import ClinicalContext
    from dmcalc.patient.weight_request import DosingWeight

#: What a dose is multiplied by, in words, and the option that gives it.
SIZE_INPUT: dict[SizeBasis, tuple[str, str]] = {
    "kg": ("body weight", "‹weight›"),
    "m2": ("body surface", "‹bsa›, or ‹height› with ‹weight›"),
}


@described_by(DoseDocument)
class DoseResult(NamedTuple):
    """The answer of ``dmcalc dose``."""

    loaded: LoadedTable
    patient: Patient
    rows: tuple[DoseRow, ...]
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    kind: str = "dose"
    #: The rules for this patient, None where nothing was said that rules ask about.
    advice: "PatientRules | None" = None

    @property
    def circumstances(self) -> "ClinicalContext | None":
        """What rules ask about, None where nothing of it was said."""
        return self.advice.known if self.advice else None

    @property
    def dosing_weight(self) -> "DosingWeight | None":
        """The weight that doses per kg go by, where one was asked for."""
        return self.patient.dosing

    @property
    def context(self) -> PatientColumns:
        """What each line says of the patient."""
        return PatientColumns(self.patient.weight_kg, self.patient.severity)

    @property
    def guide(self) -> "LoadedGuideline | None":
        """The guide that the rules are from, or the policy on weights."""
        return self.advice.guideline if self.advice else self.patient.guide

    @property
    def exit_code(self) -> ExitCode:
        """An answer that holds doses is an answer."""
        return ExitCode.OK


class PreparedDoses(NamedTuple):
    """Regimens made ready, to be computed for one patient or for many."""

    loaded: LoadedTable
    regimens: tuple[PreparedRegimen, ...]
    #: What the table says of these drugs, whoever the patient is.
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    #: Whether one drug was named, and no other.
    alone: bool = False


def dose(
    loaded: LoadedTable,
    patient: Patient,
    names: Iterable[str] = (),
    *,
    alternatives: bool = False,
    stocked: StockOptions | None = None,
    advice: "PatientRules | None" = None,
) -> DoseResult:
    """Compute the doses of the named drugs, or of all drugs in order of line.

    Raise UnknownNameError for a name that the table does not hold, PatientError where a row needs a
    weight that is not known, and RefusedError where a rule of ``advice`` refuses the one drug that
    was named.
    """
    ready = prepare_doses(
        loaded, names, alternatives=alternatives, stocked=stocked, juvenile=patient.child
    )
    return compute_doses(ready, patient, advice)


def prepare_doses(
    loaded: LoadedTable,
    names: Iterable[str] = (),
    *,
    alternatives: bool = False,
    stocked: StockOptions | None = None,
    juvenile: bool = False,
) -> PreparedDoses:
    """Make ready the regimens of the named drugs, or of all drugs in order of line.

    For a child they are the juvenile ones alone. Raise UnknownNameError for a name that the table
    does not hold, and PatientError for a drug that has no posology for children.
    """
    table = loaded.table
    keys = find_drugs(table, names)
    alone = len(keys) == 1
    if juvenile:
        from dmcalc.dosing import paediatric as children

        known = tuple(table.drugs) if keys else _by_line(table)
        keys = children.drugs_with_posology(table, keys, known)
    keys = keys or _by_line(table, alternatives=alternatives)
    warnings: list[ClinicalWarning] = []
    cautions: list[ClinicalNote] = []
    regimens: list[PreparedRegimen] = []
    for key in keys:
        shelves: dict[Mass, Stock | None] = {}
        drug = table.drugs[key]
        asked = (*drug.leading, *(drug.alternatives if alternatives else ()))
        for regimen in drug.juvenile if juvenile else dict.fromkeys(asked):
            unit = regimen.dose.unit if regimen.dose else None
            if regimen.route not in (None, drug.route):
                unit = None  # its products are for the drug's own route
            if unit is not None and unit not in shelves:
                shelves[unit], lacking = stock_or_note(table, key, unit, stocked or StockOptions())
                cautions += lacking
            place = shelves[unit] if unit is not None else None
            base = not juvenile and regimen in drug.regimens
            ready = prepare_regimen(table, key, regimen, base=base, child=juvenile)._replace(
                shelf=place
            )
            regimens.append(_with_local_values(ready, loaded) if loaded.local else ready)
    if juvenile:
        cautions += children.paediatric_notes(table, all_drugs=not names, alternatives=alternatives)
    for key in keys:
        notes = table.drugs[key].notes
        more_warnings, more_cautions = split_notes(
            (note for note in notes if note.children) if juvenile else notes, key
        )
        warnings += more_warnings
        cautions += more_cautions
    return PreparedDoses(
        loaded, tuple(regimens), tuple(warnings), tuple(dict.fromkeys(cautions)), alone
    )


def compute_doses(
    ready: PreparedDoses, patient: Patient, advice: "PatientRules | None" = None
) -> DoseResult:
    """Compute regimens made ready for one patient.

    Raise PatientError where a row needs a weight that is not known, and RefusedError where a rule
    of ``advice`` refuses the one drug that was named.
    """
    if advice is not None and ready.alone:
        advice.refuse(ready.regimens[0].blank.drug)
    _need_weight(patient, ready.regimens)
    answers = _answers(ready, patient, advice)
    rows = tuple(found.row for found in answers)
    cautions = ready.cautions
    drugs = [row.drug for row in rows]
    if advice is not None:
        cautions = (*advice.not_addressed(drugs), *cautions)
    if patient.bsa_formula is not None:
        from dmcalc.patient.body_surface import body_surface_note

        cautions = (body_surface_note(ready.loaded.table, patient), *cautions)
    told: tuple[ClinicalWarning, ...] = ()
    if patient.dosing is not None:
        from dmcalc.dosing.weight_comparison import dosing_weight_notes as of_weight

        told, said = of_weight(patient, drugs)
        cautions = (*said, *cautions)
    warnings = (
        *_patient_warnings(patient, rows),
        *told,
        *local_value_warnings(local for row in rows for local in row.local),
        *(warning for found in answers for warning in found.warnings),
        *(advice.told(drugs) if advice else ()),
        *ready.warnings,
    )
    return DoseResult(ready.loaded, patient, rows, warnings, cautions, advice=advice)


def rules_for(patient: Patient) -> "PatientRules | None":
    """Return the rules for a patient, None where nothing was said that they ask about."""
    if patient.context is None or patient.rules_guideline is None:
        return None
    # imported where rules are asked for: a dose without them starts without the guideline
    from dmcalc.dosing.adjustments import PatientRules

    return PatientRules(patient.rules_guideline, patient.context)


def apply_patient_rules(
    ready: PreparedRegimen, patient: Patient, advice: "PatientRules | None"
) -> RegimenDose:
    """Compute one regimen for one patient, with what the rules for the patient make of it."""
    found = compute_regimen(ready, patient)
    if advice is None:
        return found
    # a maximum per kg goes by the same weight as the dose
    return advice.apply(ready, found, patient.of(ready.blank.drug))


def _answers(
    ready: PreparedDoses, patient: Patient, advice: "PatientRules | None"
) -> list[RegimenDose]:
    """Compute each row, by the weight that its drug goes by."""
    if patient.dosing is not None:
        from dmcalc.dosing.weight_comparison import dose_by_both_weights

    answers = []
    for number, regimen in enumerate(ready.regimens):
        with under("rows", number):
            if patient.dosing is None:
                answers.append(apply_patient_rules(regimen, patient, advice))
            else:
                answers.append(
                    dose_by_both_weights(
                        patient, partial(apply_patient_rules, regimen, advice=advice)
                    )
                )
    return answers


def _with_local_values(ready: PreparedRegimen, loaded: LoadedTable) -> PreparedRegimen:
    """Mark a regimen with the local figures that bear on it, and with the hospital's rounding."""
    blank, place = ready.blank, ready.shelf
    names = [blank.regimen, *(["limits"] if blank.basis == "kg" else [])]
    ready = ready._replace(blank=blank._replace(local=local_values_for(loaded, *names)))
    if place is None:
        return ready
    names += place.names
    if blank.per == "course":  # it is not given on one day
        return ready._replace(local=local_values_for(loaded, *names))
    local = local_values_for(loaded, *names, f"{blank.drug}.rounding")
    return ready._replace(local=local, rule=loaded.rounding.get(blank.drug))


def _by_line(table: Table, *, alternatives: bool = False) -> tuple[str, ...]:
    """List the drugs of the base page by line, or those of other sources too."""
    keys = [key for key, drug in table.drugs.items() if drug.regimens or alternatives]
    return tuple(sorted(keys, key=lambda key: LINES.index(table.drugs[key].line)))


def _need_weight(patient: Patient, regimens: Iterable[PreparedRegimen]) -> None:
    if patient.weight_kg is not None:
        return
    needing = dict.fromkeys(r.blank.drug for r in regimens if r.blank.basis == "kg")
    if needing:
        raise PatientError(
            f"the weight is missing; it is needed for {', '.join(needing)}",
            "Give it in kg or lb, e.g. ‹weight 70› or ‹weight 154lb›.",
        )


def _patient_warnings(patient: Patient, rows: Iterable[DoseRow]) -> Iterator[ClinicalWarning]:
    yield from unusual_weight_warning(patient)
    for row in rows:
        if row.basis is not None and row.low is None and not row.refused:
            what, inputs = SIZE_INPUT[row.basis]
            give = name_inputs(inputs, as_option)
            message = f"{row.regimen} is given by {what}, which is not known: give {give}."
            yield ClinicalWarning("no-" + what.replace(" ", "-"), row.drug, message, row.sources[0])
