"""``check``: an order against what the table gives for one patient.

The order is within its limits if it is within those of any base posology of the drug (azathioprine
has one to start with and one as a target). If not, the verdict is that of the base posology whose
limit it misses by the least in per cent, then that of the first one. Alternatives are shown beside
them and decide nothing.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.stock import StockOptions, stock_or_note
from dmcalc.dosing.dose import apply_patient_rules
from dmcalc.dosing.regimen import prepare_regimen
from dmcalc.errors import ExitCode, UnknownNameError
from dmcalc.order.document import CheckDocument, OrderColumns
from dmcalc.order.verdict import (
    NO_DATA,
    check_single_dose,
    compare_with_posology,
    limits_by_both_weights,
    needed_size,
    note_roundings,
    refuse_unless_weekly,
    single_dose,
)
from dmcalc.patient.patient import unusual_weight_warning
from dmcalc.results.base import (
    ClinicalWarning,
    local_value_warnings,
    local_values_for,
    split_notes,
)
from dmcalc.results.described import described_by
from dmcalc.results.names import find_drug
from dmcalc.results.trace import aside, under
from dmcalc.text.numbers import format_exact
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.dispensing.stock import Stock
    from dmcalc.dosing.adjustments import PatientRules
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.dosing.regimen import PreparedRegimen
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.order.check_row import CheckRow, Verdict
    from dmcalc.order.parse import Order
    from dmcalc.patient.clinical_context import ClinicalContext
    from dmcalc.patient.patient import Patient
    from dmcalc.patient.weight_request import DosingWeight
    from dmcalc.quantities.amount import Mass
    from dmcalc.results.base import ClinicalNote
    from dmcalc.table.model.drug import Drug, Regimen
    from dmcalc.table.model.local_values import LocalValue
    from dmcalc.table.model.table import LoadedTable

#: A dose of more units than this is not looked for on the shelf: it is a slip of the pen.
MOST_UNITS = 100


@described_by(CheckDocument)
class CheckResult(NamedTuple):
    """The answer of ``dmcalc check``."""

    loaded: LoadedTable
    patient: Patient
    drug: str
    read: Order
    rows: tuple[CheckRow, ...]
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    kind: str = "check"
    #: The rules for this patient, None where nothing was said that rules ask about.
    advice: PatientRules | None = None

    @property
    def circumstances(self) -> ClinicalContext | None:
        """What rules ask about, None where nothing of it was said."""
        return self.advice.known if self.advice else None

    @property
    def dosing_weight(self) -> DosingWeight | None:
        """The weight that doses per kg go by, where one was asked for."""
        return self.patient.dosing

    @property
    def context(self) -> OrderColumns:
        """What each line says of the patient, and of the order as a whole."""
        return OrderColumns(
            self.patient.weight_kg, self.patient.severity, self.verdict, int(self.exit_code)
        )

    @property
    def guide(self) -> LoadedGuideline | None:
        """The guide that the rules are from, or the policy on weights."""
        return self.advice.guideline if self.advice else self.patient.guide

    @property
    def own(self) -> list[CheckRow]:
        """The rows that decide: those of the base page, or for a child those of children."""
        return [row for row in self.rows if row.base or self.patient.child]

    @property
    def decisive(self) -> CheckRow:
        """The row whose verdict counts."""
        base = self.own
        within = [row for row in base if row.verdict == "within"]
        missed = [row for row in base if row.verdict in ("below", "above", "over-cap")]
        missed.sort(key=lambda row: abs(row.deviation_percent or Decimal(0)))
        return [*within, *missed, *base][0]

    @property
    def order(self) -> str:
        """The order as it was written."""
        return self.read.text

    @property
    def verdict(self) -> Verdict:
        """The verdict on the order."""
        return self.decisive.verdict

    @property
    def exit_code(self) -> ExitCode:
        """Success only where the order is within its limits and can be dispensed, as far as known.

        PATIENT where no base posology could be compared, REFUSED in all other cases.
        """
        if self.verdict == "within" and self.decisive.dispensable is not False:
            return ExitCode.OK
        if all(row.code in NO_DATA for row in self.own):
            return ExitCode.PATIENT
        return ExitCode.REFUSED


class PreparedCheck(NamedTuple):
    """A drug made ready to have many orders of it checked."""

    loaded: LoadedTable
    drug: str
    regimens: tuple[PreparedRegimen, ...]
    shelves: dict[Mass, Stock | None]
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]


def check(
    loaded: LoadedTable,
    patient: Patient,
    name: str,
    order: Order,
    *,
    alternatives: bool = False,
    phase: str | None = None,
    stocked: StockOptions | None = None,
    advice: PatientRules | None = None,
) -> CheckResult:
    """Compare an order of a drug with each of its posologies, or with those of one phase.

    The limits are those that the rules of ``advice`` leave. A drug for once a week that is ordered
    otherwise is refused before anything else is asked. Raise
    UnknownNameError for a name or phase that the table does not hold, and PatientError where the
    order or a base posology needs a weight or surface that is not known.
    """
    drug = prepare_check(
        loaded,
        name,
        alternatives=alternatives,
        phase=phase,
        stocked=stocked,
        juvenile=patient.child,
    )
    return check_prepared(drug, patient, order, advice)


def prepare_check(
    loaded: LoadedTable,
    name: str,
    *,
    alternatives: bool = False,
    phase: str | None = None,
    stocked: StockOptions | None = None,
    juvenile: bool = False,
) -> PreparedCheck:
    """Work out what does not depend on order or patient, but for whether it is a child.

    Raise UnknownNameError, and PatientError for a drug that has no posology for children.
    """
    table = loaded.table
    key = find_drug(table, name)
    drug = table.drugs[key]
    cautions: list[ClinicalNote] = []
    if juvenile:
        from dmcalc.dosing import paediatric as children

        children.drugs_with_posology(table, (key,), tuple(table.drugs))
        cautions += children.paediatric_notes(table, all_drugs=False, alternatives=alternatives)
    posologies = _posologies(key, drug, phase, alternatives=alternatives, juvenile=juvenile)
    regimens = tuple(
        prepare_regimen(table, key, regimen, base=base, child=juvenile)
        for regimen, base in posologies
    )
    warnings, notes = split_notes((n for n in drug.notes if n.children or not juvenile), key)
    shelves: dict[Mass, Stock | None] = {}
    shelved = [r for r, _ in posologies if r.route in (None, drug.route)]
    for unit in dict.fromkeys(r.dose.unit for r in shelved if r.dose):
        shelves[unit], lacking = stock_or_note(table, key, unit, stocked or StockOptions())
        cautions += lacking
    cautions = list(dict.fromkeys([*cautions, *notes]))
    return PreparedCheck(loaded, key, regimens, shelves, warnings, tuple(cautions))


def check_prepared(
    drug: PreparedCheck, patient: Patient, order: Order, advice: PatientRules | None = None
) -> CheckResult:
    """Compare one order with a drug made ready; raise PatientError as ``check`` does."""
    stop = refuse_unless_weekly(drug.regimens[0].drug, order)
    with aside():
        answers = [apply_patient_rules(regimen, patient, advice) for regimen in drug.regimens]
    doses = [found.row for found in answers]
    who = patient.of(drug.drug)
    if stop is None:
        _need_sizes(who, order, doses)
    rows: list[CheckRow] = []
    told, cautions = _notes_on_order(drug, patient)
    warnings = [*unusual_weight_warning(patient), *told, *_indication_note(doses[0])]
    for number, (regimen, answer) in enumerate(zip(drug.regimens, answers, strict=True)):
        row = compare_with_posology(answer.row, order, who, stop)
        place = drug.shelves.get(row.unit) if row.unit is not None else None
        names = [row.regimen, *(["limits"] if "kg" in (row.basis, order.basis) else [])]
        with under("rows", number):
            note_roundings(row, who, answer.exact)
            dose = None if row.ordered is None else single_dose(row, order, who)
            if advice is not None and dose is not None and row.unit is not None:
                row = check_single_dose(
                    row, dose, advice.single_dose_maximum(drug.drug, row.unit, who)
                )
            if dose is not None and place is not None:
                row, found = _dispensed(row, dose, place)
                warnings += found
                names += place.names
            if patient.dosing is not None:
                from dmcalc.dosing.weight_comparison import by_actual_weight

                actual = by_actual_weight(
                    patient, partial(apply_patient_rules, regimen, advice=advice)
                ).row
                row = limits_by_both_weights(row, actual, patient)
        rows.append(_with_local_values(row, local_values_for(drug.loaded, *names)))
    warnings += local_value_warnings(local for row in rows for local in row.local)
    if advice is not None:
        warnings += advice.told([drug.drug])
        cautions = (*advice.not_addressed([drug.drug]), *cautions)
    every = tuple(dict.fromkeys([*warnings, *drug.warnings]))
    return CheckResult(
        drug.loaded, patient, drug.drug, order, tuple(rows), every, cautions, advice=advice
    )


def _notes_on_order(
    drug: PreparedCheck, patient: Patient
) -> tuple[tuple[ClinicalWarning, ...], tuple[ClinicalNote, ...]]:
    """Say by which formula the body surface was computed, and by which weight the dose goes."""
    told: tuple[ClinicalWarning, ...] = ()
    cautions = drug.cautions
    if patient.bsa_formula is not None:
        from dmcalc.patient.body_surface import body_surface_note

        cautions = (body_surface_note(drug.loaded.table, patient), *cautions)
    if patient.dosing is not None:
        from dmcalc.dosing.weight_comparison import dosing_weight_notes as of_weight

        told, said = of_weight(patient, (drug.drug,))
        cautions = (*said, *cautions)
    return told, cautions


def _with_local_values(row: CheckRow, local: tuple[LocalValue, ...]) -> CheckRow:
    """Mark a row with the local figures that bear on it, and say so where it speaks of a source."""
    if not local:
        return row
    named = ", ".join(one.figure for one in local)
    return row._replace(local=local, message=f"{row.message} With local figures: {named}.")


def _posologies(
    key: str, drug: Drug, phase: str | None, *, alternatives: bool, juvenile: bool
) -> list[tuple[Regimen, bool]]:
    own = drug.juvenile if juvenile else drug.regimens
    phases = dict.fromkeys(regimen.phase for regimen in own)
    if phase is not None and phase not in phases:
        raise UnknownNameError(
            f"{key} has no phase {phase!r}{near(phase, phases)}",
            f"Its phases: {', '.join(phases)}.",
        )
    found = [(regimen, not juvenile) for regimen in own]
    found += [(regimen, False) for regimen in drug.alternatives if alternatives and not juvenile]
    return [(regimen, base) for regimen, base in found if phase in (None, regimen.phase)]


def _need_sizes(patient: Patient, order: Order, doses: list[DoseRow]) -> None:
    """Raise PatientError where the order or a base posology is by a size that is not known."""
    own = [row for row in doses if row.base or patient.child]
    asked = [(row.basis, f"the dose of {row.drug}") for row in own]
    for basis, whose in [(order.basis, "the order"), *asked]:
        if basis is not None:
            needed_size(patient, basis, whose)


def _indication_note(row: DoseRow) -> Iterator[ClinicalWarning]:
    """Warn where the severity does not point to the drug; that is no verdict on the order."""
    if row.indicated is False:
        message = f"The severity alone does not point to this drug. {row.reason}"
        yield ClinicalWarning("not-indicated", row.drug, message, None)


def _dispensed(
    row: CheckRow, dose: Decimal, place: Stock
) -> tuple[CheckRow, list[ClinicalWarning]]:
    """Put beside a row whether whole units make one dose of the order, and warn if they do not."""
    if dose > MOST_UNITS * max(unit.strength for unit in place.units):
        return row, []
    made = place.make(dose)
    if made.dose is not None:
        return row._replace(dispensable=True), []
    beside = [f"{format_exact(amount)} {row.unit}" for amount in made.nearest if amount is not None]
    message = (
        f"No whole {place.form}s of {place.strengths()} make a dose of {format_exact(dose)} "
        f"{row.unit}; the nearest: {', '.join(beside)}."
    )
    row = row._replace(dispensable=False, nearest=made.nearest)
    return row, [ClinicalWarning("not-dispensable", row.drug, message, None)]
