"""TSV: a header, tabs, one line a row; a tab or line end inside a value becomes a space."""

from dmcalc.formats.rows import SeparatedRows, bare


def cell(value: object) -> str:
    """Return a value on one line, without a tab."""
    return " ".join(bare(value).split())


_ROWS = SeparatedRows("\t", "\n", cell)
render, header, line, joined = _ROWS.render, _ROWS.header, _ROWS.line, _ROWS.joined
