"""The document of ``show`` for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from dmcalc.results.described import flattened

if TYPE_CHECKING:
    import datetime

    from dmcalc.results.base import ClinicalNote
    from dmcalc.results.codes import CodeNote
    from dmcalc.results.field_types import Atc, DrugKey, DrugName, Local, RxNorm, Sources
    from dmcalc.sources.cite import Source
    from dmcalc.table.model.drug import Form, Line, Market, Phase, Release, Route
    from dmcalc.table.model.infusion import Turn


class Place(NamedTuple):
    """Its place in treatment at one severity."""

    indicated: Annotated[bool, "Whether the severity by itself points to the drug."]
    reason: Annotated[str, "Why, in the terms of the source."]


class IndicationRow(NamedTuple):
    """Its place in treatment by severity."""

    mild: Annotated[Place, "Its place at one severity."]
    moderate: Annotated[Place, "Its place at one severity."]
    severe: Annotated[Place, "Its place at one severity."]


class StepNoteRow(NamedTuple):
    """A note on the steps of a taper."""

    at_or_below: Annotated[str, "Daily amount from which downwards the note applies."]
    at_or_above: Annotated[str | None, "Daily amount down to which it applies; null where any."]
    text: Annotated[str, "What there is to know."]


class ProductRow(NamedTuple):
    """What can be dispensed."""

    product: Annotated[str, "Name of the product within the drug."]
    name: Annotated[str | None, "Brand or kind, where it matters."]
    form: Annotated[Form, "What one unit is."]
    markets: Annotated[tuple[Market, ...], "Where it is sold, as far as the source says."]
    strengths: Annotated[tuple[str, ...], "What one unit holds, with unit."]
    scored: Annotated[tuple[str, ...], "Strengths that may be halved, with unit."]
    country: Annotated[str | None, "Country of the market that the source is of, if one."]
    release: Annotated[Release | None, "How it sets the drug free, where that differs."]
    whole: Annotated[str | None, "Why its units are never halved, where a source says so."]
    notes: Annotated[tuple[str, ...], "What is to be known of this product alone."]


class PatientNoteRow(NamedTuple):
    """What a patient is advised."""

    text: Annotated[str, "What there is to do or to know, in plain words."]
    sources: Sources


class RampRow(NamedTuple):
    """How fast an infusion runs."""

    when: Annotated[Turn, "Which infusion the rates are for."]
    text: Annotated[str, "The rates in words."]
    reading: Annotated[str | None, "How the table reads or joins what the sources give."]
    sources: Sources


class InfusionHead(NamedTuple):
    """How a drug is run in, as the sources give it."""

    population: Annotated[str, "Whom the sources give the rates for."]
    within: Annotated[str | None, "Longest time from pooling to the end."]
    no_volume: Annotated[str | None, "Why there are no mL, where there are none."]
    rates: Annotated[tuple[RampRow, ...], "How fast it runs."]
    notes: Annotated[tuple[ClinicalNote, ...], "Cautions, readings and disagreements."]


@flattened(
    "work",
    (
        *("source", "title", "read", "authors", "publication", "year", "doi", "pmcid", "url"),
        *("remark", "accessed"),
    ),
)
class SourceRow(NamedTuple):
    """A work that is cited."""

    source: Annotated[str, "Key of the source."]
    work: Source


class ShowHead(NamedTuple):
    """The monograph of a drug besides its posologies."""

    drug: DrugKey
    name: DrugName
    aliases: Annotated[tuple[str, ...], "Other names that it answers to."]
    class_: Annotated[str, "What kind of drug it is."]
    line: Annotated[Line, "Line of treatment, as the reference groups its drugs."]
    route: Annotated[Route, "How it is given."]
    once_weekly: Annotated[bool, "Whether it is given once a week and never daily."]
    reviewed: Annotated[
        datetime.date, "Day on which its figures were last compared with their sources."
    ]
    indication: Annotated[IndicationRow, "Its place in treatment by severity."]
    effects: Annotated[tuple[str, ...], "Effects of the class, in short terms."]
    side_effects: Annotated[
        tuple[str, ...], "Side effects of the class and of the drug, in short terms."
    ]
    tapers: Annotated[tuple[str, ...], "Keys of its tapers."]
    landmark_tapers: Annotated[
        tuple[str, ...], "Keys of its tapers for children, which are milestones."
    ]
    step_notes: Annotated[tuple[StepNoteRow, ...], "Notes on the steps of a taper."]
    products: Annotated[tuple[ProductRow, ...], "What can be dispensed."]
    no_product: Annotated[dict[str, str], "Markets for which no product was found, and why."]
    patient_notes: Annotated[tuple[PatientNoteRow, ...], "Patient counselling points."]
    infusion: Annotated[InfusionHead | None, "How it is run in; null where no source gives rates."]
    sources: Annotated[tuple[SourceRow, ...], "The works that are cited."]
    local: Local
    atc: Atc
    rxnorm: RxNorm
    codes: Annotated[
        tuple[CodeNote, ...],
        "What the table says of each code; a system of which it says nothing is left out.",
    ]


class PosologyRow(NamedTuple):
    """A posology of a drug."""

    drug: DrugKey
    regimen: Annotated[
        str, "Name of the posology: the drug, a point, and its name within the drug."
    ]
    phase: Annotated[Phase, "What the dose is for in the course of treatment."]
    base: Annotated[
        bool,
        "Whether it is the reference's own posology; if not, it is an alternative from another "
        "source.",
    ]
    posology: Annotated[str, "The dose rule as the source gives it."]
    population: Annotated[str | None, "Whom the source gives it for, where not all adults."]
    reading: Annotated[
        str | None, "How the table reads words of the source that could be read otherwise."
    ]
    no_dose: Annotated[str | None, "Why there is no amount, where there is none."]
    sources: Sources
    local: Local
    juvenile: Annotated[bool, "Whether it is paediatric posology."]
