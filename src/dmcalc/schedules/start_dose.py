"""The daily dose that a taper begins with: the user's, or the table's, checked against the caps."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dosing.one_drug import dose_row
from dmcalc.errors import PatientError, RefusedError, as_option
from dmcalc.quantities.amount import Amount, AmountRange
from dmcalc.quantities.base import format_plain
from dmcalc.results.base import ClinicalNote, ClinicalWarning, leading, split_notes
from dmcalc.results.trace import noting
from dmcalc.schedules.model import Choice
from dmcalc.schedules.published import protocols
from dmcalc.text.numbers import format_exact, format_number, format_range, page_number

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import Stock
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Mass
    from dmcalc.sources.cite import Note
    from dmcalc.table.model.schedules import DailyTaper
    from dmcalc.table.model.table import Table


class StartDose(NamedTuple):
    """The dose that a schedule begins with, and what there is to say of it."""

    dose: Decimal
    warnings: tuple[ClinicalWarning, ...] = ()
    cautions: tuple[ClinicalNote, ...] = ()
    choices: tuple[Choice, ...] = ()
    sources: tuple[str, ...] = ()
    #: The posology that it comes from; none for a dose that the user gave.
    posologies: tuple[DoseRow, ...] = ()


def start_dose_of(
    table: Table,
    patient: Patient,
    protocol: DailyTaper,
    key: str,
    start_dose: Amount | None,
    stock: Stock | None,
) -> StartDose:
    """Return the daily start dose: the one given, or the table's for weight and severity."""
    unit, drug, cap = protocol.unit, protocol.drug, protocol.max
    others = [other for other in protocols(table, drug) if other != key]
    hint = f"Choose another start dose (‹from›) or protocol: {', '.join(others)}"
    if start_dose is not None:
        dose = start_dose.value_in(unit)
        start = start_dose_of_user(table, patient, drug, dose, unit)
        if cap is not None and dose > cap.value:
            raise RefusedError(f"{format_plain(dose)} {unit} is over the cap of {key}, {cap}", hint)
    else:
        start = suggested_dose(table, patient, protocol, stock)
    end = protocol.bands[-1].until
    if start.dose <= end.value:
        raise PatientError(
            f"{format_plain(start.dose)} {unit} is not above {end}, where {key} ends", hint
        )
    return start


def suggested_dose(
    table: Table, patient: Patient, protocol: DailyTaper, stock: Stock | None
) -> StartDose:
    """Return the dose that the table suggests for weight and severity, under the protocol's cap.

    Where no units of the stock make it, the nearest inside the range that they make is offered.
    """
    drug, cap = protocol.drug, protocol.max
    regimen = table.drugs[drug].starting
    if regimen is None:
        raise PatientError(
            f"no source of the table gives a start dose of {drug} by severity",
            "Give the daily dose with ‹from›, e.g. ‹from 40mg›.",
        )
    assert regimen.dose is not None  # proved when the table was loaded
    if regimen.dose.basis == "m2":
        raise PatientError(
            f"a start dose of {drug} by body surface area (BSA) is not computed for a schedule",
            "Give the daily dose with ‹from›, e.g. ‹from 40mg›.",
        )
    facts: dict[str, object] = {"weight": patient.weight_kg}
    if regimen.by_severity is not None:
        facts["severity"] = patient.severity
    missing = [name for name, value in facts.items() if value is None]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise PatientError(
            f"the start dose is not known: {' and '.join(missing)} {verb} missing",
            "Give ‹weight› and ‹severity›, or the daily dose with ‹from›, e.g. ‹from 60mg›.",
        )
    regimen = regimen._replace(dose=regimen.dose.in_unit(protocol.unit))
    row = dose_row(table, patient, drug, regimen)
    assert row.low is not None and row.high is not None
    dose, warnings = row.high if row.suggested is None else row.suggested, []
    if cap is not None and dose > cap.value:
        message = (
            f"The dose for this patient, {format_number(dose)} {cap.unit}, is over the cap of "
            f"this protocol; the schedule starts at the cap, {cap}."
        )
        warnings.append(
            ClinicalWarning("protocol-cap", drug, message, leading(protocol.cite).source)
        )
        dose = cap.value
    _, cautions = split_notes(drug_notes(table, drug, "severity-reading"), drug)
    if stock is not None:
        most = row.high if cap is None else min(row.high, max(row.low, cap.value))
        offered = stock.make_within(dose, row.low, most).dose
        if offered is not None and offered != dose:
            start = as_option("from", f'"{format_plain(offered)} {row.unit}"')
            text = (
                f"No whole {stock.form}s make {page_number(dose)} {row.unit}. The nearest inside "
                f"the range that they make is {format_plain(offered)} {row.unit}: {start}"
            )
            cautions = (*cautions, ClinicalNote("start-offered", "reading", drug, text, ()))
    allowed = str(AmountRange(row.low, row.high, protocol.unit))
    amount = f"{format_plain(dose)} {row.unit}"
    chosen = Choice.of("start dose", amount, allowed, table.base, "from")
    return StartDose(dose, tuple(warnings), cautions, (chosen,), row.sources, (row,))


def start_dose_of_user(
    table: Table, patient: Patient, drug: str, dose: Decimal, unit: Mass
) -> StartDose:
    """Return a start dose of the user's; refuse one above what the patient's rules leave.

    Raise RefusedError, also for one over the cap of every source.
    """
    regimens = table.drugs[drug].regimens if patient.context else ()
    rows = [dose_row(table, patient, drug, regimen) for regimen in regimens]
    reduced = [
        row.dose.in_unit(unit).high for row in rows if row.dose and row.low_before is not None
    ]
    if reduced and dose > max(reduced):
        raise RefusedError(
            f"a start dose of {format_plain(dose)} {unit} is more than the rules for this patient "
            f"leave, {format_plain(max(reduced))} {unit}",
            "Leave ‹from› out, or ask the prescriber.",
        )
    return StartDose(dose, cap_warnings(table, drug, dose, unit))


def cap_warnings(
    table: Table, drug: str, value: Decimal, unit: Mass
) -> tuple[ClinicalWarning, ...]:
    """Warn of a dose over the base cap, and refuse one over the cap of every source."""
    entry = table.drugs[drug]
    if trace := noting():
        for regimen in (*entry.regimens, *entry.alternatives):
            trace.used(drug, "drugs", drug, *entry.path_of(regimen), "max")
    caps = [r.max.in_unit(unit).high for r in (*entry.regimens, *entry.alternatives) if r.max]
    base = [r.max.in_unit(unit) for r in entry.regimens if r.max]
    if caps and value > max(caps):
        raise RefusedError(
            f"{format_exact(value)} {unit} is more than any source in the table gives: "
            f"the highest cap is {format_plain(max(caps))} {unit} daily",
            "Check the number and its unit.",
        )
    if base and value > max(cap.high for cap in base):
        cap, *_ = base
        message = (
            f"The start dose of {format_plain(value)} {unit} is above the cap of {table.base}, "
            f"{format_range(cap.low, cap.high, unit)} daily."
        )
        return (ClinicalWarning("above-cap", drug, message, table.base),)
    return ()


def drug_notes(table: Table, drug: str, code: str) -> list[Note]:
    """List the notes of a drug that bear a code."""
    return [note for note in table.drugs[drug].notes if note.code == code]
