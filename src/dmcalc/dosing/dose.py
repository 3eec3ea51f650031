"""Doses for one patient: every regimen of the named drugs, or of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from dmcalc.dispensing.stock import Stock, StockOptions, stock_or_note
from dmcalc.dosing.document import DoseDocument, PatientColumns
from dmcalc.dosing.dose_row import DoseRow
from dmcalc.dosing.paediatric import drugs_with_posology, paediatric_notes
from dmcalc.dosing.parts import ALL_PARTS
from dmcalc.dosing.regimen import (
    PreparedRegimen,
    RegimenDose,
    compute_regimen,
    prepare_regimen,
)
from dmcalc.errors import ExitCode, PatientError, as_option, name_inputs
from dmcalc.patient.patient import Patient, unusual_weight_warning
from dmcalc.quantities.amount import Mass, SizeBasis
from dmcalc.records import Record
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
from dmcalc.table.model.drug import LINES, Drug, Regimen
from dmcalc.table.model.table import LoadedTable, Table

if TYPE_CHECKING:
    from dmcalc.dosing.adjustments import PatientRules
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.patient.clinical_context import ClinicalContext
    from dmcalc.patient.weight_request import DosingWeight

#: What a dose is multiplied by, in words, and the option that gives it.
SIZE_INPUT: dict[SizeBasis, tuple[str, str]] = {
    "kg": ("body weight", "‹weight›"),
    "m2": ("body surface area", "‹bsa›, or ‹height› with ‹weight›"),
}
#: Codes of the warnings that it is not known.
NO_SIZE: dict[SizeBasis, str] = {"kg": "no-body-weight", "m2": "no-body-surface"}


@described_by(DoseDocument)
class DoseResult(Record):
    """The answer of ``dmcalc dose``."""

    loaded: LoadedTable
    patient: Patient
    rows: tuple[DoseRow, ...]
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    kind: str = "dose"

    @property
    def advice(self) -> PatientRules | None:
        """The rules for this patient, None where no fact that rules use was entered."""
        return rules_for(self.patient)

    @property
    def circumstances(self) -> ClinicalContext | None:
        """The facts that rules use, None where none was entered."""
        return self.patient.context

    @property
    def dosing_weight(self) -> DosingWeight | None:
        """The weight that doses per kg go by, where one was requested."""
        return self.patient.dosing

    @property
    def context(self) -> PatientColumns:
        """What each line says of the patient."""
        return PatientColumns(self.patient.weight_kg, self.patient.severity)

    @property
    def guide(self) -> LoadedGuideline | None:
        """The guide that the rules are from, or the policy on weights."""
        return self.patient.rules_guideline or self.patient.guide

    @property
    def exit_code(self) -> ExitCode:
        """An answer that holds doses is an answer."""
        return ExitCode.OK


class PreparedDoses(Record):
    """Regimens made ready, to be computed for one patient or for many."""

    loaded: LoadedTable
    regimens: tuple[PreparedRegimen, ...]
    #: What the table says of these drugs, whoever the patient is.
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    #: Whether one drug was named, and no other.
    alone: bool


def dose(
    loaded: LoadedTable,
    patient: Patient,
    names: Iterable[str] = (),
    *,
    alternatives: bool = False,
    stocked: StockOptions | None = None,
) -> DoseResult:
    """Compute the doses of the named drugs, or of all drugs in order of line.

    Raise UnknownNameError for a name that the table does not hold, PatientError where a row needs a
    weight that is not known, and RefusedError where a rule for the patient refuses the one drug
    that was named.
    """
    ready = prepare_doses(
        loaded, names, alternatives=alternatives, stocked=stocked, juvenile=patient.child
    )
    return compute_doses(ready, patient)


def prepare_doses(
    loaded: LoadedTable,
    names: Iterable[str] = (),
    *,
    alternatives: bool = False,
    stocked: StockOptions | None = None,
    juvenile: bool = False,
    parts: frozenset[str] = ALL_PARTS,
) -> PreparedDoses:
    """Make ready the regimens of the named drugs, or of all drugs in order of line.

    ``parts`` are those of a row that are worked out. For a child the regimens are the juvenile ones
    alone. Raise UnknownNameError for a name that the table does not hold, PatientError for a
    drug that has no posology for children, and UsageError for strengths in stock that would be of
    several drugs.
    """
    table = loaded.table
    keys = find_drugs(table, names)
    if stocked is not None:
        stocked.of_one_drug(keys)
    alone = len(keys) == 1
    if juvenile:
        known = tuple(table.drugs) if keys else _by_line(table, alternatives=alternatives)
        keys = drugs_with_posology(table, keys, known)
    keys = keys or _by_line(table, alternatives=alternatives)
    warnings: list[ClinicalWarning] = []
    cautions: list[ClinicalNote] = []
    regimens: list[PreparedRegimen] = []
    for key in keys:
        own = list(regimens_of(table.drugs[key], alternatives=alternatives, juvenile=juvenile))
        stocks, lacking = stocks_by_unit(
            table, key, [regimen for regimen, _ in own], stocked, divided=True
        )
        cautions += lacking
        for regimen, base in own:
            ready = prepare_regimen(table, key, regimen, base=base, child=juvenile)
            ready = ready._replace(parts=parts)
            if _by_own_route(table.drugs[key], regimen) and regimen.dose is not None:
                ready = ready._replace(stock=stocks[regimen.dose.unit])
            regimens.append(_with_local_values(ready, loaded) if loaded.local else ready)
    if juvenile:
        cautions += paediatric_notes(table, all_drugs=not names, alternatives=alternatives)
    for key in keys:
        more_warnings, more_cautions = drug_notes(table, key, juvenile=juvenile)
        warnings += more_warnings
        cautions += more_cautions
    return PreparedDoses(
        loaded, tuple(regimens), tuple(warnings), tuple(dict.fromkeys(cautions)), alone
    )


def stocks_by_unit(
    table: Table,
    key: str,
    regimens: Iterable[Regimen],
    stocked: StockOptions | None,
    *,
    divided: bool = False,
) -> tuple[dict[Mass, Stock | None], list[ClinicalNote]]:
    """Return what some regimens of a drug can be dispensed of, by the unit of their doses.

    None means a unit without a product, of which the cautions speak. A regimen by another
    route than the drug's own is left out: the products are for that. With ``divided`` the amount of
    a day is made of equal doses where the table divides it.
    """
    stocks: dict[Mass, Stock | None] = {}
    cautions: list[ClinicalNote] = []
    for regimen in regimens:
        unit = regimen.dose.unit if regimen.dose else None
        if unit is not None and unit not in stocks and _by_own_route(table.drugs[key], regimen):
            per = regimen.dose.per if regimen.dose and divided else None
            stocks[unit], lacking = stock_or_note(table, key, unit, stocked or StockOptions(), per)
            cautions += lacking
    return stocks, cautions


def drug_notes(
    table: Table, key: str, *, juvenile: bool
) -> tuple[tuple[ClinicalWarning, ...], tuple[ClinicalNote, ...]]:
    """Return the table's notes on a drug, of a child those on children alone."""
    return split_notes((n for n in table.drugs[key].notes if n.children or not juvenile), key)


def patient_notes(
    table: Table, patient: Patient, drugs: Iterable[str], cautions: tuple[ClinicalNote, ...]
) -> tuple[tuple[ClinicalWarning, ...], tuple[ClinicalNote, ...]]:
    """Say by which weight doses go and how the surface was computed, before other cautions."""
    warnings: tuple[ClinicalWarning, ...] = ()
    if patient.bsa_formula is not None:
        from dmcalc.patient.body_surface import body_surface_note  # start-up: few have one

        cautions = (body_surface_note(table, patient), *cautions)
    if patient.dosing is not None:
        warnings, by_weight = patient.dosing.notes(drugs)
        cautions = (*by_weight, *cautions)
    return warnings, cautions


def compute_doses(ready: PreparedDoses, patient: Patient) -> DoseResult:
    """Compute regimens made ready for one patient.

    Raise PatientError where a row needs a weight that is not known, and RefusedError where a rule
    for the patient refuses the one drug that was named.
    """
    advice = rules_for(patient)
    if advice is not None and ready.alone:
        advice.refuse(ready.regimens[0].blank.drug)
    _need_weight(patient, ready.regimens)
    answers = _answers(ready, patient, advice)
    rows = tuple(answer.row for answer in answers)
    drugs = [row.drug for row in rows]
    cautions = ready.cautions
    if advice is not None:
        cautions = (*advice.not_addressed(drugs), *cautions)
    by_weight, cautions = patient_notes(ready.loaded.table, patient, drugs, cautions)
    warnings = (
        *_patient_warnings(patient, rows),
        *by_weight,
        *local_value_warnings(local for row in rows for local in row.local),
        *(warning for answer in answers for warning in answer.warnings),
        *(advice.warnings(drugs) if advice else ()),
        *ready.warnings,
    )
    return DoseResult(ready.loaded, patient, rows, warnings, cautions)


def rules_for(patient: Patient) -> PatientRules | None:
    """Return the rules for a patient, None where no fact was entered that they ask about."""
    if patient.context is None:
        return None
    assert patient.rules_guideline is not None
    # start-up: a dose without rules for a patient needs no guideline
    from dmcalc.dosing.adjustments import PatientRules

    return PatientRules(patient.rules_guideline, patient.context)


def apply_patient_rules(
    ready: PreparedRegimen, patient: Patient, advice: PatientRules | None
) -> RegimenDose:
    """Compute one regimen for one patient, with what the rules for the patient make of it."""
    computed = compute_regimen(ready, patient)
    if advice is None:
        return computed
    # a maximum per kg goes by the same weight as the dose
    return advice.apply(ready, computed, patient.of(ready.blank.drug))


def _answers(
    ready: PreparedDoses, patient: Patient, advice: PatientRules | None
) -> list[RegimenDose]:
    """Compute each row, by the weight that its drug goes by."""
    if patient.dosing is not None:
        # start-up: doses by the actual weight need no other
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
    """Mark a regimen with the local figures that apply to it, and with the hospital's rounding."""
    blank, stock = ready.blank, ready.stock
    names = [*ready.figures, *(["limits"] if blank.basis == "kg" else [])]
    ready = ready._replace(blank=blank._replace(local=local_values_for(loaded, *names)))
    if stock is None:
        return ready
    names += stock.names
    if blank.per == "course":  # it is not given on one day
        return ready._replace(local=local_values_for(loaded, *names))
    local = local_values_for(loaded, *names, f"{blank.drug}.rounding")
    return ready._replace(local=local, rounding=loaded.rounding.get(blank.drug))


def _by_line(table: Table, *, alternatives: bool) -> tuple[str, ...]:
    """List the drugs of the reference by line, or those of other sources too."""
    keys = [key for key, drug in table.drugs.items() if drug.regimens or alternatives]
    return tuple(sorted(keys, key=lambda key: LINES.index(table.drugs[key].line)))


def _by_own_route(drug: Drug, regimen: Regimen) -> bool:
    return regimen.route in (None, drug.route)


def regimens_of(
    drug: Drug, *, alternatives: bool, juvenile: bool
) -> Iterator[tuple[Regimen, bool]]:
    """Yield the regimens of a drug, and whether each is the reference's own."""
    if juvenile:
        yield from ((regimen, False) for regimen in drug.juvenile)
        return
    others = drug.alternatives if alternatives else ()
    for regimen in dict.fromkeys((*drug.leading, *others)):
        yield regimen, regimen in drug.regimens


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
        if row.basis is not None and row.low is None and row.text and not row.refused:
            what, inputs = SIZE_INPUT[row.basis]
            give = name_inputs(inputs, as_option)
            message = f"{row.regimen} is given by {what}, which is not known: give {give}."
            yield ClinicalWarning(NO_SIZE[row.basis], row.drug, message, row.sources[0])
