"""CSV as in RFC 4180: a header, commas, quotes where needed, CRLF."""

from dmcalc.formats.rows import SeparatedRows

_ROWS = SeparatedRows(",", "\r\n")
cell, raw_cell, line = _ROWS.cell, _ROWS.raw_cell, _ROWS.line
render, header, joined = _ROWS.render, _ROWS.header, _ROWS.joined
