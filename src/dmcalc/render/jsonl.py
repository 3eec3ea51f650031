"""JSON lines: one row a line, each with what computed it and from which table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.render.json import encode
from dmcalc.render.rows import traced

if TYPE_CHECKING:
    from dmcalc.core.result import Result
    from dmcalc.render import Style


def render(result: Result, style: Style) -> str:
    """Return one JSON object a line."""
    return "".join(encode(row) + "\n" for row in traced(result))
