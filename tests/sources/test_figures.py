"""The walk over a table or a guideline: what stands where, and which citations are for it."""

from __future__ import annotations

from typing import NamedTuple

from dmcalc import guideline, table
from dmcalc.quantities.base import Quantity
from dmcalc.sources.cite import Cite
from dmcalc.sources.figures import citations, entries, parts_of
from dmcalc.table.figures import figures_of

CITE = Cite("work", "5 mg")


class Inner(NamedTuple):
    dose: str
    cite: tuple[Cite, ...] | None = (CITE,)


class Outer(NamedTuple):
    name: str
    inner: dict[str, Inner]
    levels: tuple[int, ...]
    cite: tuple[Cite, ...] = (CITE, CITE)


OUTER = Outer("outer", {"a": Inner("5 mg"), "b": Inner("6 mg", None)}, (1, 2))


def test_an_entry_has_what_stands_in_it_down_to_the_next_with_citations_of_its_own():
    outer, first, second = entries(OUTER)
    assert outer.path == ()
    assert outer.cites == (CITE, CITE)
    assert outer.values == [(("name",), "outer"), (("levels", 0), 1), (("levels", 1), 2)]
    assert (first.path, first.cites) == (("inner", "a"), (CITE,))
    assert first.values == [(("inner", "a", "dose"), "5 mg")]
    assert (second.path, second.cites) == (("inner", "b"), ())


def test_order_names_the_fields_that_come_first():
    (outer, *_) = entries(OUTER, order={Outer: ("levels",)})
    assert [path for path, _ in outer.values] == [("levels", 0), ("levels", 1), ("name",)]


def test_walk_enters_no_citation_and_nothing_that_it_stops_at():
    assert [path for path, _ in citations(OUTER, ("x",))] == [
        ("x", "inner", "a", "cite", 0),
        *(("x", "cite", 0), ("x", "cite", 1)),
    ]
    stopped = [path for path, _ in parts_of(OUTER, stop=lambda part: isinstance(part, dict))]
    assert ("inner",) in stopped
    assert ("inner", "a") not in stopped


def quantities(value):
    """Return the places of all quantities below a value, found without the walk."""
    if isinstance(value, Quantity):
        return {()}
    parts = value._asdict() if hasattr(value, "_asdict") else value
    parts = dict(enumerate(parts)) if isinstance(parts, tuple) else parts
    if not isinstance(parts, dict):
        return set()
    return {(key, *path) for key, part in parts.items() for path in quantities(part)}


def test_every_quantity_of_the_table_is_a_figure_but_for_those_that_need_no_source():
    loaded = table.load().table
    figures = {figure.path for figure in figures_of(loaded)}
    guards = {"limits", "growth"}
    unsourced = {path for path in quantities(loaded) if path[0] not in guards} - figures
    assert {path[-1] for path in unsourced} == {"hold_default", "until", "percent"}
    by_name = {path: part for path, part in parts_of(loaded) if path in unsourced}
    assert {str(by_name[path]) for path in unsourced if path[-1] == "until"} == {"0 mg"}
    assert {str(by_name[path]) for path in unsourced if path[-1] == "percent"} == {"100%"}


def test_every_quantity_of_the_guideline_stands_in_an_entry():
    loaded = guideline.load().guideline
    found = {path for entry in entries(loaded) for path, _ in entry.values}
    unsourced = quantities(loaded) - found
    assert {path[-1] for path in unsourced} == {"program_limits", "without_unit"}
