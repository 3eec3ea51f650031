"""The header and the tail of every document, and the origin that every line names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from dmcalc.results.base import ClinicalNote, ClinicalWarning
    from dmcalc.results.field_types import Sha256


class OverlayVersion:
    """What identifies an overlay."""

    name: Annotated[str, "Name of the overlay."]
    sha256: Annotated[Sha256, "SHA-256 of its bytes."]


class TableVersion:
    """What identifies a drug table."""

    version: Annotated[str, "Version of the table, year and month of its release."]
    sha256: Annotated[Sha256, "SHA-256 of the bytes of the table."]
    overlays: Annotated[
        tuple[OverlayVersion, ...], "The overlays that were put over it, one after the other."
    ]


class GuideVersion:
    """What identifies a guide."""

    version: Annotated[str, "Version of the guide, year and month of its release."]
    sha256: Annotated[Sha256, "SHA-256 of the bytes of the guide."]


class Header:
    """The header of each document: what computed it, and from which table."""

    schema: Annotated[
        str,
        "Kind of the document and version of its schema. Within a version keys are only ever "
        "added.",
    ]
    dmcalc: Annotated[str, "Version of dmcalc."]
    table: Annotated[TableVersion, "The drug table that the answer comes from."]


class GuideHeader:
    """The part after the header where the guide changed the answer, or may have changed it."""

    guide: Annotated[
        GuideVersion, "The guide that the answer comes from, in addition to the drug table."
    ]


class Tail:
    """The tail of each document."""

    warnings: Annotated[
        tuple[ClinicalWarning, ...],
        "What concerns this answer; under --strict what is not standing changes the exit code.",
    ]
    cautions: Annotated[
        tuple[ClinicalNote, ...],
        "What the table says of its drugs, for every patient.",
    ]
    disclaimer: Annotated[str, "What every answer ends with: whose opinion the figures are."]


class LineNotes:
    """The codes of the warnings and notes of a line."""

    warnings: Annotated[
        tuple[str, ...],
        "Codes of the warnings that concern this row: those of the whole answer, then those of its "
        "drug.",
    ]
    cautions: Annotated[tuple[str, ...], "Codes of the cautions that concern this row."]


class LineOrigin:
    """What computed a line, and from which table with which overlays over it."""

    overlays: Annotated[
        tuple[str, ...],
        "The overlays that were put over the table, each with the SHA-256 of its bytes after its "
        "name.",
    ]
    schema: Annotated[
        str,
        "Kind of the row and version of its schema. Within a version keys are only ever added, "
        "columns at the end of the row's own.",
    ]
    dmcalc: Annotated[str, "Version of dmcalc."]
    table_version: Annotated[str, "Version of the drug table."]
    table_sha256: Annotated[Sha256, "SHA-256 of the bytes of the table."]


class LineGuide:
    """Which guide a line comes from."""

    guide_version: Annotated[str, "Version of the guide."]
    guide_sha256: Annotated[Sha256, "SHA-256 of the bytes of the guide."]
