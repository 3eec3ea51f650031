"""A page for people, before it is laid out: what the human formats share.

``build_page`` asks the file in ``pages`` that bears the result's name.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Self, TypeVar

from dmcalc._version import __version__
from dmcalc.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.results.base import Result
    from dmcalc.sources.cite import Source

Row = TypeVar("Row")
#: Authors of a work that are named in a list of sources.
NAMED = 3
#: Pages whose file has another name than the kind of result.
_FILES = {"titrate": "taper", "landmarks": "milestones"}


class TableBlock(Record):
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

    @classmethod
    def of(
        cls,
        title: str | None,
        rows: Iterable[Row],
        columns: Mapping[str, Callable[[Row], str]],
        *,
        wraps: Collection[str] = (),
        figures: Collection[str] = (),
        least: int = 16,
        spaced: bool = False,
    ) -> Self:
        """Return the table of some rows; each column is its name and how it writes its cell."""
        cells = tuple(tuple(cell(row) for cell in columns.values()) for row in rows)
        wrapped, flush_right = (
            frozenset(n for n, name in enumerate(columns) if name in names)
            for names in (wraps, figures)
        )
        return cls(title, tuple(columns), cells, wrapped, least, flush_right, spaced)


class ListBlock(Record):
    """A heading with paragraphs, each led by a label or none."""

    title: str
    items: tuple[tuple[str, str], ...]


Block = TableBlock | ListBlock


class Page(Record):
    """A title, blocks, and the line below the title."""

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""


def build_page(result: Result) -> Page:
    """Return the page of a result, without the blocks that have nothing in them."""
    name = _FILES.get(result.kind, result.kind.replace("-", "_"))
    page: Page = import_module(f"dmcalc.pages.{name}").page(result)
    filled = (b for b in page.blocks if (b.items if isinstance(b, ListBlock) else b.rows))
    return page._replace(blocks=tuple(filled))


def _guideline(result: Result) -> LoadedGuideline | None:
    """Return the guideline that a result rests on, for those kinds that have one."""
    return getattr(result, "guide", None)


def footer(result: Result) -> tuple[str, str]:
    """Return the two lines that every page ends with: what computed it, and the disclaimer."""
    table = result.loaded.table
    origin = (
        f"dmcalc {__version__}, table {table.version}, "
        f"reviewed {table.reviewed.isoformat()}, SHA-256 {result.loaded.sha256[:12]}"
    )
    guideline = _guideline(result)
    if guideline is not None:
        origin += f", guide {guideline.guideline.version}, SHA-256 {guideline.sha256[:12]}"
    for overlay in result.loaded.overlays:
        origin += f", with {overlay.name}, SHA-256 {overlay.sha256[:12]}"
    return origin, table.disclaimer


class References:
    """Numbers for sources, in order of first use, and the list of them at the end of a page."""

    def __init__(self, sources: dict[str, Source]) -> None:
        self._sources = sources
        self._numbers: dict[str, int] = {}

    @classmethod
    def of(cls, result: Result) -> Self:
        """Return the references of a result's page: works of the table and of its guideline."""
        guideline = _guideline(result)
        table = result.loaded.table
        return cls(guideline.works(table) if guideline else table.sources)

    def cite(self, keys: tuple[str, ...]) -> str:
        """Return the numbers of some sources: ``[1, 2]``."""
        for key in keys:
            self._numbers.setdefault(key, len(self._numbers) + 1)
        return f"[{', '.join(str(self._numbers[key]) for key in keys)}]" if keys else ""

    def block(self) -> ListBlock:
        """Return the list of the sources that were cited."""
        items = tuple(
            (f"[{number}]", describe_source(key, self._sources[key]))
            for key, number in self._numbers.items()
        )
        return ListBlock("Sources", items)


def describe_source(key: str, source: Source, *, full: bool = False) -> str:
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
