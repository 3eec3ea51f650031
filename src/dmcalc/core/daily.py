"""Tapers of a daily dose: from a start dose down through the bands of a protocol."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc import wording
from dmcalc.core.dose import dose_row
from dmcalc.core.result import Warned, noted, source_keys
from dmcalc.core.schedule import Choice, Choices, Step, TaperResult, Totals, protocols
from dmcalc.errors import PatientError, RefusedError, UsageError
from dmcalc.quantity import DAYS, EXACT, Amount, Interval, converted, per_basis, plain, scaled

if TYPE_CHECKING:
    from dmcalc.patient import Patient
    from dmcalc.quantity import Mass
    from dmcalc.table.model import Band, DailyTaper, Drug, LoadedTable, Table


def daily_taper(
    loaded: LoadedTable, patient: Patient, key: str, given: Amount | None, choices: Choices
) -> TaperResult:
    """Reduce a daily dose step by step.

    Raise PatientError without a start dose, RefusedError for one over a cap, and UsageError for a
    choice outside the source's ranges.
    """
    table = loaded.table
    protocol = table.daily_tapers[key]
    if choices.weeks is not None:
        raise UsageError(
            "--weeks is for repeated courses", "The length of this taper follows from its steps."
        )
    unit = protocol.bands[0].until.unit
    first, warnings, made = _start_dose(table, patient, protocol, key, given)
    hold, bands, more = _chosen(protocol, choices, first)
    steps: list[Step] = []
    day, total = 1, Decimal(0)
    for value, days in _levels(first, hold, bands):
        if days is not None:
            total = EXACT.add(total, scaled(value, Decimal(days)))
        beside = None if patient.weight_kg is None else per_basis(value, patient.weight_kg)
        steps.append(
            Step(
                step=len(steps) + 1,
                day=day,
                days=days,
                week=(day - 1) // 7,
                low=value,
                high=value,
                unit=unit,
                per="day",
                per_kg_low=beside,
                per_kg_high=beside,
                days_low=None,
                days_high=None,
                daily_low=value,
                daily_high=value,
                total_low=None if days is None else total,
                total_high=None if days is None else total,
                start=None,
                end=None,
                note=_step_note(table.drugs[protocol.drug], value, days),
            )
        )
        day += days or 0
    noted_warnings, cautions = noted(protocol.notes, protocol.drug)
    return TaperResult(
        loaded=loaded,
        patient=patient,
        drug=protocol.drug,
        protocol=key,
        steps=tuple(steps),
        totals=Totals(day - 1, total, total, total, unit),
        choices=(*made, *more),
        ends=protocol.ends,
        warnings=(*warnings, *noted_warnings),
        cautions=cautions,
        sources=source_keys((*protocol.cite, *(c for b in protocol.bands for c in b.cite))),
    )


def _start_dose(
    table: Table, patient: Patient, protocol: DailyTaper, key: str, given: Amount | None
) -> tuple[Decimal, list[Warned], tuple[Choice, ...]]:
    """Return the daily start dose: the one given, or the table's for weight and severity."""
    unit, drug, cap = protocol.bands[0].until.unit, protocol.drug, protocol.max
    others = f"Choose another protocol ({', '.join(protocols(table, drug))}) or another --from."
    warnings: list[Warned] = []
    made: tuple[Choice, ...] = ()
    if given is not None:
        value = converted(given.value, given.unit, unit)
        warnings += _over_caps(table, drug, value, unit)
        if cap is not None and value > cap.value:
            raise RefusedError(f"{plain(value)} {unit} is over the cap of {key}, {cap}", others)
    else:
        value, made = _suggested(table, patient, drug)
        if cap is not None and value > cap.value:
            warnings.append(_capped_start(drug, value, protocol, cap))
            value = cap.value
    end = protocol.bands[-1].until
    if value <= end.value:
        raise PatientError(f"{plain(value)} {unit} is not above {end}, where {key} ends", others)
    return value, warnings, made


def _capped_start(drug: str, value: Decimal, protocol: DailyTaper, cap: Amount) -> Warned:
    message = (
        f"The dose for this patient, {wording.number(value)} {cap.unit}, is over the cap of this "
        f"protocol; the schedule starts at the cap, {cap}."
    )
    return Warned("protocol-cap", drug, message, protocol.cite[0].source)


def _suggested(table: Table, patient: Patient, drug: str) -> tuple[Decimal, tuple[Choice, ...]]:
    """Return the dose that the table suggests for weight and severity, and say that it did."""
    known = {"weight": patient.weight_kg, "severity": patient.severity}
    missing = [name for name, value in known.items() if value is None]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise PatientError(
            f"the start dose is not known: {' and '.join(missing)} {verb} missing",
            "Give --weight and --severity, or the daily dose with --from, e.g. --from 60mg.",
        )
    regimen = next(r for r in table.drugs[drug].regimens if r.by_severity is not None)
    row = dose_row(table, patient, drug, regimen, base=True)
    assert row.suggested is not None and row.low is not None and row.high is not None
    chosen = f"{plain(row.suggested)} {row.unit}"
    allowed = f"{plain(row.low)}-{plain(row.high)} {row.unit}"
    return row.suggested, (Choice("start dose", chosen, allowed, table.base, "--from"),)


def _over_caps(table: Table, drug: str, value: Decimal, unit: Mass) -> list[Warned]:
    """Warn of a dose over the base cap, and refuse one over the cap of every source."""
    entry = table.drugs[drug]
    caps = [r.max.in_unit(unit).high for r in (*entry.regimens, *entry.alternatives) if r.max]
    base = [r.max.in_unit(unit) for r in entry.regimens if r.max]
    if caps and value > max(caps):
        raise RefusedError(
            f"{plain(value)} {unit} is more than any source in the table gives: "
            f"the highest cap is {plain(max(caps))} {unit} daily",
            "Check the number and its unit.",
        )
    if base and value > max(cap.high for cap in base):
        return [
            Warned(
                "above-cap",
                drug,
                f"The start dose of {plain(value)} {unit} is above the cap of the base page, "
                f"{wording.span(base[0].low, base[0].high, unit)} daily.",
                table.base,
            )
        ]
    return []


def _chosen(
    protocol: DailyTaper, choices: Choices, first: Decimal
) -> tuple[Interval | None, list[tuple[Band, int, Decimal]], tuple[Choice, ...]]:
    """Settle hold, interval and decrement inside the source's ranges, and say what was chosen."""
    made: list[Choice] = []
    hold = protocol.hold_default or protocol.hold
    if choices.hold is not None:
        if protocol.hold is None:
            raise UsageError("this protocol has no hold", "Leave --hold out.")
        if not protocol.hold.low <= _in_period(choices.hold, protocol.hold) <= protocol.hold.high:
            raise UsageError(
                f"a hold of {choices.hold} is outside the source's range",
                f"The source holds the start dose for {wording.length(protocol.hold)}.",
            )
        hold = choices.hold
    if hold is not None and protocol.hold is not None and protocol.hold.low != protocol.hold.high:
        made.append(
            Choice("hold", str(hold), str(protocol.hold), protocol.cite[0].source, "--hold")
        )
    bands, fits = [], {"interval": False, "decrement": False}
    for band in protocol.bands:
        every, decrease = band.every, band.decrease
        days = every.low * DAYS[every.period]
        down = decrease.low
        if choices.interval is not None:
            wanted = choices.interval.low * DAYS[choices.interval.period]
            if every.low * DAYS[every.period] <= wanted <= every.high * DAYS[every.period]:
                days, fits["interval"] = wanted, True
        if choices.decrement is not None:
            less = converted(choices.decrement.value, choices.decrement.unit, decrease.unit)
            if decrease.low <= less <= decrease.high:
                down, fits["decrement"] = less, True
        bands.append((band, days, down))
        if band.until.value < first:
            made += _band_choices(band, days, down)
    for name, value in (("interval", choices.interval), ("decrement", choices.decrement)):
        if value is not None and not fits[name]:
            ranges = dict.fromkeys(
                str(b.every if name == "interval" else b.decrease) for b in protocol.bands
            )
            raise UsageError(
                f"{name} {value} is outside the source's ranges",
                f"The ranges of this protocol: {', '.join(ranges)}.",
            )
    return hold, bands, tuple(made)


def _band_choices(band: Band, days: int, down: Decimal) -> list[Choice]:
    """Say what was chosen in a band that leaves a choice."""
    made = []
    place = f"down to {band.until}" if band.until.value else "of the last steps"
    key = band.cite[-1].source
    if band.every.low != band.every.high:
        length = days // DAYS[band.every.period]
        chosen = str(Interval(length, length, band.every.period))
        made.append(Choice(f"interval {place}", chosen, str(band.every), key, "--interval"))
    if band.decrease.low != band.decrease.high:
        amount = str(Amount(down, band.decrease.unit))
        made.append(Choice(f"decrement {place}", amount, str(band.decrease), key, "--decrement"))
    return made


def _in_period(interval: Interval, like: Interval) -> Decimal:
    """Return an interval in the period of another, so that 21 days compares with 3 weeks."""
    return Decimal(interval.low * DAYS[interval.period]) / DAYS[like.period]


def _levels(
    first: Decimal, hold: Interval | None, bands: list[tuple[Band, int, Decimal]]
) -> list[tuple[Decimal, int | None]]:
    """List the doses from the first one down, each with its days.

    A band is half open: a dose at its lower end already follows the next one. A step that would
    pass the lower end stops there. The end of the last band has no length of its own.
    """
    levels: list[tuple[Decimal, int | None]] = []
    dose: Decimal = first
    while True:
        inside = next((band for band in bands if dose > band[0].until.value), None)
        if inside is None:
            if dose > 0:
                levels.append((dose, None))
            return levels
        band, days, down = inside
        if not levels and hold is not None:
            days = hold.low * DAYS[hold.period]
        levels.append((dose, days))
        dose = max(EXACT.subtract(dose, down), band.until.value)


def _step_note(drug: Drug, value: Decimal, days: int | None) -> str | None:
    notes = [note.text for note in drug.step_notes if value <= note.at_or_below.value]
    if days is None:
        notes.insert(0, "The source does not say for how long.")
    return " ".join(notes) or None
