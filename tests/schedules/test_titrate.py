"""Ways up, worked out by hand from what their sources give."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from dmcalc import guideline
from dmcalc.dosing.adjustments import PatientRules
from dmcalc.errors import PatientError, UnknownNameError, UsageError
from dmcalc.guideline.patient_rules import Rule, RuleCondition
from dmcalc.patient.clinical_context import ClinicalContext
from dmcalc.patient.patient import read
from dmcalc.quantities.amount import read_amount
from dmcalc.quantities.thresholds import FractionLeft
from dmcalc.quantities.time import read_interval
from dmcalc.results.trace import recording
from dmcalc.schedules.titration import titrate
from dmcalc.schedules.titration_doses import TitrationChoices
from dmcalc.table import load
from tests.ruled import under

LOADED = load()
DRUGS = LOADED.table.drugs
BARE = {**DRUGS, "mycophenolate": DRUGS["mycophenolate"]._replace(products=())}
WITHOUT_PRODUCTS = LOADED._replace(table=LOADED.table._replace(drugs=BARE))


def up(drug, weight=None, **more):
    for name in ("start_dose", "target", "increase"):
        if name in more:
            more[name] = read_amount(more[name])
    for name in ("hold", "interval"):
        if name in more:
            more[name] = read_interval(more[name])
    supply = more.pop("supply", None)
    who = read(LOADED.table.limits, weight=weight, confirm_weight=True)
    return titrate(LOADED, who, drug, TitrationChoices(**more), supply)


def told(result):
    return " ".join(f"{step.high.normalize():f}:{step.days or 'open'}" for step in result.steps)


@pytest.mark.parametrize(
    ("drug", "weight", "more", "schedule"),
    [
        # 2 mg/kg is 140 mg, of which tablets of 25 to 100 mg make 150 mg inside 140 to 175 mg
        ("azathioprine", "70", {}, "50:14 100:14 150:open"),
        ("azathioprine", "70", {"start_dose": "100mg"}, "100:14 150:open"),
        ("azathioprine", "45.5", {}, "50:14 100:open"),  # 91 to 113.75 mg: not 150 mg
        ("azathioprine", "70", {"protocol": "nhs-dg-azathioprine"}, "50:42 150:open"),
        # from the reference's 50 mg by 0.5 mg/kg, 35 mg, rounded down: 85 to 75, 120 to 100 mg
        (
            "azathioprine",
            "70",
            {"protocol": "us-label-azathioprine"},
            "50:56 75:28 100:28 150:open",
        ),
        # the reference starts with 10 mg, the protocol with 15 mg where it is named
        ("methotrexate", None, {}, "10:28 15:28 20:open"),
        ("methotrexate", None, {"protocol": "nhs-dg-methotrexate"}, "15:28 20:open"),
        ("methotrexate", None, {"target": "25mg"}, "10:28 15:28 20:28 25:open"),
        ("methotrexate", None, {"target": "25mg", "increase": "10mg"}, "10:28 20:28 25:open"),
        # by 5 to 10 mg, both ends among it
        ("methotrexate", None, {"increase": "5mg"}, "10:28 15:28 20:open"),
        ("methotrexate", None, {"increase": "7.5mg"}, "10:28 17.5:28 20:open"),
        # from the target itself, and from the highest that there is
        ("methotrexate", None, {"start_dose": "20mg", "target": "20mg"}, "20:open"),
        ("methotrexate", None, {"start_dose": "25mg"}, "25:open"),
        (
            "methotrexate",
            None,
            {"protocol": "prometheus", "increase": "5mg", "interval": "2w"},
            "10:14 15:14 20:open",
        ),
        # twice 500 mg for the first two weeks; 1.5 and 2.5 g are no two equal doses of 500 mg
        ("mycophenolate", None, {}, "1:14 1:7 2:open"),
        ("mycophenolate", None, {"target": "3g"}, "1:14 1:7 2:7 2:7 3:open"),
        # by 0.5 mg/kg, 35 mg, to the label's 4 mg/kg, 280 mg: in two equal doses of capsules of 25,
        # 50 and 100 mg, 175 is 150, 210 and 245 are 200, and 280 is 250 mg
        ("ciclosporin", "70", {"interval": "2w"}, "150:28 200:14 200:14 250:open"),
    ],
)
def test_schedule(drug, weight, more, schedule):
    assert told(up(drug, weight, **more)) == schedule


@pytest.mark.parametrize("drug", ["azathioprine", "ciclosporin"])
@pytest.mark.parametrize("weight", ["45.5", "62.3", "70", "120"])
def test_never_above_the_maximum_and_always_whole_units(drug, weight):
    result = up(drug, weight, interval="2w") if drug == "ciclosporin" else up(drug, weight)
    most = {"azathioprine": Decimal("2.5"), "ciclosporin": Decimal(4)}[drug] * Decimal(weight)
    doses = [step.high for step in result.steps]
    assert doses == sorted(doses)
    assert doses[-1] <= most
    for step in result.steps:
        assert sum(p.strength * p.count for p in step.products) == step.high


def test_a_weekly_dose_is_counted_by_the_week():
    result = up("methotrexate", target="25mg")
    assert [step.per for step in result.steps] == ["week"] * 4
    assert result.totals.amount == 4 * 10 + 4 * 15 + 4 * 20
    assert [(p.strength, p.count) for p in result.totals.products] == [(Decimal("2.5"), 72)]


def test_the_tablets_of_many_weeks_are_those_of_each_week():
    # 10 mg are 4 tablets of 2.5 mg, once a week
    result = up("methotrexate", protocol="prometheus", increase="10mg", interval="8 weeks")
    assert told(result) == "10:56 20:open"
    assert result.totals.amount == 80
    assert [(p.strength, p.count) for p in result.totals.products] == [(Decimal("2.5"), 32)]
    # in ten days there are two, on the first and on the eighth
    ten = up("methotrexate", protocol="prometheus", increase="10mg", interval="10 days").totals
    assert (ten.amount, [p.count for p in ten.products]) == (20, [8])


@pytest.mark.parametrize(
    ("day", "first"), [("tuesday", "2026-12-01"), ("monday", "2026-12-07"), (None, "2026-12-01")]
)
def test_the_first_such_weekday(day, first):
    result = up("methotrexate", day=day, start=datetime.date(2026, 12, 1))  # a Tuesday
    assert str(result.steps[0].start) == first


@pytest.mark.parametrize(
    ("day", "following"), [("monday", "tuesday"), ("sunday", "monday"), (None, None)]
)
def test_folic_acid_is_on_the_day_after(day, following):
    other = up("methotrexate", day=day).day_after
    assert (other.name, other.low, other.high, other.unit) == ("Folic acid", 5, 5, "mg")
    assert (other.per, other.day) == ("week", following)
    assert other.sources == ("nhs-dg-methotrexate",)


def test_the_first_day_names_the_weekday():
    result = up("methotrexate", start=datetime.date(2026, 12, 1))  # a Tuesday
    assert (result.day, result.day_after.day) == ("tuesday", "wednesday")


def test_a_daily_drug_has_nothing_on_the_day_after():
    assert up("azathioprine", weight="70").day_after is None


def test_a_daily_drug_has_no_weekday():
    result = up("azathioprine", weight="70", start=datetime.date(2026, 12, 1))
    assert result.day is None
    assert result.steps[0].start == datetime.date(2026, 12, 1)


@pytest.mark.parametrize(("start_dose", "target"), [("20mg", "20mg"), ("25mg", None)])
def test_a_schedule_of_one_open_dose_has_no_total(start_dose, target):
    more = {"target": target} if target else {}
    totals = up("methotrexate", start_dose=start_dose, **more).totals
    assert (totals.days, totals.amount, totals.amount_low, totals.amount_high) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("drug", "weight", "more", "said"),
    [
        # 280 mg are no two equal doses of capsules; 250 mg are, within 2.5 to 5 mg/kg
        ("ciclosporin", "70", {"interval": "2w"}, "is the target of managedermatomyositis"),
        # 80 mg, the source's most, are no two equal doses; 50 mg are, and the low end of the target
        (
            *("ciclosporin", "20", {"interval": "2w", "target": "100mg"}),
            "is the target of managedermatomyositis",
        ),
        # 2 mg/kg of 150 kg are 300 mg, and the protocol ends at 150 mg
        ("azathioprine", "150", {}, "is below the target of managedermatomyositis"),
        ("azathioprine", "70", {"start_dose": "175mg"}, "is below the dose to be reached"),
        # 150 mg are 2 mg/kg of 75 kg, and so in the target, and 175 mg were to be reached
        ("azathioprine", "75", {"target": "175mg"}, "is below the dose to be reached"),
    ],
)
def test_where_a_titration_ends_is_said_by_its_last_dose(drug, weight, more, said):
    result = up(drug, weight, **more)
    assert result.ends.startswith(f"The last dose {said}")
    warned = [w.message for w in result.warnings if w.code == "below-target"]
    assert len(warned) == ("below" in said)
    assert all("edrheum-azathioprine goes no further" in message for message in warned)


def test_a_last_dose_that_units_make_only_below_the_target_says_so():
    # 88 mg, 4 mg/kg of 22 kg, are rounded down to twice 25 mg, and the target begins at 55 mg
    result = up("ciclosporin", "22", interval="2w", target="110mg")
    (message,) = (w.message for w in result.warnings if w.code == "below-target")
    assert "55 to 110 mg: no whole units make it" in message
    assert result.ends.startswith("The last dose is below the target of managedermatomyositis")


@pytest.mark.parametrize(
    ("protocol", "noted"),
    [
        # the reference starts with 50 mg: so does the first, and the second gives no start
        ("edrheum-azathioprine", []),
        ("us-label-azathioprine", []),
        # 1 mg/kg are 70 mg, with which this one starts where it is named
        ("nhs-dg-azathioprine", ["disagreement"]),
    ],
)
def test_another_start_dose_is_noted_where_there_is_one(protocol, noted):
    cautions = up("azathioprine", "70", protocol=protocol).cautions
    assert [note.kind for note in cautions if note.code == "protocol-start"] == noted


def test_a_weekday_past_the_last_date_is_refused():
    with pytest.raises(UsageError, match="past the last date"):  # a Friday
        up("methotrexate", day="monday", start=datetime.date(9999, 12, 31))


def test_a_start_dose_of_the_protocol_that_a_rule_scales_says_what_was_rounded():
    guide = guideline.load()
    when, third = RuleCondition(kidneys=True), FractionLeft.parse("1/3")
    cite = guide.guideline.rules.rules[0].cite
    rule = Rule(
        *("third", ("mycophenolate",), when, "scale", "Less.", "reduce", "All"), cite, share=third
    )
    rules = guide.guideline.rules._replace(rules=(rule,))
    guide = guide._replace(guideline=guide.guideline._replace(rules=rules))
    advice = PatientRules(guide, ClinicalContext(egfr=Fraction(60)))
    who = under(advice, read(LOADED.table.limits))
    with recording() as trace:
        result = titrate(WITHOUT_PRODUCTS, who, "mycophenolate", TitrationChoices())
    assert result.steps[0].low == Decimal("0.333333")  # a third of 500 mg twice daily
    start = [made for made in trace.roundings if made.what == "start dose"]
    assert [(m.before, m.after, m.by, m.unit, m.direction) for m in start] == [
        ("1/3", Decimal("0.333333"), "1/3000000", "g", "down")
    ]


def test_no_titration_ends_with_nothing():
    for key, titration in LOADED.table.titrations.items():
        if titration.every is not None:
            assert not up(titration.drug, "70", protocol=key).stops, key


@pytest.mark.parametrize(
    ("weight", "protocol", "target", "where"),
    [
        # 2 mg/kg of 63.7 kg are 127.4 mg, of 88 kg 176 mg: of 25 mg units 150 and 200 mg are next
        ("63.7", "nhs-dg-azathioprine", 150, "steps.1.low"),
        ("63.7", "us-label-azathioprine", 150, "steps.4.low"),
        # its listed doses end at 150 mg, so that no step is the target
        ("88", "edrheum-azathioprine", 200, None),
    ],
)
def test_a_target_that_units_make_is_noted_at_its_step(weight, protocol, target, where):
    with recording() as trace:
        result = up("azathioprine", weight, protocol=protocol)
    (noted,) = (made for made in trace.roundings if made.what == "target")
    assert (noted.after, noted.where) == (target, where)
    assert (result.steps[-1].high == target) is (where is not None)


# 4 to 6 weeks are 28 to 42 days
@pytest.mark.parametrize("days", [28, 29, 35, 41, 42])
def test_a_hold_inside_what_the_source_leaves_open_is_taken(days):
    result = up("azathioprine", "70", protocol="nhs-dg-azathioprine", hold=f"{days} days")
    assert result.steps[0].days == days


@pytest.mark.parametrize("days", [1, 27, 43, 56])
def test_a_hold_outside_what_the_source_leaves_open_is_refused(days):
    with pytest.raises(UsageError, match="outside what nhs-dg-azathioprine gives, 4-6 weeks"):
        up("azathioprine", "70", protocol="nhs-dg-azathioprine", hold=f"{days} days")


def test_a_cap_of_the_source_is_told():
    result = up("ciclosporin", "70", interval="2w", target="350mg")
    assert [w.code for w in result.warnings][:1] == ["protocol-cap"]
    assert result.steps[-1].high == 250  # 280 mg, in two equal doses
    # which is less than the source's most, and within 2.5 to 5 mg/kg
    assert result.ends.startswith("The last dose is the target of managedermatomyositis")


def test_a_target_at_the_maximum_of_the_source_is_not_over_it():
    # 2.5 mg/kg of 70 kg are 175 mg
    result = up("azathioprine", "70", protocol="us-label-azathioprine", target="175mg")
    assert "protocol-cap" not in {warning.code for warning in result.warnings}
    assert result.steps[-1].high == 175


def test_without_a_product_the_exact_doses_stand_alone():
    who = read(LOADED.table.limits)
    result = titrate(WITHOUT_PRODUCTS, who, "mycophenolate", TitrationChoices())
    assert [step.products for step in result.steps] == [None] * 3
    assert "no-product" in [c.code for c in result.cautions]


@pytest.mark.parametrize(
    ("error", "drug", "weight", "more"),
    [
        (PatientError, "azathioprine", None, {}),
        (UnknownNameError, "tacrolimus", "70", {}),
        (UnknownNameError, "azathioprine", "70", {"protocol": "edrheum"}),
        (UsageError, "methotrexate", None, {"protocol": "prometheus"}),
        (UsageError, "methotrexate", None, {"increase": "4.9mg"}),
        (UsageError, "methotrexate", None, {"increase": "10.1mg"}),
        (UsageError, "methotrexate", None, {"start_dose": "25.1mg"}),
        (UsageError, "methotrexate", None, {"target": "30mg"}),
        (UsageError, "azathioprine", "70", {"day": "monday"}),
        (UsageError, "ciclosporin", "70", {"interval": "2w", "hold": "2w"}),
    ],
)
def test_refused(error, drug, weight, more):
    with pytest.raises(error):
        up(drug, weight, **more)
