"""What a statement of ``dmcalc sql`` says of itself: its sources, and what it leaves out."""

from __future__ import annotations

import itertools
import re

import duckdb
import pytest

from dmcalc.columns.statement import CHANGING

from .test_statement import ALL, DRUGS, GUIDE, LOADED, asked


def comments(text):
    """Return the comments of a statement, each in one line."""
    lines = text.replace("\n--   ", " ").splitlines()
    return [line.removeprefix("-- ") for line in lines if line.startswith("-- ")]


@pytest.mark.parametrize("drug", DRUGS)
def test_each_posology_stands_in_its_statement_with_its_source(drug):
    """A dose that is the same for all is no less a figure than one by weight."""
    said = comments(asked(drug, given=ALL))
    for regimen in LOADED.table.drugs[drug].regimens:
        (at,) = (n for n, line in enumerate(said) if line.startswith(f"{drug}.{regimen.name}: "))
        sources = [f'{c.source}: "{c.quote}"' if c.quote else c.source for c in regimen.cite]
        assert said[at + 1 : at + 1 + len(sources)] == sources
    warning = [rule.id for rule in GUIDE.guideline.rules.of(drug) if rule.then not in CHANGING]
    assert not [rule for rule in warning if any(rule in line for line in said)]


def test_the_heading_says_what_a_statement_reads_and_what_it_leaves_out():
    given = ("taking_allopurinol", "tpmt")
    said = comments(asked("azathioprine", given=given, check=True, source="ward.data"))
    assert said[1].endswith(
        "azathioprine, the check of its orders, by amount in unit per per, for duckdb."
    )
    assert said[4:8] == [
        "options: --dialect duckdb --from ward.data --given taking_allopurinol,tpmt --check",
        "It reads ward.data: weight_kg, severity, amount, taking_allopurinol, tpmt.",
        "A weight has at most 3 decimals; outside its limits, and NULL, it gives no dose.",
        "Rules that only warn, whole units and the steps of tapers and titrations are not in it: "
        "dmcalc batch has them.",
    ]
    # each rule with its figure: a share of the dose, or none where the drug is refused
    assert "azathioprine-allopurinol-us: scale 1/4-1/3" in said
    assert "azathioprine-tpmt-poor: refuse" in said
    said = comments(asked("azathioprine"))
    assert said[1].endswith("azathioprine, its doses for duckdb.")
    assert said[4:6] == ["options: --dialect duckdb", "It reads patients: weight_kg, severity."]
    assert said[7] == "Rules that only warn and whole units are not in it: dmcalc batch has them."


def test_a_maximum_that_a_rule_sets_is_said_with_its_times_a_day():
    rules = [r for d in DRUGS for r in GUIDE.guideline.rules.of(d) if r.max and r.then in CHANGING]
    assert rules
    for rule in rules:
        times = f", {rule.times} times a day" if rule.times else ""
        said = comments(asked(rule.drugs[0], given=ALL))
        assert f"{rule.id}: {rule.then} {rule.max}{times}" in said


def test_a_comment_fills_lines_of_118_characters():
    """A quote can be read in the window of a query: no line is longer, but for one long word."""
    texts = [asked(drug, given=ALL, check=True) for drug in DRUGS]
    # names of tables that are longer and longer, so that words end at each character
    texts += [asked("rituximab", given=ALL, source=length * "t") for length in range(1, 30)]
    lines = "".join(texts).splitlines()
    comments = [line.removeprefix("-- ") for line in lines if line.startswith("-- ")]
    assert [line for line in comments if len(line) > 118 and " " in line.strip()] == []
    for line, after in itertools.pairwise(comments):
        if after.startswith("  "):
            word = after.split()[0]
            assert len(f"{line} {word}") > 118, f"{word} fits into the line before it"


def test_a_fact_is_read_with_the_figures_that_it_may_have_and_no_more():
    """One figure more, and a tenfold dose would be read; one decimal more, and it would be cut."""
    text = asked("prednisone", given=ALL, check=True)
    read = dict(re.findall(r"\(CAST\(t\.(\w+) AS VARCHAR\), '\^(.*?)\$'\)", text))
    other = "[0-9]{1,3}([.][0-9]{1,4}0*)?"
    assert read == {
        "weight_kg": "[0-9]{1,3}([.][0-9]{1,3}0*)?",
        "age_years": "[0-9]{1,3}([.]0+)?",
        **dict.fromkeys(("bsa_m2", "egfr_ml_min_173m2", "crcl_ml_min"), other),
        "amount": "[0-9]{1,9}([.][0-9]{1,6}0*)?",
    }
    kinds = dict(re.findall(r"TRY_CAST\(CAST\(t\.(\w+) AS VARCHAR\) AS (.*?\))", text))
    assert kinds == {
        **{"weight_kg": "DECIMAL(6, 3)", "age_years": "DECIMAL(3, 0)"},
        **dict.fromkeys(("bsa_m2", "egfr_ml_min_173m2", "crcl_ml_min"), "DECIMAL(7, 4)"),
        "amount": "DECIMAL(15, 6)",
    }


@pytest.mark.parametrize("check", [False, True])
def test_each_drug_has_columns_of_the_same_types(check):
    """Whoever puts the statements of several drugs together finds numbers under numbers."""
    amounts = {"low", "high", "cap_low", "cap_high", "suggested", "deviation"}
    source = "orders" if check else "patients"
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE {source} (weight_kg DECIMAL(6, 3), severity VARCHAR)")
        if check:
            engine.execute("ALTER TABLE orders ADD COLUMN amount DECIMAL(12, 6)")
        for drug in DRUGS:
            described = engine.execute(f"DESCRIBE {asked(drug, check=check)}").fetchall()
            kinds = {name: kind.partition("(")[0] for name, kind, *_ in described[2 + check :]}
            assert {name for name, kind in kinds.items() if kind == "DECIMAL"} == (
                amounts if check else amounts - {"deviation"}
            ), drug
            assert set(kinds.values()) == {"DECIMAL", "VARCHAR"}, drug
