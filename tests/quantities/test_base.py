"""A quantity is not taken for a number, a tuple, or a quantity of another kind."""

from __future__ import annotations

import copy
import operator
import pickle
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import ClassVar, get_origin, get_type_hints

import pytest

from dmcalc.quantities import flow, thresholds  # noqa: F401 (each kind is to be found)
from dmcalc.quantities.amount import Amount, DoseRange, Rate
from dmcalc.quantities.base import Quantity
from dmcalc.quantities.bounds import HeightRange, WeightRange
from dmcalc.quantities.time import Interval

SRC = Path(__file__).parents[2] / "src"
_NAMES = {"Decimal": Decimal, "Fraction": Fraction}


def _kinds(of=Quantity):
    below = [kind for sub in of.__subclasses__() for kind in _kinds(sub)]
    return below or [of]


#: All that the table or the guideline writes; a dose of a patient is computed.
WRITTEN = [kind for kind in _kinds() if kind is not DoseRange]


def test_every_kind_of_quantity_that_can_be_written_is_tested_here():
    assert len(WRITTEN) == 21


@pytest.mark.parametrize("kind", _kinds())
def test_the_slots_are_the_parts_in_the_order_in_which_they_are_given(kind):
    hints = get_type_hints(kind)
    assert kind.__slots__ == tuple(n for n, t in hints.items() if get_origin(t) is not ClassVar)


@pytest.mark.parametrize(
    ("kind", "example"), [(kind, example) for kind in WRITTEN for example in kind.examples]
)
def test_an_example_is_read_written_and_built_as_it_is(kind, example):
    value = kind.parse(example)
    assert str(value) == example
    assert eval(repr(value), {kind.__name__: kind, **_NAMES}) == value
    assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == value
    assert hash(kind.parse(example)) == hash(value)
    assert not hasattr(value, "__dict__")


@pytest.mark.parametrize("kind", WRITTEN)
def test_what_is_no_quantity_is_refused_with_an_example(kind):
    with pytest.raises(ValueError, match="'1 stone' is not written like") as refusal:
        kind.parse("1 stone")
    assert all(repr(example) in str(refusal.value) for example in kind.examples)


@pytest.mark.parametrize(
    "compute",
    [
        operator.lt,
        operator.le,
        operator.gt,
        operator.ge,
        max,
        min,
        operator.add,
        operator.sub,
        lambda a, b: a * 2,
        lambda a, b: a[0],
        lambda a, b: [*a],
        lambda a, b: len(a),
        lambda a, b: sorted([a, b]),
        lambda a, b: sum([a, b]),
    ],
)
def test_amounts_in_two_units_cannot_be_computed_with(compute):
    with pytest.raises(TypeError):
        compute(Amount.parse("1 g"), Amount.parse("500 mg"))


def test_quantities_of_two_kinds_are_never_equal():
    weights, heights = WeightRange.parse("30-200 kg"), HeightRange.parse("30-200 cm")
    assert weights != heights
    assert len({weights, heights}) == 2
    assert Amount.parse("1 g") != (1, "g")


def test_quantities_are_equal_as_they_are_written():
    assert Rate.parse("1.50 mg/day") == Rate.parse("1.5 mg/day")
    assert Rate.parse("1.5 mg/day") != Rate.parse("1.5 mg/week")
    assert Amount.parse("1 g") != Amount.parse("1000 mg")


def test_a_quantity_cannot_be_changed():
    amount = Amount.parse("1 g")
    with pytest.raises(AttributeError):
        amount.unit = "mg"
    with pytest.raises(AttributeError):
        amount.other = 1
    assert str(amount) == "1 g"


def test_a_quantity_has_all_its_parts():
    with pytest.raises(ValueError, match="argument"):
        Interval(1, "day")


#: Lines that are valid code, and lines in each of which mypy must see a mistake.
ALLOWED = """
Amount.parse("1 g").value_in("mg") < Amount.parse("2 mg").value
Amount.parse("1 g") == Amount.parse("2 mg")
Rate.parse("1 mg/day").in_unit("g").low
"""
REFUSED = """
Amount.parse("1 g") < Amount.parse("2 mg")
Amount.parse("1 g") + Amount.parse("2 mg")
max(Amount.parse("1 g"), Amount.parse("2 mg"))
value, unit = Amount.parse("1 g")
[*Rate.parse("1 mg/day")]
Rate.parse("1 mg/day")[0]
WeightRange.parse("30-200 kg") == HeightRange.parse("30-200 cm")
Amount.parse("1 g") == Rate.parse("1 g/day")
Amount.parse("1 g").unit = "mg"
Amount("1", "g")
Amount(Decimal(1), "kg")
rate: Rate = Amount.parse("1 g")
"""


def test_mypy_refuses_to_mix_quantities(tmp_path):
    head = """
from decimal import Decimal
from dmcalc.quantities.amount import Amount, Rate
from dmcalc.quantities.bounds import HeightRange, WeightRange
"""
    file = tmp_path / "misuse.py"
    file.write_text(f"{head.strip()}\n{ALLOWED.strip()}\n{REFUSED.strip()}\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", file.name]
    cache = ["--cache-dir", str(SRC.parent / ".mypy_cache"), "--config-file="]
    done = subprocess.run(
        [*command, *cache],
        cwd=tmp_path,
        env={"MYPYPATH": str(SRC), "PATH": ""},
        capture_output=True,
        text=True,
    )
    wrong = {int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line}
    first = len(f"{head.strip()}\n{ALLOWED.strip()}".splitlines()) + 1
    assert wrong == {*range(first, first + len(REFUSED.strip().splitlines()))}, done.stdout
