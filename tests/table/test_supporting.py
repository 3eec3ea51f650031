"""Which quotes a figure is in: of a cap each end may be in that of another source."""

from __future__ import annotations

import pytest

from dmcalc.quantities.amount import Rate
from dmcalc.quantities.flow import InfusionRate
from dmcalc.sources.cite import Cite
from dmcalc.table.figures import SourcedFigure, supporting

LOW, HIGH = Cite("a", "at most 60 mg/day"), Cite("b", "at most 80 mg/day")
BOTH, NONE = Cite("c", "60-80 mg/day"), Cite("d", "at most 70 mg/day")
UNQUOTED = Cite("e", None)


@pytest.mark.parametrize(
    ("key", "cites", "by"),
    [
        ("max", (LOW, HIGH), (LOW, HIGH)),
        ("max", (HIGH, NONE, LOW), (LOW, HIGH)),
        ("max", (LOW, UNQUOTED, HIGH), (LOW, HIGH)),
        # the whole of it in one quote is enough
        ("max", (LOW, HIGH, BOTH), (BOTH,)),
        ("max", (LOW,), ()),
        ("max", (HIGH, NONE), ()),
        ("max", (), ()),
        # one source that gives both ends apart does not give them as one cap
        ("max", (LOW, HIGH._replace(source="a")), ()),
        ("max", (LOW, LOW._replace(source="b"), HIGH), ()),
        # and of a dose the ends are of one source
        ("dose", (LOW, HIGH), ()),
        ("dose", (LOW, BOTH), (BOTH,)),
    ],
)
def test_a_cap_is_supported_by_a_quote_or_by_two_sources(key, cites, by):
    figure = SourcedFigure(("drugs", key), key, Rate.parse("60-80 mg/day"), cites)
    assert supporting(figure) == by


def test_the_most_of_an_infusion_is_in_one_quote():
    rate = InfusionRate.parse("50 mg/h")
    cite = Cite("a", "at 50 mg/h")
    for cites, by in (((cite, LOW), (cite,)), ((LOW,), ())):
        assert supporting(SourcedFigure(("ramps", "max"), "max", rate, cites)) == by


@pytest.mark.parametrize(
    ("key", "quote", "is_in"),
    [
        ("from_week", "from 4 weeks on", True),
        ("from_week", "4 doses", False),
        ("doses", "4 doses", True),
        ("doses", "4 weeks", False),
        ("doses", None, False),
    ],
)
def test_a_count_is_of_what_the_quote_counts(key, quote, is_in):
    cite = Cite("a", quote)
    by = supporting(SourcedFigure(("drugs", key), key, 4, (cite,)))
    assert by == ((cite,) if is_in else ())
