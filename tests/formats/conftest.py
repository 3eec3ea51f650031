"""Schedules to render: of the table, made by hand, and of a table with hostile texts."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

import dmcalc
from dmcalc import guideline
from dmcalc.dispensing.stock import DispensedUnits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dmcalc.schedules.model import Step, TaperResult

FIRST = datetime.date(2026, 12, 1)
STRENGTHS = ("50", "20", "10", "5", "2.5", "1")
SCRIPT = "<script>alert('x')</script>"
#: What a table may hold and a page must show as text: markup, quotes, and what calendars escape.
HOSTILE = SCRIPT + " & \"quoted\" 'single' {{ 7 * 7 }} {% raw %} ]]> ; , \\n <!-- "
LONG = ("long text " * 50)[:500]


def handed(step: Step) -> tuple[DispensedUnits, ...]:
    """Return tablets for a step, the largest first: enough for a test."""
    left, found = step.low, []
    for strength in map(Decimal, STRENGTHS):
        if strength % 1 and not left % 1:
            continue
        count, left = divmod(left, strength)
        if count:
            found.append(DispensedUnits(strength, "mg", count))
    assert left == 0
    return tuple(found)


def counted(result: TaperResult) -> TaperResult:
    """Return a schedule with tablets on each step, and their sums."""
    steps = tuple(step._replace(products=handed(step)) for step in result.steps)
    sums: dict[Decimal, Decimal] = {}
    for step in steps:
        for one in step.products or ():
            sums[one.strength] = sums.get(one.strength, Decimal(0)) + one.count * (step.days or 0)
    products = tuple(DispensedUnits(strength, "mg", count) for strength, count in sums.items())
    return result._replace(steps=steps, totals=result.totals._replace(products=products))


@pytest.fixture
def hhe() -> TaperResult:
    """The default taper of 70 kg, from 1 December 2026."""
    return dmcalc.taper("prednisone", weight="70", severity="severe", start=FIRST)


@pytest.fixture
def tablets(hhe: TaperResult) -> TaperResult:
    """The same with tablets."""
    return counted(hhe)


@pytest.fixture
def unmade(hhe: TaperResult) -> TaperResult:
    """The same where no step can be made up with whole units."""
    return hhe._replace(steps=tuple(step._replace(products=None) for step in hhe.steps))


@pytest.fixture
def sixty(hhe: TaperResult) -> TaperResult:
    """A taper of 60 steps of a week each, with tablets."""
    week = datetime.timedelta(days=7)
    steps = []
    for number in range(60):
        start, dose = FIRST + number * week, Decimal(60 - number)
        steps.append(
            hhe.steps[0]._replace(
                step=number + 1,
                day=number * 7 + 1,
                days=7,
                week=number,
                low=dose,
                high=dose,
                daily_low=dose,
                daily_high=dose,
                start=start,
                end=start + week - datetime.timedelta(days=1),
            )
        )
    return counted(hhe._replace(steps=tuple(steps)))


@pytest.fixture(scope="session")
def hostile_table(bundled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A valid table in which prednisone, its taper, a note and a source have hostile texts."""

    def quoted(text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    text = bundled.read_text(encoding="utf-8")
    for old, new in (
        (
            "  prednisone:\n    name: Prednisone\n",
            f"  prednisone:\n    name: {quoted('Prednisone ' + HOSTILE)}\n",
        ),
        ("    name: Slow taper of a 2018 review\n", f"    name: {quoted(HOSTILE + LONG)}\n"),
        (
            "    ends: The source gives no end point and does not say",
            f"    ends: {quoted(HOSTILE + LONG)}\n#",
        ),
        (
            '    title: "A proposed prednisone taper, page 24 (also Hospital Healthcare Europe'
            ' 2018, page 196)"\n',
            f"    title: {quoted(HOSTILE + LONG)}\n",
        ),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path_factory.mktemp("hostile") / "table.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def hostile(hostile_table: Path) -> TaperResult:
    """The default taper of the hostile table."""
    table = dmcalc.load_table(str(hostile_table))
    guide = guideline.load()
    # it names the same work, so that its title is hostile there too
    works = {**guide.sources, "hhe-2018": table.table.sources["hhe-2018"]}
    guide = guide._replace(sources=works)
    taper = dmcalc.taper("prednisone", start_dose="60mg", start=FIRST, table=table, guide=guide)
    return counted(taper)


@pytest.fixture
def dated() -> Callable[..., TaperResult]:
    """Return a taper from 60 mg whose steps run over a date."""

    def dated(start: str, protocol: str = "hhe-2018") -> TaperResult:
        first = datetime.date.fromisoformat(start)
        return dmcalc.taper("prednisone", start_dose="60mg", protocol=protocol, start=first)

    return dated
