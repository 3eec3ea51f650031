"""What a plan says besides its steps and its calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.errors import as_option
from dmcalc.planning.steps import ACTIVE
from dmcalc.results.base import ClinicalNote, ClinicalWarning, leading, source_keys, split_notes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.guideline.model import Guideline
    from dmcalc.patient.patient import Patient
    from dmcalc.planning.steps import PlacedStep, TreatmentHistory
    from dmcalc.table.model.table import LoadedTable, Table


def plan_notes(
    loaded: LoadedTable,
    guide: Guideline,
    patient: Patient,
    steps: tuple[PlacedStep, ...],
    history: TreatmentHistory,
) -> tuple[tuple[ClinicalWarning, ...], tuple[ClinicalNote, ...]]:
    """Return the warnings and notes: of children, of what is not on the calendar, of the drugs."""
    table = loaded.table
    drug_notes = list(_notes(table, patient, steps))
    warnings = [
        *_without_reason(steps, history),
        *_begun_again(steps, history),
        *(note for note in drug_notes if isinstance(note, ClinicalWarning)),
    ]
    cautions = [
        *(_of_children(table, guide, patient) if patient.child else ()),
        *_left_open(steps, history),
        *_same_class(table, steps),
        *(note for note in drug_notes if isinstance(note, ClinicalNote)),
    ]
    return tuple(dict.fromkeys(warnings)), tuple(dict.fromkeys(cautions))


def _of_children(table: Table, guide: Guideline, patient: Patient) -> Iterator[ClinicalNote]:
    """Say what the reference says of children, and what the calendar of a child lacks."""
    yield from split_notes(table.juvenile_notes, None)[1]
    marks = guide.plan.marks
    if not any(threshold.population == patient.population for threshold in marks):
        titles = ", ".join(dict.fromkeys(threshold.title for threshold in marks))
        text = f"The sources of these dates are on adults; they are left out for a child: {titles}."
        yield ClinicalNote("adult-marks", "caution", None, text, ())
    text = (
        "The notes on adults are left out here; dmcalc show DRUG and dmcalc monitor DRUG have them."
    )
    yield ClinicalNote("adult-notes", "reading", None, text, ())


def _without_reason(
    steps: tuple[PlacedStep, ...], history: TreatmentHistory
) -> Iterator[ClinicalWarning]:
    """Warn of a drug that was chosen although no fact that was entered points to it."""
    for placed in steps:
        for option in placed.options:
            if placed.status == "later" and option.chosen and option.drug in history.chosen:
                reasons = "; ".join(trigger.text for trigger in placed.why)
                yield ClinicalWarning(
                    "not-yet",
                    option.drug,
                    f"{option.name} was chosen, and nothing entered points to it. "
                    f"It is considered {reasons}.",
                    leading(placed.step.cite).source,
                )


def _begun_again(
    steps: tuple[PlacedStep, ...], history: TreatmentHistory
) -> Iterator[ClinicalWarning]:
    """Warn of a drug that is begun anew on the calendar of a treatment that runs."""
    for placed in steps:
        for option in placed.options:
            if placed.status == "given" and option.chosen:
                text = (
                    "A response was entered, so treatment has started; the calendar has "
                    f"{option.name} as newly started, from its first dose. If the patient already "
                    f"takes it, leave it out of {as_option('with')}; from the present dose: "
                    f"dmcalc taper {option.drug} --on DOSE"
                )
                yield ClinicalWarning(
                    "begins-again", option.drug, text, leading(placed.step.cite).source
                )


def _left_open(steps: tuple[PlacedStep, ...], history: TreatmentHistory) -> Iterator[ClinicalNote]:
    """Say what is not on the calendar, and why."""
    if history.response is not None:
        text = (
            "A response was entered, so treatment has started: what the patient already takes is "
            "not on the calendar. A taper from the present dose: dmcalc taper DRUG --on DOSE"
        )
        yield ClinicalNote("begun", "reading", None, text, ())
    if history.response in ("none", "partial"):
        text = (
            "No response and partial response are treated alike: the sources say persistent "
            "weakness, active or resistant disease, and do not grade the response."
        )
        yield ClinicalNote("response-alike", "reading", None, text, ())
    for placed in steps:
        able = [option for option in placed.options if option.tolerated]
        if placed.options and not able:
            names = " and ".join(option.name for option in placed.options)
            text = f"{placed.step.title}: {names} not tolerated; not on the calendar."
            yield ClinicalNote("not-tolerated", "caution", None, text, ())
        elif (
            placed.status == "begin"
            and placed.step.choice != "all"
            and not any(option.chosen for option in able)
        ):
            names = " or ".join(option.drug for option in able)
            text = (
                f"{placed.step.title}: the choice is open. To put one on the calendar: "
                f"{as_option('with', names)}"
            )
            yield ClinicalNote("choice-open", "reading", None, text, source_keys(placed.step.cite))


def _same_class(table: Table, steps: tuple[PlacedStep, ...]) -> Iterator[ClinicalNote]:
    """Say where a drug is not tolerated, and one that is its equivalent is still in the plan."""
    alike = table.equivalence.drugs if table.equivalence else {}
    options = [option for placed in steps for option in placed.options if option.drug in alike]
    for other in (option for option in options if not option.tolerated):
        for option in (option for option in options if option.tolerated):
            text = (
                f"{other.name} is not tolerated, and {option.name} is of the same class, "
                f"{table.groups[table.drugs[other.drug].group].singular}. {table.base} covers "
                "intolerance and contraindication of the drugs, and does not say whether one is "
                "possible without the other: the prescriber decides."
            )
            yield ClinicalNote("same-class", "caution", option.drug, text, ())


def _notes(
    table: Table, patient: Patient, steps: tuple[PlacedStep, ...]
) -> Iterator[ClinicalWarning | ClinicalNote]:
    """Yield the notes on each drug that begins or is to be considered, and on what is chosen."""
    drugs = dict.fromkeys(
        option.drug
        for placed in steps
        for option in placed.options
        if option.tolerated and option.rows and (placed.status in ACTIVE or option.chosen)
    )
    for key in drugs:
        drug = table.drugs[key]
        notes = (note for note in drug.notes if note.children) if patient.child else drug.notes
        warnings, cautions = split_notes(notes, key)
        yield from warnings
        yield from cautions
        if drug.side_effects:
            effects = "; ".join(drug.side_effects)
            text = f"Drug-specific side effects, in addition to class effects: {effects}."
            yield ClinicalNote("side-effects", "caution", key, text, source_keys(drug.cite))
