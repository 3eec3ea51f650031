"""CSV as in RFC 4180: a header, commas, quotes where needed, CRLF."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from dmcalc.render.rows import bare, header, traced

if TYPE_CHECKING:
    from dmcalc.core.result import Result
    from dmcalc.render import Style


def render(result: Result, style: Style) -> str:
    """Return a header and one line a row."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header(result))
    writer.writerows([bare(value) for value in row.values()] for row in traced(result))
    return text.getvalue()
