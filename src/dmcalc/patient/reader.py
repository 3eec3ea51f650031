"""The one reader that makes a patient of what was entered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.patient import patient as patients
from dmcalc.patient.inputs import (
    SIZE_ALONE,
    USES,
    WEIGHT_AND_SEVERITY,
    PatientInput,
    PatientUse,
    unused_facts,
)
from dmcalc.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.patient.patient import Patient
    from dmcalc.table.model.table import LoadedTable


class PatientRequest(Record):
    """What a command reads its patient from: a table, what was entered, and a guide if named."""

    loaded: LoadedTable
    facts: PatientInput
    guide: LoadedGuideline | None = None

    def read(
        self, command: str, drugs: Iterable[str] = (), together: Iterable[str] = ()
    ) -> Patient:
        """Read the patient as a command does; raise the errors of ``read_patient``."""
        use = USES[command]
        return read_patient(self.loaded, self.facts, use, drugs, self.guide, together)

    def unused(self, command: str) -> tuple[str, ...]:
        """Return the facts that a command does not use, for one that reads no patient."""
        return unused_facts(self.facts, USES[command])


def read_patient(
    loaded: LoadedTable,
    facts: PatientInput,
    use: PatientUse,
    drugs: Iterable[str] = (),
    guide: LoadedGuideline | None = None,
    together: Iterable[str] = (),
) -> Patient:
    """Read a patient: size, and where it is used the dosing weight and what rules ask about.

    ``drugs`` are those that are requested, by name; ``guide`` is the guideline, None for the
    bundled one. ``together`` are names of drugs that are planned to be given too. Raise
    PatientError where a fact cannot be read, is not plausible or is missing, UnknownNameError for
    a policy, medicine or condition that is not known, and UsageError for facts that exclude each
    other.
    """
    who = patients.read(
        loaded.table.limits,
        weight=facts.weight if "weight" in use.facts else None,
        severity=facts.severity if "severity" in use.facts else None,
        bsa=facts.bsa if "bsa" in use.facts else None,
        age=facts.age if "age" in use.facts else None,
        confirm_weight=facts.confirm_weight,
    )
    if facts[2:] == SIZE_ALONE and not together and use.facts.issuperset(WEIGHT_AND_SEVERITY):
        return who  # as most patients of a batch are
    # start-up: body sizes, dosing weights and rules, of which most patients need none
    from dmcalc.patient.further_facts import with_further_facts

    return with_further_facts(loaded, who, facts, use, drugs, guide, together)
