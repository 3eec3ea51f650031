"""TSV: a header, tabs, one line a row; a tab or line end inside a value becomes a space.

A reader that knows quotes would take a bare one for the begin of a cell that ends rows later.
"""

from dmcalc.formats.rows import SeparatedRows, bare


def cell(value: object) -> str:
    """Return a value on one line, without a tab; one that holds a quote is quoted."""
    text = " ".join(bare(value).split())
    return '"' + text.replace('"', '""') + '"' if '"' in text else text


_ROWS = SeparatedRows("\t", "\n", cell)
render, header, line, joined = _ROWS.render, _ROWS.header, _ROWS.line, _ROWS.joined
