"""JSON: the whole result, as its document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.documents.fields import document
from dmcalc.documents.json import encode, visible

if TYPE_CHECKING:
    from dmcalc.formats.registry import Style
    from dmcalc.results.base import Result


def render(result: Result, style: Style) -> str:
    """Return the document, indented by 2."""
    return visible(encode(document(result), indent="\n")) + "\n"
