from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.dosing.wording import dose_sentence, dose_text, posology_text
from dmcalc.quantities.amount import DoseRange, Rate
from dmcalc.quantities.time import Interval
from dmcalc.sources.cite import Cite
from dmcalc.table.model.drug import Regimen

D = Decimal
CITE = (Cite("a-source"),)


def rule(phase: str = "target", **parts: str | int) -> Regimen:
    """Return a regimen with its quantities written as in the table."""
    shapes = {"dose": Rate, "max": Rate}
    shapes |= dict.fromkeys(("days", "lasts", "every"), Interval)
    read = {k: shapes[k].parse(v) if k in shapes else v for k, v in parts.items()}
    return Regimen(phase=phase, cite=CITE, **read)


def ends(low: str, high: str) -> tuple[Decimal, Decimal]:
    return D(low), D(high)


@pytest.mark.parametrize(
    ("regimen", "text"),
    [
        (
            rule(dose="0.75-1 mg/kg/day", max="60-80 mg/day"),
            "0.75-1 mg/kg/day, max 60-80 mg/day",
        ),
        (rule(dose="1 g/day", days="3-5 days"), "1 g/day for 3-5 days"),
        (
            rule(dose="30 mg/kg/day", max="1 g/day", days="3 days"),
            "30 mg/kg/day, max 1 g/day for 3 days",
        ),
        (
            rule(dose="2 g/kg/course", days="2-5 days", every="4 weeks"),
            "2 g/kg/course over 2-5 days, every 4 weeks",
        ),
        (
            rule(dose="1-2 g/kg/course", days="2-5 days", every="4 weeks", from_week=16),
            "from week 16: 1-2 g/kg/course over 2-5 days, every 4 weeks",
        ),
        (rule(dose="1 g/dose", doses=2), "1 g/dose, 2 doses"),
        (rule(dose="1 g/dose", every="6 months"), "1 g/dose, every 6 months"),
        (rule(every="4-6 weeks", no_dose="None."), "no dose given, every 4-6 weeks"),
        (
            rule(dose="1 mg/kg/day", max="75 mg/day", lasts="6 weeks"),
            "1 mg/kg/day, max 75 mg/day, for 6 weeks",
        ),
    ],
)
def test_posology_as_the_source_gives_it(regimen, text):
    assert posology_text(regimen) == text


@pytest.mark.parametrize(
    ("regimen", "route", "amounts", "daily", "text"),
    [
        (
            rule(dose="0.75-1 mg/kg/day", max="60-80 mg/day"),
            "oral",
            ends("52.5", "70"),
            None,
            "52.5 to 70 mg by mouth daily",
        ),
        (
            rule(dose="20-25 mg/week"),
            "oral",
            ends("20", "25"),
            None,
            "20 to 25 mg by mouth once a week",
        ),
        (
            rule(dose="25 mg/week"),
            "subcutaneous",
            ends("25", "25"),
            None,
            "25 mg subcutaneously once a week",
        ),
        (
            rule(dose="1 g/day", days="3-5 days"),
            "intravenous",
            ends("1", "1"),
            None,
            "1 g intravenously daily for 3 to 5 days",
        ),
        (
            rule(dose="2 g/kg/course", days="2-5 days", every="4 weeks"),
            "intravenous",
            ends("140", "140"),
            ends("28", "70"),
            "140 g intravenously per course, divided over 2 to 5 days (28 to 70 g daily), "
            "every 4 weeks",
        ),
        (
            rule(dose="1-2 g/kg/course", days="2-5 days", every="4 weeks", from_week=16),
            "intravenous",
            ends("70", "140"),
            ends("14", "70"),
            "from week 16: 70 to 140 g intravenously per course, divided over 2 to 5 days "
            "(14 to 70 g daily), every 4 weeks",
        ),
        (
            rule(dose="1 g/dose", doses=2),
            "intravenous",
            ends("1", "1"),
            None,
            "1 g intravenously, 2 doses",
        ),
        (
            rule(dose="1 g/dose", doses=2, every="2 weeks"),
            "intravenous",
            ends("1", "1"),
            None,
            "1 g intravenously, 2 doses, 2 weeks apart",
        ),
        (
            rule(dose="1 g/dose", every="6 months"),
            "intravenous",
            ends("1", "1"),
            None,
            "1 g intravenously every 6 months",
        ),
        (
            rule(dose="10-15 mg/kg/dose", every="1 month", lasts="6-12 months"),
            "intravenous",
            ends("700", "1050"),
            None,
            "700 to 1,050 mg intravenously every month, for 6 to 12 months",
        ),
        (
            rule(every="4-6 weeks", no_dose="The source gives a schedule and no dose."),
            "intravenous",
            None,
            None,
            "no amount: the source gives a schedule and no dose, every 4 to 6 weeks",
        ),
        (
            rule(dose="0.5-1 g/m2/dose", every="1 month", lasts="6-12 months"),
            "intravenous",
            None,
            None,
            "no amount: what it is multiplied by is not known, every month, for 6 to 12 months",
        ),
    ],
)
def test_order_in_a_sentence(regimen, route, amounts, daily, text):
    amounts, daily = (ends and DoseRange(*ends, regimen.dose.unit) for ends in (amounts, daily))
    sentence = dose_sentence(regimen, route, amounts=amounts is not None)
    assert (dose_text(sentence, amounts, daily) if amounts else sentence) == text
