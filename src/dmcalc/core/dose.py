"""Doses for one patient: every regimen of the table multiplied, capped and put into words."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from dmcalc import wording
from dmcalc.core.dispense import Handed, Made, Shelf, Stocked, percent, stocked_shelf
from dmcalc.core.names import find_drugs
from dmcalc.core.result import (
    Caution,
    Warned,
    about_local,
    bearing,
    envelope,
    noted,
    source_keys,
)
from dmcalc.errors import PatientError
from dmcalc.patient import Patient
from dmcalc.quantity import Basis, Mass, capped, divided, per_basis, plain, scaled
from dmcalc.table.figures import regimen_id
from dmcalc.table.model import LINES, Drug, LoadedTable, Regimen, Table

if TYPE_CHECKING:
    from dmcalc.table.local import LocalFigure, Rounding

Ends = tuple[Decimal, Decimal]

#: What a dose is multiplied by, in words, and the option that gives it.
BASES: dict[Basis, tuple[str, str]] = {
    "kg": ("body weight", "--weight"),
    "m2": ("body surface", "--bsa"),
}


class DoseRow(NamedTuple):
    """One regimen of one drug for one patient.

    Amounts are exact and in ``unit`` per ``per``. What is None is not known, not given by the
    source or not asked for.
    """

    drug: str
    name: str
    drug_class: str
    line: str
    route: str
    regimen: str
    phase: str
    #: Whether it is the base page's own posology; otherwise it is an alternative to it.
    base: bool
    indicated: bool | None
    reason: str | None
    low: Decimal | None
    high: Decimal | None
    suggested: Decimal | None
    unit: Mass | None
    per: str | None
    #: Whether the cap changed the low or the high end.
    capped: bool
    cap_low: Decimal | None
    cap_high: Decimal | None
    #: What the amount was multiplied by, and the amount for one kg or m2 after the cap.
    basis: Basis | None
    per_basis_low: Decimal | None
    per_basis_high: Decimal | None
    days_low: int | None
    days_high: int | None
    daily_low: Decimal | None
    daily_high: Decimal | None
    every: str | None
    lasts: str | None
    doses: int | None
    from_week: int | None
    population: str | None
    reading: str | None
    posology: str
    text: str
    sources: tuple[str, ...]
    effects: tuple[str, ...]
    side_effects: tuple[str, ...]
    #: The doses at or next to low and high, inside the range, that whole units make, if any.
    dispensed_low: Decimal | None = None
    dispensed_high: Decimal | None = None
    deviation_low_percent: Decimal | None = None
    deviation_high_percent: Decimal | None = None
    products_low: tuple[Handed, ...] | None = None
    products_high: tuple[Handed, ...] | None = None
    form: str | None = None
    #: The local figures that bear on the row.
    local: "tuple[LocalFigure, ...]" = ()

    def record(self) -> dict[str, Any]:
        """Return the row for machines; there the class is called ``class``."""
        return {"class" if k == "drug_class" else k: v for k, v in self._asdict().items()}


class DoseResult(NamedTuple):
    """The answer of ``dmcalc dose``."""

    loaded: LoadedTable
    patient: Patient
    rows: tuple[DoseRow, ...]
    warnings: tuple[Warned, ...]
    cautions: tuple[Caution, ...]
    kind: str = "dose"

    def document(self) -> dict[str, Any]:
        """Return the whole result for JSON."""
        return {
            **envelope(self.kind, self.loaded),
            "patient": self.patient.document(),
            "rows": [row.record() for row in self.rows],
            "warnings": self.warnings,
            "cautions": self.cautions,
            "disclaimer": self.loaded.table.disclaimer,
        }

    def records(self) -> list[dict[str, Any]]:
        """Return the rows, flat, each with the patient that it is for."""
        who = {"weight_kg": self.patient.weight_kg, "severity": self.patient.severity}
        return [{**who, **row.record()} for row in self.rows]


def dose(
    loaded: LoadedTable,
    patient: Patient,
    names: Iterable[str] = (),
    *,
    alternatives: bool = False,
    stocked: Stocked | None = None,
) -> DoseResult:
    """Compute the doses of the named drugs, or of all drugs in order of line.

    Raise UnknownNameError for a name that the table does not hold, and PatientError where a row
    needs a weight that is not known.
    """
    table = loaded.table
    keys = find_drugs(table, names) or _by_line(table)
    chosen = [
        (key, regimen, base)
        for key in keys
        for regimen, base in _regimens(table.drugs[key], alternatives=alternatives)
    ]
    _need_weight(patient, chosen)
    warnings: list[Warned] = []
    cautions: list[Caution] = []
    rows: list[DoseRow] = []
    for choice in chosen:
        row = dose_row(table, patient, *choice)
        names = [row.regimen, *(["limits"] if row.basis == "kg" else [])]
        if row.unit is not None and row.low is not None:
            place, lacking = stocked_shelf(table, row.drug, row.unit, stocked or Stocked())
            cautions += lacking
            if place is not None:
                row, found = _with_units(row, place, loaded.rounding.get(row.drug))
                warnings += found
                names += [*place.names, *([] if row.per == "course" else [f"{row.drug}.rounding"])]
        rows.append(row._replace(local=bearing(loaded, *names)))
    cautions = list(dict.fromkeys(cautions))
    about = about_local(local for row in rows for local in row.local)
    warnings = [*_about_patient(patient, rows), *about, *warnings]
    for key in keys:
        more_warnings, more_cautions = noted(table.drugs[key].notes, key)
        warnings += more_warnings
        cautions += more_cautions
    return DoseResult(loaded, patient, tuple(rows), tuple(warnings), tuple(cautions))


def dose_row(table: Table, patient: Patient, key: str, regimen: Regimen, base: bool) -> DoseRow:
    """Compute one regimen for one patient."""
    drug = table.drugs[key]
    group = table.groups[drug.group]
    rate, cap, days = regimen.dose, regimen.max, regimen.days
    uncapped = _multiplied(regimen, patient)
    ends = _bounded(regimen, uncapped)
    size = patient.size(rate.basis) if rate and rate.basis else None
    daily = None
    if ends and rate and rate.per == "course" and days:
        daily = (divided(ends[0], days.high, up=True), divided(ends[1], days.low, up=False))
    indicated, reason = _place(table, drug, patient, regimen, base=base)
    return DoseRow(
        drug=key,
        name=drug.name,
        drug_class=group.singular,
        line=drug.line,
        route=drug.route,
        regimen=f"{key}.{regimen_id(regimen)}",
        phase=regimen.phase,
        base=base,
        indicated=indicated,
        reason=reason,
        low=ends[0] if ends else None,
        high=ends[1] if ends else None,
        suggested=_suggested(regimen, patient, ends),
        unit=rate.unit if rate else None,
        per=rate.per if rate else None,
        capped=ends != uncapped,
        cap_low=cap.in_unit(rate.unit).low if cap and rate else None,
        cap_high=cap.in_unit(rate.unit).high if cap and rate else None,
        basis=rate.basis if rate else None,
        per_basis_low=per_basis(ends[0], size) if ends and size else None,
        per_basis_high=per_basis(ends[1], size) if ends and size else None,
        days_low=days.low if days else None,
        days_high=days.high if days else None,
        daily_low=daily[0] if daily else None,
        daily_high=daily[1] if daily else None,
        every=str(regimen.every) if regimen.every else None,
        lasts=str(regimen.lasts) if regimen.lasts else None,
        doses=regimen.doses,
        from_week=regimen.from_week,
        population=regimen.population,
        reading=regimen.reading,
        posology=wording.posology(regimen),
        text=wording.order(regimen, drug.route, ends, daily),
        sources=source_keys(regimen.cite),
        effects=group.effects,
        side_effects=(*group.side_effects, *drug.side_effects),
    )


def _with_units(
    row: DoseRow, place: Shelf, rule: "Rounding | None"
) -> tuple[DoseRow, list[Warned]]:
    """Put beside a row the doses that whole units make, and warn where none makes them.

    A dose that is rounded, by a hospital's own rule too, stays inside the row's range and under its
    cap.
    """
    assert row.low is not None and row.high is not None
    ends = row.low, row.high
    if rule is not None and row.per != "course":
        from dmcalc.core.local import inside

        ends = inside(rule, row.unit or "mg", *ends)
    low, high = (place.make_within(end, row.low, row.high) for end in ends)
    warnings = [
        Warned("no-combination", row.drug, _nothing_makes(row, amount, made, place), None)
        for amount, made in {row.low: low, row.high: high}.items()
        if made.dose is None
    ]
    return row._replace(
        dispensed_low=low.dose,
        dispensed_high=high.dose,
        deviation_low_percent=_deviation(low, row.low),
        deviation_high_percent=_deviation(high, row.high),
        products_low=low.products,
        products_high=high.products,
        form=place.form,
    ), warnings


def _deviation(made: Made, amount: Decimal) -> Decimal | None:
    return None if made.dose is None else percent(made.dose - amount, amount)


def _nothing_makes(row: DoseRow, amount: Decimal, made: Made, place: Shelf) -> str:
    near = [f"{plain(dose)} {row.unit}" for dose in made.nearest if dose is not None]
    return (
        f"{row.regimen}: no whole {place.form}s of {place.strengths()} make "
        f"{plain(amount)} {row.unit} or another dose in its range; the nearest: {', '.join(near)}."
    )


def _by_line(table: Table) -> tuple[str, ...]:
    return tuple(sorted(table.drugs, key=lambda key: LINES.index(table.drugs[key].line)))


def _regimens(drug: Drug, *, alternatives: bool) -> Iterator[tuple[Regimen, bool]]:
    for regimen in drug.regimens:
        yield regimen, True
    for regimen in drug.alternatives if alternatives else ():
        yield regimen, False


def _need_weight(patient: Patient, chosen: list[tuple[str, Regimen, bool]]) -> None:
    needing = [key for key, regimen, _ in chosen if regimen.dose and regimen.dose.basis == "kg"]
    if needing and patient.weight_kg is None:
        raise PatientError(
            f"the weight is missing; it is needed for {', '.join(dict.fromkeys(needing))}",
            "Give it in kg or lb, e.g. --weight 70 or --weight 154lb.",
        )


def _multiplied(regimen: Regimen, patient: Patient) -> Ends | None:
    """Return rate x basis for both ends; None without a rate or without the basis."""
    rate = regimen.dose
    if rate is None:
        return None
    if rate.basis is None:
        return rate.low, rate.high
    size = patient.size(rate.basis)
    return None if size is None else (scaled(rate.low, size), scaled(rate.high, size))


def _bounded(regimen: Regimen, ends: Ends | None) -> Ends | None:
    """Apply the cap: low to its low end, high to its high end."""
    if ends is None or regimen.max is None or regimen.dose is None:
        return ends
    cap = regimen.max.in_unit(regimen.dose.unit)
    return capped(ends[0], cap.low), capped(ends[1], cap.high)


def _suggested(regimen: Regimen, patient: Patient, ends: Ends | None) -> Decimal | None:
    if regimen.by_severity is None or patient.severity is None or ends is None:
        return None
    return ends[0] if getattr(regimen.by_severity, patient.severity) == "low" else ends[1]


def _place(
    table: Table, drug: Drug, patient: Patient, regimen: Regimen, *, base: bool
) -> tuple[bool | None, str | None]:
    """Return whether the drug is indicated at the patient's severity, and why."""
    if not base:
        return None, f"An alternative from another source, for: {regimen.population}"
    if patient.severity is None:
        return None, None
    place = getattr(table.indications[drug.indication], patient.severity)
    return place.indicated, place.reason


def about_weight(patient: Patient) -> Iterator[Warned]:
    """Warn of a weight that is unusual and was confirmed."""
    if patient.unusual_weight and patient.weight_kg is not None:
        weight = plain(patient.weight_kg)
        yield Warned(
            "unusual-weight",
            None,
            f"A weight of {weight} kg is outside the usual limits and was confirmed.",
            None,
        )


def _about_patient(patient: Patient, rows: Iterable[DoseRow]) -> Iterator[Warned]:
    yield from about_weight(patient)
    for row in rows:
        if row.basis is not None and row.low is None:
            what, option = BASES[row.basis]
            message = f"{row.regimen} is given by {what}, which is not known: give {option}."
            yield Warned("no-" + what.replace(" ", "-"), row.drug, message, row.sources[0])
