"""A value as a document and as a row reads it: all its keys or those that are picked, in order."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from dmcalc.documents.fields import keys, line_keys, reader_of, record
from dmcalc.results.described import described_by


class Ends(NamedTuple):
    """Two ends; a column of each."""

    low: int
    high: int


class Shape:
    """What machines read of a dose: a word of Python has an underscore after it in the code."""

    drug: str
    class_: str
    total: int


@described_by(Shape)
class Dose(NamedTuple):
    """A dose that has more than machines read, and a key that is computed."""

    drug: str
    low: int
    high: int
    class_: str = "steroid"

    @property
    def total(self):
        """Both ends."""
        return self.low + self.high


DOSE = Dose("prednisone", 40, 60)
WHOLE = {"drug": "prednisone", "class": "steroid", "total": 100}


@pytest.mark.parametrize(
    ("picked", "read"),
    [
        (None, WHOLE),
        ({"total", "drug", "class"}, WHOLE),
        ({"total", "drug"}, {"drug": "prednisone", "total": 100}),
        ({"total"}, {"total": 100}),
        ({"class", "low"}, {"class": "steroid"}),  # what machines do not read is no key
        ({"high"}, {}),
        (set(), {}),
    ],
)
def test_keys_are_read_in_the_order_of_the_document_one_alone_too(picked, read):
    names, values = reader_of(Dose, picked if picked is None else frozenset(picked))
    assert list(zip(names, values(DOSE), strict=True)) == list(read.items())


def test_a_value_without_a_shape_is_read_by_its_fields():
    ends = Ends(1, 2)
    assert record(ends) == {"low": 1, "high": 2}
    for picked, values in ((("high",), (2,)), (("high", "low"), (1, 2)), ((), ())):
        assert reader_of(Ends, frozenset(picked))[1](ends) == values


def test_a_line_ends_with_the_codes_of_the_drug_that_it_names():
    assert keys(Dose) == ("drug", "class", "total")
    assert line_keys(Ends) == ("low", "high")
    named = line_keys(Ends, Dose)
    assert named[:5] == ("low", "high", "drug", "class", "total")
    assert named[5] == "atc"
