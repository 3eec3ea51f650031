"""Other medicines of a patient: each as rules know it, or listed as not checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.errors import UnknownNameError, UsageError
from dmcalc.guideline.patient_rules import names_of
from dmcalc.records import Record
from dmcalc.results.base import ClinicalWarning
from dmcalc.results.names import find_drugs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.guideline.patient_rules import Rule, Rules
    from dmcalc.medicines.names import NamedMedicine, ReadWord
    from dmcalc.table.model.table import Table

#: What brands of live vaccines stand for: a condition that rules ask about.
LIVE_VACCINE = "live-vaccine"
#: What follows of a rule that a dose hangs on: a slip in the name of its medicine is a full dose.
DECISIVE = ("refuse", "scale", "cap")


class CoMedications(Record):
    """The concurrent medicines, read."""

    #: Names of medicines as rules, the table or the lists of medicines have them.
    names: tuple[str, ...] = ()
    #: The classes of those that belong to some, by name.
    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: Conditions that follow: a live vaccine is planned.
    conditions: tuple[str, ...] = ()
    #: Words that no rule and no list knows.
    not_checked: tuple[str, ...] = ()
    warnings: tuple[ClinicalWarning, ...] = ()


def read_co_medications(
    rules: Rules,
    table: Table,
    words: Iterable[str],
    *,
    unchecked: Iterable[str] = (),
    together: Iterable[str] = (),
) -> CoMedications:
    """Read the names of medicines; those in ``unchecked`` are meant as they are written.

    ``together`` are names of drugs of the table. Raise UnknownNameError for an abbreviation, for a
    word that can be two medicines and for one that is near in spelling to a medicine, and
    UsageError for one in ``unchecked`` that is known.
    """
    names: list[str] = []
    classes: dict[str, tuple[str, ...]] = {}
    conditions: list[str] = []
    not_checked = list(unchecked)
    for word in not_checked:
        _refuse_known(rules, table, word)
    warnings: list[ClinicalWarning] = []
    for word in words:
        known = _name_in_rules(rules, table, word)
        if known is not None:
            names.append(known)
            continue
        medicines, unknown = _listed(rules, table, word)
        acting = [medicine for medicine in medicines if not medicine.local]
        for medicine in acting:
            if medicine.name.startswith(LIVE_VACCINE):
                conditions.append(LIVE_VACCINE)
            else:
                name = _name_in_rules(rules, table, medicine.name) or medicine.name
                names.append(name)
                if medicine.classes:
                    classes[name] = medicine.classes
        local = [medicine.name for medicine in medicines if medicine.local]
        not_checked += (*local, *unknown) if acting else (word,)
        if read := [medicine for medicine in medicines if medicine.word]:
            warnings.append(_read_as(word, read))
    if not_checked:
        listed = ", ".join(dict.fromkeys(not_checked))
        message = (
            f"Not checked: {listed}. This table has no rule on that; this is not clearance to "
            "give it."
        )
        warnings.append(ClinicalWarning("not-checked", None, message, None))
    names += find_drugs(table, together)
    classes |= {name: kinds for name in names if (kinds := rules.kinds_of(name))}
    return CoMedications(
        tuple(dict.fromkeys(names)),
        tuple(classes.items()),
        tuple(dict.fromkeys(conditions)),
        tuple(dict.fromkeys(not_checked)),
        tuple(warnings),
    )


def _name_in_rules(rules: Rules, table: Table, word: str) -> str | None:
    """Return the name by which the rules or the table know a word."""
    written = " ".join(word.lower().replace("’", "'").split())
    for name in (*rules.taken, *table.drugs):
        if written == name or written in names_of(name, rules, table):
            return name
    return None


def _listed(rules: Rules, table: Table, word: str) -> ReadWord:
    """Look a word up in the lists of medicines, under the names that rules know first."""
    # start-up: most patients take nothing that only the lists know
    from dmcalc.medicines.names import read_medicine

    def called(medicines: Iterable[str]) -> frozenset[str]:
        return frozenset(
            other for name in medicines for other in (name, *names_of(name, rules, table))
        )

    decisive = {name for rule in rules.rules for name in _decisive(rule)}
    return read_medicine(word, called((*rules.taken, *table.drugs, *decisive)), called(decisive))


def _refuse_known(rules: Rules, table: Table, word: str) -> None:
    """Raise UsageError for the name of a medicine: unchecked, no rule on it would hold."""
    known = _name_in_rules(rules, table, word)
    if known is None:
        try:
            known = next(
                (medicine.name for medicine in _listed(rules, table, word).medicines), None
            )
        except UnknownNameError:  # a slip or an abbreviation: it is meant as it is written
            return
    if known is not None:
        what = "" if word.lower() == known else f", which is {known},"
        raise UsageError(
            f"‹unchecked›: {word!r}{what} is known, and rules may ask about it",
            f"Write it in ‹taking {known}›.",
        )


def _decisive(rule: Rule) -> tuple[str, ...]:
    """Return the medicines that a dose hangs on: a refusal of two together holds for either."""
    if rule.then not in DECISIVE or not rule.when.taking:
        return ()
    return (*rule.when.taking, *(rule.drugs if rule.then == "refuse" else ()))


def _read_as(word: str, medicines: list[NamedMedicine]) -> ClinicalWarning:
    forms = {medicine.name: f" ({medicine.form})" * bool(medicine.form) for medicine in medicines}
    names = " and ".join(f"{name}{form}" for name, form in forms.items())
    return ClinicalWarning("read-as", None, f"{word} read as {names}.", None)
