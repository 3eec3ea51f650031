"""Every figure of a table, with the place where it stands and the quotes that it stands on."""

from collections.abc import Iterator
from typing import NamedTuple

from dmcalc.quantities.amount import Amount, AmountRange, Concentration, Rate
from dmcalc.quantities.bounds import Coefficient, Percent
from dmcalc.quantities.flow import InfusionRate
from dmcalc.quantities.time import Duration, Interval
from dmcalc.sources.cite import Cite
from dmcalc.table.model.drug import Drug, Product, Regimen
from dmcalc.table.model.equivalence import Equivalence
from dmcalc.table.model.formula import Formula
from dmcalc.table.model.infusion import Infusion, Ramp
from dmcalc.table.model.schedules import CourseTaper, DailyTaper, MilestoneTaper, Titration
from dmcalc.table.model.table import Table

Path = tuple[str | int, ...]
Value = (
    Rate
    | AmountRange
    | Amount
    | Concentration
    | Interval
    | Duration
    | InfusionRate
    | Coefficient
    | Percent
    | int
    | str
)


#: The systems of codes: the key of a drug that holds its code, and what the code is called.
SYSTEMS = {"atc": "ATC code", "rxnorm": "RxNorm ingredient"}
#: All of a dose, in per cent.
WHOLE = 100
#: The parts of a drug that are posology: of the base page, of other sources, of children.
POSOLOGIES = ("regimens", "alternatives", "juvenile")
#: The figures of a posology.
OF_POSOLOGY = ("dose", "max", "days", "lasts", "every", "doses", "from_week")


class SourcedFigure(NamedTuple):
    """One figure: where it stands in the table, what it is called, its value and its sources.

    A code of a drug is one too: it stands in a quote like any other.
    """

    path: Path
    label: str
    value: Value
    cites: tuple[Cite, ...]


def regimen_id(regimen: Regimen) -> str:
    """Return a regimen's name within its drug."""
    return regimen.id or regimen.phase


def posology_path(name: str, drug: Drug, regimen: Regimen) -> Path:
    """Return where a posology of a drug stands."""
    return next(
        ("drugs", name, kind, number)
        for kind in POSOLOGIES
        for number, own in enumerate(getattr(drug, kind))
        if regimen_id(own) == regimen_id(regimen)
    )


def of_regimen(regimen: Regimen, path: Path) -> Iterator[SourcedFigure]:
    """List the figures of one posology."""
    for key in OF_POSOLOGY:
        value = getattr(regimen, key)
        if value is not None:
            kind = {"alternatives": "alternative ", "juvenile": "juvenile "}.get(str(path[-2]), "")
            label = f"{kind}{regimen_id(regimen)} {key.replace('_', ' ')}"
            yield SourcedFigure((*path, key), label, value, regimen.cite)


def of_product(product: Product, path: Path) -> Iterator[SourcedFigure]:
    """List the figures of one product."""
    for key in ("strengths", "scored"):
        for number, strength in enumerate(getattr(product, key)):
            label = f"product {product.id} {'strength' if key == 'strengths' else 'scored'}"
            yield SourcedFigure((*path, key, number), label, strength, product.cite)
    if product.concentration is not None:
        path = (*path, "concentration")
        yield SourcedFigure(
            path, f"{product.id} concentration", product.concentration, product.cite
        )


def of_ramp(ramp: Ramp, path: Path) -> Iterator[SourcedFigure]:
    """List the figures of one way in which an infusion's rate rises."""
    title = "infusion" if ramp.when == "any" else f"{ramp.when} infusion"
    for key in ("start", "every", "by", "max", "max_at_risk"):
        value = getattr(ramp, key)
        if value is not None:
            yield SourcedFigure((*path, key), f"{title} {key.replace('_', ' ')}", value, ramp.cite)
    for number, rate in enumerate(ramp.then):
        yield SourcedFigure((*path, "then", number), f"{title} then", rate, ramp.cite)


def of_infusion(infusion: Infusion, path: Path) -> Iterator[SourcedFigure]:
    """List the figures of one drug's infusion."""
    if infusion.within is not None:
        yield SourcedFigure((*path, "within"), "infusion within", infusion.within, infusion.cite)
    for number, ramp in enumerate(infusion.ramps):
        yield from of_ramp(ramp, (*path, "ramps", number))


def of_drug(name: str, drug: Drug) -> Iterator[SourcedFigure]:
    """List the figures of one drug."""
    for kind in POSOLOGIES:
        for number, regimen in enumerate(getattr(drug, kind)):
            yield from of_regimen(regimen, ("drugs", name, kind, number))
    for number, product in enumerate(drug.products):
        yield from of_product(product, ("drugs", name, "products", number))
    if drug.infusion is not None:
        yield from of_infusion(drug.infusion, ("drugs", name, "infusion"))
    for number, note in enumerate(drug.step_notes):
        path = ("drugs", name, "step_notes", number)
        below, above = (*path, "at_or_below"), (*path, "at_or_above")
        yield SourcedFigure(below, "taper note at or below", note.at_or_below, note.cite)
        if note.at_or_above is not None:
            yield SourcedFigure(above, "taper note at or above", note.at_or_above, note.cite)
    for system, label in SYSTEMS.items():
        entry = getattr(drug, system)
        if entry is not None and entry.code is not None:
            yield SourcedFigure(("drugs", name, system, "code"), label, entry.code, entry.cites)


def of_taper(name: str, taper: DailyTaper | CourseTaper) -> Iterator[SourcedFigure]:
    """List the figures of one taper."""
    if isinstance(taper, CourseTaper):
        path: Path = ("course_tapers", name, "courses")
        yield SourcedFigure(path, f"taper {name} courses", taper.courses, taper.cite)
    else:
        yield from _of_daily_taper(name, taper)


def _of_daily_taper(name: str, taper: DailyTaper) -> Iterator[SourcedFigure]:
    base: Path = ("daily_tapers", name)
    if taper.max is not None:
        yield SourcedFigure((*base, "max"), f"taper {name} max", taper.max, taper.cite)
    if taper.hold is not None:
        yield SourcedFigure((*base, "hold"), f"taper {name} hold", taper.hold, taper.cite)
    for number, band in enumerate(taper.bands):
        path: Path = (*base, "bands", number)
        title = f"taper {name} band {number + 1}"
        for key in ("starts_at", "until", "decrease", "every"):
            value = getattr(band, key)
            # a dose that ends at nothing needs no source for the nothing
            if value is not None and not (key == "until" and value.value == 0):
                label = f"{title} {key.replace('_', ' ')}"
                yield SourcedFigure((*path, key), label, value, band.cite)


def of_landmarks(name: str, taper: MilestoneTaper) -> Iterator[SourcedFigure]:
    """List the figures of one taper by landmarks.

    The whole of the start dose, 100 per cent, needs no figure of its own.
    """
    base: Path = ("landmark_tapers", name)
    for key in ("start", "max"):
        if (value := getattr(taper, key)) is not None:
            yield SourcedFigure((*base, key), f"taper {name} {key}", value, taper.cite)
    for number, landmark in enumerate(taper.landmarks):
        for key in ("at", "after", "percent", "dose"):
            value = getattr(landmark, key)
            if value is not None and not (key == "percent" and value.value == WHOLE):
                label = f"taper {name} landmark {number + 1} {key}"
                path: Path = (*base, "landmarks", number, key)
                yield SourcedFigure(path, label, value, landmark.cite)


def of_titration(name: str, titration: Titration) -> Iterator[SourcedFigure]:
    """List the figures of one way up."""
    path: Path = ("titrations", name)
    for key in ("start", "times_daily", "hold", "increase", "every", "max"):
        value = getattr(titration, key)
        if key == "increase" and value is not None and value.basis is None:
            value = AmountRange(value.low, value.high, value.unit)  # by this much, at each step
        if value is not None:
            label = f"titration {name} {key.replace('_', ' ')}"
            yield SourcedFigure((*path, key), label, value, titration.cite)
    if titration.day_after is not None:
        beside = titration.day_after
        label = f"titration {name} day after, {beside.name.lower()}"
        yield SourcedFigure((*path, "day_after", "dose"), label, beside.dose, beside.cite)
    for number, level in enumerate(titration.levels):
        label = f"titration {name} level {number + 1}"
        yield SourcedFigure((*path, "levels", number), label, level, titration.cite)


def of_formula(name: str, formula: Formula) -> Iterator[SourcedFigure]:
    """List the numbers of one formula."""
    for key, value in formula.constants.items():
        label = f"{formula.name}, {key.replace('_', ' ')}"
        yield SourcedFigure(("formulas", name, "constants", key), label, value, formula.cite)


def of_equivalence(equivalence: Equivalence) -> Iterator[tuple[str, SourcedFigure]]:
    """List the equivalent amounts, and those of pulses, each with its drug."""
    for key, drug in equivalence.drugs.items():
        path: Path = ("equivalence", "drugs", key, "amount")
        yield key, SourcedFigure(path, f"equivalent of {key}", drug.amount, drug.cite)
    for number, pulse in enumerate(equivalence.pulses):
        path = ("equivalence", "pulses", number, "amount")
        yield pulse.drug, SourcedFigure(path, f"pulse of {pulse.drug}", pulse.amount, pulse.cite)


def of_table(table: Table) -> Iterator[SourcedFigure]:
    """List every figure of the table."""
    for name, drug in table.drugs.items():
        yield from of_drug(name, drug)
    for name, taper in table.tapers.items():
        yield from of_taper(name, taper)
    for name, landmarks in table.landmark_tapers.items():
        yield from of_landmarks(name, landmarks)
    for name, titration in table.titrations.items():
        yield from of_titration(name, titration)
    for name, formula in table.formulas.items():
        yield from of_formula(name, formula)
    if table.equivalence is not None:
        yield from (figure for _, figure in of_equivalence(table.equivalence))


def supports(figure: SourcedFigure, cite: Cite) -> bool:
    """Tell whether a figure stands in the quote of one of its citations."""
    from dmcalc.sources import quotes

    counted = "week" if figure.path[-1] == "from_week" else "dose"
    return cite.quote is not None and quotes.stands(figure.value, cite.quote, counted)


def cites(table: Table) -> Iterator[tuple[Path, Cite]]:
    """List every citation of the table with the place where it stands."""
    return ((path, value) for path, value in _walk(table, ()) if isinstance(value, Cite))


def uncited(table: Table) -> Iterator[Path]:
    """List the places of citations that hold none."""
    return (path for path, value in _walk(table, ()) if value == () and path[-1] == "cite")


def _walk(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    """List a value and all that is in it, down to citations, each with its place."""
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, (*path, key))
    elif isinstance(value, tuple) and not isinstance(value, Cite):
        fields: tuple[str | int, ...] = getattr(value, "_fields", tuple(range(len(value))))
        for field, item in zip(fields, value, strict=True):
            yield from _walk(item, (*path, field))
