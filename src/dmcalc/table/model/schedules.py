"""The shapes of schedules: tapers by bands, by courses and by milestones, and titrations."""

from __future__ import annotations

from typing import Annotated

from dmcalc.quantities.amount import Amount, AmountRange, Mass, Rate
from dmcalc.quantities.bounds import Percent
from dmcalc.quantities.time import Interval
from dmcalc.records import Record
from dmcalc.sources.cite import Cites, Note
from dmcalc.table.model.drug import Severity


class TaperBand(Record):
    """A part of a taper with one decrement, from above one dose down to another."""

    until: Annotated[Amount, "Lower end: at this dose the next band begins, or the taper ends."]
    decrease: Annotated[AmountRange, "Amount by which each step goes down."]
    every: Annotated[Interval, "Length of each step."]
    cite: Annotated[Cites, "Its sources."]
    starts_at: Annotated[Amount | None, "Upper end; absent in the first band: open."] = None


class DailyTaper(Record):
    """A published schedule by which a daily dose is reduced."""

    drug: Annotated[str, "Key of the drug."]
    name: Annotated[str, "Name for people."]
    population: Annotated[str, "Whom the source gives it for."]
    bands: Annotated[tuple[TaperBand, ...], "From the highest dose down, without gap or overlap."]
    ends: Annotated[str, "What the source says, or does not say, where the schedule stops."]
    cite: Annotated[Cites, "Sources of the protocol as a whole."]
    default: Annotated[bool, "Whether it is the drug's protocol when none is named."] = False
    author: Annotated[str | None, "What there is to know of its author, named with it."] = None
    max: Annotated[Amount | None, "Cap of the daily start dose, if there is one."] = None
    hold: Annotated[Interval | None, "How long the start dose is kept at first."] = None
    hold_default: Annotated[Interval | None, "The choice within ``hold`` when none is made."] = None
    notes: Annotated[tuple[Note, ...], "Cautions, readings and disagreements."] = ()
    also: Annotated[tuple[str, ...], "Keys of further drugs that its source names for it."] = ()

    @property
    def unit(self) -> Mass:
        """Unit of its doses, the same in each band."""
        first, *_ = self.bands
        return first.until.unit

    @property
    def drugs(self) -> tuple[str, ...]:
        """Keys of all the drugs that it is for."""
        return (self.drug, *self.also)


class CourseTaper(Record):
    """A schedule of repeated courses, whose amounts are the drug's own regimens by week."""

    drug: Annotated[str, "Key of the drug."]
    name: Annotated[str, "Name for people."]
    population: Annotated[str, "Whom the source gives it for."]
    courses: Annotated[int, "Number of courses when no length is entered."]
    ends: Annotated[str, "What the source says, or does not say, where the schedule stops."]
    cite: Annotated[Cites, "Sources of the protocol as a whole."]
    default: Annotated[bool, "Whether it is the drug's protocol when none is named."] = False
    notes: Annotated[tuple[Note, ...], "Cautions, readings and disagreements."] = ()

    @property
    def drugs(self) -> tuple[str, ...]:
        """Keys of all the drugs that it is for."""
        return (self.drug,)


class Milestone(Record):
    """A dose that a source names for one time: a share of the start dose, a rate, or the end."""

    cite: Annotated[Cites, "Sources; each figure below is in one of the quotes."]
    at: Annotated[Interval | None, "Months from the start; or say ``after``."] = None
    after: Annotated[Interval | None, "Months from the milestone before; or say ``at``."] = None
    percent: Annotated[Percent | None, "Share of the start dose."] = None
    dose: Annotated[Rate | None, "Dose at that time, where it is no share."] = None
    stop: Annotated[bool, "Whether the source discontinues the drug there."] = False
    condition: Annotated[str | None, "The response on which the source makes it depend."] = None


class MilestoneTaper(Record):
    """A published paediatric taper, as milestones: between them nothing is stated."""

    drug: Annotated[str, "Key of the drug."]
    name: Annotated[str, "Name for people."]
    population: Annotated[str, "Whom the source gives it for."]
    start: Annotated[Rate, "Start dose, per kg and day."]
    landmarks: Annotated[tuple[Milestone, ...], "In order of time."]
    ends: Annotated[str, "What the source says, or does not say, of the end."]
    cite: Annotated[Cites, "Sources of the start dose and its cap."]
    default: Annotated[bool, "Whether it is the drug's milestones when none are named."] = False
    max: Annotated[Rate | None, "Cap of the start dose, itself possibly a range."] = None
    severities: Annotated[tuple[Severity, ...], "Severities that it is for; none: all."] = ()
    follows: Annotated[str | None, "Drug whose pulses the source has before it."] = None
    notes: Annotated[tuple[Note, ...], "Cautions, readings and disagreements."] = ()
    also: Annotated[tuple[str, ...], "Keys of further drugs that its source names for it."] = ()

    @property
    def drugs(self) -> tuple[str, ...]:
        """Keys of all the drugs that it is for."""
        return (self.drug, *self.also)


class DayAfter(Record):
    """Another drug that the source gives on the day after each dose of a drug once a week."""

    name: Annotated[str, "Its name as people read it."]
    dose: Annotated[Rate, "How much, a week."]
    cite: Annotated[Cites, "Its sources; the figure is in one of the quotes."]


class Titration(Record):
    """A published titration, from a start dose to the target of the reference.

    Either ``levels``, a list of doses, or ``increase`` with its interval. What the source leaves
    out is for the user to choose.
    """

    drug: Annotated[str, "Key of the drug."]
    name: Annotated[str, "Name for people."]
    population: Annotated[str, "Whom the source gives it for."]
    cite: Annotated[Cites, "Its sources; each figure is in one of the quotes."]
    default: Annotated[bool, "Whether it is the drug's way up when none is named."] = False
    start: Annotated[Rate | None, "First dose; the reference's start where absent."] = None
    times_daily: Annotated[int | None, "Doses a day, where the rate is for one dose."] = None
    hold: Annotated[Interval | None, "How long the first dose is kept."] = None
    start_steps: Annotated[
        int | None, "For how many steps the first dose is kept, where the source lists it so."
    ] = None
    increase: Annotated[Rate | None, "By how much each step goes up."] = None
    every: Annotated[Interval | None, "Length of each step after the first."] = None
    levels: Annotated[tuple[Rate, ...], "Doses one after the other, where they are listed."] = ()
    max: Annotated[Rate | None, "The most that the source gives."] = None
    day_after: Annotated[DayAfter | None, "What is given on the day after each dose."] = None
    reading: Annotated[str | None, "How the table reads the source."] = None
    notes: Annotated[tuple[Note, ...], "Cautions, readings and disagreements."] = ()

    @property
    def drugs(self) -> tuple[str, ...]:
        """Keys of all the drugs that it is for."""
        return (self.drug,)
