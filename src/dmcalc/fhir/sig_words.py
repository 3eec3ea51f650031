"""The words of a sig: its amounts, and what a label says that no order of ``check`` does."""

from __future__ import annotations

import re

from dmcalc.order.grammar import NUMBERS
from dmcalc.text.timing import MONTHS


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})(?![^ ,])", re.ASCII | re.IGNORECASE)


_FIGURE = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|0|[1-9][0-9]{0,5})(?:\.[0-9]{1,12})?"
_NUMBER = rf"(?:{_FIGURE}|{'|'.join(NUMBERS)})"
_UNIT = r"(?P<unit>tablets?|capsules?|vials?|milligrams?|micrograms?|grams?|mg|mcg|g|ml)"
_ARTICLE = r"(?:(?:the|these|those|your) )?"
AMOUNTS = tuple(
    _compiled(pattern)
    for pattern in (
        rf"(?P<word>{'|'.join(NUMBERS)}) ?\((?P<figure>{_FIGURE})\) ?{_UNIT}",
        rf"(?P<whole>[1-9][0-9]?) (?P<fraction>1/2) {_UNIT}",
        rf"(?P<whole>{_NUMBER}) and (?P<fraction>a half) {_UNIT}",
        rf"(?P<fraction>half|1/2)(?: an?)? {_UNIT}",
        rf"(?P<low>{_NUMBER}) to (?P<number>{_NUMBER}) ?{_UNIT}",
        rf"(?P<number>{_NUMBER}) ?{_UNIT}",
        rf"(?P<number>an?) {_UNIT}",
    )
)
_MONTH = "|".join(MONTHS)
#: What a label says and no order of ``check`` does: the slot that it fills, None where none.
WORDS: tuple[tuple[str | None, re.Pattern[str]], ...] = (
    (None, _compiled(r"take|inject|give|infuse|swallow|use|to be (?:taken|given|injected)|dose")),
    (None, _compiled(rf"(?:take {_ARTICLE}tablets )?(?:with|after|with or after) (?:food|meals?)")),
    ("route", _compiled(r"(?:by |via )?(?:the )?(?P<route>oral|subcutaneous|intravenous) route")),
    ("route", _compiled(r"by (?P<route>subcutaneous|intravenous) (?:injection|infusion)")),
    (
        "start",
        _compiled(
            rf"(?:starting|start|from|beginning)(?: on)? (?:(?P<month>{_MONTH}) "
            r"(?P<day>[0-3]?[0-9]), (?P<year>[0-9]{4}))"
        ),
    ),
    (
        "start",
        _compiled(
            rf"(?:starting|start|from|beginning)(?: on)? (?P<day>[0-3]?[0-9]) "
            rf"(?P<month>{_MONTH}) (?P<year>[0-9]{{4}})"
        ),
    ),
    (
        "start",
        _compiled(
            r"(?:starting|start|from|beginning)(?: on)? (?P<iso>[0-9]{4}-[0-9]{2}-"
            r"[0-9]{2})"
        ),
    ),
    (
        "clock",
        _compiled(
            r"(?:at (?:[01]?[0-9]|2[0-3]):[0-5][0-9]|in the (?:morning|evening)|"
            r"(?P<daily>(?:every|each) (?:morning|evening|night))|"
            r"at (?:night|bedtime|noon)|with breakfast)"
        ),
    ),
    ("single", _compiled(r"at once|immediately|as a single dose|single dose")),
)
STOP = _compiled(r"(?:and )?then stop|and stop")
THEN = _compiled(r"(?:and )?then|followed by")
SEPARATOR = re.compile(r"[.;](?=\s|$)|(?<=\s)[-–—](?=\s)|\s|\n")
WORD = re.compile(r"[^ ,]+|,")
