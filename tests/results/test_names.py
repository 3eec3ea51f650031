from __future__ import annotations

import pytest

from dmcalc.errors import ExitCode, UnknownNameError
from dmcalc.results.names import find_drug, find_drugs
from dmcalc.text.spelling import near

NAMES = {
    "prednisone": ["prednisone", "Prednisone", " PREDNISONE "],
    "prednisolone": ["prednisolone", "Prednisolone", " prednisolone "],
    "methylprednisolone": ["methylprednisolone", "Methylprednisolone"],
    "azathioprine": ["azathioprine"],
    "methotrexate": ["methotrexate"],
    "ivig": [
        "ivig",
        "IVIg",
        "immunoglobulin",
        "Intravenous Immunoglobulin",
        "intravenous  immunoglobulin",
        "immune globulin",
        "normal human immunoglobulin",
    ],
    "cyclophosphamide": ["cyclophosphamide"],
    "mycophenolate": ["mycophenolate", "mycophenolate mofetil", "mycophenolate-mofetil"],
    "ciclosporin": ["ciclosporin", "cyclosporine", "cyclosporin", "Cyclosporine A"],
    "tacrolimus": ["tacrolimus"],
    "rituximab": ["rituximab"],
}

UNKNOWN = [
    "",
    " ",
    "*",
    "pred",
    "prednis",
    "prednison",
    "prednisones",
    "methyl",
    "methylprednison",
    "methylprednisone",
    "aza",
    "immuno",
    "globulin",
    "ciclo",
    "rituxi",
    "prednisone.induction",
    "prednisone methotrexate",
    "prеdnisone",  # with a Cyrillic letter
    "first",
    "corticosteroids",
]


@pytest.mark.parametrize(("key", "name"), [(k, n) for k, names in NAMES.items() for n in names])
def test_name_or_alias_is_found(loaded, key, name):
    assert find_drug(loaded.table, name) == key


def test_every_drug_has_a_name_here(loaded):
    assert set(loaded.table.drugs) == set(NAMES)


@pytest.mark.parametrize("name", UNKNOWN)
def test_part_of_a_name_is_not_a_name(loaded, name):
    with pytest.raises(UnknownNameError, match="unknown drug") as caught:
        find_drug(loaded.table, name)
    assert repr(name) in caught.value.message
    assert caught.value.exit_code is ExitCode.UNKNOWN
    assert "dmcalc drugs" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "drug"),
    [
        ("prednison", "prednisone"),
        ("Prednisolon", "prednisolone"),
        (" methylprednisolon ", "methylprednisolone"),
    ],
)
def test_a_german_name_is_a_hint_at_its_own_drug_alone(loaded, name, drug):
    with pytest.raises(UnknownNameError, match=f"it is the name of {drug} in") as caught:
        find_drug(loaded.table, name)
    assert "like it" not in caught.value.message
    assert f"If {drug} is meant" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("prednisonne", "prednisone"),
        ("methotrexat", "methotrexate"),
        ("azathioprin", "azathioprine"),
        ("cyclosporine b", "cyclosporine"),
        ("rituximabe", "rituximab"),
        ("methylprednison", "methylprednisolone"),
    ],
)
def test_near_name_is_offered(loaded, name, offered):
    with pytest.raises(UnknownNameError, match=rf"like it: .*{offered}"):
        find_drug(loaded.table, name)


def test_far_name_offers_nothing(loaded):
    with pytest.raises(UnknownNameError) as caught:
        find_drug(loaded.table, "xyzzy")
    assert caught.value.message == "unknown drug 'xyzzy'"


def test_near_offers_three_at_most():
    known = ["aaaa1", "aaaa2", "aaaa3", "aaaa4", "zzzz"]
    offered = near("aaaa", known).removeprefix(" (like it: ").removesuffix(")").split(", ")
    assert len(offered) == 3
    assert set(offered) < set(known)


def test_several_drugs_come_once_in_the_order_given(loaded):
    asked = ["rituximab", "cyclosporine", "Prednisone", "ciclosporin", "rituximab"]
    assert find_drugs(loaded.table, asked) == ("rituximab", "ciclosporin", "prednisone")


def test_one_unknown_name_among_several_is_refused(loaded):
    with pytest.raises(UnknownNameError, match="'pred'"):
        find_drugs(loaded.table, ["rituximab", "pred"])
