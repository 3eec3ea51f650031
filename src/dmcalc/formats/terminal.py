"""The page in a terminal: the lines of ``plain``, and colour that says nothing by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dmcalc.formats import plain

if TYPE_CHECKING:
    from dmcalc.formats.plain import Part, Role
    from dmcalc.pages.model import Page

BOLD, DIM, RED, YELLOW = "1", "2", "1;31", "33"
STYLES: dict[Role, str] = {"text": "", "strong": BOLD, "label": "", "quiet": DIM}
#: Words that stop a dose, and words that change one: each is coloured wherever it occurs.
STOPS = (
    "cannot be made up",
    "contradicts itself or the table",
    "never a daily dose",
    "never daily",
    "no tablet makes it",
    "not dispensable",
    "over the cap",
    "refused",
    "wrong frequency",
)
CHANGES = ("capped", "limited", "reduced", "rounded")
# As text: a page in a pipe compiles none.
_WORDS = rf"(?i)\b(?:(?P<stop>{'|'.join(STOPS)})|(?P<change>{'|'.join(CHANGES)}))\b"


def lay_out(page: Page, width: int) -> str:
    """Return a page in lines of at most ``width`` columns, with the codes of colours."""
    rows = ("".join(_coloured(part) for part in line).rstrip() for line in plain.lines(page, width))
    return "".join(f"{row}\n" for row in rows)


def _coloured(part: Part) -> str:
    text, style = part.text, STYLES[part.role]
    if part.role != "quiet":
        text = re.sub(_WORDS, lambda word: _word(word, style), text)
    body = text.rstrip(" ")  # no colour on what only fills a column
    return _in(style, body) + text[len(body) :]


def _word(word: re.Match[str], around: str) -> str:
    """Colour a word, and go on in the style around it."""
    again = f"\x1b[{around}m" if around else ""
    return _in(RED if word["stop"] else YELLOW, word[0]) + again


def _in(style: str, text: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if style and text else text
