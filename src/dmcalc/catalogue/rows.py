"""The documents of lists, table and guideline for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from dmcalc.results.described import flattened

if TYPE_CHECKING:
    import datetime

    from dmcalc.guideline.patient_rules import RuleEffect
    from dmcalc.guideline.steps import Population
    from dmcalc.patient.patient import Patient
    from dmcalc.results.field_types import (
        Atc,
        DrugKey,
        DrugName,
        Local,
        RxNorm,
        Sha256,
        Sources,
        SpokenOf,
    )
    from dmcalc.sources.cite import Read, Source
    from dmcalc.table.model.drug import Line, Route, Severity


Part = Literal["goal", "impact", "team", "measure", "statement"]


class DrugRow(NamedTuple):
    """A drug of the table."""

    drug: DrugKey
    name: DrugName
    aliases: Annotated[tuple[str, ...], "Other names that it answers to."]
    class_: Annotated[str, "What kind of drug it is."]
    line: Annotated[Line, "Line of treatment, as the reference groups its drugs."]
    route: Annotated[Route, "How it is given."]
    posology: Annotated[
        tuple[str, ...], "Each base posology as the source gives it, after its phase."
    ]
    alternatives: Annotated[int, "How many posologies of other sources there are."]
    tapers: Annotated[tuple[str, ...], "Keys of its tapers."]
    reviewed: Annotated[
        datetime.date, "Day on which its figures were last compared with their sources."
    ]
    local: Local


class ProtocolRow(NamedTuple):
    """A taper or a schedule of courses of the table."""

    drug: DrugKey
    protocol: Annotated[str, "Key of the protocol, for --protocol."]
    default: Annotated[bool, "Whether it is the drug's protocol when none is named."]
    name: DrugName
    population: Annotated[str, "Whom the source gives it for."]
    ends: Annotated[str, "What the source says, or does not say, of the time after the last step."]
    sources: Sources
    local: Local


class WhyHead(NamedTuple):
    """The drug whose figures the rows are."""

    drug: DrugKey
    name: DrugName
    atc: Atc
    rxnorm: RxNorm


class WhyRow(NamedTuple):
    """A quote that contains a figure or a statement; of a local figure, who set it."""

    drug: DrugKey
    figure: Annotated[str, "What the figure or statement is."]
    value: Annotated[str, "The figure as the table has it, or the statement."]
    quote: Annotated[
        str | None,
        "The words of the source that contain it, verbatim; null for a local figure, which has "
        "no source.",
    ]
    source: Annotated[str | None, "Key of the source that was read."]
    title: Annotated[str | None, "Its title."]
    doi: Annotated[str | None, "Its DOI."]
    read: Annotated[
        Read | None, "Whether the work itself was read (primary), or a copy or summary of it."
    ]
    remark: Annotated[str | None, "What a reader must know about the source."]
    primary: Annotated[str | None, "Key of the work that the source itself cites."]
    primary_title: Annotated[str | None, "Its title."]
    primary_doi: Annotated[str | None, "Its DOI."]
    primary_read: Annotated[Read | None, "Whether that work itself was read."]
    reviewed: Annotated[
        datetime.date, "Day on which the drug's figures were last compared with their sources."
    ]
    id: Annotated[
        str | None,
        "Name of the figure, as overlays and dmcalc table diff name it; null for a statement.",
    ]
    local: Local


class CareRow(NamedTuple):
    """What the guideline says of care without drugs."""

    part: Annotated[Part, "What the row is."]
    name: Annotated[
        str, "The goal, the measure, the members of the team, or what a sentence is about."
    ]
    text: Annotated[str, "Benefits of a measure, or what the sentence says; empty for a goal."]
    sources: Sources
    quotes: Annotated[tuple[str, ...], "Words of the sources, verbatim."]


class AboutRow(NamedTuple):
    """What dmcalc is, in one respect."""

    about: Annotated[str, "What the text is about."]
    text: Annotated[str, "The text."]


class SeverityHead(NamedTuple):
    """Whose judgement the severity is, and whose features come first."""

    judgement: Annotated[str, "Whose judgement the severity is."]
    patient: Annotated[Patient, "Whose features come first."]


class SeverityRow(NamedTuple):
    """A grade of a scale, or a feature of high risk."""

    part: Annotated[
        Literal["grade", "high-risk"], "Whether it is a grade of a scale or a feature of high risk."
    ]
    scale: Annotated[str | None, "Short name of the scale."]
    name: Annotated[str, "Its name, for people."]
    severity: Annotated[Severity | None, "The severity that the grade is called, if it is one."]
    text: Annotated[str, "The span or sign of the grade, or the feature."]
    population: Annotated[Population | None, "Whose feature it is."]
    sources: Sources
    quotes: Annotated[tuple[str, ...], "Words of the sources, verbatim."]


@flattened(
    "work",
    (
        *("key", "number", "title", "authors", "publication", "year", "doi", "pmcid", "url"),
        *("read", "remark", "uses", "used_in", "accessed"),
    ),
)
class ReferenceRow(NamedTuple):
    """A work that table and guide cite."""

    key: Annotated[str, "Key of the work."]
    number: Annotated[int | None, "Its number on the reference."]
    work: Source
    uses: Annotated[int, "How many citations there are of it."]
    used_in: Annotated[
        tuple[str, ...], "The entries that cite it, as paths in the table or the guide."
    ]


class TakenName(NamedTuple):
    """What --taking may name."""

    name: Annotated[str, "The name."]
    aliases: Annotated[tuple[str, ...], "Other names that it answers to."]


class ConditionName(NamedTuple):
    """What --condition may name."""

    name: Annotated[str, "The name."]
    text: Annotated[str, "What it means."]


class RulesHead(NamedTuple):
    """The names that the options take."""

    taking: Annotated[tuple[TakenName, ...], "What --taking may name."]
    conditions: Annotated[tuple[ConditionName, ...], "What --condition may name."]


class RuleRow(NamedTuple):
    """A rule of a drug."""

    drug: DrugKey
    name: DrugName
    id: Annotated[str, "Short name of the rule."]
    when: Annotated[str, "When it holds, in words."]
    then: Annotated[RuleEffect, "What follows."]
    share: Annotated[str | None, "Of a rule that scales: what is left of the dose."]
    max: Annotated[
        str | None, "Of a rule that caps: the most, of one dose where times_daily is given."
    ]
    times_daily: Annotated[int | None, "How many such doses a day."]
    at_risk: Annotated[bool, "Whether an infusion uses its lower maximum rate."]
    text: Annotated[str, "What the source asks for."]
    strength: Annotated[str, "How the source says it."]
    population: SpokenOf
    reading: Annotated[str | None, "How the guide reads the source."]
    sources: Sources
    quotes: Annotated[tuple[str, ...], "Words of the sources, verbatim."]


class ComparedTable(NamedTuple):
    """One of two tables that were compared."""

    file: Annotated[str, "Name of its file, as it was given."]
    version: Annotated[str, "Its version."]
    sha256: Annotated[Sha256, "SHA-256 of its bytes."]


class DifferenceHead(NamedTuple):
    """The two tables."""

    a: Annotated[ComparedTable, "The table A."]
    b: Annotated[ComparedTable, "The table B, over which the overlays were put."]


class DifferenceRow(NamedTuple):
    """A value that one table has other than another."""

    name: Annotated[str, "Name of the value, as overlays name it."]
    kind: Annotated[
        str,
        "What it is: a figure, a note, a product, a source, a citation, a limit, a rounding or a "
        "text.",
    ]
    change: Annotated[
        Literal["added", "removed", "changed"],
        "Whether B has it in addition, not at all, or otherwise.",
    ]
    a: Annotated[str | None, "The value in A; null where A has none."]
    b: Annotated[str | None, "The value in B; null where B has none."]
    sources_a: Annotated[Sources, "Keys of the sources of a figure in A."]
    sources_b: Annotated[Sources, "Keys of the sources of a figure in B."]
    local: Local
    sha256_a: Annotated[Sha256, "SHA-256 of the bytes of A."]


class TableCounts(NamedTuple):
    """How much was checked of a table."""

    drugs: Annotated[int, "Drugs."]
    regimens: Annotated[int, "Base posologies."]
    alternatives: Annotated[int, "Posologies of other sources."]
    products: Annotated[int, "Products."]
    tapers: Annotated[int, "Tapers and schedules of courses."]
    figures: Annotated[int, "Figures, and codes of drugs; each is in a quote that it cites."]
    quotes: Annotated[int, "Quotes."]
    citations: Annotated[int, "Citations."]
    sources: Annotated[int, "Works that are cited."]
    notes: Annotated[int, "Notes."]
    juvenile: Annotated[int, "Paediatric posologies."]
    landmark_tapers: Annotated[int, "Paediatric tapers, which are milestones."]


class GuideCounts(NamedTuple):
    """How much was checked of a guide."""

    entries: Annotated[int, "Entries of the guide that cite."]
    figures: Annotated[int, "Figures of the guide; each is in a quote of its entry."]
    quotes: Annotated[int, "Quotes of the guide."]
    citations: Annotated[int, "Citations of the guide."]
    sources: Annotated[int, "Works that the guide cites."]


class TableCheckHead(NamedTuple):
    """How much was checked."""

    counts: Annotated[TableCounts, "How much was checked."]
    guide_counts: Annotated[
        GuideCounts | None, "How much was checked of the guide; null where none was."
    ]


@flattened(
    "counts",
    (
        *("file", "valid", *TableCounts._fields, "reviewed", "review_by", "local"),
        *(f"guide_{name}" for name in GuideCounts._fields),
    ),
)
class TableCheckRow(NamedTuple):
    """A table that was checked."""

    file: Annotated[str, "Name of the table's file, as it was given."]
    valid: Annotated[Literal[True], "That the table is valid."]
    counts: TableCounts
    reviewed: Annotated[datetime.date, "Day of the last review of the whole table."]
    review_by: Annotated[datetime.date, "Day after which it needs a new review."]
    local: Local
    guide_entries: Annotated[
        int | None, "Entries of the guide that cite; null where no guide was checked."
    ]
    guide_figures: Annotated[
        int | None,
        "Figures of the guide; each is in a quote of its entry; null where no guide was checked.",
    ]
    guide_quotes: Annotated[int | None, "Quotes of the guide; null where no guide was checked."]
    guide_citations: Annotated[
        int | None, "Citations of the guide; null where no guide was checked."
    ]
    guide_sources: Annotated[
        int | None, "Works that the guide cites; null where no guide was checked."
    ]
