"""The state of each step of a plan: for now, to be checked, begun, possible or for later.

Which steps there are, where each begins and what else points to it is in the guide. Nothing is
decided here: where a source leaves a choice, it stays one until the user names a drug.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, get_args

from dmcalc.errors import PatientError, UnknownNameError, UsageError
from dmcalc.results.names import find_drugs
from dmcalc.table.model.drug import ORGANS
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.guideline.model import Guideline
    from dmcalc.guideline.steps import Plan, PlanStep, Response, StandIn, Trigger
    from dmcalc.patient.patient import Patient
    from dmcalc.results.field_types import OneOf
    from dmcalc.table.model.table import LoadedTable, Table

#: In the order in which a plan is read.
Status = Literal["now", "check", "begin", "given", "not_possible", "consider", "later"]
STATUSES: tuple[Status, ...] = get_args(Status)
#: Where a drug may come into use: its notes are part of the answer.
ACTIVE: frozenset[Status] = frozenset({"now", "begin", "given", "consider"})
State = tuple[Status | None, tuple["Trigger", ...]]


class TreatmentHistory(NamedTuple):
    """What is known of the treatment so far, and what the prescriber chose: keys of drugs."""

    response: Annotated[
        Response | None, "Response to it; null where it has not begun or none was entered."
    ] = None
    organs: Annotated[tuple[Annotated[str, OneOf(ORGANS)], ...], "Organs that are involved."] = ()
    chosen: Annotated[tuple[str, ...], "Keys of the drugs that were chosen."] = ()
    not_tolerated: Annotated[tuple[str, ...], "Keys of the drugs that cannot be given."] = ()


class Option(NamedTuple):
    """A drug of a step, with its doses for the patient; none where the table has none."""

    drug: str
    name: str
    rows: tuple[DoseRow, ...]
    tolerated: bool
    #: Whether it is on the calendar.
    chosen: bool

    @property
    def refused(self) -> bool:
        """Whether a rule for this patient refuses it."""
        return is_refused(self.rows)


class PlacedStep(NamedTuple):
    """A step, its state, what points to it, and what of the guide is listed with it."""

    step: PlanStep
    status: Status
    why: tuple[Trigger, ...]
    options: tuple[Option, ...]
    listed: tuple[str, ...] = ()


def is_refused(rows: Iterable[DoseRow]) -> bool:
    """Tell whether a rule for the patient refuses a drug of such doses."""
    return any(row.refused for row in rows)


def resolve_history(loaded: LoadedTable, history: TreatmentHistory) -> TreatmentHistory:
    """Return the history with its drugs by their keys; refuse an organ that is not known."""
    organs = tuple(dict.fromkeys(organ.lower() for organ in history.organs))
    for organ in organs:
        if organ not in ORGANS:
            raise UsageError(
                f"{organ!r} is not an organ that the plan knows", f"{', '.join(ORGANS)}."
            )
    return history._replace(
        organs=organs,
        chosen=find_drugs(loaded.table, history.chosen),
        not_tolerated=find_drugs(loaded.table, history.not_tolerated),
    )


def with_stand_ins(plan: Plan, chosen: tuple[str, ...]) -> tuple[Plan, tuple[StandIn, ...]]:
    """Return the plan with the drugs that are chosen instead of others, and which they are.

    Raise UsageError where both are chosen.
    """
    made = tuple(stand_in for stand_in in plan.stand_ins if stand_in.drug in chosen)
    for stand_in in made:
        if stand_in.instead_of in chosen:
            raise UsageError(
                f"‹with› names {stand_in.instead_of} and {stand_in.drug}, of which one is given",
                "Name one of them.",
            )
    of = {stand_in.instead_of: stand_in.drug for stand_in in made}

    def put(drug: str) -> str:
        return of.get(drug, drug)

    def put_if_any(drug: str | None) -> str | None:
        return drug if drug is None else put(drug)

    steps = tuple(
        step._replace(
            drugs=tuple(map(put, step.drugs)),
            needs=put_if_any(step.needs),
            triggers=tuple(t._replace(since=put_if_any(t.since)) for t in step.triggers),
        )
        for step in plan.steps
    )
    marks = tuple(mark._replace(drug=put(mark.drug)) for mark in plan.marks)
    repeats = tuple(r._replace(single_beside=put_if_any(r.single_beside)) for r in plan.repeats)
    return plan._replace(steps=steps, marks=marks, repeats=repeats), made


def refuse_conflicts(
    history: TreatmentHistory, steps: Iterable[PlanStep], drugs: tuple[str, ...]
) -> None:
    """Refuse two drugs of which one is given, and a choice of one that is not tolerated."""
    for drug in history.chosen:
        if drug not in drugs:
            raise PatientError(
                f"{drug} is not part of the plan for this patient",
                f"It has: {', '.join(drugs) or 'no drug'}",
            )
        if drug in history.not_tolerated:
            raise UsageError(
                f"{drug} is both chosen and not tolerated",
                "Leave it out of ‹with› or of the other.",
            )
    for step in steps:
        chosen = [drug for drug in step.drugs if drug in history.chosen]
        if step.choice == "one" and len(chosen) > 1:
            raise UsageError(
                f"‹with› names {' and '.join(chosen)}, of which one is given", "Name one of them."
            )


def refuse_taper(
    table: Table, patient: Patient, protocol: str, placed: Iterable[PlacedStep]
) -> None:
    """Refuse a taper that there is not, is not for this patient, or is of nothing planned."""
    adult = {key: taper.drugs for key, taper in table.tapers.items()}
    juvenile = {key: taper.drugs for key, taper in table.landmark_tapers.items()}
    own, other = (juvenile, adult) if patient.child else (adult, juvenile)
    if protocol in other:
        whom = "adults and is not used for a child" if patient.child else "children"
        raise PatientError(f"{protocol} is for {whom}", f"Others: {', '.join(own)}")
    if protocol not in own:
        raise UnknownNameError(
            f"there is no taper {protocol!r}{near(protocol, own)}",
            f"For this patient there are: {', '.join(own)}",
        )
    drugs = own[protocol]
    if not any(o.drug in drugs and o.chosen for step in placed for o in step.options):
        raise UsageError(
            f"{protocol} is a taper of {' and '.join(drugs)}, which is not on the calendar",
            f"Leave ‹taper› out, or put the drug on it: ‹with› {drugs[0]}",
        )


def place_steps(
    loaded: LoadedTable,
    guide: Guideline,
    patient: Patient,
    history: TreatmentHistory,
    rows: dict[str, tuple[DoseRow, ...]],
    steps: list[PlanStep],
) -> Iterator[PlacedStep]:
    """Yield the steps that concern the patient, each with its state."""
    refused = {drug for drug, doses in rows.items() if is_refused(doses)}
    states = {step.id: _state(step, patient, history, refused) for step in steps}
    on_calendar = _on_calendar(history, states, steps, refused)
    for step in steps:
        status, why = states[step.id]
        if status is None:
            continue
        options = tuple(
            Option(
                drug,
                loaded.table.drugs[drug].name,
                rows[drug],
                drug not in history.not_tolerated,
                (step.id, drug) in on_calendar,
            )
            for drug in step.drugs
        )
        yield PlacedStep(step, status, why, options, _listed(guide, step))


def _listed(guide: Guideline, step: PlanStep) -> tuple[str, ...]:
    if step.lists == "measures":
        return tuple(measure.name for measure in guide.care.measures)
    if step.lists == "high_risk":
        risks = guide.severity.high_risk
        return tuple(risk.text for risk in risks if risk.population == step.population)
    return ()


def _state(step: PlanStep, patient: Patient, history: TreatmentHistory, refused: set[str]) -> State:
    excluded = {*history.not_tolerated, *refused}
    if step.needs in excluded or (step.drugs and excluded.issuperset(step.drugs)):
        return "not_possible", ()
    every = patient.severity is None and len(step.begins) == 3  # whatever the severity is
    if every or patient.severity in step.begins:
        # with a response the treatment runs already; what is no drug goes on
        return ("given" if history.response and step.drugs else "begin"), ()
    holding = tuple(t for t in step.triggers if _holds(t, patient, history))
    if step.check:
        return ("now", holding) if holding else ("check", step.triggers)
    if holding:
        return "consider", holding
    return ("later", step.triggers) if step.triggers else (None, ())


def _holds(trigger: Trigger, patient: Patient, history: TreatmentHistory) -> bool:
    if trigger.severities and patient.severity not in trigger.severities:
        return False
    age = patient.age_years
    return (
        history.response in trigger.responses
        or not set(trigger.organs).isdisjoint(history.organs)
        or not set(trigger.not_tolerated).isdisjoint(history.not_tolerated)
        or (age is not None and any(band.holds(Fraction(age)) for band in trigger.ages))
    )


def _on_calendar(
    history: TreatmentHistory,
    states: dict[str, State],
    steps: list[PlanStep],
    refused: set[str],
) -> set[tuple[str, str]]:
    """List what goes on the calendar, step and drug: what begins, where nothing is left to choose.

    What a rule refuses for the patient does not. What is chosen goes on it too, once, in the step
    that is nearest. With a response the treatment runs already: then it is only what is chosen.
    """
    order = {status: number for number, status in enumerate(STATUSES)}
    on_calendar: set[tuple[str, str]] = set()
    excluded = {*history.not_tolerated, *refused}
    for step in steps:
        if states[step.id][0] == "begin" and step.choice == "all":
            on_calendar |= {(step.id, drug) for drug in step.drugs if drug not in excluded}
    for drug in history.chosen:
        if not any(drug == other for _, other in on_calendar):
            holding = [
                (order[status], number, step.id)
                for number, step in enumerate(steps)
                if drug in step.drugs and (status := states[step.id][0]) is not None
            ]
            *_, nearest = min(holding)
            on_calendar.add((nearest, drug))
    return on_calendar
