"""TSV: a header, tabs, one line a row; a tab or line end inside a value becomes a space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.render.rows import bare, header, traced

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.core.result import Result
    from dmcalc.render import Style


def render(result: Result, style: Style) -> str:
    """Return a header and one line a row."""
    lines = [_line(header(result)), *(_line(row.values()) for row in traced(result))]
    return "".join(lines)


def _line(values: Iterable[object]) -> str:
    return "\t".join(" ".join(bare(value).split()) for value in values) + "\n"
