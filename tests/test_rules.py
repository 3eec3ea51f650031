"""Rules for one patient: each holds in one case and just does not in another, and none loosens."""

from __future__ import annotations

import itertools
import shlex
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import dmcalc
from dmcalc import guide, table
from dmcalc.core import advice
from dmcalc.core.circumstances import Circumstances, read
from dmcalc.core.dose import doses, plan
from dmcalc.errors import DmcalcError, PatientError, RefusedError, UnknownNameError
from dmcalc.guide.rules import Band, Share

LOADED, BOOK = table.load(), guide.load()
RULES = BOOK.guide.rules
CASES = yaml.safe_load((Path(__file__).parent / "rules.yaml").read_text(encoding="utf-8"))


def test_every_rule_has_its_case():
    assert [case["rule"] for case in CASES] == [rule.id for rule in RULES.rules]


def ids(call, command):
    """Return the rules that hold, and the exit code; of a refusal the rules are those it quotes."""
    done = call(*shlex.split(command), "--format", "json")
    if done.code == 5:
        assert done.stdout == ""
        return {r.id for r in RULES.rules if r.then == "refuse" and r.text in done.stderr}, 5
    assert done.code == 0, done.stderr
    rows = done.json["rows"]
    assert rows
    return {rule["id"] for row in rows for rule in row["rules"]}, 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_a_rule_holds_and_just_does_not(call, case):
    rule = next(rule for rule in RULES.rules if rule.id == case["rule"])
    found, code = ids(call, case["holds"])
    assert rule.id in found
    assert (code == 5) == (rule.then == "refuse")
    assert rule.id not in ids(call, case["not"])[0]


def doses_of(drug, **said):
    """Return the doses of one drug of 70 kg with what is said of the patient."""
    who = dmcalc.dose(drug, weight="70").patient
    ready = plan(LOADED, [drug], alternatives=True)
    known = read(RULES, LOADED.table, **said)
    return advice.advised(ready, doses(ready, who), BOOK, known, [drug, "another"])


@pytest.mark.parametrize(
    ("drug", "said", "row", "low", "high"),
    [
        # 140 to 175 mg; a quarter to a third by one source, a quarter by the other: a quarter
        ("azathioprine", {"taking": ["allopurinol"]}, 1, "35", "43.75"),
        # three quarters of it, and a half
        ("azathioprine", {"crcl": "45"}, 1, "105", "131.25"),
        ("azathioprine", {"egfr": "20"}, 1, "70", "87.5"),
        # the stricter of two, not their product: a quarter and a half are a quarter
        ("azathioprine", {"taking": ["allopurinol"], "egfr": "20"}, 1, "35", "43.75"),
        # a fifth to a half
        ("azathioprine", {"tpmt": "intermediate", "nudt15": "intermediate"}, 1, "28", "87.5"),
        ("methotrexate", {"egfr": "59.9"}, 1, "10", "12.5"),
        # 2 to 3 g a day, at most 1 g twice daily
        ("mycophenolate", {"egfr": "29"}, 0, "2", "2"),
    ],
)
def test_doses_worked_out_by_hand(drug, said, row, low, high):
    found = doses_of(drug, **said).rows[row]
    assert (found.low, found.high) == (Decimal(low), Decimal(high))
    assert (found.low_before, found.high_before) != (found.low, found.high)
    assert found.refused is False


def test_a_pulse_by_age():
    # 10 to 15 mg/kg of 70 kg is 700 to 1,050 mg; at 65 years at most 12.5 mg/kg, 875 mg
    rows = doses_of("cyclophosphamide", age=65).rows
    row = next(row for row in rows if row.regimen.endswith("pmc11646336-kg"))
    assert (row.low, row.high, row.unit) == (Decimal(700), Decimal(875), "mg")


def test_a_refused_row_has_no_amounts_and_says_why():
    row = doses_of("azathioprine", taking=["febuxostat"]).rows[1]
    assert row.refused is True
    assert {row.low, row.high, row.daily_high, row.dispensed_low, row.products_low} == {None}
    assert "refused for this patient: Not with febuxostat" in row.text


def test_the_one_drug_that_is_named_is_refused_with_exit_code_5(run):
    done = run("dose", "methotrexate", "--condition", "pregnancy")
    assert (done.code, done.stdout) == (5, "")
    assert "contraindicated in pregnancy" in done.stderr.lower()
    assert "methotrexate-us-label" in done.stderr
    done = run("dose", "methotrexate", "rituximab", "--condition", "pregnancy", "--format", "json")
    assert done.code == 0
    assert [row["refused"] for row in done.json["rows"]] == [True, True, False, False]


def test_names_are_known_by_other_names_and_never_guessed():
    known = read(RULES, LOADED.table, taking=["Rifampin", "ciclosporin", "cyclosporine A"])
    assert known.taking == ("rifampicin", "cyp3a4-inducer", "ciclosporin")
    with pytest.raises(UnknownNameError, match="allopurinol"):
        read(RULES, LOADED.table, taking=["alopurinol"])
    with pytest.raises(UnknownNameError, match="pregnancy"):
        read(RULES, LOADED.table, conditions=["pregnant"])
    for said in ({"egfr": "450"}, {"crcl": "-1"}, {"egfr": "45 mg"}):
        with pytest.raises(PatientError):
            read(RULES, LOADED.table, **said)


def test_planned_takes_the_named_drugs_together(call):
    command = "dose tacrolimus methylprednisolone --weight 70 --format json"
    alone = call(*shlex.split(command), "--condition", "ild").json["rows"]
    planned = call(*shlex.split(command), "--planned").json["rows"]
    assert not any(
        rule["id"] == "tacrolimus-methylprednisolone" for r in alone for rule in r["rules"]
    )
    assert any(
        rule["id"] == "tacrolimus-methylprednisolone" for r in planned for rule in r["rules"]
    )


def test_without_anything_said_no_rule_is_asked_and_no_guide_is_read(call):
    document = call("dose", "azathioprine", "--weight", "70", "--format", "json").json
    assert document["rules_from"] is None
    assert {(row["refused"], tuple(row["rules"])) for row in document["rows"]} == {(None, ())}


SAID = st.fixed_dictionaries(
    {},
    optional={
        "taking": st.lists(st.sampled_from([*RULES.taken, *LOADED.table.drugs]), max_size=4),
        "conditions": st.lists(st.sampled_from(list(RULES.conditions)), max_size=4),
        "tpmt": st.sampled_from(["normal", "intermediate", "poor"]),
        "nudt15": st.sampled_from(["normal", "intermediate", "poor"]),
        "egfr": st.decimals("0", "150", places=1).map(str),
        "crcl": st.decimals("0", "150", places=1).map(str),
        "age": st.integers(18, 100),
    },
)


@settings(max_examples=150)
@given(SAID, st.sampled_from(list(LOADED.table.drugs)))
def test_no_rule_gives_more_than_there_was(said, drug):
    before = dmcalc.dose(drug, weight="70", alternatives=True).rows
    for old, new in zip(before, doses_of(drug, **said).rows, strict=True):
        refusing = any(rule.then == "refuse" for rule in new.rules)
        assert new.refused is refusing
        if refusing or old.low is None:
            assert new.low is None
            continue
        assert 0 < new.low <= old.low
        assert new.low <= new.high <= old.high


@pytest.mark.parametrize("drug", list(LOADED.table.drugs))
def test_every_pair_of_rules_on_one_drug_combines_to_the_stricter(drug):
    """Both alone give one dose each; together each end is the smaller of the two."""
    who = dmcalc.dose(drug, weight="70").patient
    ready = plan(LOADED, [drug], alternatives=True)
    own = [rule for rule in RULES.rules if drug in rule.drugs]

    def with_rules(rules):
        return [
            advice._applied(prepared, row, tuple(rules), who).row
            for prepared, row in zip(ready.regimens, doses(ready, who).rows, strict=True)
        ]

    for one, other in itertools.combinations(own, 2):
        alone, apart, both = with_rules([one]), with_rules([other]), with_rules([one, other])
        assert both == [
            row._replace(rules=both[n].rules) for n, row in enumerate(with_rules([other, one]))
        ] or {one.then, other.then} == {"refuse"}
        for a, b, c in zip(alone, apart, both, strict=True):
            assert c.refused == (a.refused or b.refused)
            assert {rule.id for rule in c.rules} == {one.id, other.id}
            if c.low is not None:
                assert (c.low, c.high) == (min(a.low, b.low), min(a.high, b.high))


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("egfr 30-59", ("30", "59.99"), ("29.99", "60")),
        ("crcl < 10", ("0", "9.99"), ("10",)),
        ("crcl <= 30", ("30",), ("30.01",)),
        ("age >= 71", ("71",), ("70",)),
        ("age > 70", ("71",), ("70",)),
    ],
)
def test_a_band_at_its_edges(text, inside, outside):
    band = Band.parse(text)
    assert str(band) == text
    assert all(band.holds(Decimal(value)) for value in inside)
    assert not any(band.holds(Decimal(value)) for value in outside)


@pytest.mark.parametrize("text", ["egfr 59-30", "egfr <30", "gfr < 30", "crcl 10 - 50", "1/1", "2"])
def test_bands_and_shares_are_written_in_one_way(text):
    for shape in (Band, Share):
        with pytest.raises(ValueError, match="not"):
            shape.parse(text)


def test_nothing_said_holds_nothing():
    assert not any(Circumstances().holds(rule.when) for rule in RULES.rules)


def test_a_refusal_is_an_error_of_its_own():
    assert issubclass(RefusedError, DmcalcError)
