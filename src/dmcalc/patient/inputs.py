"""What is said of a patient, as text, and the one reader that makes a patient of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from dmcalc.errors import UsageError
from dmcalc.records import Record
from dmcalc.results.base import ClinicalWarning

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.patient.patient import Patient
    from dmcalc.results.base import Result
    from dmcalc.table.model.drug import Severity
    from dmcalc.table.model.table import LoadedTable

    R = TypeVar("R", bound=Result)


class PatientInput(Record):
    """What is said of a patient, as it is written; None where nothing is.

    The fields bear the names of the options, of the columns of a batch and of Python's keywords.
    """

    weight: str | None = None
    severity: Severity | None = None
    bsa: str | None = None
    confirm_weight: bool = False
    age: str | None = None
    height: str | None = None
    sex: str | None = None
    weight_basis: str | None = None
    weight_policy: str | None = None
    #: Names, each text one or several of them with commas or semicolons.
    taking: Sequence[str] | None = None
    condition: Sequence[str] | None = None
    tpmt: str | None = None
    nudt15: str | None = None
    egfr: str | None = None
    crcl: str | None = None
    creatinine: str | None = None

    @property
    def dosing_weight(self) -> bool:
        """Whether a weight is asked for that doses go by: a policy asks for its own."""
        return self.weight_basis is not None or self.weight_policy is not None

    @property
    def entered(self) -> tuple[str, ...]:
        """The names of the facts that were entered."""
        return tuple(
            name
            for name, value in zip(self._fields, self, strict=True)
            if value is not None and value is not False
        )


class PatientUse(Record):
    """Which facts of a patient a command uses."""

    facts: frozenset[str]
    #: What a child is refused for, where there is nothing for children: "the infusions".
    adults_only: str | None = None
    #: Whether a height gives a body surface.
    surface: bool = False
    #: Which of the facts are of adults, and not used for a child.
    of_adults: frozenset[str] = frozenset()

    @property
    def rules(self) -> bool:
        """Whether rules on other drugs, conditions, genotype and kidneys are applied."""
        return self.facts >= OF_RULES


#: What rules of the guideline ask about; an adult's age does too.
OF_RULES = frozenset({"taking", "condition", "tpmt", "nudt15", "egfr", "crcl", "creatinine"})
_SIZE = frozenset({"weight", "confirm_weight", "age"})
_DOSING_WEIGHT = frozenset({"height", "sex", "weight_basis", "weight_policy"})
_DOSE = PatientUse(_SIZE | _DOSING_WEIGHT | OF_RULES | {"severity", "bsa"}, surface=True)
#: The facts that each command uses; of the others it says that they were entered and not used.
USES = {
    "dose": _DOSE,
    "check": _DOSE,
    "taper": PatientUse(_SIZE | _DOSING_WEIGHT | {"severity"}, of_adults=frozenset({"severity"})),
    "titrate": PatientUse(_SIZE, adults_only="the titrations"),
    "infusion": PatientUse(_SIZE | _DOSING_WEIGHT | OF_RULES, adults_only="the infusions"),
    "plan": PatientUse(_SIZE | {"severity", "height", "bsa"}, surface=True),
    "body": PatientUse(_SIZE | {"height", "sex", "creatinine"}),
    "labs": PatientUse(
        _SIZE | OF_RULES | {"sex"},
        of_adults=OF_RULES - {"egfr", "crcl", "creatinine"},
    ),
    "dispense": PatientUse(_SIZE | _DOSING_WEIGHT | OF_RULES | {"bsa"}, surface=True),
    "monitor": PatientUse(_SIZE | OF_RULES | {"sex"}),
}


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

    ``drugs`` are those that are asked for, by name; ``guide`` is the guideline, None for the
    bundled one. ``together`` are names of drugs that are planned to be given too. Raise
    PatientError where a fact cannot be read, is not plausible or is missing, UnknownNameError for
    a policy, medicine or condition that is not known, and UsageError for facts that exclude each
    other.
    """
    from dmcalc.patient import patient

    who = patient.read(
        loaded.table.limits,
        weight=facts.weight if "weight" in use.facts else None,
        severity=facts.severity if "severity" in use.facts else None,
        bsa=facts.bsa if "bsa" in use.facts else None,
        age=facts.age if "age" in use.facts else None,
        confirm_weight=facts.confirm_weight,
    )
    if use.adults_only:
        patient.adults_only(who, use.adults_only)
    if use.surface and facts.height is not None:
        from dmcalc.patient.body_surface import with_body_surface

        who = with_body_surface(loaded.table, who, facts.height)
    if facts.dosing_weight and "weight_basis" in use.facts:
        from dmcalc.patient.dosing_weight import with_dosing_weight

        who = with_dosing_weight(loaded, who, facts, drugs, guide)
    asking = (*(name for name in facts.entered if name in OF_RULES), *together)
    if use.rules and (asking or who.adult_age is not None):
        from dmcalc.patient.clinical_context import with_context

        who = with_context(loaded, who, facts, together, guide)
    return who._replace(unused=unused_facts(facts, use, child=who.child))


def unused_facts(facts: PatientInput, use: PatientUse, *, child: bool = False) -> tuple[str, ...]:
    """Return the names of the facts that were entered and that a command does not use."""
    used = set(use.facts - use.of_adults if child else use.facts)
    if use.rules or "weight_basis" in used:
        if not (facts.dosing_weight or (use.rules and facts.creatinine is not None)):
            used.discard("sex")
        if not (facts.dosing_weight or use.surface):
            used.discard("height")
    return tuple(name for name in facts.entered if name not in used)


def with_unused(result: R, facts: Collection[str]) -> R:
    """Return a result with a warning of the facts that were entered and play no part in it."""
    if not facts:
        return result
    names = ", ".join(name.replace("_", " ") for name in facts)
    warning = ClinicalWarning("not-used", None, f"Entered, not used here: {names}.", None)
    return result._replace(warnings=(warning, *result.warnings))


def split_names(name: str, texts: Sequence[str] | None) -> tuple[str, ...]:
    """Part a list of names at commas and semicolons; raise UsageError where it names nothing."""
    parts = [part.strip() for text in texts or () for part in text.replace(";", ",").split(",")]
    if texts and not any(parts):
        raise UsageError(f"‹{name}› names nothing", "List the names with: dmcalc rules")
    return tuple(filter(None, parts))
