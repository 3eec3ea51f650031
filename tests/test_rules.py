"""Rules for one patient: each holds in one case and just does not in another, and none loosens."""

from __future__ import annotations

import itertools
import shlex
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import dmcalc
from dmcalc import guideline, table
from dmcalc.dosing.adjustments import PatientRules
from dmcalc.dosing.dose import dose, prepare_doses, rules_for
from dmcalc.dosing.regimen import compute_regimen
from dmcalc.errors import DmcalcError, PatientError, RefusedError, UnknownNameError
from dmcalc.guideline.patient_rules import RuleCondition
from dmcalc.patient.clinical_context import ClinicalContext, with_context
from dmcalc.patient.inputs import PatientInput
from dmcalc.quantities.thresholds import FractionLeft, MeasureBand
from tests.ruled import under

LOADED, GUIDELINE = table.load(), guideline.load()
RULES = GUIDELINE.guideline.rules
CASES = yaml.load(Path(__file__).with_name("rules.yaml").read_text("utf-8"), yaml.CSafeLoader)


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


def known(patient=None, together=(), **said):
    """Return the rules for a patient, an adult of 70 kg, of whom that is said."""
    age = said.pop("age", None)
    who = patient or dmcalc.dose("rituximab", weight="70", age=age).patient
    said["condition"] = said.pop("conditions", None)
    facts = PatientInput(**said)
    return rules_for(with_context(LOADED, who, facts, together, GUIDELINE))


def doses_of(drug, **said):
    """Return the doses of one drug of 70 kg, named beside another, with what is said."""
    who = dmcalc.dose("rituximab", weight="70", age=said.get("age")).patient
    beside = "prednisone" if drug == "rituximab" else "rituximab"
    found = dose(LOADED, under(known(**said), who), [drug, beside], alternatives=True)
    return found._replace(rows=tuple(row for row in found.rows if row.drug == drug))


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
    rows = doses_of("cyclophosphamide", age="65").rows
    row = next(row for row in rows if row.regimen.endswith("pmc11646336-kg"))
    assert (row.low, row.high, row.unit) == (Decimal(700), Decimal(875), "mg")
    # and with a clearance of 30, which stands in neither column, at most 10 mg/kg: the lower dose
    rows = doses_of("cyclophosphamide", age="65", crcl="30").rows
    row = next(row for row in rows if row.regimen.endswith("pmc11646336-kg"))
    assert (row.low, row.high) == (Decimal(700), Decimal(700))


def test_a_pulse_is_never_above_what_its_source_gives_for_all():
    # 15 mg/kg of 120 kg is 1,800 mg, and at most 1.2 g a pulse
    who = dmcalc.dose("rituximab", weight="120", age="50").patient
    found = dose(LOADED, under(known(who), who), ["cyclophosphamide"], alternatives=True)
    row = next(row for row in found.rows if row.regimen.endswith("pmc11646336-kg"))
    assert (row.low, row.high, row.high_before) == (Decimal(1200), Decimal(1200), Decimal(1800))
    assert {rule.id for rule in row.rules if rule.decides} == {"cyclophosphamide-pulse-most"}


def test_a_refused_row_has_no_amounts_and_says_why():
    row = doses_of("azathioprine", taking=["febuxostat"]).rows[1]
    assert row.refused is True
    assert {row.low, row.high, row.daily_high, row.dispensed_low, row.products_low} == {None}
    assert "refused for this patient: Not with febuxostat" in row.text


def test_the_one_drug_that_is_named_is_refused_with_exit_code_5(call):
    done = call("dose", "methotrexate", "--condition", "pregnancy")
    assert (done.code, done.stdout) == (5, "")
    assert "contraindicated in pregnancy" in done.stderr.lower()
    assert "methotrexate-us-label" in done.stderr
    done = call("dose", "methotrexate", "rituximab", "--condition", "pregnancy", "--format", "json")
    assert done.code == 0
    assert [row["refused"] for row in done.json["rows"]] == [True, True, False, False]


def test_names_are_known_by_other_names_and_never_guessed():
    found = known(taking=("Rifampin", "ciclosporin", "cyclosporine A", "St. John's Wort")).context
    assert found.taking == ("rifampicin", "ciclosporin", "st-johns-wort")
    with pytest.raises(UnknownNameError, match="allopurinol"):
        known(taking=("alopurinol",))
    with pytest.raises(UnknownNameError, match="pregnancy"):
        known(conditions=("pregnant",))
    for said in ({"egfr": "450"}, {"crcl": "-1"}, {"egfr": "45 mg"}, {"creatinine": "80umol/L"}):
        with pytest.raises(PatientError):
            known(**said)


@pytest.mark.parametrize("enzyme", ["tpmt", "nudt15"])
@pytest.mark.parametrize("phenotype", ["ultra", "", "poor metaboliser", "1"])
def test_an_unknown_phenotype_is_never_dropped(enzyme, phenotype):
    # the full dose would be the answer for a patient who may have no enzyme at all
    with pytest.raises(UnknownNameError, match=f"{enzyme}"):
        dmcalc.dose("azathioprine", weight="70", **{enzyme: phenotype})


def test_a_child_has_no_rules_and_is_refused():
    child = dmcalc.dose("methotrexate", weight="28", age="9", bsa="1.02").patient
    with pytest.raises(PatientError, match="for adults"):
        known(child, taking=("allopurinol",))


def test_kidneys_from_creatinine_are_named_as_estimates(call):
    # (140 - 60) x 100 / (72 x 2) is 55.555...; in mL/min, so below 60 and not in 10 to 50
    command = "dose azathioprine --weight 100 --age 60 --sex male --creatinine 2mg/dL -f json"
    document = call(*shlex.split(command)).json
    assert document["circumstances"]["crcl_ml_min"] == Decimal("55.5555555555556")
    assert "crcl_ml_min" in document["circumstances"]["estimated"]
    told = [w["message"] for w in document["warnings"] if w["code"] == "estimated-kidneys"]
    assert any("55.6 mL/min" in text and "Cockcroft" in text for text in told)
    assert not {rule["id"] for row in document["rows"] for rule in row["rules"]} & {
        "azathioprine-crcl-10-50"
    }
    # what is given counts, and is no estimate
    document = call(*shlex.split(f"{command} --crcl 50.5")).json
    assert document["circumstances"]["crcl_ml_min"] == Decimal("50.5")
    assert "crcl_ml_min" not in document["circumstances"]["estimated"]
    assert "azathioprine-crcl-10-50" in {r["id"] for row in document["rows"] for r in row["rules"]}


def test_of_two_kidney_functions_the_lower_counts(call):
    # CKD-EPI 2021 of a man of 60 with 3 mg/dL: 142 x (3/0.9)^-1.2 x 0.9938^60 is about 23
    command = "dose methotrexate rituximab --age 60 --sex male --creatinine 3mg/dL --egfr 90"
    document = call(*shlex.split(command), "--format", "json").json
    assert document["rows"][0]["refused"] is True
    assert 22 < document["circumstances"]["egfr_ml_min_173m2"] < 24
    told = [w["message"] for w in document["warnings"] if w["code"] == "kidneys-disagree"]
    assert len(told) == 1
    assert "was given, 90, is above" in told[0]


def test_what_is_given_twice_a_day_is_checked_at_once(call):
    for order, verdict in (("2 g once daily", "over-cap"), ("1 g twice daily", "within")):
        found = call("check", "mycophenolate", order, "--egfr", "25", "-f", "json").json
        assert found["verdict"] == verdict
    text = call("dose", "mycophenolate", "--egfr", "25", "--field", "text", "-q").stdout
    assert text == "2 g by mouth daily in 2 doses, at most 1 g twice daily\n"


def test_a_refused_row_asks_for_nothing(call):
    command = "dose tacrolimus ciclosporin --weight 70 --planned --format json"
    codes = {w["code"] for w in call(*shlex.split(command)).json["warnings"]}
    assert codes & {"no-body-weight", "no-combination"} == set()


@pytest.mark.parametrize("said", ["", ",", " , "])
def test_a_list_that_names_nothing_is_a_slip(call, said):
    done = call("dose", "methotrexate", "--taking", said)
    assert (done.code, done.stdout) == (2, "")
    assert "--taking is empty" in done.stderr


def test_every_rule_says_whom_its_source_speaks_of():
    assert not [rule.id for rule in RULES.rules if not rule.population.strip()]


def test_what_cannot_be_looked_at_is_said(call):
    document = call(*shlex.split("dose azathioprine --weight 70 --egfr 45 -f json")).json
    told = [w for w in document["warnings"] if w["code"] == "rule-open"]
    assert [(w["drug"], w["source"]) for w in told] == [("azathioprine", "skyscape-azathioprine")]
    assert "One rule needs creatinine clearance; enter --crcl" in told[0]["message"]
    assert call(*shlex.split("dose azathioprine --weight 70 --egfr 45 --strict")).code == 6
    # who says nothing of the kidneys is not asked for them
    document = call(*shlex.split("dose azathioprine -w 70 --taking allopurinol -f json")).json
    assert not [w for w in document["warnings"] if w["code"] == "rule-open"]


def test_silence_of_the_rules_is_no_permission(call):
    command = "dose rituximab methotrexate --condition pregnancy,ild --format json"
    cautions = call(*shlex.split(command)).json["cautions"]
    said = [one["message"] for one in cautions if one["code"] == "no-rule"]
    assert said == [
        "No rule for rituximab with pregnancy in this table; this is not clearance to give it.",
        "No rule for rituximab with ild in this table; this is not clearance to give it.",
    ]


def test_planned_takes_the_named_drugs_together(call):
    command = "dose tacrolimus methylprednisolone --weight 70 --format json"
    alone = call(*shlex.split(command), "--condition", "ild").json["rows"]
    planned = call(*shlex.split(command), "--planned").json["rows"]
    both = call(*shlex.split("dose tacrolimus ciclosporin --weight 70 --planned -f json")).json
    assert [row["refused"] for row in both["rows"]] == [True, True]
    assert not any(
        rule["id"] == "tacrolimus-methylprednisolone" for r in alone for rule in r["rules"]
    )
    assert any(
        rule["id"] == "tacrolimus-methylprednisolone" for r in planned for rule in r["rules"]
    )


def test_without_anything_said_no_rule_is_asked_and_no_guide_is_read(call):
    document = call("dose", "azathioprine", "--weight", "70", "--format", "json").json
    assert (document["guide"], document["circumstances"]) == (None, None)
    assert {(row["refused"], tuple(row["rules"])) for row in document["rows"]} == {(None, ())}


def several(names):
    return st.lists(st.sampled_from(names), max_size=4).map(tuple)


SAID = st.fixed_dictionaries(
    {},
    optional={
        "taking": several([*RULES.taken, *LOADED.table.drugs]),
        "conditions": several(list(RULES.conditions)),
        "tpmt": st.sampled_from(["normal", "intermediate", "poor"]),
        "nudt15": st.sampled_from(["normal", "intermediate", "poor"]),
        "egfr": st.decimals("0", "150", places=1).map(str),
        "crcl": st.decimals("0", "150", places=1).map(str),
        "age": st.integers(18, 100).map(str),
    },
)


@settings(max_examples=150)
@given(SAID, st.sampled_from(list(LOADED.table.drugs)))
def test_no_rule_gives_more_than_there_was(said, drug):
    before = dmcalc.dose(drug, weight="70", alternatives=True).rows
    after = doses_of(drug, **said)
    # less is asked for, and no source says how much
    withheld = "no-dose-genotype" in {warning.code for warning in after.warnings}
    assert not withheld or "intermediate" in (said.get("tpmt"), said.get("nudt15"))
    for old, new in zip(before, after.rows, strict=True):
        refusing = any(rule.then == "refuse" for rule in new.rules)
        assert new.refused is refusing
        if refusing or withheld or old.low is None:
            assert (new.low, new.high, new.suggested) == (None, None, None)
            continue
        assert 0 < new.low <= old.low
        assert new.low <= new.high <= old.high


@pytest.mark.parametrize("drug", list(LOADED.table.drugs))
def test_every_pair_of_rules_on_one_drug_combines_to_the_stricter(drug):
    """Both alone give one dose each; together each end is the smaller of the two."""
    who = dmcalc.dose(drug, weight="70", bsa="1.8").patient
    ready = prepare_doses(LOADED, [drug], alternatives=True)
    own = [rule for rule in RULES.rules if drug in rule.drugs]

    def with_rules(rules):
        held = [rule._replace(when=RuleCondition(kidneys=True)) for rule in rules]
        guideline = GUIDELINE._replace(
            guideline=GUIDELINE.guideline._replace(rules=RULES._replace(rules=tuple(held)))
        )
        found = PatientRules(guideline, ClinicalContext(egfr=Fraction(60)))
        return [found.apply(one, compute_regimen(one, who), who).row for one in ready.regimens]

    for one, other in itertools.combinations(own, 2):
        alone, apart, both = with_rules([one]), with_rules([other]), with_rules([one, other])
        turned = with_rules([other, one])
        assert [(r.low, r.high, r.refused) for r in both] == [
            (r.low, r.high, r.refused) for r in turned
        ]
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
    band = MeasureBand.parse(text)
    assert str(band) == text
    assert all(band.holds(Fraction(value)) for value in inside)
    assert not any(band.holds(Fraction(value)) for value in outside)


@pytest.mark.parametrize("text", ["egfr 59-30", "egfr <30", "gfr < 30", "crcl 10 - 50", "1/1", "2"])
def test_bands_and_shares_are_written_in_one_way(text):
    for shape in (MeasureBand, FractionLeft):
        with pytest.raises(ValueError, match="not"):
            shape.parse(text)


def test_nothing_said_holds_nothing():
    assert not [rule.id for rule in RULES.rules if ClinicalContext().holds(rule.when)]


def test_a_refusal_is_an_error_of_its_own():
    assert issubclass(RefusedError, DmcalcError)
