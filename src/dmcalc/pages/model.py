"""A page for people, before it is laid out: what the human formats share.

``build_page`` asks the file in ``pages`` that bears the result's name.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Literal, Self, TypeVar

from dmcalc._version import __version__
from dmcalc.records import Record
from dmcalc.text.numbers import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.results.base import Result
    from dmcalc.sources.cite import Read, Source

Row = TypeVar("Row")
#: What is shown: the usual page, that page with its reasons and sources, or the sources alone.
Detail = Literal["usual", "explained", "sources"]
#: What every page but the patient's sheet ends with, before the version of dmcalc and table.
CLOSING = (
    "Opinion of the cited authors, not approved everywhere; the prescriber decides and consults "
    "the package insert."
)
#: How a work was read, for people.
HOW_READ: dict[Read, str] = {"primary": "full text", "secondary": "via another source"}
#: Columns of doses, rates and verdicts, which a terminal sets in bold.
STRONG = frozenset(
    {"Dose", "Daily dose", "Once a week", "Dose per course", "Pump rate", "Verdict"},
)
#: Authors of a work that are named in a list of sources.
NAMED = 3
#: Pages whose file has another name than the kind of result.
_FILES = {
    **{"titrate": "taper", "landmarks": "milestones"},
    **{"show-drugs": "several_drugs", "why-drugs": "several_drugs"},
}


class TableBlock(Record):
    """A table. Where it does not fit, its rows are set one below the other.

    ``wraps`` are the columns, by position, whose cells may be wrapped, and ``least`` is the width
    to which each may be narrowed. A row of one cell is a heading over those that follow,
    and a blank line where that is empty.
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
    #: Columns of doses and verdicts, by position, which a terminal sets in bold.
    strong: frozenset[int] = frozenset()
    #: Columns, by position, that are left out one after the other where there is no room for all.
    optional: tuple[int, ...] = ()

    def without(self, column: int) -> Self:
        """Return the table without one of its columns."""

        def moved(columns: Iterable[int]) -> Iterator[int]:
            return (n - (n > column) for n in columns if n != column)

        return self._replace(
            columns=self.columns[:column] + self.columns[column + 1 :],
            rows=tuple(
                row if len(row) == 1 else row[:column] + row[column + 1 :] for row in self.rows
            ),
            wraps=frozenset(moved(self.wraps)),
            figures=frozenset(moved(self.figures)),
            strong=frozenset(moved(self.strong)),
            optional=tuple(moved(self.optional)),
        )

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
        wrapped, flush_right, strong = (
            frozenset(n for n, name in enumerate(columns) if name in names)
            for names in (wraps, figures, STRONG)
        )
        return cls(title, tuple(columns), cells, wrapped, least, flush_right, spaced, strong)


class ListBlock(Record):
    """A heading with paragraphs, each led by a label or none.

    A label in brackets, or ``!``, is the mark of its paragraph.
    """

    title: str | None
    items: tuple[tuple[str, str], ...]
    #: Whether the labels stand in a column of their own, and the texts in another.
    aligned: bool = False
    #: Labels whose text is a dose or a verdict, which a terminal sets in bold.
    strong: frozenset[str] = frozenset()


Block = TableBlock | ListBlock


class Page(Record):
    """A title, the line below it, and blocks: those of the usual answer, and those that explain."""

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    #: What only ``--explain`` shows, below the usual answer and above the sources.
    explained: tuple[Block, ...] = ()
    #: The last lines.
    ending: tuple[str, ...] = ()


def build_page(result: Result, detail: Detail = "usual") -> Page:
    """Return the page of a result, in its short or full form: all that is shown is its ``blocks``.

    Blocks with nothing in them are left out. A page that cites nothing has no list of sources, and
    is shown as usual instead.
    """
    name = _FILES.get(result.kind, result.kind.replace("-", "_"))
    references = References.of(result, marked=detail == "explained")
    page: Page = import_module(f"dmcalc.pages.{name}").page(result, references)
    works = references.block()
    shown: tuple[Block, ...] = page.blocks
    if detail == "explained":
        shown = (*shown, *page.explained, works)
    elif detail == "sources" and works.items:
        shown = (works,)
    filled = tuple(b for b in shown if (b.items if isinstance(b, ListBlock) else b.rows))
    if detail == "usual":
        ending = (*_left_out(result, len(works.items)), f"{CLOSING} {_origin(result)}")
    else:
        ending = (CLOSING, footer(result)[0])
    return page._replace(blocks=filled, explained=(), ending=ending)


def _left_out(result: Result, works: int) -> tuple[str, ...]:
    """Count the notes and works that the usual page leaves out, and say what shows them."""
    notes = len(result.cautions) + sum(warning.standing for warning in result.warnings)
    counts = [
        f"{count} {plural(count, noun)}"
        for count, noun in ((notes, "note"), (works, "source"))
        if count
    ]
    return (f"{' and '.join(counts)} in full: --explain",) if counts else ()


def _guideline(result: Result) -> LoadedGuideline | None:
    """Return the guideline that a result is based on, for those kinds that have one.

    A replay has it by another name: its versions are those of two answers.
    """
    return getattr(result, "guide", None) or getattr(result, "guideline", None)


def _origin(result: Result) -> str:
    """Name what computed a result in short: dmcalc, the table, and the local figures over it."""
    return f"dmcalc {__version__}, table {result.loaded.table.version}{_overlays(result)}"


def _overlays(result: Result) -> str:
    return "".join(
        f", with {overlay.name}, SHA-256 {overlay.sha256[:12]}"
        for overlay in result.loaded.overlays
    )


def footer(result: Result) -> tuple[str, str]:
    """Return the two lines that a calendar and a chart end with: what computed it, a disclaimer."""
    table = result.loaded.table
    origin = (
        f"dmcalc {__version__}, table {table.version}, "
        f"reviewed {table.reviewed.isoformat()}, SHA-256 {result.loaded.sha256[:12]}"
    )
    guideline = _guideline(result)
    if guideline is not None:
        origin += f", guide {guideline.guideline.version}, SHA-256 {guideline.sha256[:12]}"
    return origin + _overlays(result), table.disclaimer


class References:
    """Numbers for sources, in order of first use, and the list of them at the end of a page."""

    def __init__(self, sources: dict[str, Source], *, marked: bool) -> None:
        self._sources = sources
        #: Whether the page shows the list, and so the numbers.
        self.marked = marked
        self._numbers: dict[str, int] = {}

    @classmethod
    def of(cls, result: Result, *, marked: bool) -> Self:
        """Return the references of a result's page: works of the table and of its guideline."""
        guideline = _guideline(result)
        table = result.loaded.table
        works = guideline.works(table) if guideline else table.sources
        return cls(works, marked=marked)

    def cite(self, keys: tuple[str, ...]) -> str:
        """Return the numbers of some sources, ``[1, 2]``; nothing on a page without the list."""
        for key in keys:
            self._numbers.setdefault(key, len(self._numbers) + 1)
        if not keys or not self.marked:
            return ""
        return f"[{', '.join(str(self._numbers[key]) for key in keys)}]"

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
    return text + f" ({HOW_READ[source.read]})"
