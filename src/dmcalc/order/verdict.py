"""One order against one posology for one patient: pure, and cheap enough for very many orders."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.dosing.dose import NO_SIZE, SIZE_INPUT
from dmcalc.dosing.wording import ROUTE_TEXT
from dmcalc.errors import PatientError, as_option, name_inputs
from dmcalc.order.check_row import CheckRow
from dmcalc.order.frequency import amount_per_period
from dmcalc.quantities import arithmetic, formulas
from dmcalc.quantities.amount import converted
from dmcalc.quantities.arithmetic import EXACT, divide_inward, multiply, per_size
from dmcalc.results.trace import DOWN, INWARD, PERCENT, RATIO, noting, quotient
from dmcalc.text import timing
from dmcalc.text.numbers import capitalised, format_exact, format_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.dosing.regimen import ExactEnds
    from dmcalc.order.parse import Order
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.algebra import Algebra
    from dmcalc.quantities.amount import DoseRange, Mass, SizeBasis
    from dmcalc.table.model.drug import Drug

_EXACT: Algebra[Decimal, bool] = arithmetic
#: Codes of what is refused because there is nothing to compare it with.
NO_DATA = ("no-dose", "no-body-weight", "no-body-surface")


def refuse_unless_weekly(drug: Drug, order: Order) -> str | None:
    """Return why an order of a drug for once a week is refused, whatever its dose; None if not.

    Anything but once a week, undivided, is refused. The danger is put in the table's own words.
    """
    if not drug.once_weekly:
        return None
    if (order.per, order.times, order.parts, order.every) == ("week", 1, 1, None):
        return None
    dangers = " ".join(note.text for note in drug.notes if note.kind == "warning")
    return (
        f"Refused, whatever the dose: {drug.name} is given once a week, undivided, and this order "
        f"says otherwise. {dangers}"
    ).rstrip()


def compare_with_posology(
    dose: DoseRow, order: Order, patient: Patient, stop: str | None = None
) -> CheckRow:
    """Compare an order with one posology, ``dose`` being what it gives for this patient.

    ``stop`` is the reason for which the order is refused in any case (see
    ``refuse_unless_weekly``). Raise PatientError where the order is for one kg or m2 and the
    patient's is not known.
    """
    refused = CheckRow(dose, order.text, "refused", "")
    if stop is not None:
        return refused._replace(code="not-weekly", message=stop)
    if dose.refused or dose.text is None:
        message = capitalised(dose.sentence)
        return refused._replace(code="rule", message=message)
    if order.route is not None and order.route != dose.route:
        ordered_route, source_route = ROUTE_TEXT[order.route], ROUTE_TEXT[dose.route]
        message = (
            f"Refused: the order says {ordered_route}, and the source gives the dose "
            f"{source_route}."
        )
        return refused._replace(code="route", message=message)
    limits = dose.dose
    if limits is None:
        code, message = _nothing_to_compare(dose)
        return refused._replace(code=code, message=message)
    amount = amount_in_unit(order, limits.unit, patient)
    ordered, findings = amount_per_period(dose, order, amount)
    faults = [finding for finding in findings if finding.code]
    remarks = [finding.text for finding in findings if not finding.code]
    sentences = []
    row = refused._replace(verdict="wrong-frequency")
    if faults:
        row = row._replace(code=faults[0].code)
        sentences.append(f"Wrong frequency: {'; '.join(fault.text for fault in faults)}.")
    if ordered is not None:
        row = _compared_with_limits(row, limits, ordered, patient)
        sentences.append(row.message)
        if faults:
            row = row._replace(verdict="wrong-frequency")
        else:
            sentences += _suggested_comparison(dose, ordered)
    sentences += [*remarks, *_lowered_limits(dose)]
    if dose.from_week is not None:
        sentences.append(f"This posology is from week {dose.from_week} of treatment.")
    return row._replace(message=" ".join(sentences))


def note_roundings(row: CheckRow, patient: Patient, exact: ExactEnds | None) -> None:
    """Note what was rounded in a row; ``exact`` are its limits where a rule reduced them."""
    trace = noting()
    if trace is None:
        return
    dose = row.dose
    size = None if dose.basis is None else patient.size(dose.basis)
    for end, before, amount, ratio in (
        ("ordered", None, row.ordered, row.per_basis_ordered),
        ("low", exact and exact[0], dose.low, dose.per_basis_low),
        ("high", exact and exact[1], dose.high, dose.per_basis_high),
    ):
        what = f"{dose.regimen}, {end}"
        if before is not None and amount is not None:
            trace.rounded(end, f"{what}: reduced", before, amount, dose.unit, INWARD)
        if ratio is not None:
            assert amount is not None and size is not None
            of, unit = quotient(amount, size), f"{dose.unit}/{dose.basis}"
            trace.rounded(f"per_basis_{end}", f"{what}: ratio", of, ratio, unit, RATIO)
    off, share = row.deviation, row.deviation_percent
    if off is not None:
        limit = dose.high if off > 0 else dose.low
        assert limit is not None and share is not None
        of, what = quotient(off * 100, limit), f"{dose.regimen}: deviation"
        trace.rounded("deviation_percent", what, of, share, "per cent", PERCENT)


def single_dose(row: CheckRow, order: Order, patient: Patient) -> Decimal | None:
    """Return what is given at one time in the row's unit, rounded down to 0.000001 if need be.

    It is None where no amount of the order could be compared.
    """
    unit = row.dose.unit
    if row.ordered is None:
        return None
    assert unit is not None  # that of what is ordered
    amount = amount_in_unit(order, unit, patient)
    parts = (order.days or 1) if order.per == "course" else order.parts
    if parts == 1:
        return amount
    dose = divide_inward(amount, parts, up=False)
    if trace := noting():
        what = f"{row.regimen}: one dose of the order"
        trace.rounded(None, what, quotient(amount, parts), dose, unit, DOWN)
    return dose


def check_single_dose(
    row: CheckRow, dose: Decimal, maximum: tuple[Decimal, str] | None
) -> CheckRow:
    """Say of an order whose single dose is above what rules for the patient leave for one.

    ``dose`` and the amount in ``maximum`` are in the row's unit; with it is the rule.
    """
    if maximum is None:
        return row
    most, rule = maximum
    if formulas.compare_with_cap(_EXACT, "within", dose, most) == "within":
        return row
    message = (
        f"One dose of {format_exact(dose)} {row.dose.unit} is above the maximum that rules for "
        f"this patient allow for one dose, {format_exact(most)} {row.dose.unit} ({rule}). "
        f"{row.message}"
    )
    return row._replace(verdict="over-cap", message=message)


def needed_size(patient: Patient, basis: SizeBasis, whose: str) -> Decimal:
    """Return what an amount is multiplied by; raise PatientError where it is not known."""
    size = patient.size(basis)
    if size is None:
        what, inputs = SIZE_INPUT[basis]
        example = {"kg": "‹weight 70› or ‹weight 154lb›", "m2": "‹bsa 1.85›"}[basis]
        raise PatientError(
            f"the {what} is missing; {whose} is given by it", f"Give {inputs}, e.g. {example}."
        )
    return size


def amount_in_unit(order: Order, unit: Mass, patient: Patient) -> Decimal:
    """Return what an order gives at one time, before it is divided, in a unit."""
    amount = converted(order.amount, order.unit, unit)
    if order.basis is None:
        return amount
    return multiply(amount, needed_size(patient, order.basis, "the order"))


def _compared_with_limits(
    row: CheckRow, limits: DoseRange, ordered: Decimal, patient: Patient
) -> CheckRow:
    """Compare an amount with the limits and the cap of a posology; an end belongs to its limits."""
    dose = row.dose
    size = patient.size(dose.basis) if dose.basis else None
    row = row._replace(ordered=ordered, per_basis_ordered=per_size(ordered, size) if size else None)
    unit, each = limits.unit, timing.suffix(dose.per)
    amount = f"{format_limit(ordered)} {unit}{each}"
    verdict, off, percent = formulas.compared(
        _EXACT,  # type: ignore[arg-type]  # mypy takes the None of the result for a number
        ordered,
        (limits.low, limits.high),
    )
    if off is None:
        low = format_limit(limits.low, up=ordered != limits.low)  # an end is within
        ends = f"{low} to {format_limit(limits.high)} {unit}{each}"
        within = f"is within {ends}" if limits.low < limits.high else "is what the source gives"
        return row._replace(verdict="within", message=f"{amount} {within}.")
    assert percent is not None
    above = off > 0
    end = limits.high if above else limits.low
    message = (
        f"{amount} is {format_limit(abs(off))} {unit} ({format_exact(abs(percent))} per cent) "
        f"{'above' if above else 'below'} {format_limit(end, up=not above)} {unit}"
    )
    if dose.cap_high is not None:
        verdict = formulas.compare_with_cap(_EXACT, verdict, ordered, dose.cap_high)
    if verdict == "over-cap" and dose.cap_high is not None:
        message += f", and over the cap of {format_exact(dose.cap_high)} {unit}{each}"
    return row._replace(
        verdict=verdict, message=f"{message}.", deviation=off, deviation_percent=percent
    )


def _suggested_comparison(dose: DoseRow, ordered: Decimal) -> Iterator[str]:
    """Compare the order with the dose that the severity points to."""
    if dose.suggested is None:
        return
    reading = "dmcalc's interpretation of the severity"
    off = EXACT.subtract(ordered, dose.suggested)
    if not off:
        yield f"It is the suggested dose ({reading})."
        return
    suggested = f"{format_exact(dose.suggested)} {dose.unit}{timing.suffix(dose.per)}"
    word = "above" if off > 0 else "below"
    by = f"{format_exact(abs(off))} {dose.unit} {word} it"
    yield f"The suggested dose is {suggested} ({reading}); the order is {by}."


def _lowered_limits(dose: DoseRow) -> Iterator[str]:
    """Say what lowered the limits: rules for this patient, or the cap for children."""
    before = dose.dose_before
    if before is None:
        return
    deciding = ", ".join(rule.id for rule in dose.rules if rule.decides)
    limits = f"that rules for this patient allow ({deciding})"
    if not deciding:
        limits = f"of the cap that {dose.cap_source} gives for children"
    ends = dict.fromkeys((format_exact(before.low), format_exact(before.high)))
    yield (
        f"The limits are those {limits}, instead of {' to '.join(ends)} "
        f"{before.unit}{timing.suffix(dose.per)}."
    )


def _nothing_to_compare(dose: DoseRow) -> tuple[str, str]:
    """Say why a posology has no amount, or none for this patient: as a code, and in words."""
    if dose.basis is None:
        return "no-dose", "Refused: the source gives no dose to compare the order with."
    what, inputs = SIZE_INPUT[dose.basis]
    give = name_inputs(inputs, as_option)
    message = f"Refused: the source gives it by {what}, which is not known: give {give}."
    return NO_SIZE[dose.basis], message
