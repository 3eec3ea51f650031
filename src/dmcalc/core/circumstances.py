"""What is known of a patient beside size: other drugs, conditions, genotype, kidneys, age."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.core.names import near
from dmcalc.errors import PatientError, UnknownNameError
from dmcalc.guide.rules import PHENOTYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.guide.rules import Phenotype, Rules, When
    from dmcalc.table.model import Table

#: Guards against slips, wider than any kidney: no clinical figures.
MOST = Decimal(300)
_FLOW = r"([0-9]{1,3}(?:\.[0-9]{1,4})?) ?(?:ml/min(?:/1\.73 ?m2)?)?"


class Circumstances(NamedTuple):
    """What rules ask about. What is None or empty is not known, and no rule holds by it."""

    #: Drugs that are taken too, by name, with the groups that they belong to.
    taking: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    tpmt: Phenotype | None = None
    nudt15: Phenotype | None = None
    #: mL/min/1.73 m2, and mL/min.
    egfr: Decimal | None = None
    crcl: Decimal | None = None
    age: int | None = None

    def holds(self, when: When) -> bool:
        """Tell whether all that a rule asks for is so."""
        values = {"egfr": self.egfr, "crcl": self.crcl, "age": self.age}
        kidneys = self.egfr is not None or self.crcl is not None
        return (
            (not when.taking or not set(when.taking).isdisjoint(self.taking))
            and (not when.conditions or not set(when.conditions).isdisjoint(self.conditions))
            and (not when.tpmt or self.tpmt in when.tpmt)
            and (not when.nudt15 or self.nudt15 in when.nudt15)
            and (not when.kidneys or kidneys)
            and all(
                (value := values[band.measure]) is not None and band.holds(Decimal(value))
                for band in when.bands
            )
        )


def read(
    rules: Rules,
    table: Table,
    *,
    taking: Iterable[str] = (),
    conditions: Iterable[str] = (),
    tpmt: str | None = None,
    nudt15: str | None = None,
    egfr: str | None = None,
    crcl: str | None = None,
    age: int | None = None,
) -> Circumstances:
    """Read what is said of a patient.

    Raise UnknownNameError for a drug, condition or phenotype that no rule knows, and PatientError
    for a kidney function that is not plausible.
    """
    taken = [name for given in taking for name in _taken(rules, table, given)]
    return Circumstances(
        taking=tuple(dict.fromkeys(taken)),
        conditions=tuple(dict.fromkeys(_condition(rules, name) for name in conditions)),
        tpmt=None if tpmt is None else _phenotype("--tpmt", tpmt),
        nudt15=None if nudt15 is None else _phenotype("--nudt15", nudt15),
        egfr=None if egfr is None else _flow("--egfr", egfr),
        crcl=None if crcl is None else _flow("--crcl", crcl),
        age=age,
    )


def _even(text: str) -> str:
    return " ".join(text.lower().split())


def _taken(rules: Rules, table: Table, given: str) -> tuple[str, ...]:
    """Return the name of a drug that is taken, with its groups."""
    wanted = _even(given)
    for name, taken in rules.taken.items():
        if wanted in (name, *taken.aliases):
            return (name, *taken.groups)
    for key, drug in table.drugs.items():
        if wanted in (key, drug.name.lower(), *drug.aliases):
            return (key,)
    known = {*rules.taken, *(alias for taken in rules.taken.values() for alias in taken.aliases)}
    known |= set(table.drugs)
    raise UnknownNameError(
        f"--taking: no rule knows {given!r}{near(wanted, known)}",
        f"They know: {', '.join(sorted({*rules.taken, *table.drugs}))}.",
    )


def _condition(rules: Rules, given: str) -> str:
    wanted = _even(given).replace(" ", "-")
    if wanted in rules.conditions:
        return wanted
    raise UnknownNameError(
        f"--condition: no rule knows {given!r}{near(wanted, rules.conditions)}",
        f"They know: {', '.join(rules.conditions)}.",
    )


def _phenotype(option: str, given: str) -> Phenotype:
    for phenotype in PHENOTYPES:
        if _even(given) == phenotype:
            return phenotype
    raise UnknownNameError(
        f"{option}: {given!r} is no phenotype", f"It is one of: {', '.join(PHENOTYPES)}."
    )


def _flow(option: str, text: str) -> Decimal:
    found = re.fullmatch(_FLOW, text.strip(), re.ASCII | re.IGNORECASE)
    if found is None or Decimal(found[1]) > MOST:
        raise PatientError(
            f"{option}: a kidney function of {text!r} is not plausible",
            f"Write a number up to {MOST}: --egfr 45 in mL/min/1.73 m2, --crcl 45 in mL/min.",
        )
    return Decimal(found[1])
