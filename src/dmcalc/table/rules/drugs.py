"""The rules that a drug and each of its posologies must keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.table import names as ids
from dmcalc.table.model.drug import POSOLOGIES
from dmcalc.table.rules import infusions
from dmcalc.table.rules.shared import unlisted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.sources.figures import Path, Problem
    from dmcalc.table.model.drug import Drug, Regimen
    from dmcalc.table.model.table import Table

# Methotrexate taken daily by mistake can kill. Whatever a table says of it, it is weekly here.
_ALWAYS_WEEKLY = ("methotrexate", "mtx", "amethopterin")


def problems(table: Table) -> Iterator[Problem]:
    """A drug has what its place in the table needs, and each posology one meaning."""
    for name, drug in table.drugs.items():
        yield from _drug(table, name, drug)


def _drug(table: Table, name: str, drug: Drug) -> Iterator[Problem]:
    here: Path = ("drugs", name)
    yield from unlisted((drug.group,), table.groups, (*here, "group"), "one of the groups")
    yield from unlisted(
        (drug.indication,), table.indications, (*here, "indication"), "one of the indications"
    )
    if not drug.leading:
        yield (*here, "regimens"), "no base regimen: say in no_dose why there is no amount"
    if drug.reviewed > table.reviewed:
        yield (*here, "reviewed"), "later than the review of the whole table"
    names = " ".join((name, drug.name.lower(), *drug.aliases))
    weekly = any(known in names for known in _ALWAYS_WEEKLY)
    if weekly and not drug.once_weekly:
        yield here, "methotrexate is given once a week: once_weekly must be true"
    seen = set()
    for kind in POSOLOGIES:
        for number, regimen in enumerate(getattr(drug, kind)):
            path: Path = (*here, kind, number)
            if (key := regimen.name) in seen:
                yield path, f"a second regimen called {key!r}: give it an id"
            seen.add(key)
            if key in ids.PARTS:
                yield path, f"a regimen cannot be called {key!r}: a part of a drug is called so"
            yield from _regimen(regimen, drug, path)
            from_base = any(cite.source == table.base for cite in regimen.cite)
            if from_base != (kind == "regimens"):
                yield (*path, "cite"), "base regimens cite the base source, and no other posology"
            if kind != "regimens" and regimen.population is None:
                yield path, f"one of the {kind} says in population whom its source gives it for"
    if drug.infusion is not None:
        yield from infusions.problems(drug, drug.infusion, (*here, "infusion"))


def _regimen(regimen: Regimen, drug: Drug, path: Path) -> Iterator[Problem]:
    dose, cap = regimen.dose, regimen.max
    if (dose is None) == (regimen.no_dose is None):
        yield path, "give either a dose or, in no_dose, why there is none"
    if cap is not None and dose is None:
        yield (*path, "max"), "a cap without a dose"
    if dose is not None and cap is not None:
        if (cap.per, cap.basis) != (dose.per, None):
            yield (*path, "max"), f"{cap} cannot cap {dose}: it must be {dose.unit}/{dose.per}"
        elif dose.basis is None and cap.in_unit(dose.unit).high < dose.high:
            yield (*path, "max"), f"{cap} is below the dose {dose}"
    if regimen.by_severity is not None and (dose is None or dose.low == dose.high):
        yield (*path, "by_severity"), "there is no range to choose an end of"
    if drug.once_weekly and dose is not None and dose.per != "week":
        yield (*path, "dose"), f"{dose}: this drug is given once a week, so only .../week loads"
    weekly = drug.once_weekly or (dose is not None and dose.per == "week")
    if weekly and regimen.every is not None:
        yield (*path, "every"), "this drug is given once a week: no other interval loads"
    if regimen.days is not None and regimen.days.period != "day":
        yield (*path, "days"), f"{regimen.days}: a course or pulse is divided over days"
    if dose is not None and regimen.days is None:
        if dose.per == "course":
            yield path, "an amount for a course needs the days that it is divided over"
        elif dose.per == "day" and regimen.every is not None:
            yield path, f"{dose} every {regimen.every}: say in days how many days that is given"
