"""Steps of our own as JSON and CSV, and an order in words with what is dispensed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.errors import UsageError
from dmcalc.fhir.own_files import verify_schedule, verify_table
from dmcalc.fhir.sig_order import verify_sig

STEP = {
    **{"step": 1, "days": 7, "start": "2026-12-01", "end": "2026-12-07", "unit": "mg"},
    **{"per": "day", "low": 40, "high": 40, "alternate": None},
}


def schedule(verifier, *steps, **document):
    """Verify steps of a taper, each the first with changes; return codes with places, and steps."""
    whole = {"schema": "dmcalc.taper/1", "drug": "prednisone", "totals": {}, **document}
    whole["steps"] = [{**STEP, **step} for step in steps]
    order = verify_schedule(whole, verifier)
    found = [(f.code, f.pointer) for f in order.findings if f.severity in ("error", "unclear")]
    return found, order


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ({}, []),
        ({"low": 0}, []),
        ({"low": Decimal("-0.1")}, [("wrong-type", "/steps/0/low")]),
        ({"low": True}, [("wrong-type", "/steps/0/low")]),
        ({"high": "40"}, [("wrong-type", "/steps/0/high")]),
        ({"unit": "zorkmid"}, [("not-understood", "/steps/0/unit")] * 2),
        ({"unit": 7}, [("not-understood", "/steps/0/unit")] * 2),
        ({"start": "2026-13-01"}, [("wrong-type", "/steps/0/start")]),
        ({"end": 20261207}, [("wrong-type", "/steps/0/end")]),
        ({"end": "2026-11-30"}, [("bounds-reversed", "/steps/0/end")]),
        ({"end": "2026-12-01", "days": 1}, []),
        ({"end": "2026-12-08"}, [("timing-invalid", "/steps/0/days")]),
        ({"start": None, "end": "2026-12-07"}, []),
        ({"days": 0}, [("wrong-type", "/steps/0/days")]),
    ],
    ids=str,
)
def test_a_value_of_a_step_that_is_none_is_found_at_its_place(verifier, step, found):
    listed, _ = schedule(verifier, step)
    assert [one for one in listed if one[0] != "not-structured"] == found


def test_what_is_wrong_in_a_step_is_called_by_its_key(verifier):
    _, order = schedule(verifier, {"low": True, "start": "soon", "days": 0})
    assert [f.message for f in order.findings if f.code == "wrong-type"] == [
        "start is a date, such as 2026-12-01",
        "low is a number from 0 up",
        "days is a whole number from 1 up, or null",
    ]


def test_doses_on_alternate_days_are_two_from_the_first_day_and_the_next(verifier):
    _, order = schedule(verifier, {"low": 10, "high": 20, "alternate": 10, "days": 9, "end": None})
    assert [(s.dose, s.every_days, str(s.start), s.days) for s in order.steps] == [
        (20, 2, "2026-12-01", 9),
        (10, 2, "2026-12-02", 8),
    ]
    # the lower one may come first
    _, order = schedule(verifier, {"low": 10, "high": 20, "alternate": 20, "days": 9, "end": None})
    assert [(s.dose, str(s.start)) for s in order.steps] == [(10, "2026-12-01"), (20, "2026-12-02")]
    # without a date the two are a range
    undated = {"low": 10, "high": 20, "alternate": 10, "start": None, "end": None}
    _, order = schedule(verifier, undated)
    assert [(s.low, s.high, s.every_days) for s in order.steps] == [(10, 20, 1)]


@pytest.mark.parametrize("start", ["2026-12-01", None])
def test_of_one_day_of_alternate_doses_there_is_only_the_first(verifier, start):
    day = {"low": 10, "high": 20, "alternate": 10, "days": 1, "start": start, "end": start}
    _, order = schedule(verifier, day, totals={"amount": 20, "unit": "mg", "days": 1})
    assert [(s.low, s.high, s.days) for s in order.steps] == [(20, 20, 1)]
    assert (order.verdict, order.totals.amount) == ("consistent", 20)


def test_alternate_doses_without_an_end_are_not_two_days_long(verifier):
    open_ = {"low": 10, "high": 20, "alternate": 10, "days": None, "end": None}
    _, order = schedule(verifier, open_, totals={"amount": 30, "unit": "mg", "days": 2})
    assert [(s.dose, str(s.start), s.days) for s in order.steps] == [
        (20, "2026-12-01", None),
        (10, "2026-12-02", None),
    ]
    assert [f.code for f in order.findings] == ["open-end"]
    assert order.totals is None


def test_a_drug_that_the_table_has_not_is_not_named(verifier):
    _, order = schedule(verifier, {})
    assert (order.order, order.drug) == ("taper", "prednisone")
    for other in ("hydrocortisone", 7, None, ["prednisone"]):
        assert schedule(verifier, {}, drug=other)[1].drug is None


@pytest.mark.parametrize(("day", "warned"), [("monday", False), (None, True), (7, True)])
def test_the_weekday_of_a_titration_is_that_of_its_doses(verifier, day, warned):
    weekly = {"per": "week", "low": 10, "high": 10, "days": 28, "end": "2026-12-28"}
    document = {"schema": "dmcalc.titrate/1", "drug": "methotrexate", "day": day}
    _, order = schedule(verifier, weekly, **document)
    assert ("weekday-missing" in {f.code for f in order.findings}) == warned


@pytest.mark.parametrize(
    ("cells", "found", "step"),
    [
        ("1,7,40,mg,2026-12-01", [], (40, 40, 7)),
        ("1,7,2.5,mg,", [], (Decimal("2.5"), Decimal("2.5"), 7)),
        ("1,,40,mg,", [], (40, 40, None)),
        ("1, 7 ,40,mg,", [], (40, 40, 7)),
        ("1,inf,40,mg,", ["wrong-type"], (40, 40, None)),
        ("1,7,nan,mg,", ["wrong-type"] * 2, None),
        ("1,7,0000000000000000040,mg,", ["wrong-type"] * 2, None),
        ("1,7,000000000000000040,mg,", [], (40, 40, 7)),
        ("1,1.5,40,mg,", ["wrong-type"], (40, 40, None)),
        ("1,7,40,,", ["not-understood"] * 2, None),
    ],
)
def test_a_cell_of_a_table_is_a_number_or_said_to_be_none(verifier, cells, found, step):
    order = verify_table(f"step,days,dose,unit,start\n{cells}\n".encode(), verifier)
    codes = [f.code for f in order.findings if f.code in ("wrong-type", "not-understood")]
    assert codes == found
    assert [(s.low, s.high, s.days) for s in order.steps] == ([step] if step else [])


@pytest.mark.parametrize(
    ("text", "quantity", "found"),
    [
        ("4 tablets daily for 7 days", "28", set()),
        ("4 tablets daily for 7 days", "28 tablets", set()),
        ("4 tablets daily for 7 days", "27", {"quantity-short"}),
        ("4 capsules daily for 7 days", "28", set()),
        ("4 capsules daily for 7 days", "28 capsules", set()),
        ("4 capsules daily for 7 days", "27", {"quantity-short"}),
        ("10 mL daily for 7 days", "70mL", set()),
        ("10 mL daily for 7 days", "69mL", {"quantity-short"}),
        # a range needs no less than its low end
        ("2 to 4 tablets daily for 7 days", "14", set()),
        ("2 to 4 tablets daily for 7 days", "13", {"quantity-short"}),
    ],
)
def test_an_order_in_words_needs_as_many_of_its_own_units(verifier, text, quantity, found):
    (order,) = verify_sig(text, verifier, quantity=quantity).orders
    assert {f.code for f in order.findings if f.severity == "error"} == found


@pytest.mark.parametrize("quantity", ["", "many", "28 zorkmids", "mL"])
def test_what_is_no_number_of_units_is_refused(verifier, quantity):
    with pytest.raises(UsageError, match="is not a number of units"):
        verify_sig("4 tablets daily for 7 days", verifier, quantity=quantity)


def test_an_order_in_words_is_one_order_of_one_source_and_its_steps_are_counted(verifier):
    result = verify_sig("2 vials daily for 7 days, then 1 vial daily for 7 days", verifier)
    assert [(s.name, s.orders) for s in result.sources] == [("--sig", len(result.orders))]
    (order,) = result.orders
    assert [(s.step, s.low, s.high, s.days) for s in order.steps] == [(1, 2, 2, 7), (2, 1, 1, 7)]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("4 capsules daily for 7 days", "capsule"),
        ("4 tablets daily for 7 days", "tablet"),
        ("20 mg daily for 7 days", "tablet"),
        ("4 capsules daily for 7 days, then 2 tablets daily for 7 days", "capsule"),
    ],
)
def test_a_number_of_units_is_of_those_that_the_words_name(verifier, text, form):
    (order,) = verify_sig(text, verifier, product="5mg", quantity="28").orders
    assert order.totals.form == form


def test_the_reason_stands_where_the_words_end(verifier):
    (order,) = verify_sig("4 tablets daily for 7 fortnights", verifier).orders
    (found,) = (f for f in order.findings if f.code == "not-understood")
    assert found.message == "'for' is not understood, at character 17"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4 tablets daily", set()),
        ("4 tablets daily, then 2 tablets daily", {"bounds-missing"}),
        ("4 tablets daily for 7 days, then 2 tablets daily", set()),
    ],
)
def test_words_without_an_end_say_when_the_next_step_begins(verifier, text, found):
    (order,) = verify_sig(text, verifier).orders
    assert {"open-end", "bounds-missing"} & {f.code for f in order.findings} == found


@pytest.mark.parametrize(("start", "found"), [("2026-12-08", set()), ("2026-12-10", {"step-gap"})])
def test_days_between_the_steps_of_a_table_are_a_gap(verifier, start, found):
    table = f"step,days,dose,unit,start\n1,7,40,mg,2026-12-01\n2,7,30,mg,{start}\n"
    order = verify_table(table.encode(), verifier)
    assert {"step-gap"} & {f.code for f in order.findings} == found


@pytest.mark.parametrize(
    ("table", "drug", "every", "found"),
    [
        # 10 mg once a week, as the table of a titration has it; the same is an error each day
        ("drug,step,days,dose,unit,per\nmethotrexate,1,28,10,mg,week\n", "methotrexate", 7,
         {"weekday-missing"}),
        ("drug,step,days,dose,unit,per\nmethotrexate,1,28,10,mg,day\n", "methotrexate", 1,
         {"weekly-drug"}),
        ("step,days,dose,unit,per\n1,28,10,mg,month\n", None, None, {"not-understood"}),
        ("step,days,low,high,unit\n1,28,,,mg\n", None, None, {"dose-missing"}),
        ("step,days,dose,unit,start,end\n1,7,10,mg,2026-12-01,2026-12-08\n", None, 1,
         {"timing-invalid"}),
        # two drugs are no order of one
        ("drug,step,days,dose,unit\nivig,1,7,1,g\nprednisone,2,7,1,g\n", None, 1, set()),
    ],
)  # fmt: skip
def test_a_table_says_its_drug_and_how_often(verifier, table, drug, every, found):
    order = verify_table(table.encode(), verifier)
    assert (order.drug, order.steps[0].every_days if order.steps else None) == (drug, every)
    assert {f.code for f in order.findings} - {"drug-unknown"} == found
