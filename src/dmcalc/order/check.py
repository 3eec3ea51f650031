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

from dmcalc.dosing.dose import (
    apply_patient_rules,
    drug_notes,
    patient_notes,
    regimens_of,
    stocks_by_unit,
)
from dmcalc.dosing.paediatric import drugs_with_posology, paediatric_notes
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
)
from dmcalc.results.described import described_by
from dmcalc.results.names import find_drug
from dmcalc.results.trace import aside, under
from dmcalc.text.numbers import format_exact
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.dispensing.stock import Stock, StockOptions
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
    from dmcalc.table.model.table import LoadedTable, Table

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
        """The rows that decide: those that answer unasked, or for a child those of children."""
        leading = _leading(self.loaded.table, self.drug)
        return [row for row in self.rows if self.patient.child or row.dose.regimen in leading]

    @property
    def decisive(self) -> CheckRow:
        """The row whose verdict counts."""
        own = self.own
        within = [row for row in own if row.verdict == "within"]
        missed = [row for row in own if row.verdict in ("below", "above", "over-cap")]
        missed.sort(key=lambda row: abs(row.deviation_percent or Decimal(0)))
        return [*within, *missed, *own][0]

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
    stocks: dict[Mass, Stock | None]
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
        drugs_with_posology(table, (key,), tuple(table.drugs))
        cautions += paediatric_notes(table, all_drugs=False, alternatives=alternatives)
    posologies = _posologies(key, drug, phase, alternatives=alternatives, juvenile=juvenile)
    regimens = tuple(
        prepare_regimen(table, key, regimen, base=base, child=juvenile)
        for regimen, base in posologies
    )
    stocks, lacking = stocks_by_unit(table, key, [regimen for regimen, _ in posologies], stocked)
    warnings, notes = drug_notes(table, key, juvenile=juvenile)
    every = tuple(dict.fromkeys([*cautions, *lacking, *notes]))
    return PreparedCheck(loaded, key, regimens, stocks, warnings, every)


def check_prepared(
    drug: PreparedCheck, patient: Patient, order: Order, advice: PatientRules | None = None
) -> CheckResult:
    """Compare one order with a drug made ready; raise PatientError as ``check`` does."""
    stop = refuse_unless_weekly(drug.regimens[0].drug, order)
    with aside():
        answers = [apply_patient_rules(regimen, patient, advice) for regimen in drug.regimens]
    doses = [answer.row for answer in answers]
    if stop is None:
        leading = _leading(drug.loaded.table, drug.drug)
        own = [dose for dose in doses if patient.child or dose.regimen in leading]
        _need_sizes(patient.of(drug.drug), order, own)
    by_weight, cautions = patient_notes(drug.loaded.table, patient, [drug.drug], drug.cautions)
    warnings = [*unusual_weight_warning(patient), *by_weight, *_indication_note(doses[0])]
    rows: list[CheckRow] = []
    for number, (regimen, answer) in enumerate(zip(drug.regimens, answers, strict=True)):
        with under("rows", number):
            row = compare_with_posology(answer.row, order, patient.of(drug.drug), stop)
            note_roundings(row, patient.of(drug.drug), answer.exact)
            row, of_units = _with_single_dose(row, drug, order, patient, advice)
            if patient.dosing is not None:
                # imported where a weight is asked for: a check by the actual one starts without it
                from dmcalc.dosing.weight_comparison import by_actual_weight

                compute = partial(apply_patient_rules, regimen, advice=advice)
                row = limits_by_both_weights(row, by_actual_weight(patient, compute).row, patient)
        warnings += of_units
        rows.append(_with_local_values(row, drug, regimen, order))
    warnings += local_value_warnings(local for row in rows for local in row.dose.local)
    if advice is not None:
        warnings += advice.warnings([drug.drug])
        cautions = (*advice.not_addressed([drug.drug]), *cautions)
    every = tuple(dict.fromkeys([*warnings, *drug.warnings]))
    return CheckResult(
        drug.loaded, patient, drug.drug, order, tuple(rows), every, cautions, advice=advice
    )


def _posologies(
    key: str, drug: Drug, phase: str | None, *, alternatives: bool, juvenile: bool
) -> list[tuple[Regimen, bool]]:
    """List the posologies of a drug, or of one phase, and whether each is the base page's."""
    phases = dict.fromkeys(
        regimen.phase for regimen in (drug.juvenile if juvenile else drug.leading)
    )
    if phase is not None and phase not in phases:
        raise UnknownNameError(
            f"{key} has no phase {phase!r}{near(phase, phases)}",
            f"Its phases: {', '.join(phases)}.",
        )
    every = regimens_of(drug, alternatives=alternatives, juvenile=juvenile)
    return [(regimen, base) for regimen, base in every if phase in (None, regimen.phase)]


def _leading(table: Table, drug: str) -> set[str]:
    """Name the posologies of a drug that answer unasked."""
    return {f"{drug}.{regimen.name}" for regimen in table.drugs[drug].leading}


def _need_sizes(patient: Patient, order: Order, doses: list[DoseRow]) -> None:
    """Raise PatientError where the order or one of its doses is by a size that is not known."""
    if order.basis is not None:
        needed_size(patient, order.basis, "the order")
    for dose in doses:
        if dose.basis is not None:
            needed_size(patient, dose.basis, f"the dose of {dose.drug}")


def _indication_note(dose: DoseRow) -> Iterator[ClinicalWarning]:
    """Warn where the severity does not point to the drug; that is no verdict on the order."""
    if dose.indicated is False:
        message = f"The severity alone does not point to this drug. {dose.reason}"
        yield ClinicalWarning("not-indicated", dose.drug, message, None)


def _with_single_dose(
    row: CheckRow,
    drug: PreparedCheck,
    order: Order,
    patient: Patient,
    advice: PatientRules | None,
) -> tuple[CheckRow, list[ClinicalWarning]]:
    """Hold one dose of the order against the rules' maximum for one, and against whole units."""
    who = patient.of(drug.drug)
    dose, unit = single_dose(row, order, who), row.dose.unit
    if dose is None or unit is None:
        return row, []
    if advice is not None:
        row = check_single_dose(row, dose, advice.single_dose_maximum(drug.drug, unit, who))
    stock = drug.stocks.get(unit)
    if stock is None or dose > MOST_UNITS * max(strength.strength for strength in stock.units):
        return row, []
    made = stock.make(dose)
    if made.dose is not None:
        return row._replace(dispensable=True), []
    nearest = [f"{format_exact(amount)} {unit}" for amount in made.nearest if amount is not None]
    message = (
        f"No whole {stock.form}s of {stock.strengths()} make a dose of {format_exact(dose)} "
        f"{unit}; the nearest: {', '.join(nearest)}."
    )
    row = row._replace(dispensable=False, nearest=made.nearest)
    return row, [ClinicalWarning("not-dispensable", row.drug, message, None)]


def _with_local_values(
    row: CheckRow, drug: PreparedCheck, regimen: PreparedRegimen, order: Order
) -> CheckRow:
    """Mark a row with the local figures that bear on it, and say so where it speaks of a source."""
    if not drug.loaded.local:
        return row
    names = [*regimen.figures, *(["limits"] if "kg" in (row.dose.basis, order.basis) else [])]
    stock = drug.stocks.get(row.dose.unit) if row.dose.unit is not None else None
    if stock is not None and row.ordered is not None:
        names += stock.names
    local = local_values_for(drug.loaded, *names)
    if not local:
        return row
    figures = ", ".join(value.figure for value in local)
    return row._replace(
        dose=row.dose._replace(local=local),
        message=f"{row.message} With local figures: {figures}.",
    )
