"""The arguments in a receipt, as the verb that is called again takes them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

import pytest

from dmcalc.audit.receipt import StoredRequest
from dmcalc.audit.repeat import Verb, _arguments, _value
from dmcalc.audit.replay import _changed
from dmcalc.audit.rules import rules_of_table
from dmcalc.errors import FileError


@pytest.mark.parametrize(
    ("value", "kind", "taken"),
    [
        (True, bool, True),
        (False, bool, None),
        ("yes", bool, None),
        ("70kg", str | None, "70kg"),
        (Decimal("70.50"), str | None, "70.5"),
        ("70", str | int | Decimal | None, "70"),
        ("12", int | None, 12),
        (Decimal(12), int | None, 12),
        ("0", int | None, 0),
        ("999999", int | None, 999999),
        ("1000000", int | None, None),
        ("012", int | None, None),
        ("-1", int | None, None),
        ("mild", Literal["mild", "severe"] | None, "mild"),
        ("other", Literal["mild", "severe"] | None, None),
        (["a", "b"], Sequence[str] | str | None, ["a", "b"]),
        ("a", Sequence[str] | str | None, ["a"]),
        ([1], Sequence[str] | None, None),
        ({}, str | None, None),
    ],
)
def test_a_value_is_taken_as_its_keyword_has_it_or_refused(value, kind, taken):
    if taken is None:
        with pytest.raises(FileError, match="the request in the receipt cannot be repeated"):
            _value("key", value, kind)
    else:
        found = _value("key", value, kind)
        assert (found, type(found)) == (taken, type(taken))


@pytest.mark.parametrize(
    ("entered", "taken"),
    [
        ({"drug": "prednisone", "drugs": ["ivig"], "weight": "70"}, ["prednisone", "ivig"]),
        ({"drug": "prednisone"}, ["prednisone"]),
        ({"drugs": ["ivig"]}, None),
    ],
)
def test_a_request_without_its_drug_is_refused_and_without_more_drugs_is_not(entered, taken):
    verb, request = Verb(print, ("drug", "drugs"), {"weight": str}), StoredRequest("dose", entered)
    if taken is None:
        with pytest.raises(FileError, match="it has no 'drug'"):
            _arguments(request, verb)
    else:
        places, keywords = _arguments(request, verb)
        assert (places, keywords) == (taken, {k: v for k, v in entered.items() if k == "weight"})


def test_a_rule_that_came_since_the_receipt_is_listed(loaded):
    rule = next(rules_of_table(loaded.table))
    (came,) = _changed([], [rule], loaded, None)
    assert (came.drug, came.figure) == (rule.drug, rule.figure)
    assert (came.then, came.now) == (None, rule.value)
    assert came.sources == tuple(dict.fromkeys(cite.source for cite in rule.cites))
    assert came.sources_then == ()
