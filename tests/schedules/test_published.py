"""Which schedules of a drug the table has: in their order, and which of them is meant."""

from __future__ import annotations

import pytest

from dmcalc.errors import UnknownNameError
from dmcalc.schedules.published import default_protocol, find_protocol, published_for
from dmcalc.table import load

TAPER = load().table.daily_tapers["hhe-2018"]


def schedules(*defaults):
    """Return tapers of prednisone, each the default or not, after one of another drug."""
    other = {"other": TAPER._replace(drug="ivig", default=True)}
    return {**other, **{f"t{n}": TAPER._replace(default=d) for n, d in enumerate(defaults)}}


@pytest.mark.parametrize(
    ("defaults", "key"),
    [
        ((False, False, False), "t0"),  # the first where none is marked
        ((True, False, False), "t0"),
        ((False, True, False), "t1"),
        ((False, False, True), "t2"),
    ],
)
def test_the_default_of_a_drug_is_the_one_that_is_marked(defaults, key):
    published = schedules(*defaults)
    assert published_for(published, "prednisone") == ["t0", "t1", "t2"]
    assert default_protocol(published, "prednisone") == key
    assert find_protocol(published, "prednisone", None) == key


def test_a_schedule_is_named_as_people_write_it_and_is_one_of_the_drug():
    published = schedules(False, True)
    assert find_protocol(published, "prednisone", " T0 ") == "t0"
    for name in ("other", "t2", ""):
        with pytest.raises(UnknownNameError, match="prednisone has no protocol") as error:
            find_protocol(published, "prednisone", name)
        assert error.value.hint == "Its protocols: t0, t1"
