"""One regimen for one patient: multiplied, capped, put into words and made of whole units."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.dispensing.courses import course_by_days, units_of_course
from dmcalc.dispensing.stock import Stock, UnitCombination
from dmcalc.dosing.dose_row import DoseRow
from dmcalc.dosing.paediatric import PaediatricCap, highest_cap
from dmcalc.dosing.parts import ALL_PARTS
from dmcalc.dosing.roundings import note_roundings
from dmcalc.dosing.wording import dose_sentence, dose_text, posology_text
from dmcalc.patient.patient import Patient
from dmcalc.quantities.amount import DoseRange
from dmcalc.quantities.arithmetic import deviation_percent
from dmcalc.records import Record
from dmcalc.remembered import Remembered
from dmcalc.results.base import ClinicalWarning, leading, source_keys
from dmcalc.results.trace import noting, used
from dmcalc.table.model.drug import Drug, Indications, Regimen, Severity
from dmcalc.table.model.table import Table
from dmcalc.text.numbers import format_exact, page_number

if TYPE_CHECKING:
    from fractions import Fraction

    from dmcalc.quantities.algebra import Number
    from dmcalc.quantities.rounding_rule import RoundingRule
    from dmcalc.quantities.time import Interval
    from dmcalc.table.model.local_values import LocalValue

    #: The ends of a dose, low and high, before they were rounded.
    ExactEnds = tuple[Fraction | Decimal, Fraction | Decimal]


#: Weights or surfaces for which the doses of a regimen are kept.
MOST_SIZES = 500


class RegimenDose(Record):
    """A row, and what there is to be warned of in it."""

    row: DoseRow
    warnings: tuple[ClinicalWarning, ...] = ()
    #: What the ends of a dose that a rule reduced were before they were rounded, where that is
    #: noted.
    exact: ExactEnds | None = None


class PreparedRegimen(Record):
    """A regimen made ready for any patient: what of its row does not depend on one."""

    drug: Drug
    regimen: Regimen
    #: The cap in the unit of the dose: the source's own, or for a child whose source gives none
    #: that of another one.
    cap: DoseRange | None
    paediatric_cap: PaediatricCap | None
    #: Whether the drug is indicated, by severity; None for an alternative.
    indications: Indications | None
    #: The row with nothing known of the patient.
    blank: DoseRow
    #: The dose in words, but for its amounts.
    sentence: str
    stock: Stock | None
    #: The hospital's own rule for what is given on one day, and the local figures that apply to a
    #: row with units; a row without has those of ``blank``.
    rounding: RoundingRule | None
    local: tuple[LocalValue, ...]
    #: By severity, what is known without weight or surface: all of it, where the dose is fixed.
    known: dict[Severity | None, RegimenDose]
    #: By what the dose is multiplied by, what is known without a severity.
    sized: Remembered[Decimal, RegimenDose]
    #: What of a row is worked out.
    parts: frozenset[str] = ALL_PARTS

    @property
    def figures(self) -> tuple[str, ...]:
        """What of the table its dose is made from, by name."""
        cap = self.paediatric_cap
        return (self.blank.regimen,) if cap is None else (self.blank.regimen, cap.name)


def note_posology(key: str, drug: Drug, regimen: Regimen) -> None:
    """Note that an answer is based on the figures of a posology."""
    if trace := noting():
        for field in regimen._fields:
            if field != "by_severity":  # that is used where a severity is given
                trace.used(key, "drugs", key, *drug.path_of(regimen), field)


def prepare_regimen(
    table: Table, key: str, regimen: Regimen, *, base: bool, child: bool = False
) -> PreparedRegimen:
    """Make one regimen of a drug ready, without its stock."""
    drug = table.drugs[key]
    note_posology(key, drug, regimen)
    group = table.groups[drug.group]
    rate, days = regimen.dose, regimen.days
    divided = drug.divided if rate and rate.per == "day" else None
    kind = "Paediatric dosing" if child else "An alternative from another source"
    cap = DoseRange.of(regimen.max).in_unit(rate.unit) if regimen.max and rate else None
    paediatric = highest_cap(table, key, rate.per) if child and rate and cap is None else None
    if paediatric is not None:
        assert rate is not None
        cap = paediatric.dose.in_unit(rate.unit)
        used(key, *paediatric.path)
    blank = DoseRow(
        drug=key,
        name=drug.name,
        class_=group.singular,
        line=drug.line,
        route=regimen.route or drug.route,
        regimen=f"{key}.{regimen.name}",
        phase=regimen.phase,
        base=base,
        indicated=None,
        reason=None if base else f"{kind}, for: {regimen.population}",
        low=None,
        high=None,
        suggested=None,
        unit=rate.unit if rate else None,
        per=rate.per if rate else None,
        capped=False,
        cap_low=cap.low if cap else None,
        cap_high=cap.high if cap else None,
        basis=rate.basis if rate else None,
        per_basis_low=None,
        per_basis_high=None,
        days_low=days.low if days else None,
        days_high=days.high if days else None,
        daily_low=None,
        daily_high=None,
        every=str(regimen.every) if regimen.every else None,
        lasts=str(regimen.lasts) if regimen.lasts else None,
        doses=regimen.doses,
        from_week=regimen.from_week,
        population=regimen.population,
        reading=regimen.reading,
        posology=posology_text(regimen),
        text=dose_sentence(regimen, drug.route, amounts=False),
        sources=source_keys((*regimen.cite, *(paediatric.cite if paediatric else ()))),
        effects=group.effects,
        side_effects=(*group.side_effects, *drug.side_effects),
        cap_source=leading(paediatric.cite).source if paediatric else None,
        times_daily=divided.times_daily if divided else None,
        times_daily_population=divided.population if divided else None,
    )
    indications = table.indications[drug.indication] if base else None
    sentence = dose_sentence(regimen, drug.route, blank.times_daily, amounts=True)
    return PreparedRegimen(
        *(drug, regimen, cap, paediatric, indications, blank, sentence, None, None, ()),
        known={},
        sized=Remembered(MOST_SIZES),
    )


def compute_regimen(ready: PreparedRegimen, patient: Patient) -> RegimenDose:
    """Compute one regimen for one patient, with the units that make it where there is a stock.

    A dose per kg goes by the weight that the patient has for this drug.
    """
    severity, rate = patient.severity, ready.regimen.dose
    known = ready.known.get(severity)
    if known is None:
        known = RegimenDose(ready.blank)
        if rate is not None and rate.basis is None:
            known = _amounts(ready, ready.blank, DoseRange.of(rate), None)
        known = ready.known[severity] = _of_severity(ready, known, severity)
    who = patient.of(ready.blank.drug)
    size = who.size(rate.basis) if rate is not None and rate.basis is not None else None
    if rate is None or size is None:
        return known
    sized = ready.sized.get(size)
    if sized is None or noting():
        sized = _amounts(ready, ready.blank, DoseRange.of(rate, size), size)
        ready.sized[size] = sized
    return _of_severity(ready, sized, severity)


def with_lower_limits(
    ready: PreparedRegimen,
    row: DoseRow,
    dose: DoseRange,
    size: Decimal | None,
    severity: Severity | None,
    exact: ExactEnds | None,
) -> RegimenDose:
    """Return a row with smaller ends than it had, with all that follows from them.

    ``exact`` are the ends before they were rounded. The suggested dose goes with the end that it
    was.
    """
    computed = _amounts(ready, row, dose, size, exact)
    return computed._replace(
        row=computed.row._replace(
            suggested=suggested(ready.regimen, severity, (dose.low, dose.high)),
            capped=row.capped,
            low_before=row.low if row.low_before is None else row.low_before,
            high_before=row.high if row.high_before is None else row.high_before,
        ),
        exact=exact,
    )


def _of_severity(
    ready: PreparedRegimen, computed: RegimenDose, severity: Severity | None
) -> RegimenDose:
    """Say what a severity adds to a dose: whether the drug is indicated and why, and its end."""
    if severity is None:
        return computed
    if trace := noting():
        key, drug = ready.blank.drug, ready.drug
        trace.used(key, "drugs", key, *drug.path_of(ready.regimen), "by_severity")
        if ready.indications is not None:
            trace.used(key, "indications", drug.indication, severity)
    row = computed.row
    if row.low is not None:
        assert row.high is not None
        row = row._replace(suggested=suggested(ready.regimen, severity, (row.low, row.high)))
    if ready.indications is not None:
        indication = getattr(ready.indications, severity)
        row = row._replace(
            indicated=indication.indicated,
            reason=indication.reason,
            choice_group=indication.choice_group,
        )
    return computed._replace(row=row)


def _amounts(
    ready: PreparedRegimen,
    row: DoseRow,
    uncapped: DoseRange,
    size: Decimal | None,
    exact: ExactEnds | None = None,
) -> RegimenDose:
    """Fill in what follows from the dose: caps, days, words and units."""
    parts = ready.parts
    dose = uncapped.cap(ready.cap)
    divided = ready.regimen.days if row.per == "course" and "daily" in parts else None
    daily = dose.divide(divided.high, divided.low) if divided else None
    ratio_low, ratio_high = dose.per_size(size) if size and "ratio" in parts else (None, None)
    row = row._replace(
        low=dose.low,
        high=dose.high,
        capped=dose.low != uncapped.low or dose.high != uncapped.high,
        per_basis_low=ratio_low,
        per_basis_high=ratio_high,
        daily_low=daily.low if daily else None,
        daily_high=daily.high if daily else None,
        text=dose_text(ready.sentence, dose, daily) if "text" in parts else row.text,
    )
    if row.capped and row.cap_source is not None:  # the cap is not of the source of the dose
        row = row._replace(low_before=uncapped.low, high_before=uncapped.high)
    computed = RegimenDose(row)
    stock = ready.stock
    # where no units make it that is warned of, whether they are requested or not
    if stock is not None and ("units" in parts or not stock.makes_within(dose.low, dose.high)):
        computed = _with_units(ready, row, stock, dose)
    if trace := noting():
        note_roundings(trace, computed.row, size, exact or (dose.low, dose.high))
    return computed


def _with_units(ready: PreparedRegimen, row: DoseRow, stock: Stock, dose: DoseRange) -> RegimenDose:
    """Add to a row the doses that whole units make, and warn where none makes them.

    A dose that is rounded, by a hospital's own rule too, stays inside the row's range and under its
    cap.
    """
    least, most = targets = (dose.low, dose.high)
    if ready.rounding is not None:
        targets = ready.rounding.round_within(least, most, stock.unit)
    # the high end first: the sums that are searched for it hold those of the low one
    high = stock.make_within(targets[1], least, most)
    low = high if least == most else stock.make_within(targets[0], least, most)
    not_made = {amount: made for amount, made in ((least, low), (most, high)) if made.dose is None}
    messages = [_nothing_makes(row, made, stock, end, most) for end, made in not_made.items()]
    warnings = tuple(ClinicalWarning("no-combination", row.drug, text, None) for text in messages)
    by_days, days = None, ready.regimen.days
    if row.per == "course" and days and stock.form == "vial":
        by_days = course_by_days(stock, most, days.low, days.high)
        low, high = (_in_equal_days(stock, made, days) for made in (low, high))
    row = row._replace(
        products_by_days=by_days,
        dispensed_low=low.dose,
        dispensed_high=high.dose,
        deviation_low_percent=_deviation(low, least),
        deviation_high_percent=_deviation(high, most),
        products_low=low.products,
        products_high=high.products,
        form=stock.form,
        local=ready.local,
    )
    return RegimenDose(row, warnings)


def _in_equal_days(stock: Stock, made: UnitCombination, days: Interval) -> UnitCombination:
    """Return a course with units that make equal days, the fewest; None where none do exactly."""
    assert made.dose is not None  # vials cover any dose
    if made.waste:  # equal days without a rest would make the course exactly
        return made._replace(products=None)
    by_days = course_by_days(stock, made.dose, days.low, days.high)
    return made._replace(products=units_of_course(stock, made.dose, by_days))


def _deviation(made: UnitCombination, amount: Decimal) -> Decimal | None:
    return None if made.dose is None else deviation_percent(made.dose - amount, amount)


def _nothing_makes(
    row: DoseRow, made: UnitCombination, stock: Stock, amount: Decimal, most: Decimal
) -> str:
    """Say that no units make an amount; the nearest are named unless they are above the range."""
    doses = [dose for dose in made.nearest.up_to(most) if dose is not None]
    near = f"the nearest: {', '.join(f'{format_exact(dose)} {row.unit}' for dose in doses)}"
    return (
        f"{row.regimen}: no whole {stock.form}s of {stock.strengths()} make "
        f"{page_number(amount)} {row.unit} or another dose in its range; "
        f"{near if doses else 'ask the prescriber'}."
    )


def suggested(
    regimen: Regimen, severity: Severity | None, dose: tuple[Number, Number]
) -> Number | None:
    """Return the end of a dose, its low or its high one, that a severity points to."""
    if regimen.by_severity is None or severity is None:
        return None
    return dose[0] if getattr(regimen.by_severity, severity) == "low" else dose[1]
