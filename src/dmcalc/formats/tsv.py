"""TSV: as CSV, but with tabs between the cells and a bare line end."""

from dmcalc.formats.rows import SeparatedRows

_ROWS = SeparatedRows("\t", "\n")
cell, raw_cell, line = _ROWS.cell, _ROWS.raw_cell, _ROWS.line
render, header, joined = _ROWS.render, _ROWS.header, _ROWS.joined
