"""What every result carries besides its rows: its table, and what there is to be warned of."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Generic, Protocol, Self, TypeVar

from dmcalc.records import Record
from dmcalc.results.described import described_by
from dmcalc.sources.cite import Cite, Note, NoteKind
from dmcalc.table.model.table import LoadedTable
from dmcalc.text.numbers import ranges_in_words, with_thousands

if TYPE_CHECKING:
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.results.field_types import Sources
    from dmcalc.table.model.local_values import LocalValue


class WarningDocument:
    """What machines read of a warning."""

    code: Annotated[str, "Short name that scripts can rely on."]
    drug: Annotated[str | None, "Key of the drug; null where it concerns the whole answer."]
    message: Annotated[str, "What there is to know, for people."]
    source: Annotated[str | None, "Key of the source, if it comes from one."]
    standing: Annotated[
        bool, "Whether it is about the drug, whoever the patient is; --strict passes over it."
    ]


@described_by(WarningDocument)
class ClinicalWarning(Record):
    """Something that concerns this answer; under ``--strict`` it changes the exit code.

    A standing one does not: it is about the drug, whoever the patient is.
    """

    code: str
    drug: str | None
    message: str
    source: str | None
    standing: bool = False
    #: The line of it on the usual page; the message where there is none.
    brief: str | None = None
    #: A heading, a colon, and what follows the drug's name on a page of several drugs.
    overview: str | None = None


def counted(warnings: Iterable[ClinicalWarning]) -> list[ClinicalWarning]:
    """Return the warnings that ``--strict`` counts: all but standing ones."""
    return [warning for warning in warnings if not warning.standing]


class NoteDocument:
    """What machines read of a note."""

    code: Annotated[str, "Short name that scripts can rely on."]
    kind: Annotated[
        NoteKind, "A caution; how the table reads its source; or where sources disagree."
    ]
    drug: Annotated[str | None, "Key of the drug; null where it concerns the table as a whole."]
    message: Annotated[str, "What there is to know, for people."]
    sources: Sources


@described_by(NoteDocument)
class ClinicalNote(Record):
    """Something that the table says of a drug, whoever the patient is."""

    code: str
    kind: NoteKind
    drug: str | None
    message: str
    sources: tuple[str, ...]
    #: The line of it on the usual page; one without is only counted there.
    brief: str | None = None
    #: A heading, a colon, and what follows the drug's name on a page of several drugs.
    overview: str | None = None


class Result(Protocol):
    """What a renderer may rely on."""

    @property
    def kind(self) -> str:
        """Name of the verb: the schema of the document is ``dmcalc.<kind>/1``."""

    @property
    def loaded(self) -> LoadedTable:
        """The table that the result comes from."""

    @property
    def warnings(self) -> Sequence[ClinicalWarning]:
        """What concerns this answer."""

    @property
    def cautions(self) -> Sequence[ClinicalNote]:
        """What the table says of its drugs, whoever the patient is."""

    @property
    def rows(self) -> Sequence[object]:
        """The rows, of which machines read the described fields."""

    def _replace(self, *, warnings: tuple[ClinicalWarning, ...]) -> Self:
        """Return the result with other warnings: each is a named tuple."""


Head = TypeVar("Head")
Row = TypeVar("Row")


class TableResult(Record, Generic[Head, Row]):
    """A result that is rows from the table: drugs, protocols, a monograph, quotes, counts."""

    kind: str
    loaded: LoadedTable
    rows: tuple[Row, ...]
    #: What the document holds besides its rows.
    head: Head
    warnings: tuple[ClinicalWarning, ...] = ()
    cautions: tuple[ClinicalNote, ...] = ()
    #: The class of a row, for a listing that may have none.
    row: type[Row] | None = None
    #: The guide, where the rows come from there.
    guide: LoadedGuideline | None = None


class SeveralDrugs(Record, Generic[Head, Row]):
    """Results of one kind on several drugs, one after the other."""

    kind: str
    loaded: LoadedTable
    drugs: tuple[TableResult[Head, Row], ...]
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of all drugs, in their order."""
        return tuple(row for drug in self.drugs for row in drug.rows)


def joined(
    drugs: tuple[TableResult[Head, Row], ...],
) -> TableResult[Head, Row] | SeveralDrugs[Head, Row]:
    """Join results on one drug or more; a warning that several share is listed once."""
    first = drugs[0]
    if len(drugs) == 1:
        return first
    warnings = dict.fromkeys(warning for drug in drugs for warning in drug.warnings)
    cautions = dict.fromkeys(note for drug in drugs for note in drug.cautions)
    kind = f"{first.kind}-drugs"
    return SeveralDrugs(kind, first.loaded, drugs, tuple(warnings), tuple(cautions))


def local_values_for(loaded: LoadedTable, *names: str) -> tuple[LocalValue, ...]:
    """Return the local figures that bear such a name, or one below it.

    ``prednisone.induction`` means ``prednisone.induction.max`` and all its other figures.
    """
    return tuple(
        local
        for local in loaded.local
        if any(local.figure == name or local.figure.startswith(f"{name}.") for name in names)
    )


def local_value_warnings(figures: Iterable[LocalValue]) -> tuple[ClinicalWarning, ...]:
    """Warn, once each, of local values that permit more than the table, or win over others.

    What permits more is decided in ``dmcalc.formulary.permissiveness``.
    """
    return tuple(
        warning for local in dict.fromkeys(figures) for warning in _local_value_warnings(local)
    )


def _local_value_warnings(local: LocalValue) -> Iterator[ClinicalWarning]:
    value, base = (
        ranges_in_words(with_thousands(text)) for text in (local.value, local.base or "none")
    )
    if local.looser:
        message = (
            f"{local.figure}: the local value of {local.overlay}, {value}, is looser than the "
            f"table's, {base}."
        )
        yield ClinicalWarning("local-looser", local.drug, message, None)
    if local.wins_over:
        message = (
            f"{local.figure}: set by {', '.join(local.wins_over)} and again by "
            f"{local.overlay}, whose value counts: {value}."
        )
        yield ClinicalWarning("local-twice", local.drug, message, None)


def overlays_in_use(loaded: LoadedTable) -> str:
    """Say which overlays were in use, as a refusal may come from their figures; else nothing."""
    names = ", ".join(overlay.name for overlay in loaded.overlays)
    return f"Local figures were in use: {names}." if names else ""


def review_warnings(loaded: LoadedTable, today: datetime.date) -> list[ClinicalWarning]:
    """Return warnings where the review of the table, or of an overlay, is overdue."""
    warnings = []
    if today > loaded.table.review_by:
        message = f"The table was to be reviewed by {loaded.table.review_by.isoformat()}."
        warnings.append(ClinicalWarning("table-overdue", None, message, None))
    for overlay in loaded.overlays:
        if overlay.review_by is not None and today > overlay.review_by:
            message = f"{overlay.name} was to be reviewed by {overlay.review_by.isoformat()}."
            warnings.append(ClinicalWarning("overlay-overdue", None, message, None))
    return warnings


def leading(cites: Iterable[Cite]) -> Cite:
    """Return the first of some citations: the one that an answer names, and quotes."""
    first, *_ = cites
    return first


def source_keys(cites: Iterable[Cite]) -> tuple[str, ...]:
    """List the keys of the sources of some citations, each followed by what it cites, once."""
    keys = [key for cite in cites for key in (cite.source, cite.primary) if key]
    return tuple(dict.fromkeys(keys))


def split_notes(
    notes: Iterable[Note], drug: str | None
) -> tuple[tuple[ClinicalWarning, ...], tuple[ClinicalNote, ...]]:
    """Part the table's notes on a drug into warnings, which are standing ones, and the rest.

    A note of no drug is on a formula or a figure of this patient.
    """
    warnings, cautions = [], []
    for note in notes:
        keys = source_keys(note.cite)
        if note.kind == "warning":
            standing = drug is not None
            warnings.append(
                ClinicalWarning(
                    note.code, drug, note.text, keys[0], standing, note.brief, note.overview
                )
            )
        else:
            cautions.append(
                ClinicalNote(note.code, note.kind, drug, note.text, keys, note.brief, note.overview)
            )
    return tuple(warnings), tuple(cautions)
