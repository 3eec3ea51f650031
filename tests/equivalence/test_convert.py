"""Equivalents of glucocorticoids: exact ratios of what the sources call equivalent."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest

import dmcalc
from dmcalc.documents import fields
from dmcalc.errors import RefusedError, TableError, UnknownNameError, UsageError

D = Decimal
#: mg that the sources call equivalent, as they print them.
EQUAL = {
    "prednisolone": Fraction(5),
    "prednisone": Fraction(5),
    "methylprednisolone": Fraction(4),
    "triamcinolone": Fraction(4),
    "hydrocortisone": Fraction(20),
    "cortisone": Fraction(25),
    "dexamethasone": Fraction(3, 4),
    "betamethasone": Fraction(3, 4),
}


@pytest.mark.parametrize(
    ("amount", "given", "wanted", "expected"),
    [
        ("40mg", "prednisone", "methylprednisolone", "32"),
        ("20mg", "hydrocortisone", "prednisolone", "5"),
        ("5mg", "prednisolone", "hydrocortisone", "20"),
        ("5mg", "prednisolone", "dexamethasone", "0.75"),
        ("32mg", "methylprednisolone", "prednisone", "40"),
        ("750mcg", "dexamethasone", "prednisone", "5"),
        ("0.1g", "hydrocortisone", "prednisolone", "25"),
        ("7.5mg", "prednisone", "prednisolone", "7.5"),
        ("6mg", "betamethasone", "dexamethasone", "6"),
        ("12.5mg", "prednisone", "betamethasone", "1.875"),
        ("25mg", "cortisone", "prednisone", "5"),
        ("4mg", "triamcinolone", "prednisolone", "5"),
        ("30mg", "prednisone", "triamcinolone", "24"),
        ("20mg", "hydrocortisone", "cortisone", "25"),
        ("1mg", "cortisone", "dexamethasone", "0.03"),
    ],
)
def test_equivalents_by_hand(amount, given, wanted, expected):
    result = dmcalc.convert(amount, given, wanted)
    row = fields.rows(result)[0]
    assert (row["amount"], row["unit"], row["drug"]) == (D(expected), "mg", wanted)
    assert result.rounded == ()


def test_every_pair_is_the_ratio_of_the_printed_amounts():
    assert set(dmcalc.load_table().table.equivalence.drugs) == set(EQUAL)
    for given, one in EQUAL.items():
        for wanted, other in EQUAL.items():
            assert dmcalc.convert("3mg", given, wanted).exact == 3 * other / one


def test_what_has_no_end_is_rounded_once_and_said():
    result = dmcalc.convert("1mg", "dexamethasone", "prednisolone")
    row = fields.rows(result)[0]
    assert (row["amount"], row["exact"], row["factor"]) == (D("6.666667"), "20/3", "20/3")
    assert result.rounded == (
        "20/3 mg has no end as a decimal number: it is rounded half up to 6.666667 mg.",
    )


@pytest.mark.parametrize("name", ["cortisol", "Hydrocortisone", " HYDROCORTISONE "])
def test_a_drug_by_name_or_alias(name):
    assert dmcalc.convert("20mg", name, "prednisone").from_drug == "hydrocortisone"


@pytest.mark.parametrize("name", ["prednison", "methyl", "pred", "solone", "", "steroid"])
def test_no_part_of_a_name_is_one(name):
    with pytest.raises(UnknownNameError, match="unknown drug"):
        dmcalc.convert("20mg", "prednisone", name)


def test_a_near_name_is_offered_and_not_taken():
    with pytest.raises(UnknownNameError, match="like it: dexamethasone"):
        dmcalc.convert("20mg", "dexametasone", "prednisone")


def test_each_amount_stands_in_its_own_row_of_the_table_that_it_is_from():
    found = {}
    for key, drug in dmcalc.load_table().table.equivalence.drugs.items():
        quotes = [c.quote for c in drug.cite if c.source == "omics-equivalents"]
        rows = {n: v for q in quotes for n, v in re.findall(r"(\w+) \S+ \S+ [SIL] (\S+)", q)}
        if rows:
            found[key] = rows["Methyprednisolone" if key == "methylprednisolone" else drug.name]
            assert Fraction(found[key]) == EQUAL[key]
    assert len(found) == 5


def test_what_no_quote_holds_is_not_answered():
    with pytest.raises(UnknownNameError, match=r"no equivalent of deflazacort\. No source"):
        dmcalc.convert("20mg", "deflazacort", "prednisone")


@pytest.mark.parametrize("name", ["azathioprine", "cyclosporine", "Methotrexate", "ivig"])
def test_another_drug_of_the_table_has_no_equivalent(name):
    with pytest.raises(UnknownNameError, match="no equivalent of"):
        dmcalc.convert("20mg", "prednisone", name)


@pytest.mark.parametrize(
    ("amount", "given"),
    [
        ("1g", "methylprednisolone"),
        ("500mg", "methylprednisolone"),
        ("40mg", "dexamethasone"),
        # 40 mg of dexamethasone are 40 x 5 / 0.75 = 266.666... mg of prednisone
        ("266.667mg", "prednisone"),
        # and 213.333... of methylprednisolone, 1,066.666... of hydrocortisone
        ("213.334mg", "methylprednisolone"),
        ("1066.667mg", "hydrocortisone"),
        # 1,333.333... of cortisone, 213.333... of triamcinolone
        ("1333.334mg", "cortisone"),
        ("213.334mg", "triamcinolone"),
    ],
)
def test_a_pulse_is_refused(amount, given):
    for wanted in EQUAL:
        with pytest.raises(RefusedError, match="is a pulse") as raised:
            dmcalc.convert(amount, given, wanted)
        assert "No source" in raised.value.hint


@pytest.mark.parametrize(
    ("amount", "given"),
    [
        ("266.666mg", "prednisone"),
        ("213.333mg", "methylprednisolone"),
        ("39.999mg", "dexamethasone"),
    ],
)
def test_just_below_a_pulse_is_answered(amount, given):
    assert dmcalc.convert(amount, given, "prednisolone").amount > 266


@pytest.mark.parametrize("route", ["oral", "intravenous", " Oral "])
def test_the_routes_of_the_sources(route):
    result = dmcalc.convert("20mg", "hydrocortisone", "prednisolone", route=route)
    assert result.route == route.strip().lower()


@pytest.mark.parametrize(
    "route", ["topical", "intramuscular", "inhaled", "subcutaneous", "intra-articular", "iv", ""]
)
def test_any_other_route_is_refused(route):
    with pytest.raises(RefusedError, match="no source in the table gives equivalents for the"):
        dmcalc.convert("20mg", "hydrocortisone", "prednisolone", route=route)


@pytest.mark.parametrize("amount", ["40", "0mg", "-1mg", "forty mg", "40 tablets"])
def test_an_amount_has_a_unit_and_is_above_0(amount):
    with pytest.raises(UsageError):
        dmcalc.convert(amount, "prednisone", "prednisolone")


def test_next_to_nothing_is_refused():
    with pytest.raises(RefusedError, match="too little"):
        dmcalc.convert("0.001mcg", "hydrocortisone", "dexamethasone")


def test_the_limit_to_two_routes_has_its_own_quotes():
    (note,) = [n for n in dmcalc.load_table().table.equivalence.notes if n.code == "routes"]
    quotes = [cite.quote for cite in note.cite]
    assert "Equivalent doses apply only to oral or intravenous preparations" in quotes
    cautions = dmcalc.convert("4mg", "cortisone", "prednisone").cautions
    (message,) = [caution.message for caution in cautions if caution.code == "routes"]
    assert message.startswith("Equivalents hold only by mouth or intravenously, and by mouth")
    assert "Injected into a muscle or a joint the potencies may differ greatly" in message


def test_disagreements_of_sources_are_told_where_they_bear():
    def said(given, wanted):
        cautions = dmcalc.convert("4mg", given, wanted).cautions
        return {caution.code for caution in cautions if caution.kind == "disagreement"}

    assert said("prednisone", "methylprednisolone") == set()
    assert said("prednisone", "dexamethasone") == {"dexamethasone-disagreement"}
    both = {"dexamethasone-disagreement", "betamethasone-disagreement"}
    assert said("betamethasone", "dexamethasone") == both


def test_a_table_without_equivalents_says_so():
    loaded = dmcalc.load_table()
    without = loaded._replace(table=loaded.table._replace(equivalence=None))
    with pytest.raises(TableError, match="no equivalents"):
        dmcalc.convert("40mg", "prednisone", "prednisolone", table=without)
