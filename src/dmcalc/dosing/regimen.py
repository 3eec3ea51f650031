"""One regimen for one patient: multiplied, capped, put into words and made of whole units."""

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.stock import Made, Shelf, percent
from dmcalc.dosing.dose_row import DoseRow
from dmcalc.dosing.wording import dose_sentence, posology_text
from dmcalc.patient.patient import Patient
from dmcalc.quantities.amount import DoseRange
from dmcalc.quantities.base import format_plain
from dmcalc.results.base import ClinicalWarning, source_keys
from dmcalc.table.model.drug import Drug, Indications, Regimen, Severity
from dmcalc.table.model.table import Table

if TYPE_CHECKING:
    from dmcalc.table.model.local_values import LocalRoundingRule, LocalValue


class Answer(NamedTuple):
    """A row, and what there is to be warned of in it."""

    row: DoseRow
    warnings: tuple[ClinicalWarning, ...] = ()


class Prepared(NamedTuple):
    """A regimen made ready for any patient: what of its row does not depend on one."""

    drug: Drug
    regimen: Regimen
    #: The cap in the unit of the dose.
    cap: DoseRange | None
    #: Where the drug stands, by severity; None for an alternative.
    places: Indications | None
    #: The row with nothing known of the patient.
    blank: DoseRow
    shelf: Shelf | None
    #: The hospital's own rule for what is given on one day, and the local figures that bear on a
    #: row with units; a row without has those of ``blank``.
    rule: "LocalRoundingRule | None"
    local: "tuple[LocalValue, ...]"
    #: By severity, what is known without weight or surface: all of it, where the dose is fixed.
    known: dict[Severity | None, Answer]


def dose_row(table: Table, patient: Patient, key: str, regimen: Regimen, base: bool) -> DoseRow:
    """Compute one regimen for one patient, without the units that make it."""
    return answer(prepared(table, key, regimen, base=base), patient).row


def prepared(
    table: Table, key: str, regimen: Regimen, *, base: bool, child: bool = False
) -> Prepared:
    """Make one regimen of a drug ready, without a shelf."""
    drug = table.drugs[key]
    group = table.groups[drug.group]
    rate, days = regimen.dose, regimen.days
    kind = "Posology of children" if child else "An alternative from another source"
    cap = DoseRange.of(regimen.max).in_unit(rate.unit) if regimen.max and rate else None
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
        text=dose_sentence(regimen, drug.route, None, None),
        sources=source_keys(regimen.cite),
        effects=group.effects,
        side_effects=(*group.side_effects, *drug.side_effects),
    )
    places = table.indications[drug.indication] if base else None
    return Prepared(drug, regimen, cap, places, blank, None, None, (), {})


def answer(ready: Prepared, patient: Patient) -> Answer:
    """Compute one regimen for one patient, with the units that make it where there is a shelf.

    A dose per kg goes by the weight that the patient has for this drug.
    """
    severity, rate = patient.severity, ready.regimen.dose
    known = ready.known.get(severity)
    if known is None:
        known = Answer(_placed(ready, severity))
        if rate is not None and rate.basis is None:
            known = _amounts(ready, known.row, DoseRange.of(rate), None, severity)
        ready.known[severity] = known
    who = patient.of(ready.blank.drug)
    size = who.size(rate.basis) if rate is not None and rate.basis is not None else None
    if rate is None or size is None:
        return known
    return _amounts(ready, known.row, DoseRange.of(rate, size), size, severity)


def reduced(
    ready: Prepared, row: DoseRow, dose: DoseRange, size: Decimal | None, severity: Severity | None
) -> Answer:
    """Return a row with smaller ends than it had, with all that follows from them.

    The suggested dose goes with the end that it was.
    """
    found = _amounts(ready, row, dose, size, severity)
    return found._replace(
        row=found.row._replace(capped=row.capped, low_before=row.low, high_before=row.high)
    )


def _placed(ready: Prepared, severity: Severity | None) -> DoseRow:
    """Say whether the drug is indicated at a severity, and why."""
    if severity is None or ready.places is None:
        return ready.blank
    place = getattr(ready.places, severity)
    return ready.blank._replace(indicated=place.indicated, reason=place.reason)


def _amounts(
    ready: Prepared,
    row: DoseRow,
    uncapped: DoseRange,
    size: Decimal | None,
    severity: Severity | None,
) -> Answer:
    """Fill in what follows from the dose: caps, days, words and units."""
    regimen = ready.regimen
    dose = uncapped.cap(ready.cap)
    divided = row.per == "course" and regimen.days
    daily = dose.divide(divided.high, divided.low) if divided else None
    ratio_low, ratio_high = dose.per_size(size) if size else (None, None)
    row = row._replace(
        low=dose.low,
        high=dose.high,
        suggested=_suggested(regimen, severity, dose),
        capped=dose != uncapped,
        per_basis_low=ratio_low,
        per_basis_high=ratio_high,
        daily_low=daily.low if daily else None,
        daily_high=daily.high if daily else None,
        text=dose_sentence(regimen, ready.drug.route, dose, daily),
    )
    return Answer(row) if ready.shelf is None else _with_units(ready, row, ready.shelf, dose)


def _with_units(ready: Prepared, row: DoseRow, place: Shelf, dose: DoseRange) -> Answer:
    """Put beside a row the doses that whole units make, and warn where none makes them.

    A dose that is rounded, by a hospital's own rule too, stays inside the row's range and under its
    cap.
    """
    least, most = asked = (dose.low, dose.high)
    if ready.rule is not None:
        from dmcalc.formulary.rounding import round_within_range

        asked = round_within_range(ready.rule, place.unit, least, most)
    low = place.make_within(asked[0], least, most)
    high = low if least == most else place.make_within(asked[1], least, most)
    warnings = tuple(
        ClinicalWarning("no-combination", row.drug, _nothing_makes(row, amount, made, place), None)
        for amount, made in {least: low, most: high}.items()
        if made.dose is None
    )
    row = row._replace(
        dispensed_low=low.dose,
        dispensed_high=high.dose,
        deviation_low_percent=_deviation(low, least),
        deviation_high_percent=_deviation(high, most),
        products_low=low.products,
        products_high=high.products,
        form=place.form,
        local=ready.local,
    )
    return Answer(row, warnings)


def _deviation(made: Made, amount: Decimal) -> Decimal | None:
    return None if made.dose is None else percent(made.dose - amount, amount)


def _nothing_makes(row: DoseRow, amount: Decimal, made: Made, place: Shelf) -> str:
    near = [f"{format_plain(dose)} {row.unit}" for dose in made.nearest if dose is not None]
    return (
        f"{row.regimen}: no whole {place.form}s of {place.strengths()} make "
        f"{format_plain(amount)} {row.unit} or another dose in its range; the nearest: "
        f"{', '.join(near)}."
    )


def _suggested(regimen: Regimen, severity: Severity | None, dose: DoseRange) -> Decimal | None:
    if regimen.by_severity is None or severity is None:
        return None
    return dose.low if getattr(regimen.by_severity, severity) == "low" else dose.high
