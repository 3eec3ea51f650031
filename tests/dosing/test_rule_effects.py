"""Which rules ask about a fact, and where a fraction stands in for a rule without a figure."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc import guideline
from dmcalc.dosing.adjustments import _asks, _facts
from dmcalc.dosing.paediatric import paediatric_notes
from dmcalc.dosing.rule_effects import gives_figure_for, left_by_rule, withholding_rules
from dmcalc.guideline.patient_rules import RuleCondition
from dmcalc.quantities import arithmetic
from dmcalc.quantities.amount import Rate
from dmcalc.quantities.thresholds import FractionLeft, MeasureBand

RULE = guideline.load().guideline.rules.rules[0]
POOR = ("poor",)


def rule(then="withhold", share=None, name="a", **when):
    return RULE._replace(id=name, then=then, share=share, max=None, when=RuleCondition(**when))


@pytest.mark.parametrize(
    ("share", "genes", "figure"),
    [
        ({"tpmt": POOR}, {"tpmt": POOR}, True),
        ({"nudt15": POOR}, {"nudt15": POOR}, True),
        ({"tpmt": POOR, "nudt15": POOR}, {"tpmt": POOR}, True),
        ({"tpmt": POOR, "nudt15": POOR}, {"nudt15": POOR}, True),
        ({"tpmt": POOR, "nudt15": POOR}, {"tpmt": POOR, "nudt15": POOR}, True),
        ({"tpmt": POOR}, {"nudt15": POOR}, False),
        ({"nudt15": POOR}, {"tpmt": POOR}, False),
        ({"tpmt": POOR}, {"tpmt": POOR, "nudt15": POOR}, False),
        ({"nudt15": POOR}, {"tpmt": POOR, "nudt15": POOR}, False),
        ({"taking": ("allopurinol",)}, {"tpmt": POOR}, False),
    ],
)
def test_a_fraction_for_the_same_genes_stands_in_for_a_rule_without_a_figure(share, genes, figure):
    withheld = rule(**genes)
    assert gives_figure_for(withheld, RuleCondition(**share)) is figure
    scaled = rule("scale", FractionLeft.parse("1/2"), "b", **share)
    assert withholding_rules((withheld, scaled)) == (set() if figure else {"a"})
    assert withholding_rules((withheld,)) == {"a"}
    assert withholding_rules((scaled,)) == set()


@pytest.mark.parametrize(
    ("when", "kind", "names", "asks"),
    [
        ({"kidneys": True}, "kidneys", (), True),
        ({"bands": (MeasureBand.parse("egfr < 30"),)}, "kidneys", (), True),
        ({"bands": (MeasureBand.parse("crcl < 30"),)}, "kidneys", (), True),
        ({"bands": (MeasureBand.parse("age > 70"),)}, "kidneys", (), False),
        ({"tpmt": POOR}, "tpmt", ("TPMT",), True),
        ({"tpmt": POOR}, "nudt15", ("NUDT15",), False),
        ({"nudt15": POOR}, "nudt15", ("NUDT15",), True),
        ({"taking": ("a",)}, "taking", ("a",), True),
        ({"taking": ("a",)}, "taking", ("b", "a"), True),
        ({"taking": ("a",)}, "taking", ("b",), False),
        ({"conditions": ("a",)}, "conditions", ("a",), True),
        ({"conditions": ("a",)}, "taking", ("a",), False),
        ({}, "taking", ("a",), False),
    ],
)
def test_a_rule_asks_about_a_fact_by_one_of_its_names(when, kind, names, asks):
    assert _asks(rule(**when), kind, names) is asks


def test_both_measures_of_the_kidneys_are_one_fact():
    bands = tuple(map(MeasureBand.parse, ("egfr < 30", "crcl < 30", "age > 70")))
    assert _facts(RuleCondition(bands=bands)) == {"kidneys", "age"}
    assert _facts(RuleCondition(tpmt=POOR, taking=("a",), conditions=("b",))) == {"tpmt", "a", "b"}
    assert _facts(RuleCondition(nudt15=POOR)) == {"nudt15"}


def test_a_rule_that_warns_alone_decides_no_dose(call):
    # 2 to 3 g daily; at most 1 g twice daily: the low end is as it was
    words = ("dose", "mycophenolate", "-w", "70", "--egfr", "20", "--taking", "azathioprine")
    (row,) = call(*words, "-f", "json").json["rows"]
    assert (row["low"], row["high"], row["unit"]) == (2, 2, "g")
    assert {rule["id"]: rule["decides"] for rule in row["rules"]} == {
        "mycophenolate-azathioprine": False,
        "mycophenolate-egfr-below-25": True,
        "mycophenolate-egfr-below-30": True,
    }


@pytest.mark.parametrize(
    ("most", "times", "per", "ends"),
    [
        ("1 g/dose", 2, "day", (2, 2)),
        ("1 g/dose", 2, "week", (2, 3)),  # its maximum is for another time
        ("2.5 g/day", None, "day", (2, Decimal("2.5"))),
        ("2.5 g/day", None, "dose", (2, 3)),
        (None, None, "day", (2, 3)),
        ("20 mg/kg/day", None, "day", (Decimal("1.4"), Decimal("1.4"))),
        ("20 mg/m2/day", None, "day", (2, 3)),  # the surface is not known
    ],
)
def test_what_a_maximum_leaves_of_2_to_3_g(person, most, times, per, ends):
    capping = rule("cap")._replace(max=most and Rate.parse(most), times=times)
    whole = (Decimal(2), Decimal(3))
    assert left_by_rule(arithmetic, capping, whole, ("g", per), person("70").size) == ends


@pytest.mark.parametrize("every", [True, False])
def test_what_a_child_has_no_dose_of_is_said_where_no_drug_was_named(loaded, every):
    notes = paediatric_notes(loaded.table, all_drugs=every, alternatives=False)
    assert ("no-juvenile-posology" in [note.code for note in notes]) is every


@pytest.mark.parametrize(
    ("capped", "source", "lowered"),
    [(True, "a", ("the cap of a",)), (True, None, ()), (False, "a", ()), (False, None, ())],
)
def test_a_cap_lowers_a_dose_where_it_changed_it_and_is_of_another_source(
    row, capped, source, lowered
):
    dose = row("prednisone.induction", weight="70")._replace(capped=capped, cap_source=source)
    assert dose.lowered_by == lowered
