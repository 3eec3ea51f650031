"""The steps of published tapers and titrations, for one patient: an order may be one of them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, cast

from dmcalc.dosing.dose import rules_for
from dmcalc.errors import PatientError, RefusedError, UsageError
from dmcalc.quantities.amount import Amount, DoseRange
from dmcalc.quantities.time import Interval
from dmcalc.results.base import ClinicalWarning, leading, split_notes
from dmcalc.results.trace import unnoted, used
from dmcalc.schedules.daily import doses_of_taper
from dmcalc.schedules.milestones import milestones
from dmcalc.schedules.model import Supply
from dmcalc.schedules.published import default_protocol, published_for
from dmcalc.schedules.titration import titrate
from dmcalc.schedules.titration_doses import TitrationChoices
from dmcalc.text import timing
from dmcalc.text.numbers import format_exact, format_limit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.order.check import PreparedCheck
    from dmcalc.order.check_row import CheckRow, ScheduleKind
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.amount import Mass, Per
    from dmcalc.schedules.model import TaperResult
    from dmcalc.table.model.schedules import DailyTaper, MilestoneTaper, Titration

    #: Lists the steps that an order of a patient, whose doses are these, may be.
    StepsOf = Callable[[PreparedCheck, Patient, list[DoseRow]], Sequence["PublishedStep"]]

#: A titration whose source gives no interval has the same doses whatever it is.
_ANY_INTERVAL = Interval(1, 1, "week")


class PublishedStep(NamedTuple):
    """A step of a published schedule for one patient: its dose, and that of the first step.

    ``part`` is the part of the table that has the schedule. The dose of a child's milestone
    is a range.
    """

    kind: ScheduleKind
    part: str
    protocol: str
    step: int
    dose: DoseRange
    per: Per
    start: DoseRange

    def is_dose(self, ordered: Decimal, unit: Mass, per: Per) -> bool:
        """Tell whether an ordered amount, in a unit, is the dose of the step."""
        dose = self.dose.in_unit(unit)
        return self.per == per and dose.low <= ordered <= dose.high


def compare_with_steps(
    drug: PreparedCheck, patient: Patient, rows: list[CheckRow], published: StepsOf | None
) -> tuple[list[CheckRow], list[ClinicalWarning]]:
    """Look for an order among the steps of schedules; the row that it is nearest to says so.

    Where a step is requested and nothing else, that row alone is left. ``published`` lists the
    steps in place of ``published_steps``, for who keeps them.
    """
    own = [row for row in rows if row.decides and not row.code and row.ordered is not None]
    if not own:
        return rows, []
    nearest = min(own, key=lambda row: row.percent_off)
    doses = [other.dose for other in own]
    row, warnings = _as_step(drug, patient, nearest, doses, published or published_steps)
    if drug.step_alone:
        return [row], warnings
    return [row if other is nearest else other for other in rows], warnings


def _as_step(
    drug: PreparedCheck, patient: Patient, row: CheckRow, doses: list[DoseRow], published: StepsOf
) -> tuple[CheckRow, list[ClinicalWarning]]:
    """Return the row of an order that is a step, and the warning that it is no start dose."""
    unit, per, ordered = row.dose.unit, row.dose.per, row.ordered
    assert unit is not None and per is not None and ordered is not None
    # rules for the patient lower the doses, and a step above all of them is none
    highest = max(d.high for d in doses if d.high is not None and (d.unit, d.per) == (unit, per))
    steps = published(drug, patient, doses) if ordered <= highest else ()
    matches = [step for step in steps if step.is_dose(ordered, unit, per)]
    amount = f"{format_limit(ordered)} {unit}{timing.suffix(per)}"
    if matches:
        step = matches[0]
        used(drug.drug, step.part, step.protocol)
        others = (other.protocol for other in matches if other.protocol != step.protocol)
        text = f"{_step_text(step)}; {_beside_start(ordered, doses)}"
        row = row._replace(
            verdict="within",
            matched=step.kind,
            protocol=step.protocol,
            step=step.step,
            also_matched=tuple(dict.fromkeys(others)),
            message=f"{amount} is {text}. {row.message}",
        )
        schedule = getattr(drug.loaded.table, step.part)[step.protocol]
        warnings = split_notes(schedule.notes, drug.drug)[0]
        if drug.step_alone:
            return row, [*warnings]
        source = leading(schedule.cite).source
        warning = ClinicalWarning("not-start-dose", drug.drug, f"{amount} is {text}.", source)
        return row, [warning, *warnings]
    if drug.step_alone and ordered <= max(highest, row.dose.cap_high or highest):
        kinds = " or ".join(drug.schedules)
        message = f"{amount} is not a step of a published {kinds} for this patient. {row.message}"
        row = row._replace(verdict="not-a-step", matched=None, message=message)
    return row, []


def _step_text(step: PublishedStep) -> str:
    """Write a step: ``step 5 of hhe-2018 from 80 mg``."""
    ends = dict.fromkeys((format_exact(step.start.low), format_exact(step.start.high)))
    return f"step {step.step} of {step.protocol} from {' to '.join(ends)} {step.start.unit}"


def _beside_start(ordered: Decimal, doses: list[DoseRow]) -> str:
    """Compare an amount with the start dose: ``below the start dose of 60 to 80 mg daily``."""
    start = next((dose for dose in doses if dose.phase in ("start", "induction")), doses[0])
    assert start.low is not None and start.high is not None
    name = "start" if start.phase == "induction" else start.phase
    ends = (format_limit(start.low, up=True), format_limit(start.high))
    limits = f"{' to '.join(dict.fromkeys(ends))} {start.unit}{timing.suffix(start.per)}"
    if start.low <= ordered <= start.high:
        return f"the {name} dose is {limits}"
    return f"{'above' if ordered > start.high else 'below'} the {name} dose of {limits}"


def published_steps(
    drug: PreparedCheck, patient: Patient, doses: list[DoseRow]
) -> list[PublishedStep]:
    """List the steps of a drug's schedules for a patient, those of the default protocols first.

    A taper begins with the dose that is suggested among ``doses``, and without a severity with its
    low and with its high end. A schedule that is not for this patient has no steps. Nothing that
    is computed here is noted: an order is based on the one step that it is.
    """
    table, steps = drug.loaded.table, list[PublishedStep]()
    with unnoted():
        if "taper" in drug.schedules and patient.child:
            for key in _keys(table.landmark_tapers, drug.drug):
                steps += _landmarks(drug, patient, key)
        elif "taper" in drug.schedules:
            starts = _start_doses(drug, doses)
            for key in _keys(table.daily_tapers, drug.drug):
                for start in starts:
                    steps += _taper_steps(drug, patient, key, start)
        if "titration" in drug.schedules and not patient.child:
            for key in _keys(table.titrations, drug.drug):
                steps += _titration_steps(drug, patient, key)
    return steps


def _keys(
    published: Mapping[str, DailyTaper] | Mapping[str, MilestoneTaper] | Mapping[str, Titration],
    drug: str,
) -> list[str]:
    """List the keys of a drug's schedules, the default first."""
    keys = published_for(published, drug)
    return sorted(keys, key=lambda key: key != default_protocol(published, drug))


def _start_doses(drug: PreparedCheck, doses: list[DoseRow]) -> list[Amount]:
    """List the doses that a taper may begin with: of the posology by severity, or of the first."""
    by_severity = {
        ready.blank.regimen for ready in drug.regimens if ready.regimen.by_severity is not None
    }
    return [
        Amount(end, dose.unit)
        for dose in [dose for dose in doses if dose.regimen in by_severity] or doses[:1]
        if dose.unit is not None
        for end in ((dose.suggested,) if dose.suggested else (dose.low, dose.high))
        if end is not None
    ]


def _taper_steps(
    drug: PreparedCheck, patient: Patient, key: str, start: Amount
) -> tuple[PublishedStep, ...]:
    """Return the steps of a taper from a start dose, or from the protocol's cap below it."""
    protocol = drug.loaded.table.daily_tapers[key]
    unit, cap = protocol.unit, protocol.max
    if cap is not None and cap.value_in("mg") < start.value_in("mg"):
        start = cap
    advice = rules_for(patient)
    free = advice is None or not advice.holding(drug.drug)  # its steps are those of its start dose
    if free and (known := drug.tapers.get((key, start))) is not None:
        return known
    try:
        doses = doses_of_taper(drug.loaded, patient, drug.drug, key, start)
    except (PatientError, RefusedError):  # not above the dose where the protocol ends
        doses = []
    steps = tuple(
        PublishedStep(
            kind="taper",
            part="daily_tapers",
            protocol=key,
            step=step,
            dose=DoseRange(dose, dose, unit),
            per="day",
            start=DoseRange(doses[0][0], doses[0][0], unit),
        )
        for step, alternatives in enumerate(doses, 1)
        for dose in dict.fromkeys(alternatives)
    )
    if free:
        drug.tapers[key, start] = steps
    return steps


def _titration_steps(drug: PreparedCheck, patient: Patient, key: str) -> Iterator[PublishedStep]:
    interval = None if drug.loaded.table.titrations[key].every else _ANY_INTERVAL
    choices = TitrationChoices(protocol=key, interval=interval)
    try:
        result = titrate(drug.loaded, patient, drug.drug, choices, Supply(drug.stocked))
    except (PatientError, RefusedError, UsageError):  # its source does not say how it goes up
        return
    yield from _steps(result, "titration", "titrations")


def _steps(result: TaperResult, kind: ScheduleKind, part: str) -> Iterator[PublishedStep]:
    """Yield each dose of a schedule, as it is given and, where that was rounded, as it was."""
    first = result.steps[0]
    unit = cast("Mass", first.unit)  # what the doses go by is known
    start = DoseRange(first.low, first.high, unit)
    for step in result.steps:
        for dose in dict.fromkeys((step.low, step.high, step.rounded_from)):
            if dose:
                ends = DoseRange(dose, dose, unit)
                yield PublishedStep(kind, part, result.protocol, step.step, ends, step.per, start)


def _landmarks(drug: PreparedCheck, patient: Patient, key: str) -> Iterator[PublishedStep]:
    try:
        result = milestones(drug.loaded, patient, drug.drug, key, None, None)
    except (PatientError, RefusedError):
        return
    start = DoseRange(result.start.low, result.start.high, result.start.unit)
    for row in result.rows:
        if row.high:
            dose = DoseRange(row.low, row.high, row.unit)
            part = "landmark_tapers"
            yield PublishedStep("taper", part, key, row.landmark, dose, row.per, start)
