"""A record is a named tuple in all that anybody asks of one."""

from __future__ import annotations

import copy
import pickle
from typing import Annotated, NamedTuple, get_type_hints

import pytest

from dmcalc.records import Record


class Plain(NamedTuple):
    """Two parts."""

    left: Annotated[int, "The left one."]
    right: Annotated[str | None, "The right one."] = None

    @property
    def both(self) -> str:
        return f"{self.left} {self.right}"


class Cheap(Record):
    """Two parts."""

    left: Annotated[int, "The left one."]
    right: Annotated[str | None, "The right one."] = None

    @property
    def both(self) -> str:
        return f"{self.left} {self.right}"


ASKED = {
    "fields": lambda kind: kind._fields,
    "defaults": lambda kind: kind._field_defaults,
    "types": lambda kind: get_type_hints(kind, include_extras=True),
    "bases": lambda kind: kind.__mro__[1:],
    "docstring": lambda kind: kind.__doc__,
    "module": lambda kind: kind.__module__,
    "positional": lambda kind: tuple(kind(1, "a")),
    "by name": lambda kind: tuple(kind(right="a", left=1)),
    "default": lambda kind: tuple(kind(1)),
    "property": lambda kind: kind(1, "a").both,
    "other values": lambda kind: tuple(kind(1)._replace(right="b")),
    "dictionary": lambda kind: kind(1)._asdict(),
    "made": lambda kind: tuple(kind._make([1, "a"])),
    "copied": lambda kind: tuple(copy.copy(kind(1))),
    "pickled": lambda kind: tuple(pickle.loads(pickle.dumps(kind(1, "a")))),
    "pickled as": lambda kind: type(pickle.loads(pickle.dumps(kind(1)))) is kind,
    "text": lambda kind: repr(kind(1, "a")).partition("(")[2],
    "matched": lambda kind: kind.__match_args__,
    "equal": lambda kind: kind(1) == (1, None),
    "hash": lambda kind: hash(kind(1)),
}


@pytest.mark.parametrize("asked", ASKED)
def test_a_record_answers_as_a_named_tuple(asked):
    assert ASKED[asked](Cheap) == ASKED[asked](Plain)


WRONG = {
    "one too few": lambda kind: kind(),
    "one too many": lambda kind: kind(1, "a", 2),
    "an unknown name": lambda kind: kind(1, middle=2),
    "twice": lambda kind: kind(1, left=1),
    "a changed part": lambda kind: setattr(kind(1), "left", 2),
    "an unknown other value": lambda kind: kind(1)._replace(middle=2),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_record_refuses_as_a_named_tuple(wrong):
    faults = []
    for kind in (Plain, Cheap):
        with pytest.raises((TypeError, ValueError, AttributeError)) as caught:
            WRONG[wrong](kind)
        faults.append((caught.type, str(caught.value).replace(kind.__name__, "")))
    assert faults[0] == faults[1]


@pytest.mark.parametrize("count", [0, 1, 9, 10, 60])
def test_a_record_of_any_number_of_fields_is_made_as_a_named_tuple(count):
    names = [f"part_{number}" for number in range(count)]
    fields = {"__annotations__": dict.fromkeys(names, int), "__module__": __name__}
    plain = NamedTuple("Sized", [(name, int) for name in names])
    cheap = type(Record)("Sized", (), fields)
    values = tuple(range(count))
    assert cheap(*values) == plain(*values) == values
    assert cheap(**dict(zip(names, values, strict=True))) == values
    assert cheap._make(values)._asdict() == plain(*values)._asdict()
    for wrong in (values[1:] if values else (1,), (*values, 1)):
        for made in ("__call__", "_make"):
            faults = []
            for kind in (plain, cheap):
                with pytest.raises(TypeError) as caught:
                    kind(*wrong) if made == "__call__" else kind._make(wrong)
                faults.append(str(caught.value))
            assert faults[0] == faults[1]
