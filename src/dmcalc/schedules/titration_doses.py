"""The doses that a titration begins and ends with, as the patient's rules leave them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dosing.one_drug import dose_row
from dmcalc.errors import PatientError, RefusedError, UsageError, as_option
from dmcalc.quantities.amount import converted
from dmcalc.quantities.arithmetic import EXACT, multiply, to_decimal
from dmcalc.quantities.base import format_plain
from dmcalc.results.base import ClinicalNote, ClinicalWarning, leading, source_keys
from dmcalc.results.trace import DOWN, noting
from dmcalc.schedules.model import Choice
from dmcalc.text import timing
from dmcalc.text.numbers import ranges_in_words

if TYPE_CHECKING:
    import datetime

    from dmcalc.dispensing.stock import Stock
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Amount, DoseRange, Mass, Rate
    from dmcalc.quantities.time import Interval
    from dmcalc.table.model.drug import Regimen
    from dmcalc.table.model.schedules import Titration
    from dmcalc.table.model.table import Table


class TitrationChoices(NamedTuple):
    """What the user chooses of a titration; None takes what the source gives."""

    protocol: str | None = None
    start_dose: Amount | None = None
    #: The dose to reach, and by how much each step goes up.
    target: Amount | None = None
    increase: Amount | None = None
    hold: Interval | None = None
    interval: Interval | None = None
    start: datetime.date | None = None
    #: The weekday of a dose once a week.
    day: str | None = None


class TitrationDoses(NamedTuple):
    """The first dose, the dose to reach, and what there is to say of them."""

    first: Decimal
    aim: Decimal
    #: The target before it was brought to one that whole units make.
    exact_aim: Decimal
    #: The patient's target by the reference, and the rows that these doses come from.
    target: DoseRange
    rows: tuple[DoseRow, ...]
    choices: tuple[Choice, ...]
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]

    @property
    def reduced(self) -> bool:
        """Whether a rule for this patient left less of a dose."""
        return any(row.low_before is not None for row in self.rows)


class _Start(NamedTuple):
    dose: Decimal
    choice: Choice
    cautions: tuple[ClinicalNote, ...] = ()


def titration_doses(
    table: Table,
    patient: Patient,
    titration: Titration,
    key: str,
    choices: TitrationChoices,
    stock: Stock | None,
) -> TitrationDoses:
    """Settle from which dose to which a titration goes.

    It begins with the reference's start, where that gives one; a protocol that was named begins
    with its own.
    Raise PatientError where the weight is needed, RefusedError for a dose that the patient's rules
    do not leave, and UsageError for a target outside the reference's.
    """
    drug = titration.drug
    entry = table.drugs[drug]
    goal = next(regimen for regimen in entry.regimens if regimen.phase == "target")
    aims = _row(table, patient, drug, goal)
    starts = next((r for r in entry.regimens if r.phase == "start"), None)
    begins = None if starts is None else _row(table, patient, drug, starts)
    assert aims.dose is not None
    reached = aims.dose
    start = _start(table, patient, titration, key, begins, aims, choices)
    limit = None if titration.max is None else rate_for(titration.max, patient, reached.unit)
    exact_aim, target_choice = _target(aims, start.dose, limit, choices.target, table.base)
    aim, warnings = exact_aim, []
    if stock is not None:
        most = reached.high if limit is None else max(exact_aim, min(limit, reached.high))
        if choices.target is not None:
            most = exact_aim  # never more than was asked for
        aim = stock.make_within(exact_aim, reached.low, most).dose or exact_aim
        target_choice = target_choice._replace(chosen=f"{format_plain(aim)} {reached.unit}")
        if choices.target is not None and aim != exact_aim:
            warnings.append(_rounded_target(drug, stock, exact_aim, aim, reached.unit))
    if limit is not None and aim > limit:
        message = (
            f"The target of {format_plain(aim)} {reached.unit} is over the maximum of this source, "
            f"{format_plain(limit)} {reached.unit}; the steps stop there."
        )
        warnings.append(
            ClinicalWarning("protocol-cap", drug, message, leading(titration.cite).source)
        )
    return TitrationDoses(
        first=start.dose,
        aim=aim if limit is None else min(aim, limit),
        exact_aim=exact_aim,
        target=reached,
        rows=(aims,) if begins is None else (begins, aims),
        choices=(start.choice, target_choice),
        warnings=tuple(warnings),
        cautions=start.cautions,
    )


def rate_for(rate: Rate, patient: Patient, unit: Mass, times: int | None = None) -> Decimal | None:
    """Return the low end of a rate for the patient, in a unit; None without its basis."""
    size = Decimal(1) if rate.basis is None else patient.size(rate.basis)
    if size is None:
        return None
    return converted(multiply(rate.low, EXACT.multiply(size, Decimal(times or 1))), rate.unit, unit)


def note_target_rounding(doses: TitrationDoses, reached: bool, last: int, stock: Stock) -> None:
    """Note that the target was brought to one that whole units make; ``last`` is its step."""
    if (trace := noting()) and doses.aim != doses.exact_aim:
        where = f"steps.{last}.low" if reached else None
        how = f"to whole {stock.form}s, inside the range"
        trace.rounded(where, "target", doses.exact_aim, doses.aim, doses.target.unit, how)


def _row(table: Table, patient: Patient, drug: str, regimen: Regimen) -> DoseRow:
    """Return a posology for the patient; refuse where there is no amount of it."""
    row = dose_row(table, patient, drug, regimen)
    if row.dose is not None:
        return row
    if regimen.dose is not None and regimen.dose.basis == "kg" and patient.weight_kg is None:
        raise PatientError(
            f"the weight is missing; the {regimen.phase} of {drug} is per kg",
            "Give it in kg or lb, e.g. ‹weight 70›.",
        )
    raise RefusedError(
        f"no source gives an amount of {drug} for this patient: {row.sentence}",
        "Nothing was computed. Ask the prescriber.",
    )


def _start(
    table: Table,
    patient: Patient,
    titration: Titration,
    key: str,
    begins: DoseRow | None,
    aims: DoseRow,
    choices: TitrationChoices,
) -> _Start:
    """Return the first dose: the user's, the reference's, or the protocol's."""
    assert aims.dose is not None
    unit = aims.dose.unit
    if choices.start_dose is not None:
        first = choices.start_dose.value_in(unit)
        _refuse_above(first, begins, aims)
        amount = f"{format_plain(first)} {unit}"
        return _Start(first, Choice.of("start dose", amount, None, None, "from"))
    own = titration.levels[0] if titration.levels else titration.start
    dose = None if own is None else rate_for(own, patient, unit, titration.times_daily)
    if begins is not None:
        assert begins.dose is not None
        first = begins.dose.in_unit(unit).low
        by_protocol = choices.protocol is not None and begins.low_before is None
        if dose is None or dose == first or not by_protocol:
            notes = _own_start(titration, key, own, dose, begins, first)
            amount = f"{format_plain(first)} {unit}"
            allowed = _allowed(begins)
            choice = Choice.of("start dose", amount, allowed, table.base, "from")
            return _Start(first, choice, notes)
    if dose is None:
        raise PatientError(
            "the start dose is not known", "Give ‹weight›, or ‹from›, e.g. ‹from 50mg›."
        )
    assert own is not None
    if aims.dose_before is not None:
        reduced = any(rule.share is not None and rule.decides for rule in aims.rules)
        share = Fraction(aims.dose.high) / Fraction(aims.dose_before.high)
        dose = _scaled(dose, share, unit) if reduced else min(dose, aims.dose.high)
    allowed, source = _written(own, titration.times_daily), leading(titration.cite).source
    choice = Choice.of("start dose", f"{format_plain(dose)} {unit}", allowed, source, "from")
    return _Start(dose, choice, _base_start(titration.drug, begins, table.base))


def _base_start(drug: str, begins: DoseRow | None, base: str) -> tuple[ClinicalNote, ...]:
    """Say what the reference starts with, for a protocol that starts with another dose."""
    if begins is None:
        return ()
    text = f"{base} starts with {begins.posology}; this protocol with another dose."
    return (ClinicalNote("protocol-start", "disagreement", drug, text, (base,)),)


def _refuse_above(first: Decimal, begins: DoseRow | None, aims: DoseRow) -> None:
    """Refuse a start dose above what the rules leave of it, or above the target itself."""
    assert aims.dose is not None
    unit, target = aims.dose.unit, aims.dose
    if begins is not None and begins.low_before is not None:
        assert begins.dose is not None
        most = begins.dose.in_unit(unit).high
        if first > most:
            raise RefusedError(
                f"a start dose of {format_plain(first)} {unit} is more than the rules for this "
                f"patient leave, {format_plain(most)} {unit}",
                "Leave ‹from› out, or ask the prescriber.",
            )
    if first > target.high:
        message = (
            f"a start dose of {format_plain(first)} {unit} is above the target, "
            f"{ranges_in_words(str(target))}"
        )
        if aims.low_before is not None:
            raise RefusedError(message, "The rules for this patient leave no more.")
        raise UsageError(message, "A titration goes up: give a lower one with ‹from›.")


def _own_start(
    titration: Titration,
    key: str,
    own: Rate | None,
    dose: Decimal | None,
    begins: DoseRow,
    first: Decimal,
) -> tuple[ClinicalNote, ...]:
    """Say with which dose the protocol itself starts, where the reference's start counts.

    It is an option unless a rule left less of the start dose.
    """
    if dose is None or dose == first:
        return ()
    text = f"{key} itself starts with {own}; here the start dose of the reference is used."
    if begins.low_before is None:
        text += f" From its own: {as_option('protocol', key)}"
    sources = source_keys(titration.cite)
    return (ClinicalNote("protocol-start", "reading", titration.drug, text, sources),)


def _allowed(row: DoseRow) -> str:
    """Write what the reference gives for the patient, and what the patient's rules leave of it."""
    if row.dose_before is None:
        return row.posology if row.phase == "start" else str(row.dose)
    return f"{row.dose_before}, of which the rules for this patient leave {row.dose}"


def _target(
    aims: DoseRow,
    first: Decimal,
    limit: Decimal | None,
    target: Amount | None,
    base: str,
) -> tuple[Decimal, Choice]:
    """Return the dose to reach: one inside the reference's target, by default its low end.

    Where the first dose is there already it is the high end, as far as the protocol goes.
    """
    assert aims.dose is not None
    low, high, unit = aims.dose.low, aims.dose.high, aims.dose.unit
    aim = low if first < low else high if limit is None else max(first, min(high, limit))
    if target is not None:
        aim = target.value_in(unit)
    if not low <= aim <= high:
        raise UsageError(
            f"a target of {format_plain(aim)} {unit} is outside the published range",
            f"For this patient it is {format_plain(low)} to {format_plain(high)} {unit}.",
        )
    return aim, Choice.of("target", f"{format_plain(aim)} {unit}", _allowed(aims), base, "to")


def _rounded_target(
    drug: str, stock: Stock, asked: Decimal, aim: Decimal, unit: Mass
) -> ClinicalWarning:
    """Warn that the target that was asked for is not the one of the answer."""
    times = stock.times_daily
    equal = f" in {times} equal doses" if times > 1 else ""
    message = (
        f"No whole {stock.form}s make {format_plain(asked)} {unit}{equal}: the target is the "
        f"largest below it, {format_plain(aim)} {unit}."
    )
    return ClinicalWarning("target-rounded", drug, message, None)


def _scaled(dose: Decimal, share: Fraction, unit: Mass) -> Decimal:
    """Return what the rules leave of a start dose: the share that they leave of the target."""
    exact = Fraction(dose) * share
    scaled = min(dose, to_decimal(exact))
    if trace := noting():
        trace.rounded(None, "start dose", exact, scaled, unit, DOWN)
    return scaled


def _written(rate: Rate, times: int | None) -> str:
    """Write a rate as its source does, a single dose with how often: ``500 mg twice daily``."""
    return f"{str(rate).removesuffix('/dose')}{timing.times_daily(times)}" if times else str(rate)
