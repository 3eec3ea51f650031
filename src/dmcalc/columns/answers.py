"""The SELECT of answers and that of rejects: formulas over what the row path says in words.

Their tables are the rows (``s``), the distinct questions but for their weights (``q``) and those of
``sheets.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from dmcalc.columns.asking import LINE, Asking, asked_rows, same_weight
from dmcalc.columns.sheet import AMOUNT, DOSE, PERCENT, TEXT, WEIGHT, WORD
from dmcalc.columns.standing import decisive, later, posology_terms
from dmcalc.columns.tree import Layers, Term, Tree
from dmcalc.errors import ExitCode, TableError

if TYPE_CHECKING:
    from dmcalc.columns.dialect import Dialect
    from dmcalc.columns.sheet import Sheet
    from dmcalc.columns.sheets import Sheets

TREE = Tree()
#: The decimals of a dose, and those of a weight in pounds.
DOSE_PLACES, WEIGHT_PLACES = 14, 12
DOSE_COLUMNS = {
    "weight_kg": WEIGHT,
    "severity": WORD,
    "drug": WORD,
    "regimen": WORD,
    "low": DOSE,
    "high": DOSE,
    "suggested": DOSE,
    "cap_low": DOSE,
    "cap_high": DOSE,
    "unit": WORD,
    "per": WORD,
    "rules": WORD,
    "not_checked": WORD,
    "warnings": WORD,
}
CHECK_COLUMNS = {
    "weight_kg": WEIGHT,
    "severity": WORD,
    "order_verdict": WORD,
    "drug": WORD,
    "regimen": WORD,
    "verdict": WORD,
    "code": WORD,
    "ordered": AMOUNT,
    "low": AMOUNT,
    "high": AMOUNT,
    "suggested": AMOUNT,
    "cap_low": AMOUNT,
    "cap_high": AMOUNT,
    "unit": WORD,
    "per": WORD,
    "deviation": AMOUNT,
    "deviation_percent": PERCENT,
    "matched": WORD,
    "protocol": WORD,
    "step": "BIGINT",
    "rules": WORD,
    "not_checked": WORD,
    "warnings": WORD,
}
_WIDTH = re.compile(r"DECIMAL\(([0-9]+), ([0-9]+)\)")
#: What is of the posology of a row, whoever the patient is.
_OF_LINE = ("drug", "regimen", "unit", "per", "cap_low", "cap_high", "rules")


def outcomes(asking: Asking, sheets: Sheets) -> str:
    """Write the count of rows answered, rejected, warned of, and of the rows of their answers."""
    reason = reason_of(sheets)
    if reason is None and not sheets.cases.some("warned") and sheets.counts[0] == 1:
        return (
            "SELECT sum(q.rows), 0, 0, sum(q.rows * a.lines) "
            "FROM asked AS q JOIN cases AS a ON a.a = q.a"
        )
    answered = f"{reason} IS NULL" if reason else "TRUE"
    return (
        f"SELECT count(*) FILTER (WHERE {answered}), count(*) FILTER (WHERE NOT ({answered})), "
        f"count(*) FILTER (WHERE {answered} AND (a.warned OR z.warns > 0)), "
        f"sum(a.lines) FILTER (WHERE {answered})\n{joined(asking, sheets)}\nWHERE {asking.rows}"
    )


def joined(asking: Asking, sheets: Sheets) -> str:
    """Write the rows with what is known of their cases, orders and weights."""
    tables = [
        f"FROM {asked_rows(asking)}",
        "JOIN cases AS a ON a.a = q.a",
        f"JOIN sizes AS z ON {same_weight(asking)}",
    ]
    if sheets.orders is not None:
        tables.append("JOIN orders AS o ON o.o = q.o")
    return "\n".join(tables)


def reason_of(sheets: Sheets) -> str | None:
    """Write the number of the reject of a row, NULL for an answer; None where no row has one."""
    cases, sizes, orders = sheets.cases, sheets.sizes, sheets.orders
    unsized: list[tuple[Sheet | None, str, Callable[[str], str]]] = [
        (cases, "weightless", "CASE WHEN z.kg IS NULL THEN {} END".format),
        (orders, "needs_both", "CASE WHEN z.kg IS NULL AND a.bsa IS NULL THEN {} END".format),
        (orders, "needs_kg", "CASE WHEN z.kg IS NULL AND a.bsa IS NOT NULL THEN {} END".format),
    ]
    ways = [
        (cases, "first", "{}".format),
        (orders, "first", "{}".format),
        (cases, "early", "{}".format),
        (sizes, "reject", "{}".format),
        (cases, "late", "{}".format),
        (sizes, "last", "{}".format),
        *(() if sizes.all("kg") else unsized),
        (orders, "needs_m2", "CASE WHEN z.kg IS NOT NULL AND a.bsa IS NULL THEN {} END".format),
        (cases, "last", "{}".format),
        (orders, "last", "{}".format),
    ]
    written = [
        when(f"{sheet.name}.{column}")
        for sheet, column, when in ways
        if sheet is not None and sheet.some(column)
    ]
    return f"COALESCE({', '.join(written)})" if written else None


def rejects(asking: Asking, sheets: Sheets) -> str:
    """Write the SELECT of the rows without an answer, and why there is none."""
    cells = ", ".join(_renamed(asking, asking.every))
    unread = (
        f"SELECT s.{asking.name(LINE)} AS line, '{int(ExitCode.TABLE_OR_FILE)}' AS code, "
        f"'The row cannot be read: ' || {asking.unread} || '.' AS reason, {cells} "
        f"FROM source AS s WHERE {f'{asking.unread} IS NOT NULL' if asking.faults else 'FALSE'}"
    )
    reason = reason_of(sheets)
    if reason is None:
        return unread
    return (
        f"SELECT s.{asking.name(LINE)} AS line, r.code, r.reason, {cells}\n"
        f"{joined(asking, sheets)}\nJOIN refusals AS r ON r.id = {reason}\n"
        f"WHERE {asking.rows}\nUNION ALL {unread}"
    )


def answers(asking: Asking, sheets: Sheets) -> str:
    """Write the SELECT of the answers: a row for each posology.

    Raise TableError where a number would be wider than the columns of an answer.
    """
    if not sheets.width:
        return _no_answer(asking)
    layers, tables, engine = Layers(), joined(asking, sheets), asking.dialect
    rows = [posology_terms(layers, sheets, mark) for mark in range(1, sheets.width + 1)]
    values = {f"kept_{number}": f"s.{asking.name(name)}" for number, name in enumerate(asking.kept)}
    values |= {"a": "a.a", "weight_kg": "z.weight_kg", "severity": "a.severity"}
    values |= {"not_checked": "a.not_checked", "weight_warns": "z.warns"}
    if sheets.orders is None:  # its rows are those of the lines already
        tables += "\nJOIN lines AS l ON l.a = a.a"
        values |= {name: f"l.{name}" for name in ("k", "points", "warns", *_OF_LINE)}
    else:
        values["order_verdict"] = engine.expression(decisive(sheets, rows))
        values["later"] = engine.expression(later(sheets, rows))
    if sheets.matches is not None:
        tables += f"\nLEFT JOIN matches AS m ON m.key = {sheets.match_key}"
        values["match_warns"] = "m.warns"
    for mark, row in enumerate(rows, 1):
        values |= {f"{name}_{mark}": engine.expression(term) for name, term in row.items()}
    reason = reason_of(sheets)
    where = asking.rows + (f" AND {reason} IS NULL" if reason else "")
    each = ",\n  ".join(f"{text} AS {name}" for name, text in values.items())
    inner = f"SELECT\n  {each}\n{tables}\n{laterals(engine, layers)}WHERE {where}"
    return _picked(asking, sheets, rows, inner)


def _no_answer(asking: Asking) -> str:
    """Write the SELECT of no answers, where no order can be read: its columns without a row."""
    columns = _renamed(asking, asking.kept)
    columns += [
        f"CAST(NULL AS {TEXT if kind == WORD else kind}) AS {name}"
        for name, kind in CHECK_COLUMNS.items()
    ]
    return f"SELECT {', '.join(columns)} FROM source AS s WHERE FALSE"


def _renamed(asking: Asking, names: dict[str, str]) -> list[str]:
    """Write columns of the input by the names that they get."""
    return [f"s.{asking.name(name)} AS {asking.name(new)}" for name, new in names.items()]


def laterals(engine: Dialect, layers: Layers) -> str:
    """Write layers, each as a row that joins those below it."""
    written = ""
    for name, terms in layers.layers:
        each = ",\n  ".join(f"{engine.expression(term)} AS {key}" for key, term in terms.items())
        written += f"CROSS JOIN LATERAL (SELECT\n  {each}\n) AS {name}\n"
    return written


def _picked(asking: Asking, sheets: Sheets, rows: list[dict[str, Term]], inner: str) -> str:
    """Write the columns of the answer, from the posology of each line."""
    check = sheets.orders is not None
    line = "l" if check else "t"

    def of_row(name: str) -> str:
        if name not in rows[0]:
            return "NULL"
        ways = [f"WHEN {mark} THEN t.{name}_{mark}" for mark in range(1, len(rows) + 1)]
        return f"t.{name}_1" if len(rows) == 1 else f"CASE {line}.k {' '.join(ways)} END"

    low, high, verdict = of_row("low"), of_row("high"), of_row("verdict")
    note = f"({line}.warns * {sheets.counts[0]} + t.weight_warns) * {sheets.counts[1]}"
    if sheets.matches is not None:
        note = f"{note} + COALESCE(t.match_warns, 0)"
    values = {name: f"{line}.{name}" for name in _OF_LINE}
    values |= {name: f"t.{name}" for name in ("weight_kg", "severity", "not_checked")}
    values |= {name: of_row(name) for name in CHECK_COLUMNS if name not in values}
    values |= {
        "suggested": f"CASE {line}.points WHEN 1 THEN {low} WHEN 2 THEN {high} END",
        "warnings": "n.warnings",
    }
    if check:
        values["order_verdict"] = "t.order_verdict"
        matched = f"CASE WHEN {verdict} = 'within' THEN {line}.phase END"
        values["matched"] = (
            f"COALESCE({of_row('matched')}, {matched})" if sheets.matches is not None else matched
        )
    columns = CHECK_COLUMNS if check else DOSE_COLUMNS
    written = [
        f"t.kept_{number} AS {asking.name(new)}" for number, new in enumerate(asking.kept.values())
    ]
    for name, kind in columns.items():
        for row in rows:
            if name in row:
                _fits(name, row[name], kind)
        text = values[name]
        if kind != WORD:
            text = f"CAST({text} AS {kind})"
        elif text == "NULL":
            text = f"CAST(NULL AS {TEXT})"
        written.append(f"{text} AS {name}")
    each = ",\n  ".join(written)
    query = f"SELECT\n  {each}\nFROM (\n{inner}\n) AS t\n"
    if check:
        query += "JOIN lines AS l ON l.a = t.a\n"
    of_later = "t.later" if check else "0"
    return f"{query}JOIN notes AS n ON n.id = ({note}) * 2 + {of_later}"


def _fits(name: str, term: Term, kind: str) -> None:
    """Raise TableError where a number may be wider than the column of an answer."""
    width = _WIDTH.fullmatch(kind)
    if width is None:
        return
    digits, places = int(width[1]), int(width[2])
    if term.places > places or term.digits - term.places > digits - places:
        raise TableError(
            f"{name} may have {term.digits} digits, {term.places} of them decimals, which is more "
            f"than {kind}",
            "Use ‹engine rows›.",
        )
