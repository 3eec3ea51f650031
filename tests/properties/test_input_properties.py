"""Whatever is typed is answered or refused, and never ends in another error."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import dmcalc
from dmcalc.errors import PatientError, UnknownNameError
from dmcalc.patient import patient
from dmcalc.quantities.amount import Amount, AmountRange, Rate, read_amount
from dmcalc.quantities.bounds import WeightRange
from dmcalc.quantities.time import Interval, read_interval
from dmcalc.results.names import find_drug
from tests.properties.given import tried

TABLE = dmcalc.load_table().table
NAMES = {
    name
    for key, drug in TABLE.drugs.items()
    for name in (key, drug.name.lower(), *drug.aliases)
}  # fmt: skip

#: Signs that numbers and units are made of, with some that only look like them.
signs = st.text("0123456789.,-+ekgKGlbms²²/ \t\nµ٣３½\x00", max_size=12)
typed = signs | st.text(max_size=20)
quantities = st.from_regex(
    r"[0-9]{0,3}\.?[0-9]{0,3}(-[0-9.]{0,4})? ?"
    r"(mcg|mg|g|kg|days?|weeks?|m)(/(kg|m2|lb))?(/(day|dose))?",
    fullmatch=True,
)


@given(text=typed, confirm=st.booleans())
@example(text="70\n", confirm=False)
@example(text="1" * 5000, confirm=True)
@example(text="0." + "0" * 5000 + "1", confirm=True)
@example(text="\ud800", confirm=False)
def test_weight_is_plausible_or_refused(text, confirm):
    taken, refused = tried(
        lambda: patient.read(TABLE.limits, weight=text, confirm_weight=confirm), PatientError
    )
    if refused:
        assert refused.message
        assert refused.hint
    else:
        assert (1 if confirm else 30) <= taken.weight_kg <= (500 if confirm else 300)
        assert text.strip().isascii()


@given(text=typed)
def test_surface_is_plausible_or_refused(text):
    taken, refused = tried(lambda: patient.read(TABLE.limits, bsa=text), PatientError)
    if refused:
        assert refused.message
    else:
        assert 0.5 <= taken.bsa_m2 <= 4


@given(name=st.text(max_size=30) | st.text("prednisolmethyx ", max_size=20))
def test_name_is_one_of_the_table_or_refused(name):
    key, refused = tried(lambda: find_drug(TABLE, name), UnknownNameError)
    if refused:
        assert refused.message
    else:
        assert " ".join(name.lower().split()) in NAMES
        assert key in TABLE.drugs


@pytest.mark.parametrize("shape", [Rate, Amount, AmountRange, Interval, WeightRange])
@given(text=typed | quantities)
def test_quantity_is_read_whole_or_refused(shape, text):
    value, refused = tried(lambda: shape.parse(text), ValueError)
    if refused:
        assert str(refused)
    else:
        assert shape.parse(str(value)) == value


@pytest.mark.parametrize(("read", "part"), [(read_amount, "value"), (read_interval, "low")])
@given(text=typed | quantities)
def test_typed_quantity_is_read_or_refused(read, part, text):
    value, refused = tried(lambda: read(text), ValueError)
    if refused:
        assert str(refused)
    else:
        assert getattr(value, part) > 0
        assert text.strip().isascii()


@given(rate=st.from_regex(r"([1-9][0-9]?|0)\.[0-9]{0,2}[1-9] (mcg|mg|g)/day", fullmatch=True))
def test_unit_may_change_and_the_amount_may_not(rate):
    value = Rate.parse(rate)
    for unit in ("mcg", "mg", "g"):
        assert value.in_unit(unit).in_unit(value.unit) == value
