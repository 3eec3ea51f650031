"""CSV as in RFC 4180: a header, commas, quotes where needed, CRLF.

A cell is quoted by itself, and not by the library that writes whole rows: a batch renders a cell
that many rows share only once. A test holds the two to the same bytes.
"""

from dmcalc.formats.rows import SeparatedRows, bare


def cell(value: object) -> str:
    """Return a value, in quotes where it holds what parts cells or lines."""
    text = bare(value)
    if "," in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


_ROWS = SeparatedRows(",", "\r\n", cell)
render, header, line, joined = _ROWS.render, _ROWS.header, _ROWS.line, _ROWS.joined
