"""``plan``: the treatment of one patient in steps, to discuss, with a calendar of what is chosen.

Which steps there are, where each begins and what else points to it stands in the guide. Nothing is
decided here: where a source leaves a choice, it stays one until the user names a drug.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from dmcalc.core import calendar
from dmcalc.core.codes import coded
from dmcalc.core.dose import dose
from dmcalc.core.names import find_drugs
from dmcalc.core.result import Caution, Warned, envelope, source_keys
from dmcalc.errors import PatientError, UsageError
from dmcalc.guide.plan import ORGANS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.core.events import Dating, Event
    from dmcalc.core.regimen import DoseRow
    from dmcalc.guide.model import LoadedGuide
    from dmcalc.guide.plan import PlanStep, Response, Trigger
    from dmcalc.patient import Patient
    from dmcalc.table.model import LoadedTable

Status = Literal["begin", "consider", "later"]

#: The keys of a row for machines, of a step as of an event of the calendar.
ROW = (
    *("part", "step", "kind", "status", "title", "text", "why", "choice", "chosen"),
    *("drug", "name", "regimen", "low", "high", "suggested", "unit", "per"),
    *("day", "days", "date", "end", "total_low", "total_high"),
    *("sources", "quote", "local"),
)


class Situation(NamedTuple):
    """What is known of the treatment so far, and what the prescriber chose: keys of drugs."""

    response: Response | None = None
    organs: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    not_tolerated: tuple[str, ...] = ()


class Option(NamedTuple):
    """A drug of a step, with its doses for the patient; none where the table has none."""

    drug: str
    name: str
    rows: tuple[DoseRow, ...]
    tolerated: bool
    #: Whether it is on the calendar.
    chosen: bool


class Placed(NamedTuple):
    """A step, whether it begins, comes into question or is for later, and what points to it."""

    step: PlanStep
    status: Status
    why: tuple[Trigger, ...]
    options: tuple[Option, ...]


class PlanResult(NamedTuple):
    """The answer of ``dmcalc plan``."""

    loaded: LoadedTable
    guide: LoadedGuide
    patient: Patient
    situation: Situation
    dating: Dating
    steps: tuple[Placed, ...]
    events: tuple[Event, ...]
    warnings: tuple[Warned, ...]
    cautions: tuple[Caution, ...]
    kind: str = "plan"

    def document(self) -> dict[str, Any]:
        """Return the whole result for JSON."""
        return {
            **envelope(self.kind, self.loaded, self.guide),
            "patient": self.patient.document(),
            "situation": self.situation._asdict(),
            "start": self.dating.start,
            "weeks": self.dating.weeks,
            "rows": self.records(),
            "warnings": self.warnings,
            "cautions": self.cautions,
            "disclaimer": self.loaded.table.disclaimer,
        }

    def records(self) -> list[dict[str, Any]]:
        """Return the steps and then the events of the calendar, flat."""
        rows = [row for placed in self.steps for row in _step_rows(placed)]
        rows += [{**event._asdict(), "part": "calendar"} for event in self.events]
        blank = dict.fromkeys(ROW)
        return [coded(self.loaded.table, {**blank, **row}) for row in rows]


def plan(
    loaded: LoadedTable,
    guide: LoadedGuide,
    patient: Patient,
    situation: Situation | None = None,
    dating: Dating | None = None,
) -> PlanResult:
    """Lay out the treatment of one patient.

    Raise PatientError where the severity of an adult or the weight is missing, UnknownNameError for
    a drug that the table does not hold, and UsageError for choices that exclude each other.
    """
    dating = dating or Dating()
    if patient.severity is None and patient.population == "adult":
        raise PatientError(
            "the severity is missing; the steps of the treatment go by it",
            "Give --severity mild, moderate or severe. How to grade it: dmcalc severity",
        )
    situation = _read(loaded, situation or Situation())
    steps = [s for s in guide.guide.plan.steps if s.population == patient.population]
    known = tuple(dict.fromkeys(drug for step in steps for drug in step.drugs))
    _check(situation, steps, known)
    for drug in situation.chosen:
        if not calendar.has_posology(loaded, patient, drug):
            raise PatientError(
                f"the table has no posology for children for {drug}",
                "An adult dose is never scaled down.",
            )
    rows = _rows(loaded, patient, known)
    placed = tuple(_placed(loaded, patient, situation, rows, steps))
    events, told = calendar.events(
        loaded, guide, patient, placed, dating, first=situation.response is None
    )
    return PlanResult(
        loaded=loaded,
        guide=guide,
        patient=patient,
        situation=situation,
        dating=dating,
        steps=placed,
        events=events,
        warnings=tuple(dict.fromkeys((*_unasked(placed, situation), *told.warnings))),
        cautions=(*_open(placed, situation), *told.cautions),
    )


def _read(loaded: LoadedTable, situation: Situation) -> Situation:
    """Return the situation with its drugs by their keys; refuse an organ that is not known."""
    organs = tuple(dict.fromkeys(organ.lower() for organ in situation.organs))
    for organ in organs:
        if organ not in ORGANS:
            raise UsageError(f"{organ!r} is no organ that the plan knows", f"{', '.join(ORGANS)}.")
    return situation._replace(
        organs=organs,
        chosen=find_drugs(loaded.table, situation.chosen),
        not_tolerated=find_drugs(loaded.table, situation.not_tolerated),
    )


def _check(situation: Situation, steps: list[PlanStep], known: tuple[str, ...]) -> None:
    """Refuse two drugs of which one is given, and a choice of one that is not tolerated."""
    for drug in situation.chosen:
        if drug not in known:
            raise PatientError(
                f"{drug} is no part of the plan for this patient", f"It has: {', '.join(known)}"
            )
        if drug in situation.not_tolerated:
            raise UsageError(
                f"{drug} is both chosen and not tolerated",
                "Leave it out of --with or of the other.",
            )
    for step in steps:
        both = [drug for drug in step.drugs if drug in situation.chosen]
        if step.choice == "one" and len(both) > 1:
            raise UsageError(
                f"--with names {' and '.join(both)}, of which one is given", "Name one of them."
            )


def _rows(
    loaded: LoadedTable, patient: Patient, drugs: tuple[str, ...]
) -> dict[str, tuple[DoseRow, ...]]:
    """Compute the doses of the drugs that have any for this patient, by drug."""
    found = dose(loaded, patient, [d for d in drugs if calendar.has_posology(loaded, patient, d)])
    return {drug: tuple(r for r in found.rows if r.drug == drug) for drug in drugs}


def _placed(
    loaded: LoadedTable,
    patient: Patient,
    situation: Situation,
    rows: dict[str, tuple[DoseRow, ...]],
    steps: list[PlanStep],
) -> Iterable[Placed]:
    """Tell of each step whether it begins, comes into question or is for later."""
    states = {step.id: _state(step, patient, situation) for step in steps}
    on = _on_calendar(situation, states, steps)
    for step in steps:
        status, why = states[step.id]
        if status is None:
            continue
        options = tuple(
            Option(
                drug,
                loaded.table.drugs[drug].name,
                rows[drug],
                drug not in situation.not_tolerated,
                (step.id, drug) in on,
            )
            for drug in step.drugs
        )
        yield Placed(step, status, why, options)


def _state(
    step: PlanStep, patient: Patient, situation: Situation
) -> tuple[Status | None, tuple[Trigger, ...]]:
    every = patient.severity is None and len(step.begins) == 3  # whatever the severity is
    if every or patient.severity in step.begins:
        return "begin", ()
    holding = tuple(t for t in step.triggers if _holds(t, patient, situation))
    if holding:
        return "consider", holding
    return ("later", step.triggers) if step.triggers else (None, ())


def _holds(trigger: Trigger, patient: Patient, situation: Situation) -> bool:
    if trigger.severities and patient.severity not in trigger.severities:
        return False
    return (
        situation.response in trigger.responses
        or not set(trigger.organs).isdisjoint(situation.organs)
        or not set(trigger.not_tolerated).isdisjoint(situation.not_tolerated)
    )


def _on_calendar(
    situation: Situation,
    states: dict[str, tuple[Status | None, tuple[Trigger, ...]]],
    steps: list[PlanStep],
) -> set[tuple[str, str]]:
    """List what goes on the calendar, step and drug: what begins, where nothing is left to choose.

    What is chosen goes on it too, once, in the step that is nearest. With a response the treatment
    runs already: then it is only what is chosen.
    """
    order = {"begin": 0, "consider": 1, "later": 2, None: 3}
    on: set[tuple[str, str]] = set()
    for step in steps:
        if states[step.id][0] == "begin" and step.choice == "all" and situation.response is None:
            on |= {(step.id, d) for d in step.drugs if d not in situation.not_tolerated}
    for drug in situation.chosen:
        if not any(drug == other for _, other in on):
            holding = [step for step in steps if drug in step.drugs]
            nearest = min(holding, key=lambda step: order[states[step.id][0]])
            on.add((nearest.id, drug))
    return on


def _unasked(placed: tuple[Placed, ...], situation: Situation) -> Iterable[Warned]:
    """Warn of a drug that was chosen although nothing that was said points to it."""
    for one in placed:
        for option in one.options:
            if one.status == "later" and option.chosen and option.drug in situation.chosen:
                reasons = "; ".join(trigger.text for trigger in one.why)
                yield Warned(
                    "not-yet",
                    option.drug,
                    f"{option.name} was chosen, and nothing that was said points to it. "
                    f"It comes into question {reasons}.",
                    one.step.cite[0].source,
                )


def _open(placed: tuple[Placed, ...], situation: Situation) -> Iterable[Caution]:
    """Say what is not on the calendar, and why."""
    if situation.response is not None:
        text = (
            "A response was given, so the treatment has begun: what is given already is not on the "
            "calendar. A taper from the present dose: dmcalc taper DRUG --on DOSE"
        )
        yield Caution("begun", "reading", None, text, ())
    for one in placed:
        able = [option for option in one.options if option.tolerated]
        if one.options and not able:
            names = " and ".join(option.name for option in one.options)
            text = f"{one.step.title}: {names} not tolerated; nothing of it is on the calendar."
            yield Caution("not-tolerated", "caution", None, text, ())
        elif (
            one.status == "begin"
            and one.step.choice != "all"
            and situation.response is None
            and not any(option.chosen for option in able)
        ):
            names = " or ".join(option.drug for option in able)
            text = f"{one.step.title}: the choice is open. Put it on the calendar: --with {names}"
            yield Caution("choice-open", "reading", None, text, source_keys(one.step.cite))


def _step_rows(placed: Placed) -> Iterable[dict[str, Any]]:
    step = placed.step
    common: dict[str, Any] = {
        "part": "plan",
        "step": step.id,
        "status": placed.status,
        "title": step.title,
        "why": tuple(trigger.text for trigger in placed.why),
        "sources": source_keys((*step.cite, *(c for t in placed.why for c in t.cite))),
        "quote": step.cite[0].quote,
        "local": (),
    }
    if not placed.options:
        yield {**common, "kind": "measure", "text": step.text}
    for option in placed.options:
        of_drug = {
            **common,
            "kind": "drug",
            "choice": step.choice,
            "chosen": option.chosen,
            "drug": option.drug,
            "name": option.name,
        }
        if not option.tolerated:
            yield {**of_drug, "text": "not tolerated"}
        elif not option.rows:
            yield {**of_drug, "text": "the table has no posology of it for this patient"}
        else:
            for row in option.rows:
                sources = tuple(dict.fromkeys((*common["sources"], *row.sources)))
                yield {**of_drug, **_dose(row), "sources": sources}


def _dose(row: DoseRow) -> dict[str, Any]:
    return {
        "text": row.text,
        "regimen": row.regimen,
        "low": row.low,
        "high": row.high,
        "suggested": row.suggested,
        "unit": row.unit,
        "per": row.per,
        "local": row.local,
    }
