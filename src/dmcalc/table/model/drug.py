"""The shapes of a drug: its group, its place in treatment, its posology and its products."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from dmcalc.quantities.amount import Amount, Concentration, Rate
from dmcalc.quantities.time import Interval
from dmcalc.records import Record
from dmcalc.sources.cite import Cite, Cites, Note
from dmcalc.table.model.infusion import Infusion

Severity = Literal["mild", "moderate", "severe"]
Organ = Literal["lung", "skin", "heart", "swallowing"]
Line = Literal["first", "second or third", "other"]
Route = Literal["oral", "intravenous", "subcutaneous"]
Phase = Literal["induction", "pulse", "start", "target", "maintenance"]
End = Literal["low", "high"]
Form = Literal["tablet", "capsule", "vial"]
Market = Literal["US", "UK", "EU"]
Release = Literal["immediate", "prolonged"]

#: The systems of codes: the key of a drug that holds its code, and what the code is called.
SYSTEMS = {"atc": "ATC code", "rxnorm": "RxNorm ingredient"}
#: The parts of a drug that are posology: of the reference, of other sources, of children.
POSOLOGIES = ("regimens", "alternatives", "juvenile")
SEVERITIES: tuple[Severity, ...] = ("mild", "moderate", "severe")
ORGANS: tuple[Organ, ...] = ("lung", "skin", "heart", "swallowing")
LINES: tuple[Line, ...] = ("first", "second or third", "other")


class Code(Record):
    """What a system of codes calls a drug. It is text: a name, and nothing to compute with."""

    code: Annotated[str | None, "The code as text, digits in quotes; absent if there is none."] = (
        None
    )
    cite: Annotated[Cites | None, "Sources; the code is in a quote that names the drug."] = None
    reading: Annotated[str | None, "What the code is of, and others that it has had."] = None
    no_code: Annotated[str | None, "Why there is no code, where there is none."] = None

    @property
    def cites(self) -> tuple[Cite, ...]:
        """Its sources; that there is no code may have none."""
        return self.cite or ()


class BySeverity(Record):
    """Which end of the range each severity points to: the table's reading, not the source's."""

    mild: Annotated[End, "End of the range for mild weakness."]
    moderate: Annotated[End, "End of the range for moderate weakness."]
    severe: Annotated[End, "End of the range for severe weakness."]


class Regimen(Record):
    """One posology: the dose rule as a source gives it."""

    phase: Annotated[Phase, "What the dose is for in the course of treatment."]
    cite: Annotated[Cites, "Sources; each figure below is in one of the quotes."]
    id: Annotated[str | None, "Name within the drug; the phase where absent."] = None
    dose: Annotated[Rate | None, "Amount, basis and time; absent if there is none."] = None
    max: Annotated[Rate | None, "Cap on the computed amount, itself possibly a range."] = None
    days: Annotated[Interval | None, "Days of one course or pulse."] = None
    lasts: Annotated[Interval | None, "How long the regimen goes on."] = None
    every: Annotated[Interval | None, "Time from one dose, pulse or course to the next."] = None
    doses: Annotated[int | None, "How many doses, where the source gives a number."] = None
    from_week: Annotated[int | None, "Week of treatment from which it applies."] = None
    by_severity: Annotated[BySeverity | None, "End of the range that is suggested."] = None
    reading: Annotated[str | None, "How the table reads words that could be misread."] = None
    population: Annotated[str | None, "Whom the source gives it for, where not all adults."] = None
    no_dose: Annotated[str | None, "Why there is no amount, where there is none."] = None
    route: Annotated[Route | None, "How it is given, where not as the drug is."] = None

    @property
    def name(self) -> str:
        """Its name within the drug."""
        return self.id or self.phase


class Indication(Record):
    """Whether a drug is indicated at one severity, in the terms of the source."""

    indicated: Annotated[bool, "Whether the severity by itself points to the drug."]
    reason: Annotated[str, "Why, in one sentence."]
    cite: Annotated[Cites, "Its sources."]
    choice_group: Annotated[
        str | None, "Name that drugs share of which the source says that one is started."
    ] = None


class Indications(Record):
    """A drug's place in treatment by severity."""

    mild: Annotated[Indication, "At mild weakness."]
    moderate: Annotated[Indication, "At moderate weakness."]
    severe: Annotated[Indication, "At severe weakness."]


class DrugGroup(Record):
    """Drugs that the reference lists together, with what it says of them together."""

    name: Annotated[str, "Name of the group."]
    singular: Annotated[str, "What one of its drugs is: the class of each."]
    effects: Annotated[tuple[str, ...], "Effects, in short terms."]
    side_effects: Annotated[tuple[str, ...], "Side effects of all its drugs, in short terms."]
    cite: Annotated[Cites, "Its sources."]


class StepNote(Record):
    """A note on the steps of a taper at some doses."""

    at_or_below: Annotated[Amount, "Daily amount from which downwards the note applies."]
    text: Annotated[str, "What there is to know."]
    cite: Annotated[Cites, "Where it comes from."]
    at_or_above: Annotated[Amount | None, "Daily amount down to which it applies; else any."] = None


class PatientNote(Record):
    """Something that a patient reads on the sheet."""

    text: Annotated[str, "What there is to do or to know, in plain words."]
    cite: Annotated[Cites, "Where it comes from."]


class Product(Record):
    """A form and its strengths as they can be dispensed; two products are never pooled."""

    id: Annotated[str, "Name within the drug."]
    form: Annotated[Form, "What one unit is."]
    markets: Annotated[tuple[Market, ...], "Where it is sold, as far as the source says."]
    strengths: Annotated[tuple[Amount, ...], "What one unit holds; each is in a quote."]
    cite: Annotated[Cites, "Sources of the strengths."]
    name: Annotated[str | None, "Brand or kind, where it matters."] = None
    scored: Annotated[tuple[Amount, ...], "Strengths that may be halved."] = ()
    concentration: Annotated[Concentration | None, "Of a solution ready to infuse."] = None
    whole: Annotated[str | None, "Why its units are never halved, where a source says so."] = None
    country: Annotated[str | None, "Country of the market that the source is of, if one."] = None
    release: Annotated[Release | None, "How it sets the drug free, where that differs."] = None
    notes: Annotated[tuple[Note, ...], "What is to be known of this product alone."] = ()

    @property
    def label(self) -> str:
        """What it is called: brand, release, form and country."""
        release = f"{self.release}-release " if self.release else ""
        name = f"{self.name}, " if self.name else ""
        country = f" ({self.country})" if self.country else ""
        return f"{name}{release}{self.form}s{country}"


class DividedDose(Record):
    """In how many equal doses the amount of a day is taken, which the reference does not say."""

    times_daily: Annotated[int, "How many equal doses a day."]
    population: Annotated[str, "Whom the source divides it for."]
    cite: Annotated[Cites, "Sources; the number is in one of the quotes."]


class CourseRounding(Record):
    """To what a source rounds an adult's dose of a course, which the reference does not say."""

    to: Annotated[Amount, "The dose becomes the nearest multiple of this amount."]
    population: Annotated[str, "Whose dose the source rounds."]
    cite: Annotated[Cites, "Sources; the amount is in one of the quotes."]


class Drug(Record):
    """A drug: its posology, its products and what there is to know of it."""

    name: Annotated[str, "Name for people."]
    group: Annotated[str, "Key of the group that the reference lists it in, which names its class."]
    route: Annotated[Route, "How it is given."]
    line: Annotated[Line, "Line of treatment."]
    indication: Annotated[str, "Key of its place in treatment by severity."]
    reviewed: Annotated[datetime.date, "Day on which its figures were last compared."]
    regimens: Annotated[
        tuple[Regimen, ...], "Posology of the reference; none where it does not name the drug."
    ]
    cite: Annotated[Cites, "Sources of class, line and route."]
    aliases: Annotated[tuple[str, ...], "Other names that it answers to."] = ()
    once_weekly: Annotated[bool, "Given once a week and never daily: no other rate loads."] = False
    side_effects: Annotated[
        tuple[str, ...], "Drug-specific side effects, beyond those of the class."
    ] = ()
    alternatives: Annotated[tuple[Regimen, ...], "Posology of other sources."] = ()
    notes: Annotated[tuple[Note, ...], "Cautions, readings and disagreements."] = ()
    step_notes: Annotated[tuple[StepNote, ...], "Notes on taper steps."] = ()
    divided: Annotated[
        DividedDose | None, "Into how many doses the amount of a day is divided, if at all."
    ] = None
    rounded: Annotated[
        CourseRounding | None, "To what a source rounds an adult's dose of a course, if at all."
    ] = None
    products: Annotated[tuple[Product, ...], "Products to dispense, in order of choice."] = ()
    no_product: Annotated[
        dict[str, str], "Markets for which no product was found, and why or where from."
    ] = {}  # noqa: RUF012
    infusion: Annotated[Infusion | None, "How it is run in, where sources give the rates."] = None
    patient_notes: Annotated[tuple[PatientNote, ...], "Patient counselling points."] = ()
    time_of_day: Annotated[
        PatientNote | None, "When in the day its patients take it, where a source says so."
    ] = None
    juvenile: Annotated[tuple[Regimen, ...], "Paediatric posology, never the reference's."] = ()
    atc: Annotated[Code | None, "Its ATC code, of the WHO."] = None
    rxnorm: Annotated[Code | None, "Its code as an ingredient in RxNorm."] = None
    short: Annotated[str | None, "Its name in lists, where there is a shorter one."] = None
    abroad: Annotated[
        tuple[str, ...], "Its names in other languages: an error says which drug they are."
    ] = ()

    @property
    def listed(self) -> str:
        """Its name in lists."""
        return self.short or self.name

    @property
    def leading(self) -> tuple[Regimen, ...]:
        """The posology that answers unasked: the reference's, or else the first alternative."""
        return self.regimens or self.alternatives[:1]

    @property
    def starting(self) -> Regimen | None:
        """The posology that a daily taper starts at: that of which the severity chooses the end.

        Without such a one, the first that gives one dose a day, which needs no severity.
        """
        by_severity = [r for r in self.regimens if r.by_severity is not None]
        single = [r for r in self.regimens if r.dose and r.dose.low == r.dose.high]
        return next((r for r in (*by_severity, *single) if r.dose and r.dose.per == "day"), None)

    @property
    def times_daily(self) -> int | None:
        """Into how many equal doses a source divides the amount of a day; None where none does."""
        return self.divided.times_daily if self.divided else None

    def path_of(self, regimen: Regimen) -> tuple[str, int]:
        """Return the part of the drug that has a posology, and its number there."""
        return next(
            (part, number)
            for part in POSOLOGIES
            for number, own in enumerate(getattr(self, part))
            if own.name == regimen.name
        )
