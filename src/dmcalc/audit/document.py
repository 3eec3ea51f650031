"""The documents of ``replay`` and of a receipt for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from dmcalc.audit.receipt import Difference, StoredRequest
    from dmcalc.audit.replay import ChangedFigure, RefusedNow
    from dmcalc.documents.common import TableVersion
    from dmcalc.results.field_types import Local, Pattern, Sha256, Sources
    from dmcalc.results.trace import Rounding
    from dmcalc.sources.cite import Read


class ProgramVersions:
    """The version of dmcalc at two times."""

    then: Annotated[str, "In the receipt."]
    now: Annotated[str, "Now."]


class TableVersions:
    """The versions of a table at two times."""

    then: Annotated[dict[str, object], "In the receipt."]
    now: Annotated[dict[str, object], "Now."]


class GuideVersions:
    """The versions of a guide at two times."""

    then: Annotated[dict[str, object] | None, "In the receipt."]
    now: Annotated[dict[str, object] | None, "Now."]


class VersionsDocument:
    """What computed two answers, and from which tables."""

    dmcalc: Annotated[ProgramVersions, "Version of dmcalc."]
    table: Annotated[TableVersions, "The drug table."]
    guide: Annotated[GuideVersions, "The guide, where rules for a patient were applied; else null."]


class ReplayRow(NamedTuple):
    """What changed between a receipt and the same request now."""

    same: Annotated[bool, "Whether the answer is the one in the receipt."]
    what: Annotated[
        Literal["figure", "answer", "refused"] | None,
        "What changed: a figure of the table, a place in the answer, or that it is refused now; "
        "null where nothing did.",
    ]
    where: Annotated[str | None, "The figure, or the place in the answer."]
    then: Annotated[Any, "The value in the receipt."]
    now: Annotated[Any, "The value now."]
    sources: Annotated[Sources, "Keys of the sources of a figure now."]


class ReplayDocument:
    """The document of ``replay``."""

    same: Annotated[bool, "Whether the answer is the one in the receipt."]
    created: Annotated[str, "When the receipt was written, in UTC."]
    for_: Annotated[str | None, "What --receipt-for gave."]
    request: Annotated[StoredRequest, "The request."]
    figures: Annotated[tuple[ChangedFigure, ...], "The figures of the table that changed."]
    differences: Annotated[tuple[Difference, ...], "The places in which the answer differs."]
    refused: Annotated[RefusedNow | None, "Why the request is refused now."]
    versions: Annotated[VersionsDocument, "What computed the two answers, and from which tables."]


class CitedDocument(NamedTuple):
    """A work that holds a figure, with its words."""

    source: Annotated[str, "Key of the work that was read."]
    title: Annotated[str, "Its title."]
    doi: Annotated[str | None, "Its DOI."]
    read: Annotated[Read, "Whether the work itself was read."]
    primary: Annotated[str | None, "Key of the work that it cites in turn."]
    primary_title: Annotated[str | None, "Title of that work."]
    primary_doi: Annotated[str | None, "DOI of that work."]
    primary_read: Annotated[Read | None, "Whether that work itself was read."]
    quote: Annotated[str | None, "The words that contain the figure."]


class RuleDocument(NamedTuple):
    """A figure or reading of the table that an answer is based on."""

    drug: Annotated[
        str,
        "Key of the drug; body for a formula of body size or the kidneys, plan for a step of the "
        "guide's plan, what points to it, a date to act on or pulses that come again.",
    ]
    figure: Annotated[str, "What it is, as dmcalc why names it."]
    value: Annotated[str, "The value, as the table writes it."]
    where: Annotated[str, "Its place in the table."]
    sources: Annotated[
        tuple[CitedDocument, ...],
        "The works that hold it, with their words; none for a local figure.",
    ]


class ReceiptDocument:
    """A receipt."""

    schema: Annotated[
        Literal["dmcalc.receipt/1"],
        "Kind of the document and version of its schema. Within a version keys are only ever "
        "added.",
    ]
    dmcalc: Annotated[str, "Version of dmcalc that gave the answer."]
    table: Annotated[TableVersion, "The drug table that the answer comes from."]
    created: Annotated[
        str,
        Pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"),
        "When it was written, in UTC.",
    ]
    for_: Annotated[
        str | None,
        "What --receipt-for gave; dmcalc adds no name of a person, a computer or a file.",
    ]
    request: Annotated[StoredRequest, "The request."]
    local: Local
    rules: Annotated[
        tuple[RuleDocument, ...], "Each figure or reading of the table that the answer is based on."
    ]
    roundings: Annotated[
        tuple[Rounding, ...], "Each figure that was rounded on the way to the answer."
    ]
    answer: Annotated[
        dict[str, object], "The whole answer, in the form that its own schema describes."
    ]
    answer_sha256: Annotated[
        Sha256, "SHA-256 of the answer without its versions, as JSON on one line with sorted keys."
    ]
    receipt_sha256: Annotated[Sha256, "SHA-256 of all other keys, in the same form."]
