"""Rules that several parts of the table and of the guideline must keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Mapping

    from dmcalc.sources.figures import Path, Problem
    from dmcalc.table.model.drug import Drug
    from dmcalc.table.model.equivalence import Equivalent
    from dmcalc.table.model.schedules import CourseTaper, DailyTaper, MilestoneTaper, Titration

#: What the guideline says that a key is not.
OF_TABLE = "a drug of the table"


def unlisted(
    keys: Iterable[str | None], listed: Container[str], path: Path, what: str = "one of the drugs"
) -> Iterator[Problem]:
    """Every key is listed; None is no key."""
    for key in keys:
        if key is not None and key not in listed:
            yield path, f"{key!r} is not {what}"


def one_default(
    schedules: Collection[DailyTaper | CourseTaper | MilestoneTaper | Titration],
    drugs: Container[str],
    what: str,
) -> Iterator[Problem]:
    """Of the schedules of a drug exactly one is its default."""
    for drug in dict.fromkeys(schedule.drug for schedule in schedules):
        if drug in drugs and sum(s.default for s in schedules if s.drug == drug) != 1:
            yield ("drugs", drug), f"of its {what} exactly one is the default"


def names_are_one_drugs(
    drugs: Mapping[str, Drug | Equivalent], absent: Iterable[str] | None, path: Path
) -> Iterator[Problem]:
    """A name means one drug, and aliases are written in small letters."""
    owners: dict[str, str] = dict.fromkeys(absent or (), "a drug that is listed as absent")
    for key, drug in drugs.items():
        abroad = getattr(drug, "abroad", ())  # equivalents have none
        for name in dict.fromkeys((key, drug.name.lower(), *drug.aliases, *abroad)):
            if name != name.lower():
                yield (*path, key, "aliases"), f"{name!r}: write aliases in small letters"
            if name in owners:
                yield (*path, key), f"the name {name!r} is also that of {owners[name]}"
            owners[name] = key
