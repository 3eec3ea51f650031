"""The shapes of a taper of which the source gives landmarks, and no steps between them."""

from typing import Annotated, Literal, NamedTuple

from dmcalc.quantities.amount import Interval, Rate
from dmcalc.quantities.bounds import Percent
from dmcalc.sources.cite import Cites, Note


class Milestone(NamedTuple):
    """A dose that a source names for one time: a share of the start dose, a rate, or the end."""

    cite: Annotated[Cites, "Sources; each figure below stands in one of the quotes."]
    at: Annotated[Interval | None, "Months from the start; or say ``after``."] = None
    after: Annotated[Interval | None, "Months from the landmark before; or say ``at``."] = None
    percent: Annotated[Percent | None, "Share of the start dose."] = None
    dose: Annotated[Rate | None, "Dose at that time, where it is no share."] = None
    stop: Annotated[bool, "Whether the source discontinues the drug there."] = False
    condition: Annotated[str | None, "The response on which the source makes it depend."] = None


class MilestoneTaper(NamedTuple):
    """A published taper of children, as landmarks: between them nothing is stated."""

    drug: Annotated[str, "Key of the drug."]
    name: Annotated[str, "Name as people read it."]
    population: Annotated[str, "Whom the source gives it for."]
    start: Annotated[Rate, "Start dose, per kg and day."]
    landmarks: Annotated[tuple[Milestone, ...], "In order of time."]
    ends: Annotated[str, "What the source says, or does not say, of the end."]
    cite: Annotated[Cites, "Where the start dose and its cap stand."]
    default: Annotated[bool, "Whether it is the drug's landmarks when none are named."] = False
    max: Annotated[Rate | None, "Cap of the start dose, itself possibly a range."] = None
    severities: Annotated[
        tuple[Literal["mild", "moderate", "severe"], ...], "Severities that it is for; none: all."
    ] = ()
    follows: Annotated[str | None, "Drug whose pulses the source has before it."] = None
    notes: Annotated[tuple[Note, ...], "Cautions, readings and disagreements."] = ()
