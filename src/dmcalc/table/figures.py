"""Every figure of a table, with its path and the quotes that support it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.quantities.amount import Amount, AmountRange, Rate
from dmcalc.quantities.base import Quantity
from dmcalc.quantities.bounds import Percent
from dmcalc.sources import quotes
from dmcalc.sources.figures import entries
from dmcalc.table.model.drug import SYSTEMS, Drug
from dmcalc.table.model.infusion import Ramp
from dmcalc.table.model.schedules import TaperBand, Titration
from dmcalc.table.model.table import Table
from dmcalc.table.names import value_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.sources.cite import Cite
    from dmcalc.sources.figures import Path

#: Fields whose bare number is a figure: it counts doses, courses or weeks.
COUNTS = ("doses", "from_week", "times_daily", "courses")
#: All of a dose.
WHOLE = Percent.parse("100%")
#: The order in which figures are listed, where it is not that of the fields.
ORDER: dict[type, tuple[str, ...]] = {
    Table: ("drugs", "daily_tapers", "course_tapers", "landmark_tapers"),
    Drug: ("regimens", "alternatives", "juvenile", "products", "infusion", "step_notes"),
    Ramp: ("start", "every", "by", "max", "max_at_risk"),
    TaperBand: ("starts_at",),
    Titration: ("start", "times_daily", "hold", "increase", "every", "max"),
}


class SourcedFigure(NamedTuple):
    """One figure: its path in the table, what it is called, its value and its sources.

    A code of a drug is one too: a quote contains it like any other.
    """

    path: Path
    label: str
    value: quotes.Value
    cites: tuple[Cite, ...]


def figures_of(table: Table, *part: str) -> Iterator[SourcedFigure]:
    """List the figures of a table, or of a part of it, such as ``"drugs", "prednisone"``."""
    for entry in entries(value_at(table, part), part, order=ORDER):
        for path, value in entry.values:
            if isinstance(value, quotes.Value) and _is_figure(path, value):
                yield SourcedFigure(path, _label(table, path), _written(path, value), entry.cites)


def supports(figure: SourcedFigure, cite: Cite) -> bool:
    """Tell whether the quote of one of its citations contains a figure."""
    counted = "week" if figure.path[-1] == "from_week" else "dose"
    return cite.quote is not None and quotes.in_quote(figure.value, cite.quote, counted)


def supporting(figure: SourcedFigure) -> tuple[Cite, ...]:
    """Return the citations whose quotes contain a figure, none where no quote does.

    Of a cap each end may be in a quote of its own, of another source.
    """
    whole = tuple(cite for cite in figure.cites if supports(figure, cite))
    cap = figure.value
    if whole or figure.path[-1] != "max" or not isinstance(cap, Rate):
        return whole
    by_end = [
        [c for c in figure.cites if quotes.in_quote(Amount(end, cap.unit), c.quote or "")]
        for end in (cap.low, cap.high)
    ]
    sources = [{cite.source for cite in cites} for cites in by_end]
    if not all(by_end) or sources[0] & sources[1]:
        return ()
    return tuple(dict.fromkeys(cite for cites in by_end for cite in cites))


def fault(figure: SourcedFigure) -> str | None:
    """Say what is wrong with a figure: that it is nothing, or in no quote; None where it is right.

    The week from which a posology applies may be 0.
    """
    number = figure.value.value if isinstance(figure.value, Amount) else figure.value
    if number == 0 and figure.path[-1] != "from_week":
        return f"{figure.value} is not above 0"
    texts = [cite.quote for cite in figure.cites if cite.quote is not None]
    if not texts:
        return f"{figure.value} has no quote"
    if not supporting(figure):
        return f"{figure.value} is not in the quote {' / '.join(texts)!r}"
    return None


def _is_figure(path: Path, value: quotes.Value) -> bool:
    """Tell whether a plain value is a figure of a source.

    Bounds of growth are none: they are computed from charts, and guard against slips.
    Nothing and all need no source: that a dose ends at 0, that a share is the whole of it. Nor does
    the length within a hold that the table takes where none is chosen.
    """
    key = path[-1]
    if path[0] == "growth":
        return False
    if isinstance(value, Quantity):
        ends = key == "until" and isinstance(value, Amount) and value.value == 0
        return not (ends or value == WHOLE or key == "hold_default")
    return key in COUNTS or (key == "code" and path[-2] in SYSTEMS)


def _written(path: Path, value: quotes.Value) -> quotes.Value:
    """Return a figure as its source writes it: an increase is by so much at each step."""
    if path[-1] == "increase" and isinstance(value, Rate) and value.basis is None:
        return AmountRange(value.low, value.high, value.unit)
    return value


def _label(table: Table, path: Path) -> str:
    """Return what people call a figure, without its drug."""
    words = str(path[-1]).replace("_", " ")
    match path:
        case ("drugs", _, system, "code"):
            return SYSTEMS[str(system)]
        case ("drugs", str(drug), "products", int(number), key, *_):
            name = table.drugs[drug].products[number].id
            if key == "concentration":
                return f"{name} concentration"
            return f"product {name} {'strength' if key == 'strengths' else 'scored'}"
        case ("drugs", str(drug), "infusion", "ramps", int(number), key, *_):
            infusion = table.drugs[drug].infusion
            when = infusion.ramps[number].when if infusion else "any"
            return f"{'' if when == 'any' else f'{when} '}infusion {str(key).replace('_', ' ')}"
        case ("drugs", _, "infusion", _):
            return f"infusion {words}"
        case ("drugs", _, "divided", _):
            return "doses a day"
        case ("drugs", _, "rounded", _):
            return f"dose rounded {words}"
        case ("drugs", _, "step_notes", _, _):
            return f"taper note {words}"
        case ("drugs", str(drug), str(kind), int(number), _):
            prefix = {"alternatives": "alternative ", "juvenile": "juvenile "}.get(kind, "")
            return f"{prefix}{getattr(table.drugs[drug], kind)[number].name} {words}"
        case ("titrations", str(name), "day_after", _):
            companion = table.titrations[name].day_after
            return f"titration {name} day after, {companion.name.lower() if companion else ''}"
        case ("titrations", name, "levels", int(number)):
            return f"titration {name} level {number + 1}"
        case ("titrations", name, _):
            return f"titration {name} {words}"
        case (_, name, ("bands" | "landmarks") as kind, int(number), _):
            return f"taper {name} {kind[:-1]} {number + 1} {words}"
        case ("formulas", name, *_):
            return f"{table.formulas[str(name)].name}, {words}"
        case ("equivalence", "drugs", name, _):
            return f"equivalent of {name}"
        case ("equivalence", "pulses", int(number), _) if table.equivalence:
            return f"pulse of {table.equivalence.pulses[number].drug}"
        case (_, name, _):
            return f"taper {name} {words}"
    raise AssertionError(path)
