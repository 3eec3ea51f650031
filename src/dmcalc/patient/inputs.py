"""What is entered of a patient, as text, and which of it each command uses."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

from dmcalc.errors import UsageError
from dmcalc.patient.age import age_on, agree
from dmcalc.records import Record
from dmcalc.results.base import ClinicalWarning
from dmcalc.table.model.drug import ORGANS
from dmcalc.text.spelling import as_key

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from dmcalc.results.base import Result
    from dmcalc.table.model.drug import Severity

    R = TypeVar("R", bound=Result)


Sex = Literal["female", "male"]
SEXES: tuple[Sex, ...] = get_args(Sex)


class PatientInput(Record):
    """What is entered of a patient, as it is written; None where nothing is.

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
    #: Medicines that are meant as they are written, though no list knows them.
    unchecked: Sequence[str] | None = None
    tpmt: str | None = None
    nudt15: str | None = None
    egfr: str | None = None
    crcl: str | None = None
    creatinine: str | None = None
    #: Date of birth, and the day that it gives the age on: today if none is given.
    dob: str | None = None
    as_of: str | None = None
    #: A file with further facts, ``-`` being stdin; what is given besides it counts.
    patient: str | None = None

    def completed(self) -> PatientInput:
        """Return the facts with those of the file, and with the age by the date of birth.

        Raise FileError and TableError for a file that cannot be read, UsageError for a key that is
        no fact and for an age with a date of birth that says another one, and PatientError for a
        date of birth that is not plausible.
        """
        facts = self if self.patient is None else self._with_file(self.patient)
        if facts.dob is None:
            if facts.as_of is not None:
                raise UsageError("‹as_of› is the day that ‹dob› gives the age on", "Give ‹dob›.")
            return facts
        day = facts.as_of or datetime.date.today().isoformat()
        age = age_on(facts.dob, day)
        if facts.age is not None and not agree(facts.age, age):
            raise UsageError(
                f"‹age› is {facts.age}, and by ‹dob› it is {age} on {day}", "Leave one of them out."
            )
        return facts._replace(age=age, as_of=day)

    def _with_file(self, name: str) -> PatientInput:
        from dmcalc.patient.patient_file import (
            read_patient_file,  # start-up: most have none; it reads YAML
        )

        values = read_patient_file(
            name, FACTS, ("taking", "condition", "unchecked"), ("confirm_weight",)
        )
        entered = {fact: getattr(self, fact) for fact in self.entered}
        for fact, other in (("age", "dob"), ("dob", "age")):
            if fact in entered:  # two ways to say one fact
                values.pop(other, None)
        return PatientInput(**{**values, **entered, "patient": None})

    @property
    def dosing_weight(self) -> bool:
        """Whether a weight to dose by was chosen: a policy names its own."""
        return self.weight_basis is not None or self.weight_policy is not None

    @property
    def female(self) -> bool:
        """Whether the patient is a woman or a girl."""
        return self.sex is not None and read_sex(self.sex) == "female"

    @property
    def pregnant(self) -> bool:
        """Whether a pregnancy is among the conditions."""
        return PREGNANCY in {name.lower() for name in split_names("condition", self.condition)}

    def without_condition(self, name: str) -> PatientInput:
        """Return the facts without one of the conditions."""
        names = self.conditions
        others = tuple(condition for condition in names if condition != name)
        return self if others == names else self._replace(condition=others or None)

    @property
    def organs(self) -> tuple[str, ...]:
        """The organs among the conditions."""
        return tuple(name for name in self.conditions if name in ORGANS)

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions, as their keys are written; raise UsageError where they name nothing."""
        return tuple(map(as_key, split_names("condition", self.condition)))

    @property
    def entered(self) -> tuple[str, ...]:
        """The names of the facts that were entered."""
        return tuple(
            name
            for name, value in zip(self._fields, self, strict=True)
            if value is not None and value is not False
        )


#: What follows weight and severity where nothing else was entered.
SIZE_ALONE = PatientInput()[2:]
WEIGHT_AND_SEVERITY = frozenset(PatientInput._fields[:2])
#: What is known of a patient: what a file may hold, and the columns of a batch.
FACTS = tuple(name for name in PatientInput._fields if name != "patient")


class PatientUse(Record):
    """Which facts of a patient a command uses."""

    facts: frozenset[str]
    #: What a child is refused for, where there is nothing for children: "the infusions".
    adults_only: str | None = None
    #: Whether a height gives a body surface area.
    surface: bool = False
    #: Which of the facts are of adults, and not used for a child.
    of_adults: frozenset[str] = frozenset()
    #: Whether organs among the conditions are used.
    organs: bool = False

    @property
    def rules(self) -> bool:
        """Whether rules on other drugs, conditions, genotype and kidneys are applied."""
        return self.facts.issuperset(OF_RULES)


PREGNANCY = "pregnancy"
#: The condition that says that there is no pregnancy: no rule asks about it.
NOT_PREGNANT = "not-pregnant"
#: The conditions of which one says how it is.
PREGNANCY_STATED = frozenset(
    {PREGNANCY, "planning-pregnancy", "childbearing-potential", NOT_PREGNANT}
)
#: What rules of the guideline ask about; an adult's age does too.
OF_RULES = frozenset(
    {"taking", "unchecked", "condition", "tpmt", "nudt15", "egfr", "crcl", "creatinine"}
)
_SIZE = frozenset({"weight", "confirm_weight", "age", "dob"})
_DOSING_WEIGHT = frozenset({"height", "sex", "weight_basis", "weight_policy"})
_DOSE = PatientUse(_SIZE | _DOSING_WEIGHT | OF_RULES | {"severity", "bsa"}, surface=True)
#: The facts that each command uses; of the others it says that they were entered and not used.
USES = {
    "dose": _DOSE,
    "check": _DOSE,
    "taper": PatientUse(
        _SIZE | _DOSING_WEIGHT | OF_RULES | {"severity"}, of_adults=frozenset({"severity"})
    ),
    "titrate": PatientUse(_SIZE | OF_RULES | {"height", "sex"}, adults_only="the titrations"),
    "infusion": PatientUse(_SIZE | _DOSING_WEIGHT | OF_RULES, adults_only="the infusions"),
    "plan": PatientUse(
        _SIZE | OF_RULES | {"severity", "height", "sex", "bsa"}, surface=True, organs=True
    ),
    "body": PatientUse(_SIZE | {"height", "sex", "creatinine"}),
    "labs": PatientUse(
        _SIZE | OF_RULES | {"sex"},
        of_adults=OF_RULES - {"egfr", "crcl", "creatinine"},
    ),
    "dispense": PatientUse(_SIZE | _DOSING_WEIGHT | OF_RULES | {"bsa"}, surface=True),
    "monitor": PatientUse(_SIZE | OF_RULES | {"sex"}),
}


def read_sex(text: str) -> Sex | None:
    """Return the sex that a word or its first letter means; None for any other word."""
    word = text.strip().lower()
    return next((sex for sex in SEXES if word in (sex, sex[0])), None)


def unused_facts(facts: PatientInput, use: PatientUse, *, child: bool = False) -> tuple[str, ...]:
    """Return the names of the facts that were entered and that a command does not use."""
    used = set(use.facts - use.of_adults if child else use.facts)
    if use.rules or "weight_basis" in used:
        # a woman's age asks whether she is pregnant
        needed = facts.creatinine is not None or (facts.female and facts.age is not None)
        of_rules = use.rules and needed
        if not (facts.dosing_weight or of_rules):
            used.discard("sex")
        if not (facts.dosing_weight or use.surface):
            used.discard("height")
    if organs_alone(facts, use):
        used.add("condition")
    used.add("as_of")
    return tuple(name for name in facts.entered if name not in used)


def organs_alone(facts: PatientInput, use: PatientUse) -> bool:
    """Tell whether all conditions that were entered are organs, and a command uses those."""
    return use.organs and len(facts.organs) == len(facts.conditions)


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
