"""One order against one posology for one patient: pure, and cheap enough for very many orders."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.stock import deviation_percent
from dmcalc.dosing.dose import SIZE_INPUT
from dmcalc.dosing.wording import ROUTE_TEXT
from dmcalc.errors import PatientError, as_option, name_inputs
from dmcalc.order.check_row import CheckRow, Verdict
from dmcalc.order.frequency import amount_per_period
from dmcalc.quantities.amount import converted
from dmcalc.quantities.arithmetic import EXACT, divide_inward, multiply, per_size
from dmcalc.results.trace import DOWN, INWARD, PERCENT, RATIO, noting, quotient
from dmcalc.text import timing
from dmcalc.text.numbers import format_exact, format_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.dosing.regimen import ExactEnds
    from dmcalc.order.parse import Order
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Mass, SizeBasis
    from dmcalc.table.model.drug import Drug

#: Codes of what is refused because there is nothing to compare it with.
NO_DATA = ("no-dose", "no-body-weight", "no-body-surface")

#: How an amount per day, week, course or dose is said.


class _RangeVerdict(NamedTuple):
    """How an amount stands to the limits."""

    verdict: Verdict
    sentence: str
    deviation: Decimal | None = None
    share: Decimal | None = None


def refuse_unless_weekly(drug: Drug, order: Order) -> str | None:
    """Return why an order of a drug for once a week is refused, whatever its dose; None if not.

    Anything but once a week, undivided, is refused. The danger is told in the table's own words.
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
    row: DoseRow, order: Order, patient: Patient, stop: str | None = None
) -> CheckRow:
    """Compare an order with one posology, ``row`` being its dose for this patient.

    ``stop`` is the reason for which the order is refused in any case (see ``weekly_stop``). Raise
    PatientError where the order is for one kg or m2 and the patient's is not known.
    """
    if stop is not None:
        return _row(row, order, "refused", code="not-weekly", message=stop)
    if row.refused:
        message = f"{row.text[0].upper()}{row.text[1:]}"
        return _row(row, order, "refused", code="rule", message=message)
    if order.route is not None and order.route != row.route:
        said, given = ROUTE_TEXT[order.route], ROUTE_TEXT[row.route]
        message = f"Refused: the order says {said}, and the source gives the dose {given}."
        return _row(row, order, "refused", code="route", message=message)
    if row.low is None or row.high is None or row.unit is None:
        return _nothing_to_compare(row, order)
    ordered, findings = amount_per_period(row, order, _amount(row.unit, order, patient))
    faults = [found for found in findings if found.code]
    judged = None if ordered is None else _range_verdict(row, ordered)
    sentences = [found.text for found in findings if not found.code]
    if judged is not None and not faults:
        sentences = [*_suggested_comparison(row, ordered), *sentences]
    if judged is not None:
        sentences.insert(0, judged.sentence)
    if faults:
        sentences.insert(0, f"Wrong frequency: {'; '.join(found.text for found in faults)}.")
    sentences += _before_rules(row)
    if row.from_week is not None:
        sentences.append(f"This posology is from week {row.from_week} of treatment.")
    return _row(
        row,
        order,
        "wrong-frequency" if faults or judged is None else judged.verdict,
        code=faults[0].code if faults else None,
        message=" ".join(sentences),
        ordered=ordered,
        size=patient.size(row.basis) if row.basis else None,
        deviation=judged.deviation if judged else None,
        share=judged.share if judged else None,
    )


def note_roundings(row: CheckRow, patient: Patient, exact: ExactEnds | None) -> None:
    """Note what was rounded in a row; ``exact`` are its limits where a rule reduced them."""
    trace = noting()
    if trace is None:
        return
    size = None if row.basis is None else patient.size(row.basis)
    for end, before, amount, ratio in (
        ("ordered", None, row.ordered, row.per_basis_ordered),
        ("low", exact and exact[0], row.low, row.per_basis_low),
        ("high", exact and exact[1], row.high, row.per_basis_high),
    ):
        what = f"{row.regimen}, {end}"
        if before is not None and amount is not None:
            trace.rounded(end, f"{what}: reduced", before, amount, row.unit, INWARD)
        if amount is not None and ratio is not None and size:
            of, unit = quotient(amount, size), f"{row.unit}/{row.basis}"
            trace.rounded(f"per_basis_{end}", f"{what}: ratio", of, ratio, unit, RATIO)
    off, limit = row.deviation, row.high if row.deviation and row.deviation > 0 else row.low
    if off is not None and limit is not None and row.deviation_percent is not None:
        of, what = quotient(off * 100, limit), f"{row.regimen}: deviation"
        share = row.deviation_percent
        trace.rounded("deviation_percent", what, of, share, "per cent", PERCENT)


def single_dose(row: CheckRow, order: Order, patient: Patient) -> Decimal | None:
    """Return what is given at one time in the row's unit, rounded down to 0.000001 if need be."""
    if row.unit is None:
        return None
    amount = _amount(row.unit, order, patient)
    parts = (order.days or 1) if order.per == "course" else order.parts
    if parts == 1:
        return amount
    dose = divide_inward(amount, parts, up=False)
    if trace := noting():
        what = f"{row.regimen}: one dose of the order"
        trace.rounded(None, what, quotient(amount, parts), dose, row.unit, DOWN)
    return dose


def check_single_dose(row: CheckRow, dose: Decimal, most: tuple[Decimal, str] | None) -> CheckRow:
    """Say of an order whose single dose is above what rules for the patient leave for one.

    ``dose`` and the amount in ``most`` are in the row's unit; beside it stands the rule.
    """
    if most is None or dose <= most[0]:
        return row
    message = (
        f"One dose of {format_exact(dose)} {row.unit} is over the most that rules for this "
        f"patient leave for one, {format_exact(most[0])} {row.unit} ({most[1]}). {row.message}"
    )
    return row._replace(verdict="over-cap", message=message)


def limits_by_both_weights(row: CheckRow, actual: DoseRow, patient: Patient) -> CheckRow:
    """Put beside the limits of an order those by the actual weight, and say by which they are."""
    # imported where a weight is asked for: a check by the actual one starts without it
    from dmcalc.dosing.weight_comparison import WeightComparison, kg_text

    weight = patient.dosing
    if weight is None or row.drug not in weight.drugs or row.basis != "kg":
        return row
    row = row._replace(**WeightComparison.between(weight, row.dose, actual.dose)._asdict())
    if row.low is None or actual.low is None or actual.high is None:
        return row
    text = f"The limits are by {weight.name}, {kg_text(weight)}"
    if weight.basis != "actual":
        limits = " to ".join(dict.fromkeys(map(format_exact, (actual.low, actual.high))))
        text += f"; by the actual weight, {format_exact(weight.actual_kg)} kg, they are {limits} "
        text += f"{row.unit}{timing.suffix(row.per)}"
    return row._replace(message=f"{row.message} {text}.")


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


def _amount(unit: Mass, order: Order, patient: Patient) -> Decimal:
    """Return what is given at one time, before it is divided, in a unit."""
    amount = converted(order.amount, order.unit, unit)
    if order.basis is None:
        return amount
    return multiply(amount, needed_size(patient, order.basis, "the order"))


def _range_verdict(row: DoseRow, ordered: Decimal) -> _RangeVerdict:
    """Compare an amount with the limits and the cap; an end belongs to its limits."""
    assert row.low is not None and row.high is not None
    each = timing.suffix(row.per)
    amount = f"{format_limit(ordered)} {row.unit}{each}"
    if row.low <= ordered <= row.high:
        ends = f"{format_limit(row.low, up=True)} to {format_limit(row.high)}"
        limits = f"{ends} {row.unit}{each}"
        within = f"is within {limits}" if row.low < row.high else "is what the source gives"
        return _RangeVerdict("within", f"{amount} {within}.")
    above = ordered > row.high
    end = row.high if above else row.low
    off = EXACT.subtract(ordered, end)
    share = deviation_percent(off, end)
    text = (
        f"{amount} is {format_limit(abs(off))} {row.unit} ({format_exact(abs(share))} per cent) "
        f"{'above' if above else 'below'} {format_limit(end, up=not above)} {row.unit}"
    )
    if row.cap_high is None or ordered <= row.cap_high:
        return _RangeVerdict("above" if above else "below", f"{text}.", off, share)
    text += f", and over the cap of {format_exact(row.cap_high)} {row.unit}{each}."
    return _RangeVerdict("over-cap", text, off, share)


def _suggested_comparison(row: DoseRow, ordered: Decimal | None) -> Iterator[str]:
    """Say how the order stands to the dose that the severity points to."""
    if row.suggested is None or ordered is None:
        return
    reading = "this table's reading of the severity"
    off = EXACT.subtract(ordered, row.suggested)
    if not off:
        yield f"It is the suggested dose ({reading})."
        return
    dose = f"{format_exact(row.suggested)} {row.unit}{timing.suffix(row.per)}"
    word = "above" if off > 0 else "below"
    by = f"{format_exact(abs(off))} {row.unit} {word} it"
    yield f"The suggested dose is {dose} ({reading}); the order is {by}."


def _before_rules(row: DoseRow) -> Iterator[str]:
    """Say that rules for this patient changed the limits, and what they were."""
    if row.low_before is not None and row.high_before is not None:
        each = timing.suffix(row.per)
        ends = dict.fromkeys((format_exact(row.low_before), format_exact(row.high_before)))
        deciding = ", ".join(rule.id for rule in row.rules if rule.decides)
        yield (
            f"The limits are those that rules for this patient leave ({deciding}), in place of "
            f"{' to '.join(ends)} {row.unit}{each}."
        )


def _nothing_to_compare(row: DoseRow, order: Order) -> CheckRow:
    """Refuse to compare with a posology that has no amount, or none for this patient."""
    if row.unit is None or row.basis is None:
        message = "Refused: the source gives no dose to compare the order with."
        return _row(row, order, "refused", code="no-dose", message=message)
    what, inputs = SIZE_INPUT[row.basis]
    give = name_inputs(inputs, as_option)
    message = f"Refused: the source gives it by {what}, which is not known: give {give}."
    return _row(row, order, "refused", code="no-" + what.replace(" ", "-"), message=message)


def _row(
    row: DoseRow,
    order: Order,
    verdict: Verdict,
    *,
    code: str | None,
    message: str,
    ordered: Decimal | None = None,
    size: Decimal | None = None,
    deviation: Decimal | None = None,
    share: Decimal | None = None,
) -> CheckRow:
    return CheckRow(
        drug=row.drug,
        name=row.name,
        order=order.text,
        regimen=row.regimen,
        phase=row.phase,
        base=row.base,
        verdict=verdict,
        code=code,
        ordered=ordered,
        low=row.low,
        high=row.high,
        suggested=row.suggested,
        unit=row.unit,
        per=row.per,
        basis=row.basis,
        per_basis_ordered=per_size(ordered, size) if ordered and size else None,
        per_basis_low=row.per_basis_low,
        per_basis_high=row.per_basis_high,
        cap_low=row.cap_low,
        cap_high=row.cap_high,
        deviation=deviation,
        deviation_percent=share,
        days_low=row.days_low,
        days_high=row.days_high,
        every=row.every,
        doses=row.doses,
        from_week=row.from_week,
        indicated=row.indicated,
        population=row.population,
        posology=row.posology,
        message=message,
        sources=row.sources,
        low_before=row.low_before,
        high_before=row.high_before,
        rules=row.rules,
    )
