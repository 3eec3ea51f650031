"""Are the figures of a value in the quote that it cites?

A figure is compared as a number with its unit, never as loose digits: "1.5 mg/kg" does not stand in
"1-5 mg/kg", nor "2 mg/kg" in "2 g/kg", nor "20 mg" in "20 mg/m2". Spelling is evened out first
(dashes, "per kilogram", "four weeks"), figures are not.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.quantities.amount import Amount, AmountRange, Concentration, Rate
from dmcalc.quantities.base import Quantity, format_plain
from dmcalc.quantities.bounds import Coefficient, Percent
from dmcalc.quantities.flow import InfusionRate
from dmcalc.quantities.time import Duration, Interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.sources.cite import Cite

#: What may stand in a quote: a quantity, a bare count, or a code.
Value = Quantity | int | str

MAX_WORDS = 25
#: What sources print where the table has a hyphen.
DASHES = r"[\u2010-\u2015\u2212]"

_NUMBER_WORDS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "twelve": "12",
}  # fmt: skip

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"


def _spread(text: str, unit: str) -> str:
    """Give each number of an enumeration its unit: "1, 2.5, or 5 mg" is 1 mg, 2.5 mg, 5 mg."""
    return ", ".join(f"{number} {unit}" for number in re.findall(_NUMBER, text))


def _row(match: re.Match[str]) -> str:
    """Give the cells of a row of a rate table their units: "30 min 2 (120) 0.02".

    They are minutes, mg/kg/min, mg/kg/h and mL/kg/min. The heads of the columns are not in the
    quote, so the row must prove itself: mg/kg/h is 60 times mg/kg/min.
    """
    minutes, per_minute, per_hour, volume = match.groups()
    if Decimal(per_hour) != 60 * Decimal(per_minute):
        return match[0]
    return f"{minutes} min {per_minute} mg/kg/min ({per_hour} mg/kg/h) {volume} ml/kg/min"


# A row of a table of glucocorticoids: potencies, class of duration, equivalent amount.
_DOSE_ROW = re.compile(rf"\b({_NUMBER}) ({_NUMBER}) ([sil]) ({_NUMBER})\b")


def _doses(text: str) -> str:
    """Give the last cells of a table of equivalents their mg: "5 0.5 I 4" is 4 mg.

    The heads of the columns are not in the quote, so two rows must prove them: the amount goes down
    as the anti-inflammatory potency goes up, and their product stays the same.
    """
    rows = [(Decimal(row[1]), Decimal(row[4])) for row in _DOSE_ROW.finditer(text)]
    if len(set(rows[:2])) < 2 or rows[0][0] * rows[0][1] != rows[1][0] * rows[1][1]:
        return text
    return _DOSE_ROW.sub(r"\1 \2 \3 \4 mg", text)


# How sources spell what the table spells in one way. In this order.
_SPELLING = [
    (DASHES, "-"),
    (r"·", "."),
    (r"²", "2"),
    (r"\bless than (?=[0-9])", "<"),
    (r"\bmore than (?=[0-9])", ">"),
    (r"\b(?:kilograms?|kilos?)\b", "kg"),
    (r"\b(?:milligrams?)\b", "mg"),
    (r"(?:\b|(?<=[0-9]))(?:micrograms?)\b", "mcg"),
    (r"\b([0-9]+),([0-9])(?= mg\b)", r"\1.\2"),  # a decimal comma: 2,5 mg
    (r"\b(?:grams?|gms?)\b", "g"),
    (r"\bmillilit(?:er|re)s?\b", "ml"),
    (rf"\b([0-9]+) min ({_NUMBER}) \(({_NUMBER})\) ({_NUMBER})\b(?![.,]?[0-9])", _row),
    (r"\b(" + "|".join(_NUMBER_WORDS) + r")\b", lambda m: _NUMBER_WORDS[m[1]]),
    (r"(?<=[0-9])(mg|g)bd\b", r" \1 twice daily"),
    (r"\btwice\b", "2 doses"),
    (r";([0-9.]+);(?=mg\b)", r" \1 "),  # how openFDA lists an imprint: NAME;25;mg
    (r"\binfusions\b", "doses"),
    (r"\bdivided doses\b", "doses"),
    (r"(?<![\w.])([0-9]+) ?x(?= [0-9])", r"\1 doses of"),  # not the "1.200 x 0.9938" of a formula
    (r"\b([0-9]+)-weekly\b", r"every \1 weeks"),
    (r"\b([0-9]+)-(day|week|month|year|minute|hour)\b", r"\1 \2"),
    (r"(?<=[0-9]) - (?=[0-9]+ (?:days|weeks|months)\b)", "-"),
    (r"(?<=[0-9]) wk\b", " weeks"),
    (r"\bmonate?n?\b", "months"),  # German
    (r"\b([0-9]+) and ([0-9]+) (days|weeks|months|mg)\b", r"\1 \3 and \2 \3"),
    (r"\bfortnightly\b", "every 2 weeks"),
    (r"\b([0-9]+) monthly\b", r"every \1 months"),
    (r"(?<!-)\bmonthly\b", "every 1 month"),
    (r"\bannual(?:ly)?\b", "every 1 year"),
    (r"\bevery (day|week|month|year)\b", r"every 1 \1"),
    (r"(?<![0-9] )\bweeks? ([0-9]+(?:-[0-9]+)?)\b", r"\1 weeks"),
    (
        r"\bper (?=(?:kg|m2|ml|day|week|month|course|dose|h|hr|hour|min|minute)\b)",
        "/",
    ),
    (r"(?<=[0-9])(?=(?:mcg|mg|g|kg|ml)\b)", " "),
    (rf"{_NUMBER}(?:, (?:or |and )?{_NUMBER})+ (mcg|mg|g)\b", lambda m: _spread(m[0], m[1])),
    (r" ?/ ?", "/"),
    (r"/(?:hours?|hrs?)\b", "/h"),
    (r"/d\b", "/day"),
    (r"/(?:minutes?|mins?)\b", "/min"),
    (r"(?<=[0-9]) ?(?:minutes?|mins?)\b", " minutes"),
    (r"(?<=[0-9]) ?(?:hours?|hrs?|h)\b", " hours"),
    (r"/pulse\b", "/dose"),
    (r"/month\b", " every 1 month"),
    (r"(?<=[0-9]) to (?=[0-9])", "-"),
    (r"\s+", " "),
]  # fmt: skip

# a unit is whole: "mg" is not the unit of "5 mg/h", nor "mg/kg" that of "5 mg/kg/min"
_UNIT_ENDS = r"(?![A-Za-z0-9])(?!/(?:kg|m2|ml|h|min)\b)"

_FIGURE = re.compile(
    # not the tail of a longer number or range
    rf"(?P<sign>[<>≤≥]=? ?)?(?<![0-9.\-/])(?<![0-9],)"
    rf"(?P<low>{_NUMBER})(?!,[0-9])(?:-(?P<high>{_NUMBER}))?"
    rf"(?P<more>(?: (?:mcg|mg|g)(?:/(?:kg/min|kg/h|kg|m2|ml|h|min))?{_UNIT_ENDS}"
    rf"| ml(?:/kg/min|/kg/h|/kg|/h|/min)?{_UNIT_ENDS}"
    rf"| (?:consecutive )?(?:minutes|hours|days?|weeks?|months?|years?|doses)(?![A-Za-z0-9]))?)"
)
# How often: "/day", "daily", "once a week"; and "2 doses daily", which is no single daily amount.
_TIME = re.compile(
    r"(?P<many>\b[2-9] (?:doses|times) )?"
    r"(?:(?:/|\b(?:each|a|1) )(?P<each>day|week)\b|\b(?P<word>daily|weekly)\b)"
)
_WORDS = {"daily": "day", "weekly": "week"}
# what makes an amount another one than that of a whole course or of one dose
_OTHER = re.compile(r"/(?!course|dose|[0-9])[a-z]| (?:daily|weekly)\b")


# A number of a formula, with its sign where that is right before it. It is not part of a
# range, no share in per cent, no amount of another unit than kg, and has no comparator.
_BARE = re.compile(
    rf"(?<![<>≤≥0-9.\-])(?<![<>≤≥] )(?<![0-9],)(?<![0-9] -)(?P<number>-?{_NUMBER})"
    r"(?![.,]?[0-9])(?! ?-[0-9])(?! - [0-9])(?! ?%| per cent)"
    r"(?! ?(?:mcg|mg|g|ml|ng|cm|years?|months?|weeks?|days?|hours?|minutes?|doses?)\b)"
)


# A share: "12.5%", "50 per cent", or a range of them, and no part of a longer number.
_PERCENT = re.compile(
    rf"(?<![0-9.,<>\-])(?P<low>{_NUMBER})(?:-(?P<high>{_NUMBER}))? ?(?:%|per cent\b)"
)


class Figure(NamedTuple):
    """A figure with its unit and comparator, as a text has it."""

    low: Decimal
    high: Decimal
    unit: str
    sign: str = ""


@cache  # a quote often serves several figures
def even(text: str) -> str:
    """Even out the spelling of a quote, and leave its figures alone."""
    text = text.lower()
    for pattern, replacement in _SPELLING:
        text = re.sub(pattern, replacement, text)  # type: ignore[call-overload]
    return _doses(text).strip()


@cache
def figures(text: str) -> tuple[Figure, ...]:
    """List the figures of a text with their units, ranges as ranges."""
    return tuple(
        Figure(
            *_ends(match),
            match["more"].strip().removeprefix("consecutive ").rstrip("s"),
            (match["sign"] or "").strip(),
        )
        for match in _FIGURE.finditer(even(text))
    )


def _ends(match: re.Match[str]) -> tuple[Decimal, Decimal]:
    """Return both ends of what was matched; a single number is both."""
    return Decimal(match["low"]), Decimal(match["high"] or match["low"])


@cache
def bare_numbers(text: str) -> frozenset[Decimal]:
    """List the numbers of a formula that is written as text: "(140 - age)" has 140."""
    return frozenset(Decimal(match["number"]) for match in _BARE.finditer(even(text)))


@cache
def shares(text: str) -> frozenset[tuple[Decimal, Decimal]]:
    """List the shares of a text in per cent, ranges as ranges."""
    return frozenset(map(_ends, _PERCENT.finditer(even(text))))


def quoted_figures(cites: Iterable[Cite]) -> set[Figure]:
    """Return the figures that are in the quote of some citations, without their comparators."""
    return {figure._replace(sign="") for cite in cites for figure in figures(cite.quote or "")}


def unquoted(text: str, quoted: set[Figure], *, without: tuple[str, ...] = ()) -> Iterator[str]:
    """List a text's figures with a unit that are not quoted, but for those in some units."""
    for figure in figures(text):
        if figure.unit not in ("", *without) and figure._replace(sign="") not in quoted:
            ends = dict.fromkeys(map(format_plain, (figure.low, figure.high)))
            yield f"{'-'.join(ends)} {figure.unit}"


def words(quote: str) -> int:
    """Count the words of a quote."""
    return len(quote.split())


def _has_rate(rate: Rate, quote: str) -> bool:
    """Tell whether a quote contains a rate: its amount without a comparator, and its time."""
    unit, text = f"{rate.unit}/{rate.basis}" if rate.basis else rate.unit, even(quote)
    return any(
        match["more"].strip() == unit
        and not match["sign"]
        and _same_ends(rate, match)
        and _is_timed(rate, match, text)
        for match in _FIGURE.finditer(text)
    )


def _same_ends(rate: Rate, match: re.Match[str]) -> bool:
    """Tell whether a rate is what was matched: a range, or an end of a fall "from 2 to 1 mg"."""
    low, high = _ends(match)
    if low > high:
        return rate.low == rate.high and rate.low in (low, high)
    return (low, high) == (rate.low, rate.high)


def _is_timed(rate: Rate, match: re.Match[str], text: str) -> bool:
    """Tell whether the time that goes with an amount is the rate's.

    It is the first that follows, or the last before where none follows. A course and a dose are
    named by the table's reading, so there no other time may follow at once.
    """
    after = text[match.end() :]
    if rate.per not in ("day", "week"):
        return _OTHER.match(after) is None
    times = [*_TIME.finditer(text[: match.start()])][-1:]
    time = _TIME.search(after) or (times[0] if times else None)
    return time is not None and (
        not time["many"] and (time["each"] or _WORDS[time["word"]]) == rate.per
    )


def _spellings(value: Value) -> Iterator[Figure]:
    """List the figures as which a value may be in a quote: 12 months are a year."""
    match value:
        case AmountRange(low=low, high=high, unit=unit):
            yield Figure(low, high, unit)
        case Interval(low=low, high=high, period=period):
            yield Figure(Decimal(low), Decimal(high), period)
            if period == "month" and low % 12 == high % 12 == 0:
                yield Figure(Decimal(low // 12), Decimal(high // 12), "year")
        case Concentration(value=number, unit=unit):
            yield Figure(number, number, f"{unit}/ml")
        case Duration(value=number, unit=unit) | InfusionRate(value=number, unit=unit):
            yield Figure(Decimal(number), Decimal(number), unit.lower())


def in_quote(value: Value, quote: str, counted: str | None = None) -> bool:
    """Tell whether a quote contains a value's figure, with its unit and its time.

    ``counted`` says what a bare count counts, "dose" or "week"; None takes either.
    """
    match value:
        case Coefficient():
            return value.value in bare_numbers(quote)
        case Percent():
            return (value.value, value.value) in shares(quote)
        case str():  # a code: whole, and as it is written
            return re.search(rf"(?<![\w.]){re.escape(value)}(?!\w|\.\w)", quote) is not None
        case Rate():
            return _has_rate(value, quote)
        case Amount():  # the edge of a band may be one end of a range
            return any(
                value.unit == figure.unit and value.value in (figure.low, figure.high)
                for figure in figures(quote)
            )
        case int():
            units = (counted,) if counted else ("dose", "week")
            return any(
                figure.low == figure.high == value and figure.unit in units
                for figure in figures(quote)
            )
        case Interval(low=1, high=1) if f"/{value.period}" in even(quote):
            return True
    spellings = set(_spellings(value))
    return any(figure in spellings for figure in figures(quote))
