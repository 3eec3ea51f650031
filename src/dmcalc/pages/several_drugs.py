"""The page of several drugs: the pages of the single ones, under one head and one foot."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from dmcalc.pages.model import Page, References
from dmcalc.pages.sections import explained_sections, usual_sections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.catalogue.monograph_rows import PosologyRow, ShowHead
    from dmcalc.catalogue.rows import WhyHead, WhyRow
    from dmcalc.pages.model import Block
    from dmcalc.results.base import SeveralDrugs

    #: What is listed of several drugs: monographs, or where their figures come from.
    Drugs = SeveralDrugs[ShowHead, PosologyRow] | SeveralDrugs[WhyHead, WhyRow]


def page(result: Drugs, references: References) -> Page:
    """Lay out drug after drug, then what concerns none of them alone."""
    general = result._replace(
        warnings=tuple(warning for warning in result.warnings if warning.drug is None),
        cautions=tuple(note for note in result.cautions if note.drug is None),
    )
    blocks = (*_of_drugs(result, references), *usual_sections(general))
    names = [drug.head.name for drug in result.drugs]
    title = f"{', '.join(names[:-1])} and {names[-1]}"
    return Page(title, blocks, explained=tuple(explained_sections(general, references)))


def _of_drugs(result: Drugs, references: References) -> Iterator[Block]:
    """Yield the blocks of each drug, which say whose they are; its reasons stand with it."""
    for drug in result.drugs:
        own = drug._replace(cautions=tuple(note for note in drug.cautions if note.drug))
        single: Page = import_module(f"dmcalc.pages.{drug.kind}").page(own, references)
        first, *others = single.blocks
        if first.title is None:
            yield first._replace(title=single.title)
        else:
            yield _named(drug.head.name, first)
        for block in (*others, *(single.explained if references.marked else ())):
            yield _named(drug.head.name, block)


def _named(drug: str, block: Block) -> Block:
    """Put the name of its drug before the title of a block, where it has one."""
    return block if block.title is None else block._replace(title=f"{drug}: {block.title}")
