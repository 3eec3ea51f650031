"""What was entered of a patient besides size: other drugs, conditions, genotype, kidneys, age."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, NamedTuple

from dmcalc import guideline as guidelines
from dmcalc.errors import PatientError, UnknownNameError
from dmcalc.guideline.patient_rules import PHENOTYPES
from dmcalc.patient import anthropometry, formulas
from dmcalc.patient.co_medication import read_co_medications
from dmcalc.patient.document import CircumstancesDocument
from dmcalc.patient.inputs import NOT_PREGNANT, split_names
from dmcalc.patient.measures import NAMES, BodyCalculator, default_formulas
from dmcalc.quantities.base import DECIMALS, SQUARE_METRE, format_plain
from dmcalc.results.base import ClinicalWarning, leading, split_notes
from dmcalc.results.described import described_by
from dmcalc.results.trace import FORMULA, noting
from dmcalc.table.model.drug import ORGANS
from dmcalc.text.numbers import format_measured
from dmcalc.text.spelling import NOTHING, as_key, near

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.guideline.patient_rules import Phenotype, RuleCondition, Rules
    from dmcalc.patient.inputs import PatientInput
    from dmcalc.patient.patient import Patient
    from dmcalc.quantities.bounds import KidneyFunctionRange
    from dmcalc.quantities.thresholds import Measure
    from dmcalc.table.model.table import LoadedTable, Table

_FLOW = rf"([0-9]{{1,3}}{DECIMALS}) ?(?P<unit>ml/min(?P<per>/1\.73 ?{SQUARE_METRE})?)?"
#: Names of conditions that say no figure, where rules go by one.
_KIDNEY_DISEASE = frozenset({"ckd", "chronic-kidney-disease", "kidney-disease"})
#: The measures of the kidneys, as rules and as formulas call them, with their units.
KIDNEYS: dict[Measure, tuple[str, str]] = {
    "egfr": ("egfr_ml_min_173m2", "mL/min/1.73 m2"),
    "crcl": ("crcl_ml_min", "mL/min"),
}
#: What gives a measure that rules go by.
INPUT_OF: dict[Measure, tuple[str, str]] = {
    "egfr": ("eGFR", "‹egfr›, or ‹creatinine› with ‹age› and ‹sex›"),
    "crcl": ("creatinine clearance", "‹crcl›, or ‹creatinine› with ‹weight›, ‹age› and ‹sex›"),
    "age": ("age", "‹age›"),
}


@described_by(CircumstancesDocument)
class ClinicalContext(NamedTuple):
    """What rules ask about. What is None or empty is not known, and no rule holds by it."""

    #: Concurrent medicines, and conditions, by their names in the guide.
    taking: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    tpmt: Phenotype | None = None
    nudt15: Phenotype | None = None
    #: Kidney function, exact: eGFR in mL/min/1.73 m2, clearance in mL/min.
    egfr: Fraction | None = None
    crcl: Fraction | None = None
    age: int | None = None
    #: Those of the two that were computed from creatinine, and what there is to say of that.
    computed: tuple[Measure, ...] = ()
    warnings: tuple[ClinicalWarning, ...] = ()
    #: The classes of what is taken, by name, and the words that nothing knows.
    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    not_checked: tuple[str, ...] = ()

    def names_of(self, fact: str) -> tuple[str, ...]:
        """Return the names by which rules know what is taken: its own, and those of its classes."""
        return (fact, *dict(self.classes).get(fact, ()))

    @property
    def egfr_ml_min_173m2(self) -> Decimal | None:
        """Return eGFR in mL/min/1.73 m2, to 15 significant digits."""
        return None if self.egfr is None else formulas.significant(self.egfr)

    @property
    def crcl_ml_min(self) -> Decimal | None:
        """Creatinine clearance in mL/min, to 15 significant digits."""
        return None if self.crcl is None else formulas.significant(self.crcl)

    @property
    def estimated(self) -> tuple[str, ...]:
        """Names of the measures that were computed from creatinine."""
        return tuple(KIDNEYS[measure][0] for measure in self.computed)

    def value(self, measure: Measure) -> Fraction | None:
        """Return what bands of a measure are checked against."""
        if measure == "age":
            return None if self.age is None else Fraction(self.age)
        return self.egfr if measure == "egfr" else self.crcl

    @property
    def kidneys(self) -> bool:
        """Whether any kidney function is known."""
        return self.egfr is not None or self.crcl is not None

    def holds(self, when: RuleCondition) -> bool:
        """Tell whether all that a rule asks for is so."""
        aged = not when.aged or self.age is not None
        return (
            self._holds_beside_bands(when)
            and aged
            and all(
                (value := self.value(band.measure)) is not None and band.holds(value)
                for band in when.bands
            )
        )

    def missing_measures(self, when: RuleCondition) -> tuple[Measure, ...]:
        """Return the measures without which it is not known whether a rule holds.

        A kidney function counts as lacking only where another one is known: who says nothing of
        the kidneys need not give each measure of them.
        """
        values = [(band, self.value(band.measure)) for band in when.bands]
        if not self._holds_beside_bands(when) or any(
            value is not None and not band.holds(value) for band, value in values
        ):
            return ()
        lacking: list[Measure] = ["age"] if when.aged and self.age is None else []
        lacking += [
            band.measure
            for band, value in values
            if value is None and (band.measure == "age" or self.kidneys)
        ]
        return tuple(dict.fromkeys(lacking))

    def _takes(self, names: tuple[str, ...]) -> bool:
        return any(name in names for taken in self.taking for name in self.names_of(taken))

    def _holds_beside_bands(self, when: RuleCondition) -> bool:
        return (
            (not when.taking or self._takes(when.taking))
            and (not when.conditions or not set(when.conditions).isdisjoint(self.conditions))
            and (not when.tpmt or self.tpmt in when.tpmt)
            and (not when.nudt15 or self.nudt15 in when.nudt15)
            and (not when.kidneys or self.kidneys)
            and set(when.unless).isdisjoint(self.conditions)
        )


Circumstances = Annotated[
    ClinicalContext | None,
    "Facts of the patient that rules use, as entered; null where none was.",
]


def with_context(
    loaded: LoadedTable,
    patient: Patient,
    facts: PatientInput,
    together: Iterable[str] = (),
    guide: LoadedGuideline | None = None,
) -> Patient:
    """Return a patient with what rules ask about, by the bundled guide if none is given.

    ``together`` are names of drugs of the table that are planned too. Raise UnknownNameError for a
    drug, condition or phenotype that no rule knows, and PatientError for a kidney function that is
    not plausible, and for a child.
    """
    table = loaded.table
    if patient.child:
        raise PatientError(
            "rules on other drugs, conditions, genotype and kidneys are for adults",
            "None covers children; a dose for a child is not changed by them.",
        )
    guideline = guide or guidelines.load()
    rules = guideline.guideline.rules
    taken = read_co_medications(
        rules,
        table,
        split_names("taking", facts.taking),
        unchecked=split_names("unchecked", facts.unchecked),
        together=together,
    )
    conditions = split_names("condition", facts.condition)
    plausible = table.limits.kidney_function
    context = ClinicalContext(
        taking=taken.names,
        conditions=tuple(
            dict.fromkeys((*(_condition(rules, name) for name in conditions), *taken.conditions))
        ),
        tpmt=None if facts.tpmt is None else _phenotype("tpmt", facts.tpmt),
        nudt15=None if facts.nudt15 is None else _phenotype("nudt15", facts.nudt15),
        egfr=None if facts.egfr is None else _flow("egfr", facts.egfr, plausible),
        crcl=None if facts.crcl is None else _flow("crcl", facts.crcl, plausible),
        age=patient.age_years,
        classes=taken.classes,
        not_checked=taken.not_checked,
        warnings=taken.warnings,
    )
    if facts.creatinine is not None:
        context = _estimated(context, table, patient, facts)
    return patient._replace(context=context, rules_guideline=guideline)


def _estimated(
    entered: ClinicalContext, table: Table, patient: Patient, facts: PatientInput
) -> ClinicalContext:
    """Add the kidney functions that follow from creatinine; of two that differ the lower counts."""
    body = anthropometry.read(table.limits, sex=facts.sex, creatinine=facts.creatinine)
    work = BodyCalculator(table, patient, body, default_formulas(table, None), "actual")
    work.run()
    computed = {
        measure: Fraction(work.values[name])
        for measure, (name, _) in KIDNEYS.items()
        if name in work.values
    }
    if not computed:
        why = [one.reason for one in work.missing if one.measure in dict(KIDNEYS.values())]
        raise PatientError(
            f"no kidney function follows from the creatinine: {'; '.join(why)}",
            "Give ‹age› and ‹sex›, and ‹weight› for the clearance; or ‹egfr› or ‹crcl› itself.",
        )
    lower = {
        measure: value
        for measure, value in computed.items()
        if (stated := entered.value(measure)) is None or value < stated
    }
    _note(lower, work)
    return entered._replace(
        egfr=lower.get("egfr", entered.egfr),
        crcl=lower.get("crcl", entered.crcl),
        computed=tuple(lower),
        warnings=(*entered.warnings, *_disagreeing(entered, computed), *_about(lower, work)),
    )


def _note(estimated: Iterable[Measure], work: BodyCalculator) -> None:
    """Note the formulas of kidney functions, and how the answer rounds those."""
    trace = noting()
    if trace is None:
        return
    for name, unit in (KIDNEYS[measure] for measure in estimated):
        exact = work.values[name]
        where, after = f"circumstances.{name}", formulas.significant(exact)
        trace.used(FORMULA, "formulas", work.chosen[name])
        root = isinstance(exact, Decimal)
        trace.rounded(where, NAMES[name], exact, after, unit, formulas.SIGNIFICANT, root=root)


def _disagreeing(
    entered: ClinicalContext, computed: dict[Measure, Fraction]
) -> Iterator[ClinicalWarning]:
    """Warn of a kidney function that was given where the creatinine that was too gives another.

    Of one that is higher by less than 1 there is nothing to say: laboratories round.
    """
    for measure, value in computed.items():
        stated = entered.value(measure)
        if stated is None or stated <= value < stated + 1:
            continue
        name = INPUT_OF[measure][0]
        above = "above" if value < stated else "below"
        message = (
            f"The {name} that was given, {format_measured(stated, value)}, is {above} "
            "that which follows from the creatinine, "
            f"{format_measured(value, stated)}: the lower one counts."
        )
        yield ClinicalWarning("kidneys-disagree", None, message, None)


def _about(computed: dict[Measure, Fraction], work: BodyCalculator) -> Iterator[ClinicalWarning]:
    """Say what was computed and with which formula, and what the table says of that."""
    for measure, value in computed.items():
        name, unit = KIDNEYS[measure]
        formula = work.used[name]
        weight = ", with the actual weight" if measure == "crcl" else ""
        message = (
            f"The {NAMES[name]} is computed from creatinine: "
            f"{format_measured(value)} {unit} by {formula.name}{weight}."
        )
        yield ClinicalWarning("estimated-kidneys", None, message, leading(formula.cite).source)
    notes: dict[str, ClinicalWarning] = {}
    for measure in computed:  # both formulas may say the same
        for warning in split_notes(work.used[KIDNEYS[measure][0]].notes, None)[0]:
            notes.setdefault(warning.message, warning)
    yield from notes.values()


def _condition(rules: Rules, stated: str) -> str:
    written = as_key(stated)
    if written in rules.conditions or written in ORGANS:
        return written
    if re.sub("(-stage)?-?[1-5][ab]?$", "", written) in _KIDNEY_DISEASE:
        raise UnknownNameError(
            f"‹condition›: {stated!r} says no kidney function",
            "Enter the figure: ‹egfr 45› in mL/min/1.73 m2, or ‹crcl 45› in mL/min.",
        )
    known = (*rules.conditions, NOT_PREGNANT, *ORGANS)
    none = "Leave ‹condition› out where the patient has none. " if written in NOTHING else ""
    raise UnknownNameError(
        f"‹condition›: no rule knows {stated!r}{near(written, known)}",
        f"{none}They know: {', '.join(known)}. List the rules with: dmcalc rules",
    )


def _phenotype(option: str, stated: str) -> Phenotype:
    for phenotype in PHENOTYPES:
        if as_key(stated) == phenotype:
            return phenotype
    raise UnknownNameError(
        f"‹{option}›: {stated!r} is not a phenotype",
        f"It is one of: {', '.join(PHENOTYPES)}. The laboratory's report says which.",
    )


def _flow(option: str, text: str, plausible: KidneyFunctionRange) -> Fraction:
    written = re.fullmatch(_FLOW, text.strip(), re.ASCII | re.IGNORECASE)
    hint = (
        f"Write a number up to {format_plain(plausible.high)}: "
        "‹egfr 45› in mL/min/1.73 m2, ‹crcl 45› in mL/min."
    )
    if written is None:
        raise PatientError(f"‹{option}›: a kidney function is a number, not {text!r}", hint)
    if written["unit"] and bool(written["per"]) != (option == "egfr"):
        raise PatientError(f"‹{option}›: {text!r} has the unit of the other measure", hint)
    if not plausible.low <= Decimal(written[1]) <= plausible.high:
        raise PatientError(f"‹{option}›: a kidney function of {text!r} is not plausible", hint)
    return Fraction(written[1])
