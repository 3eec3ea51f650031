"""``check``: an order against what the table gives for one patient.

The order is within its limits if it is within those of any base posology of the drug (azathioprine
has one to start with and one as a target), or is a step of a published taper or titration. If not,
the verdict is that of the base posology whose limit it misses by the least in per cent, then that
of the first one. Alternatives are shown too and decide nothing.
"""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.other_products import other_product
from dmcalc.dispensing.stock import StockOptions
from dmcalc.dosing.dose import (
    apply_patient_rules,
    drug_notes,
    patient_notes,
    regimens_of,
    rules_for,
    stocks_by_unit,
)
from dmcalc.dosing.paediatric import drugs_with_posology, paediatric_notes
from dmcalc.dosing.regimen import prepare_regimen
from dmcalc.errors import UnknownNameError
from dmcalc.order.result import CheckResult
from dmcalc.order.rounding import compare_with_rounded
from dmcalc.order.schedule_steps import compare_with_steps
from dmcalc.order.verdict import (
    check_single_dose,
    compare_with_posology,
    needed_size,
    note_roundings,
    refuse_unless_weekly,
    single_dose,
)
from dmcalc.patient.patient import unusual_weight_warning
from dmcalc.quantities.arithmetic import multiply
from dmcalc.remembered import Remembered
from dmcalc.results.base import (
    ClinicalWarning,
    local_value_warnings,
    local_values_for,
)
from dmcalc.results.names import find_drug
from dmcalc.results.trace import aside, quotient, under
from dmcalc.schedules.published import published_for
from dmcalc.text.numbers import format_exact, format_number
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.dispensing.stock import Stock
    from dmcalc.dosing.adjustments import PatientRules
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.dosing.regimen import PreparedRegimen, RegimenDose
    from dmcalc.order.check_row import CheckRow, ScheduleKind
    from dmcalc.order.parse import Order
    from dmcalc.order.schedule_steps import PublishedStep, StepsOf
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Amount, Mass
    from dmcalc.results.base import ClinicalNote
    from dmcalc.table.model.table import LoadedTable, Table

#: Patients whose doses are kept, and tapers: each patient may have others.
MOST_PATIENTS = MOST_TAPERS = 1_000
#: A dose of more units than this is not looked for in stock: it is a slip of the pen.
MOST_UNITS = 100


class PreparedCheck(NamedTuple):
    """A drug made ready to have many orders of it checked."""

    loaded: LoadedTable
    drug: str
    regimens: tuple[PreparedRegimen, ...]
    #: The posologies that decide, by name: those that answer unasked, or for a child all.
    leading: frozenset[str]
    stocks: dict[Mass, Stock | None]
    stocked: StockOptions
    #: The kinds of schedules that an order may be a step of, and whether it may be nothing else.
    schedules: tuple[ScheduleKind, ...]
    step_alone: bool
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    #: The steps of tapers that were laid out, by protocol and start dose.
    tapers: Remembered[tuple[str, Amount], tuple[PublishedStep, ...]]
    #: The doses of patients for whom there are no rules, by their actual weight.
    doses: Remembered[Patient, list[RegimenDose]]


def check(
    loaded: LoadedTable,
    patient: Patient,
    name: str,
    order: Order,
    *,
    alternatives: bool = False,
    phase: str | None = None,
    stocked: StockOptions | None = None,
) -> CheckResult:
    """Compare an order of a drug with each of its posologies, or with those of one phase.

    The limits are those that the rules for the patient leave. A drug for once a week that is
    ordered otherwise is refused before anything else is read. Raise UnknownNameError for a name or
    phase that the table does not hold, and PatientError where the order or a base posology needs a
    weight or surface that is not known.
    """
    drug = prepare_check(
        loaded,
        name,
        alternatives=alternatives,
        phase=phase,
        stocked=stocked,
        juvenile=patient.child,
    )
    return check_prepared(drug, patient, order)


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
    schedules: tuple[ScheduleKind, ...] = ("taper", "titration")
    posologies = list(regimens_of(drug, alternatives=alternatives, juvenile=juvenile))
    if phase is not None:
        own = dict.fromkeys(r.phase for r in (drug.juvenile if juvenile else drug.leading))
        schedules = _schedules_of_phase(table, key, phase, tuple(own), juvenile=juvenile)
        if not schedules:
            posologies = [(r, base) for r, base in posologies if r.phase == phase]
    regimens = tuple(
        prepare_regimen(table, key, regimen, base=base, child=juvenile)
        for regimen, base in posologies
    )
    stocked = stocked or StockOptions()
    stocks, lacking = stocks_by_unit(table, key, [regimen for regimen, _ in posologies], stocked)
    warnings, notes = drug_notes(table, key, juvenile=juvenile)
    every = tuple(dict.fromkeys([*cautions, *lacking, *notes]))
    alone = phase is not None and bool(schedules)
    leading = frozenset(f"{key}.{r.name}" for r in (drug.juvenile if juvenile else drug.leading))
    return PreparedCheck(
        *(loaded, key, regimens, leading, stocks, stocked, schedules, alone, warnings, every),
        tapers=Remembered(MOST_TAPERS),
        doses=Remembered(MOST_PATIENTS),
    )


def check_prepared(
    drug: PreparedCheck, patient: Patient, order: Order, published: StepsOf | None = None
) -> CheckResult:
    """Compare one order with a drug made ready; raise PatientError as ``check`` does.

    ``published`` lists the steps of schedules, for who keeps them.
    """
    stop, advice = refuse_unless_weekly(drug.regimens[0].drug, order), rules_for(patient)
    answers = _doses(drug, patient, advice)
    doses, who = [answer.row for answer in answers], patient.of(drug.drug)
    if stop is None:
        own = [dose for dose in doses if dose.regimen in drug.leading]
        _need_sizes(who, order, own)
    by_weight, cautions = patient_notes(drug.loaded.table, patient, [drug.drug], drug.cautions)
    warnings = [*unusual_weight_warning(patient), *by_weight, *_indication_note(doses[0])]
    rows: list[CheckRow] = []
    for number, (regimen, answer) in enumerate(zip(drug.regimens, answers, strict=True)):
        with under("rows", number):
            row = compare_with_posology(answer.row, order, who, stop)
            row = row._replace(decides=row.regimen in drug.leading)
            note_roundings(row, who, answer.exact)
            if row.dose.per == "course" and row.verdict in ("below", "above"):
                row, of_rounding = compare_with_rounded(
                    row, order, drug.loaded, child=patient.child
                )
                warnings += of_rounding
            row, of_units = _with_single_dose(row, drug, order, patient, advice)
            if patient.dosing is not None:
                # start-up: a check by the actual weight needs no other
                from dmcalc.order.both_weights import limits_by_both_weights

                compute = partial(apply_patient_rules, regimen, advice=advice)
                row = limits_by_both_weights(row, patient, compute)
        warnings += of_units
        row = row._replace(matched=row.dose.phase if row.verdict == "within" else None)
        rows.append(_with_local_values(row, drug, regimen, order))
    if drug.step_alone or not any(row.matched and row.decides for row in rows):
        rows, of_schedules = compare_with_steps(drug, patient, rows, published)
        warnings += of_schedules
    warnings += _only_from_a_week(rows)
    warnings += local_value_warnings(local for row in rows for local in row.dose.local)
    if advice is not None:
        warnings += advice.warnings([drug.drug])
        cautions = (*advice.not_addressed([drug.drug]), *cautions)
    every = tuple(dict.fromkeys([*warnings, *drug.warnings]))
    return CheckResult(drug.loaded, patient, drug.drug, order, tuple(rows), every, cautions)


def _doses(drug: PreparedCheck, patient: Patient, advice: PatientRules | None) -> list[RegimenDose]:
    """Compute the doses that an order is compared with: of one patient there may be many orders."""
    plain = advice is None and patient.dosing is None
    if plain and (known := drug.doses.get(patient)):
        return known
    with aside():
        answers = [apply_patient_rules(regimen, patient, advice) for regimen in drug.regimens]
    if plain:
        drug.doses[patient] = answers
    return answers


def _schedules_of_phase(
    table: Table, key: str, phase: str, posologies: tuple[str, ...], *, juvenile: bool
) -> tuple[ScheduleKind, ...]:
    """Return the schedules that a phase is: a taper, a titration, or none for one of a posology.

    Raise UnknownNameError for a phase that the drug does not have.
    """
    tapers = table.landmark_tapers if juvenile else table.daily_tapers
    published: dict[ScheduleKind, bool] = {
        "taper": bool(published_for(tapers, key)),
        "titration": not juvenile and bool(published_for(table.titrations, key)),
    }
    kinds = tuple(kind for kind, there in published.items() if there)
    if phase not in (*posologies, *kinds):
        raise UnknownNameError(
            f"{key} has no phase {phase!r}{near(phase, (*posologies, *kinds))}",
            f"Its phases: {', '.join((*posologies, *kinds))}.",
        )
    return tuple(kind for kind in kinds if kind == phase)


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
    if dose is None:
        return row, []
    most, ordered = row.dose.high, row.ordered
    assert unit is not None and most is not None and ordered is not None  # it was compared
    if advice is not None:
        row = check_single_dose(row, dose, advice.single_dose_maximum(drug.drug, unit, who))
    stock = drug.stocks.get(unit)
    if stock is None or dose > MOST_UNITS * max(strength.strength for strength in stock.units):
        return row, []
    made = stock.make(dose)
    if made.dose is not None:
        return row._replace(dispensable=True), []
    if other := other_product(drug.loaded.table, drug.drug, unit, drug.stocked, [dose]):
        message = f"One dose is made of {other[1].label}, of {other[1].strengths()}."
        return row._replace(dispensable=True, message=f"{row.message} {message}"), []
    # as much of the limit as a dose is of the order
    nearest = made.nearest.up_to(quotient(multiply(most, dose), ordered))
    doses = ", ".join(f"{format_exact(amount)} {unit}" for amount in nearest if amount is not None)
    way_out = f"the nearest: {doses}" if doses else "ask the prescriber"
    message = (
        f"No whole {stock.form}s of {stock.strengths()} make a dose of {format_number(dose)} "
        f"{unit}; {way_out}."
    )
    row = row._replace(dispensable=False, nearest=nearest)
    return row, [ClinicalWarning("not-dispensable", row.drug, message, None)]


def _only_from_a_week(rows: list[CheckRow]) -> Iterator[ClinicalWarning]:
    """Warn of an order within posology of a later week alone: which week it is was not entered."""
    matched = [row.dose for row in rows if row.matched and row.decides]
    if matched and all(dose.from_week for dose in matched):
        first = min(matched, key=attrgetter("from_week"))
        message = (
            f"It is within {first.regimen} alone, which is from week {first.from_week} of "
            "treatment: the week of this patient is not known, and was not checked."
        )
        yield ClinicalWarning("from-week", first.drug, message, None)


def _with_local_values(
    row: CheckRow, drug: PreparedCheck, regimen: PreparedRegimen, order: Order
) -> CheckRow:
    """Mark a row with the local figures that apply to it, and name them in its message."""
    if not drug.loaded.local:
        return row
    names = [*regimen.figures, *(["limits"] if "kg" in (row.dose.basis, order.basis) else [])]
    names += [f"{row.drug}.rounding"] if row.locally_rounded else []
    if row.ordered is not None:
        assert row.dose.unit is not None
        stock = drug.stocks.get(row.dose.unit)
        names += stock.names if stock is not None else ()
    local = local_values_for(drug.loaded, *names)
    if not local:
        return row
    figures = ", ".join(value.figure for value in local)
    return row._replace(
        dose=row.dose._replace(local=local),
        message=f"{row.message} With local figures: {figures}.",
    )
