"""The shapes of the drug table: what a drug, a regimen, a protocol and a source are made of.

Named tuples, so that they are immutable, cheap to define at every start (a data class costs three
times as much) and their ``repr`` is the Python source from which the bundled table is built.
pydantic reads the YAML straight into them (see ``validate.py``); the sentence beside a field
becomes its description in the JSON Schema. Annotations are no text here: a named tuple would
compile each of them at every start.
"""

import datetime
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from dmcalc.quantities.amount import Amount, AmountSpan, Concentration, Interval, Rate, WeightSpan
from dmcalc.quantities.bounds import Coefficient, CreatinineSpan, HeightSpan
from dmcalc.quantities.flow import Duration, InfusionRate
from dmcalc.sources.cite import Cites, Note, Source
from dmcalc.table.model.codes import Code
from dmcalc.table.model.milestones import MilestoneTaper

if TYPE_CHECKING:
    from dmcalc.table.model.local_values import LocalRoundingRule, LocalValue, Overlay

Severity = Literal["mild", "moderate", "severe"]
Line = Literal["first", "second or third", "other"]
Route = Literal["oral", "intravenous", "subcutaneous"]
Phase = Literal["induction", "pulse", "start", "target", "maintenance"]
End = Literal["low", "high"]
Form = Literal["tablet", "capsule", "vial"]
Market = Literal["US", "UK", "EU"]
Turn = Literal["any", "first", "later"]
Shape = Literal["quotient", "root", "power", "line", "share", "clearance", "filtration"]

SEVERITIES: tuple[Severity, ...] = ("mild", "moderate", "severe")
LINES: tuple[Line, ...] = ("first", "second or third", "other")


class BySeverity(NamedTuple):
    """Which end of the range each severity points to: the table's reading, not the source's."""

    mild: Annotated[End, "End of the range for mild weakness."]
    moderate: Annotated[End, "End of the range for moderate weakness."]
    severe: Annotated[End, "End of the range for severe weakness."]


class Regimen(NamedTuple):
    """One posology: the dose rule as a source gives it."""

    phase: Annotated[Phase, "What the dose is for in the course of treatment."]
    cite: Annotated[Cites, "Sources; each figure below stands in one of the quotes."]
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


class Indication(NamedTuple):
    """Whether a drug is indicated at one severity, in the terms of the source."""

    indicated: Annotated[bool, "Whether the severity by itself points to the drug."]
    reason: Annotated[str, "Why, in one sentence."]
    cite: Annotated[Cites, "Where that stands."]


class Indications(NamedTuple):
    """A drug's place in treatment by severity."""

    mild: Annotated[Indication, "At mild weakness."]
    moderate: Annotated[Indication, "At moderate weakness."]
    severe: Annotated[Indication, "At severe weakness."]


class Group(NamedTuple):
    """Drugs that the base page lists together, with what it says of them together."""

    name: Annotated[str, "Name of the group."]
    singular: Annotated[str, "What one of its drugs is: the class of each."]
    effects: Annotated[tuple[str, ...], "Effects, in short terms."]
    side_effects: Annotated[tuple[str, ...], "Side effects of all its drugs, in short terms."]
    cite: Annotated[Cites, "Where they stand."]


class StepNote(NamedTuple):
    """A note on the steps of a taper at some doses."""

    at_or_below: Annotated[Amount, "Daily amount from which downwards the note stands."]
    text: Annotated[str, "What there is to know."]
    cite: Annotated[Cites, "Where it comes from."]
    at_or_above: Annotated[Amount | None, "Daily amount down to which it stands; else any."] = None


class PatientNote(NamedTuple):
    """Something that a patient is told, on the handout."""

    text: Annotated[str, "What there is to do or to know, in plain words."]
    cite: Annotated[Cites, "Where it comes from."]


class Product(NamedTuple):
    """A form and its strengths as they can be handed out; two products are never pooled."""

    id: Annotated[str, "Name within the drug."]
    form: Annotated[Form, "What one unit is."]
    markets: Annotated[tuple[Market, ...], "Where it is sold, as far as the source says."]
    strengths: Annotated[tuple[Amount, ...], "What one unit holds; each stands in a quote."]
    cite: Annotated[Cites, "Where the strengths stand."]
    name: Annotated[str | None, "Brand or kind, where it matters."] = None
    scored: Annotated[tuple[Amount, ...], "Strengths that may be halved."] = ()
    concentration: Annotated[Concentration | None, "Of a solution ready to infuse."] = None
    whole: Annotated[str | None, "Why its units are never halved, where a source says so."] = None


class Ramp(NamedTuple):
    """How fast an infusion runs: a start rate that rises step by step to a maximum."""

    start: Annotated[InfusionRate, "Rate of the first step."]
    every: Annotated[Duration, "How long each step lasts; the last one, until all is given."]
    max: Annotated[InfusionRate, "Rate that is never exceeded; the last step runs at it."]
    cite: Annotated[Cites, "Sources; each figure above stands in one of the quotes."]
    when: Annotated[Turn, "Whether it is for a first or a later infusion, or for any."] = "any"
    then: Annotated[tuple[InfusionRate, ...], "Rates of the steps after the first, if listed."] = ()
    by: Annotated[InfusionRate | None, "Amount by which each step rises, if it is the same."] = None
    max_at_risk: Annotated[
        InfusionRate | None, "Maximum for patients whom a source calls at risk."
    ] = None
    reading: Annotated[str | None, "How the table reads or joins what the sources give."] = None


class Infusion(NamedTuple):
    """How a drug is run in: how much at a time, of which product, and how fast."""

    population: Annotated[str, "Whom the sources give the rates for."]
    regimen: Annotated[str, "Base regimen whose amount is given; a course is divided over days."]
    ramps: Annotated[tuple[Ramp, ...], "One for any infusion, or one for the first and later ones."]
    cite: Annotated[Cites, "Where the infusion as a whole stands."]
    product: Annotated[str | None, "Product that is infused as it is, with its concentration."] = (
        None
    )
    no_volume: Annotated[str | None, "Why there are no mL, where there is no such product."] = None
    within: Annotated[Duration | None, "Longest time from pooling to the end."] = None
    notes: Annotated[tuple[Note, ...], "Cautions, readings and disagreements."] = ()


class Drug(NamedTuple):
    """A drug of the base page."""

    name: Annotated[str, "Name as people read it."]
    group: Annotated[str, "Key of the group that the base page lists it in, which names its class."]
    route: Annotated[Route, "How it is given."]
    line: Annotated[Line, "Line of treatment."]
    indication: Annotated[str, "Key of its place in treatment by severity."]
    reviewed: Annotated[datetime.date, "Day on which its figures were last compared."]
    regimens: Annotated[tuple[Regimen, ...], "Posology of the base page."]
    cite: Annotated[Cites, "Where class, line and route stand."]
    aliases: Annotated[tuple[str, ...], "Other names that it answers to."] = ()
    once_weekly: Annotated[bool, "Given once a week and never daily: no other rate loads."] = False
    side_effects: Annotated[tuple[str, ...], "Side effects of this drug beside its group's."] = ()
    alternatives: Annotated[tuple[Regimen, ...], "Posology of other sources."] = ()
    notes: Annotated[tuple[Note, ...], "Cautions, readings and disagreements."] = ()
    step_notes: Annotated[tuple[StepNote, ...], "Notes on taper steps."] = ()
    products: Annotated[tuple[Product, ...], "What can be handed out, in order of choice."] = ()
    infusion: Annotated[Infusion | None, "How it is run in, where sources give the rates."] = None
    patient_notes: Annotated[tuple[PatientNote, ...], "What its patients are told."] = ()
    juvenile: Annotated[tuple[Regimen, ...], "Posology of children, never the base page's."] = ()
    atc: Annotated[Code | None, "Its ATC code, of the WHO."] = None
    rxnorm: Annotated[Code | None, "Its code as an ingredient in RxNorm."] = None


class Band(NamedTuple):
    """A part of a taper with one decrement, from above one dose down to another."""

    until: Annotated[Amount, "Lower end: at this dose the next band begins, or the taper ends."]
    decrease: Annotated[AmountSpan, "Amount by which each step goes down."]
    every: Annotated[Interval, "Length of each step."]
    cite: Annotated[Cites, "Where it stands."]
    starts_at: Annotated[Amount | None, "Upper end; absent in the first band: open."] = None


class DailyTaper(NamedTuple):
    """A published schedule by which a daily dose is reduced."""

    drug: Annotated[str, "Key of the drug."]
    name: Annotated[str, "Name as people read it."]
    population: Annotated[str, "Whom the source gives it for."]
    bands: Annotated[tuple[Band, ...], "From the highest dose down, without gap or overlap."]
    ends: Annotated[str, "What the source says, or does not say, where the schedule stops."]
    cite: Annotated[Cites, "Where the protocol as a whole stands."]
    default: Annotated[bool, "Whether it is the drug's protocol when none is named."] = False
    max: Annotated[Amount | None, "Cap of the daily start dose, if there is one."] = None
    hold: Annotated[Interval | None, "How long the start dose is kept at first."] = None
    hold_default: Annotated[Interval | None, "The choice within ``hold`` when none is made."] = None
    notes: Annotated[tuple[Note, ...], "Cautions, readings and disagreements."] = ()


class CourseTaper(NamedTuple):
    """A schedule of repeated courses, whose amounts are the drug's own regimens by week."""

    drug: Annotated[str, "Key of the drug."]
    name: Annotated[str, "Name as people read it."]
    population: Annotated[str, "Whom the source gives it for."]
    courses: Annotated[int, "Number of courses when no length is asked for."]
    ends: Annotated[str, "What the source says, or does not say, where the schedule stops."]
    cite: Annotated[Cites, "Where the protocol as a whole stands."]
    default: Annotated[bool, "Whether it is the drug's protocol when none is named."] = False
    notes: Annotated[tuple[Note, ...], "Cautions, readings and disagreements."] = ()


class DayAfter(NamedTuple):
    """Another drug that the source gives on the day after each dose of a drug once a week."""

    name: Annotated[str, "Its name as people read it."]
    dose: Annotated[Rate, "How much, a week."]
    cite: Annotated[Cites, "Where it stands; the figure stands in one of the quotes."]


class Titration(NamedTuple):
    """A published way up, from a start dose to the target of the base page.

    Either ``levels``, a list of doses, or ``increase`` with its interval. What the source leaves
    out is asked of the user.
    """

    drug: Annotated[str, "Key of the drug."]
    name: Annotated[str, "Name as people read it."]
    population: Annotated[str, "Whom the source gives it for."]
    cite: Annotated[Cites, "Where it stands; each figure stands in one of the quotes."]
    default: Annotated[bool, "Whether it is the drug's way up when none is named."] = False
    start: Annotated[Rate | None, "First dose; the base page's start where absent."] = None
    times_daily: Annotated[int | None, "Doses a day, where the rate is for one dose."] = None
    hold: Annotated[Interval | None, "How long the first dose is kept."] = None
    increase: Annotated[Rate | None, "By how much each step goes up."] = None
    every: Annotated[Interval | None, "Length of each step after the first."] = None
    levels: Annotated[tuple[Rate, ...], "Doses one after the other, where they are listed."] = ()
    max: Annotated[Rate | None, "The most that the source gives."] = None
    day_after: Annotated[DayAfter | None, "What is given on the day after each dose."] = None
    reading: Annotated[str | None, "How the table reads the source."] = None
    notes: Annotated[tuple[Note, ...], "Cautions, readings and disagreements."] = ()


class Formula(NamedTuple):
    """The numbers of a published formula of body size or of the kidneys."""

    name: Annotated[str, "Name as people read it."]
    shape: Annotated[Shape, "How its numbers are put together, and so what it computes."]
    cite: Annotated[Cites, "Sources; each number below stands in one of the quotes."]
    constants: Annotated[dict[str, Coefficient], "Its numbers, by what they are."]
    default: Annotated[bool, "Whether it is taken where several compute the same."] = False
    reading: Annotated[str | None, "How the table reads what the sources give."] = None
    notes: Annotated[tuple[Note, ...], "Its limits: warnings, cautions and disagreements."] = ()


class Equivalent(NamedTuple):
    """A glucocorticoid, and how much of it a source calls equivalent to the one compared with."""

    name: Annotated[str, "Name as people read it."]
    cite: Annotated[Cites, "Sources; the amount stands in a quote, and what it is equal to."]
    amount: Annotated[Amount, "Amount that is equivalent to that of the drug compared with."]
    aliases: Annotated[tuple[str, ...], "Other names that it answers to."] = ()
    reading: Annotated[str | None, "How the table reads what the sources give."] = None
    notes: Annotated[tuple[Note, ...], "Cautions and disagreements."] = ()


class Pulse(NamedTuple):
    """An amount from which on nothing is converted: no source gives equivalents for pulses."""

    drug: Annotated[str, "Key of the drug among the equivalents."]
    amount: Annotated[Amount, "Least amount of a pulse."]
    cite: Annotated[Cites, "Where it stands."]


class Equivalence(NamedTuple):
    """Glucocorticoids of which sources call amounts equivalent, and where that ends."""

    to: Annotated[str, "Key of the drug that the others are compared with."]
    routes: Annotated[tuple[Route, ...], "Routes that the sources speak of; no other is answered."]
    drugs: Annotated[dict[str, Equivalent], "The drugs, by key."]
    pulses: Annotated[tuple[Pulse, ...], "Amounts that are refused, with their equivalents."]
    notes: Annotated[tuple[Note, ...], "What holds for all of them."] = ()
    absent: Annotated[dict[str, str] | None, "Drugs that it does not hold, and why."] = None


class Limits(NamedTuple):
    """Plausible patients: a guard against slips of the keyboard, not a clinical figure."""

    weight: Annotated[WeightSpan, "Weights that are taken as they are."]
    confirmed_weight: Annotated[WeightSpan, "Weights that are taken with --confirm-weight."]
    height: Annotated[HeightSpan, "Heights that are taken."]
    creatinine: Annotated[CreatinineSpan, "Serum creatinine that is taken."]
    adult_age: Annotated[int, "Age in years from which a patient is an adult."]
    juvenile_weight: Annotated[WeightSpan, "Weights of children that are taken as they are."]
    juvenile_height: Annotated[HeightSpan, "Heights of children that are taken."]


class Table(NamedTuple):
    """The drug table."""

    version: Annotated[str, "Version of the table, year and month of its release."]
    reviewed: Annotated[datetime.date, "Day of the last review of the whole table."]
    review_by: Annotated[datetime.date, "Day after which it needs a new review."]
    base: Annotated[str, "Key of the source whose posology is the base record of each drug."]
    disclaimer: Annotated[str, "What every result ends with."]
    limits: Annotated[Limits, "Plausible patients."]
    sources: Annotated[dict[str, Source], "The works that are cited, by key."]
    groups: Annotated[dict[str, Group], "Drugs that the base page lists together, by key."]
    indications: Annotated[dict[str, Indications], "Places in treatment by severity, by key."]
    drugs: Annotated[dict[str, Drug], "The drugs, by key, in the order of the base page."]
    daily_tapers: Annotated[dict[str, DailyTaper], "Tapers of a daily dose, by key."]
    course_tapers: Annotated[dict[str, CourseTaper], "Tapers of repeated courses, by key."]
    titrations: Annotated[dict[str, Titration], "Ways up to a target dose, by key."]
    readings: Annotated[tuple[Note, ...], "Readings of the table as a whole."] = ()
    absent: Annotated[dict[str, str] | None, "Drugs that it does not hold, and why."] = None
    formulas: Annotated[dict[str, Formula], "Formulas of body size and the kidneys, by key."] = {}  # noqa: RUF012
    equivalence: Annotated[Equivalence | None, "Equivalent amounts of glucocorticoids."] = None
    juvenile_notes: Annotated[tuple[Note, ...], "What every answer for a child says."] = ()
    landmark_tapers: Annotated[dict[str, MilestoneTaper], "Tapers of children, by key."] = {}  # noqa: RUF012

    @property
    def tapers(self) -> dict[str, DailyTaper | CourseTaper]:
        """All tapers of adults, by key: those of a daily dose first."""
        return {**self.daily_tapers, **self.course_tapers}


class LoadedTable(NamedTuple):
    """A table together with the bytes that it was read from, and what overlays changed in it."""

    table: Table
    sha256: str
    path: str
    #: The local figures that the table now holds, and the overlays that they come from. As text:
    #: without an overlay these types are never imported.
    local: "tuple[LocalValue, ...]" = ()
    overlays: "tuple[Overlay, ...]" = ()
    #: Rules for what is given on one day, by key of the drug.
    rounding: "dict[str, LocalRoundingRule]" = {}  # noqa: RUF012
    #: The table without its overlays, where it has some.
    base: Table | None = None
