"""A page for people, before it is laid out: what the human formats share.

``page_of`` asks the file in ``pages`` that bears the result's name.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.text.numbers import ranges_in_words, with_thousands

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.results.base import ClinicalNote, ClinicalWarning, Result
    from dmcalc.sources.cite import Source
    from dmcalc.table.model.local_values import LocalValue


#: Authors of a work that are named in a list of sources.
NAMED = 3


class Grid(NamedTuple):
    """A table. Where it does not fit, its rows are set one below the other.

    ``wraps`` are the columns, by position, whose cells may be wrapped, and ``least`` is the width
    to which each may be narrowed.
    """

    title: str | None
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wraps: frozenset[int] = frozenset()
    least: int = 16
    #: Columns of figures, by position, set flush right.
    figures: frozenset[int] = frozenset()
    #: Whether a blank line parts the rows, where their cells hold several lines.
    spaced: bool = False


class Points(NamedTuple):
    """A heading with paragraphs, each led by a label or none."""

    title: str
    items: tuple[tuple[str, str], ...]


Block = Grid | Points


class Page(NamedTuple):
    """A title, blocks, and the line below the title."""

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""


def page_of(result: Result) -> Page:
    """Return the page of a result."""
    module = import_module(f"dmcalc.pages.{result.kind.replace('-', '_')}")
    page: Page = module.page(result)
    return page


def ending(result: Result) -> tuple[str, str]:
    """Return the two lines that every page ends with: what computed it, and the disclaimer."""
    from dmcalc._version import __version__

    table = result.loaded.table
    origin = (
        f"dmcalc {__version__}, table {table.version}, "
        f"reviewed {table.reviewed.isoformat()}, SHA-256 {result.loaded.sha256[:12]}"
    )
    guide = getattr(result, "guide", None)
    if guide is not None:
        origin += f", guide {guide.guideline.version}, SHA-256 {guide.sha256[:12]}"
    for overlay in result.loaded.overlays:
        origin += f", with {overlay.name}, SHA-256 {overlay.sha256[:12]}"
    return origin, table.disclaimer


class References:
    """Numbers for sources, in order of first use, and the list of them at the end of a page."""

    def __init__(self, sources: dict[str, Source]) -> None:
        self._sources = sources
        self._numbers: dict[str, int] = {}

    def mark(self, keys: tuple[str, ...]) -> str:
        """Return the numbers of some sources: ``[1, 2]``."""
        for key in keys:
            self._numbers.setdefault(key, len(self._numbers) + 1)
        return f"[{', '.join(str(self._numbers[key]) for key in keys)}]" if keys else ""

    def block(self) -> Points:
        """Return the list of the sources that were used."""
        items = tuple(
            (f"[{number}]", described(key, self._sources[key]))
            for key, number in self._numbers.items()
        )
        return Points("Sources", items)


def localised(found: Iterable[LocalValue]) -> tuple[Points, ...]:
    """Return the block of local figures, if there are any: what each replaces, who set it, why."""
    items = tuple((f"{local.figure}:", local_text(local)) for local in dict.fromkeys(found))
    return (Points("Local figures", items),) if items else ()


def local_text(local: LocalValue) -> str:
    """Describe a local figure: its value, what it replaces, author, date and reason."""
    value, base = (
        ranges_in_words(with_thousands(text)) for text in (local.value, local.base or "")
    )
    instead = f" in place of {base}" if base else ""
    looser = ", looser than the table" if local.looser else ""
    text = f"{value}{instead}{looser}. {local.overlay}: {local.author}, {local.date.isoformat()}: "
    return text + local.reason + ("" if local.reason.endswith((".", "!", "?")) else ".")


def local_mark(found: Iterable[LocalValue]) -> str:
    """Name, in a row, the local figures that bear on it; empty where there are none."""
    names = [local.figure for local in found]
    return f"local: {', '.join(names)}" if names else ""


def described(key: str, source: Source, *, full: bool = False) -> str:
    """Describe a source in a line: key, authors, title, publication, year, DOI, how it was read.

    Of more than ``NAMED`` authors the first are named, unless it is in ``full``.
    """
    authors = source.authors or ""
    names = authors.split(", ")
    if len(names) > NAMED + 1 and not full:
        authors = ", ".join((*names[:NAMED], "et al."))
    who = f"{authors.rstrip('.')}. " if authors else ""
    text = f"{who}{source.title}."
    if source.publication:
        text += f" {source.publication}."
    if source.year and str(source.year) not in text:
        text += f" {source.year}."
    text = f"{key}: {text}"
    if source.doi:
        text += f" doi:{source.doi}"
    if source.pmcid:
        text += f" {source.pmcid}"
    return text + f" (read: {source.read})"


def warned(warnings: tuple[ClinicalWarning, ...], references: References) -> tuple[Points, ...]:
    """Return the block of warnings, if there are any."""
    items = tuple(
        (
            f"{w.drug}:" if w.drug else "",
            f"{w.message} {references.mark((w.source,) if w.source else ())}".strip(),
        )
        for w in warnings
    )
    return (Points("Warnings", tuple(items)),) if items else ()


def cautioned(cautions: tuple[ClinicalNote, ...], references: References) -> tuple[Points, ...]:
    """Return the block of cautions, readings and disagreements, if there are any."""
    items = tuple(
        (
            f"{c.drug}, {c.kind}:" if c.drug else f"{c.kind}:",
            f"{c.message} {references.mark(c.sources)}".strip(),
        )
        for c in cautions
    )
    return (Points("Cautions, readings and disagreements", tuple(items)),) if items else ()
