"""Does a threshold of the guideline, or the fraction that a rule leaves, stand in its quote?

Sources write these in words and signs that no figure of the drug table has.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import singledispatch

from dmcalc.quantities.base import Quantity, format_plain
from dmcalc.quantities.thresholds import (
    PERCENT_ABOVE,
    BodyCondition,
    DoseThreshold,
    FractionLeft,
    MeasureBand,
    ResultLimit,
)
from dmcalc.sources import quotes

#: What follows the number of a limit, by its unit. Of counts and enzymes pages leave the unit out.
_UNIT_ENDS = {
    PERCENT_ABOVE: r"% (?:above|rise)",
    "fL": r" ?f/?l\b",
    "g/L": r" ?g/l\b",
    "mL/min/1.73 m2": r" ?ml/min/1\.73 ?m2",
}
_PLAIN_END = r"(?![0-9.]*[0-9])(?! ?(?:%|g/l|f/?l|ml|mm))"
#: How sources write the condition of a body; ``{}`` is the number.
_CONDITIONS = {
    "bmi": (r"\bbmi ?> ?{}(?![.0-9])",),
    "height": (r"\b{} ?cm or over\b", r"\bunder {} ?cm\b"),
    "over ideal": (r"> ?{}% over\b",),
}
#: How sources write a fraction that is left, or what is taken away.
_FRACTIONS = {
    Fraction(1, 4): ("one quarter", "¼", "by 75%"),
    Fraction(1, 3): ("one third", "⅓"),
    Fraction(1, 2): ("by 50%", "up to 50%", "-50%", "half"),
    Fraction(3, 4): ("by 25%",),
    Fraction(1, 5): ("20%-",),
    Fraction(3, 10): ("(30%",),
    Fraction(4, 5): ("80% of",),
}


@singledispatch
def in_quote(value: Quantity, quote: str) -> bool:
    """Tell whether a quote contains a value, with its sign or the words for it."""
    return quotes.in_quote(value, quote)


@in_quote.register
def _dose_threshold(threshold: DoseThreshold, quote: str) -> bool:
    """A sign in the quote must not say another thing."""
    signs = ("", ">") if threshold.beyond else ("", "≥", ">=")
    return any(
        (figure.low, figure.high, figure.unit) == (threshold.low, threshold.high, threshold.unit)
        and figure.sign in signs
        for figure in quotes.figures(quote)
    )


@in_quote.register
def _result_limit(limit: ResultLimit, quote: str) -> bool:
    """Of "30% above", without a word for more, the rise is reached, not passed."""
    number, text = re.escape(format_plain(limit.value)), quote.lower()
    if limit.unit == "mmHg":
        number, ends = rf"(?:{number}/[0-9]+|[0-9]+/{number})", " ?mmhg"
    else:
        ends = _UNIT_ENDS.get(limit.unit, _PLAIN_END)
    if limit.beyond:
        sign = r"(?:< ?|less than )" if limit.sign == "<" else r"(?:> ?|greater than )"
        return bool(re.search(rf"{sign}{number} ?{ends}", text))
    bare = rf"(?<![0-9.<>≥])(?<![<>≥] )(?<!than ){number}{ends}"
    return bool(re.search(rf"(?:≥|>=) ?{number} ?{ends}|{bare}", text))


@in_quote.register
def _measure_band(band: MeasureBand, quote: str) -> bool:
    """Sources write bands in whole numbers; "< 29", of stages 4 and 5, is the band below 30."""
    text = _even_dashes(quote).replace(" ", "").replace("greaterthan", ">").replace("lessthan", "<")
    if band.last is not None:
        return f"{format_plain(band.value)}-{format_plain(band.last)}" in text
    side, before = band.sign[0], format_plain(band.value - 1)
    return any(f"{side}{number}" in text for number in (format_plain(band.value), before)) or (
        side == ">" and f"-{before}" in text
    )


@in_quote.register
def _body_condition(condition: BodyCondition, quote: str) -> bool:
    """The number is next to what it is of, and to its sign."""
    number = re.escape(format_plain(condition.value))
    ways = _CONDITIONS[condition.trait]
    return any(re.search(way.format(number), quote.lower()) for way in ways)


@in_quote.register
def _fraction_left(fraction: FractionLeft, quote: str) -> bool:
    """Both ends stand there, as words or in per cent."""
    text, ends = _even_dashes(quote), (fraction.low, fraction.high)
    return all(any(way in text for way in _FRACTIONS.get(end, ())) for end in ends)


def _even_dashes(quote: str) -> str:
    """Return a quote in small letters, with hyphens for all its dashes."""
    return re.sub(quotes.DASHES, "-", quote.lower())
