"""What is said of a patient beside size, and the rules that follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.cli import _options as options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.core.dose import DoseResult
    from dmcalc.core.shelf import Stocked


class Said(NamedTuple):
    """The options on other drugs, conditions, genotype and kidneys, as they were given."""

    taking: list[str] | None
    condition: list[str] | None
    tpmt: str | None
    nudt15: str | None
    egfr: str | None
    crcl: str | None
    #: Whether the drugs that are named are to be given together.
    planned: bool = False


def advised(
    result: DoseResult,
    said: Said,
    guide: str | None,
    named: Sequence[str],
    alternatives: bool,
    stocked: Stocked,
) -> DoseResult:
    """Return doses with the rules applied that hold by what was said."""
    from dmcalc import guide as guides
    from dmcalc.core.advice import advised as apply
    from dmcalc.core.circumstances import read
    from dmcalc.core.dose import plan
    from dmcalc.core.names import find_drugs

    loaded, book = result.loaded, guides.load(guide)
    drugs = find_drugs(loaded.table, named)
    together = drugs if said.planned else ()
    known = read(
        book.guide.rules,
        loaded.table,
        taking=(*options.names(said.taking), *together),
        conditions=options.names(said.condition),
        tpmt=said.tpmt,
        nudt15=said.nudt15,
        egfr=said.egfr,
        crcl=said.crcl,
        age=result.patient.age_years,
    )
    ready = plan(
        loaded,
        named,
        alternatives=alternatives,
        stocked=stocked,
        juvenile=result.patient.child,
    )
    return apply(ready, result, book, known, drugs)
