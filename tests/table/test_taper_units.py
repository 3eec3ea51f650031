"""Amounts of a taper in different units are converted, or the table is refused."""

from __future__ import annotations

import pytest

import dmcalc
from dmcalc.errors import PatientError, TableError
from tests.table.editing import TEXT, edited

START = (
    '"prednisolone (or prednisone) 1 mg/kg up to 75 mg orally, daily in the morning for 6 weeks"}'
    "\n    bands"
)

DOSE_IN_G = (
    ("dose: 0.75-1 mg/kg/day", "dose: 0.00075-0.001 g/kg/day"),
    ("max: 60-80 mg/day", "max: 0.06-0.08 g/day"),
    (
        '          quote: "0.75–1 mg/kg/day (Max. 60–80 mg/day)"\n',
        '          quote: "0.00075–0.001 g/kg/day (Max. 0.06–0.08 g/day), 60–80 mg"\n',
    ),
)
CAP_IN_G = (
    ("    max: 75 mg\n", "    max: 0.075 g\n"),
    (START, START.replace("75 mg", "0.075 g")),
)
NOTE_IN_G = (
    ("at_or_above: 4 mg", "at_or_above: 0.004 g"),
    ("at_or_below: 6 mg", "at_or_below: 0.006 g"),
    ('"5–10 mg 1 mg decrease', '"0.004–0.006 g, 5–10 mg 1 mg decrease'),
)


@pytest.fixture
def steps(tmp_path):
    """Compute a taper from a changed table; None where the table is refused."""

    def compute(*changes, protocol, **who):
        path = tmp_path / "table.yaml"
        path.write_text(edited(*changes), encoding="utf-8")
        try:
            loaded = dmcalc.load_table(str(path))
        except TableError:
            return None
        return dmcalc.taper("prednisone", protocol=protocol, table=loaded, **who).steps

    return compute


def test_start_dose(steps):
    found = steps(*DOSE_IN_G, protocol="hhe-2018", weight="70", severity="severe")
    assert found is None or (found[0].low, found[0].unit) == (70, "mg")


def test_a_start_dose_by_the_body_surface_is_asked_for(steps):
    by_surface = (
        ("dose: 0.75-1 mg/kg/day", "dose: 0.75-1 mg/m2/day"),
        ('quote: "0.75–1 mg/kg/day (Max', 'quote: "0.75–1 mg/m2/day (Max'),
    )
    with pytest.raises(PatientError, match="by body surface area"):
        steps(*by_surface, protocol="hhe-2018", weight="70", severity="severe")


def test_cap(steps):
    found = steps(*CAP_IN_G, protocol="etg", weight="120", severity="severe")
    assert found is None or (found[0].low, found[0].unit) == (75, "mg")


def test_note_on_steps(steps):
    found = steps(*NOTE_IN_G, protocol="hhe-2018", start_dose="60mg")
    noted = None if found is None else [step.low for step in found if step.note]
    assert noted is None or noted == [5]


@pytest.mark.parametrize("changes", [DOSE_IN_G, CAP_IN_G, NOTE_IN_G])
def test_changes_are_still_changes(changes):
    assert edited(*changes) != TEXT
