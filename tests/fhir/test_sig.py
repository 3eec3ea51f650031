"""Plain sigs: read in full, or not at all with the word that is not understood."""

from __future__ import annotations

import datetime
import json
from fractions import Fraction

import pytest

from dmcalc.fhir.sig import read
from dmcalc.fhir.sig_order import verify_sig

from .conftest import FAULTS

SIGS = [json.loads(line) for line in (FAULTS / "sigs.jsonl").read_text().splitlines()]


def test_there_are_20():
    assert len(SIGS) == 20


@pytest.mark.parametrize("case", SIGS, ids=lambda case: case["sig"][:50])
def test_a_sig_is_read_in_full_or_not_at_all(call, case):
    strength = case["strength_mg"]
    product = () if strength is None else ("--product", f"{strength}mg")
    done = call("verify", "--sig", case["sig"], "--drug", "prednisone", *product, "-f", "json")
    (order,) = done.json["orders"]
    assert done.code == case["exit"]
    steps = [[s["dose"], s["times"], s["every_days"], s["days"]] for s in order["steps"]]
    assert steps == (case["steps"] or [])
    if case["steps"] is None:
        (finding,) = (f for f in order["findings"] if f["severity"] == "unclear")
        assert finding["code"] == "not-understood"
        assert "character" in finding["message"]


@pytest.mark.parametrize(
    ("text", "problem", "at"),
    [
        ("Take 4 tablets QD", "'QD' is not understood: write daily", 16),
        ("Take as directed", "'as' is not understood", 6),
        ("Take 4 tablets daily for one month", "a month has no length: write days or weeks", 22),
        ("4 tablets daily, 3 tablets daily", "a second amount: write then before it", 18),
        ("4 tablets daily twice daily", "'twice daily' says it twice", 17),
        ("10 mg/kg daily", "'10' is not understood", 1),
        ("4 tablets daily for 7 days then", "it ends too early", 32),
        ("4 tablets daily starting February 30, 2026", None, 17),
        ("20 mg every month", "a month has no length: write days or weeks", 7),
        ("20 mg daily on Monday", "a day of the week goes with once a week", 22),
        ("20 mg every Monday on Thursday", "the day of the week is written twice", 31),
        ("0 mg daily", "an amount is above 0", 1),
        ("TWO (3) tablets daily", "'TWO (3) tablets' says two numbers", 1),
        ("5 to 3 mg daily", "'5 to 3 mg' does not rise", 1),
        ("5 to 5 mg daily", "'5 to 5 mg' does not rise", 1),
        ("0 to 5 mg daily", "'0 to 5 mg' does not rise", 1),
        ("10 mg at once for 2 days", "a single dose lasts no longer than a day", 25),
        ("4 tablets every 5 hours", "'every 5 hours' is not a whole number a day", 11),
        ("4 tablets daily every 2 days", "the frequency is stated twice", 29),
        ("4 tablets", "how often is missing", 10),
        ("10 mg as a single dose daily", "a single dose is not repeated", 29),
        ("10 mg once, daily", "a single dose is not repeated", 18),
        ("10 mg once, every 2 days", "a single dose is not repeated", 25),
        ("10 mg at once for 3 days", "a single dose lasts no longer than a day", 25),
        ("10 mg for 3 doses", "so many doses, and not how often", 18),
        ("10 mg daily and stop now", "'now' is not understood", 22),
        (
            "10 mg daily starting 31 November 2026",
            "there is no day 'starting 31 November 2026'",
            13,
        ),
        ("10 mg in 2 doses daily", "'in 2 doses' is not part of a sig", 23),
        # two facts that exclude one another
        ("10 mg by mouth IV daily", "two routes: 'by mouth' and 'IV'", 16),
        (
            "inject 10 mg by subcutaneous injection, by the oral route, daily",
            "two routes: 'by subcutaneous injection' and 'by the oral route'",
            41,
        ),
        ("10 mg twice daily in the morning", "'in the morning' is once a day", 33),
        ("10 mg twice daily with breakfast", "'with breakfast' is once a day", 33),
        ("10 mg every 8 hours at night", "'at night' is once a day", 29),
        ("10 mg twice daily in one dose", "a single dose is not repeated", 30),
        ("10 mg every morning once a week", "'every morning' is daily", 32),
        ("10 mg every night every 2 days", "'every night' is daily", 31),
        ("10 mg every morning every night", "'every night' says it twice", 21),
        ("10 mg once every morning", "'every morning' is daily", 25),
        ("10 mg as a single dose on Monday", "a day of the week goes with once a week", 33),
        ("1 g every 4 weeks for 3 days", "'for 3 days' is shorter than 'every 4 weeks'", 19),
        ("20 mg once a week for 5 days", "'for 5 days' is shorter than 'once a week'", 19),
        ("20 mg for 1 day on alternate days", "'for 1 day' is shorter than 'on alternate days'", 7),
        ("1.5 mg/day", "'1.5' is not understood", 1),
        ("then 5 mg daily", "'then' is not understood", 1),
        ("12,34 mg daily", "'12' is not understood", 1),
        ("01 mg daily", "'01' is not understood", 1),
        ("daily for 7 days", "no amount", 1),
        ("5 mg daily, then daily for 7 days", "no amount", 18),
        ("x" * 2000, f"'{'x' * 40}' is not understood", 1),
        ("x" * 2001, "it has more than 2000 characters", 1),
        (" then ".join(["5 mg daily"] * 101), "it has more than 100 steps", 1611),
    ],
)
def test_what_is_not_understood_is_named_with_its_place(text, problem, at):
    sig = read(text)
    assert (sig.steps, sig.at) == ((), at)
    assert problem is None or sig.problem == problem
    assert sig.problem


def test_a_date_a_time_and_a_weekday_are_read():
    (step,) = read("Take 2 tablets at 08:00 for two days starting 1 December 2026").steps
    assert (step.times, step.every_days, step.days) == (1, 1, 2)
    assert step.start == datetime.date(2026, 12, 1)
    for words in ("from 2026-12-01", "starting December 1, 2026", "beginning on 1 december 2026"):
        (step,) = read(f"2 tablets daily {words}").steps
        assert step.start == datetime.date(2026, 12, 1)
    (step,) = read("Take 3 to 5 mg daily").steps
    assert (str(step.low), str(step.dose)) == ("3 mg", "5 mg")
    (step,) = read("1 to 2 tablets daily").steps
    assert (str(step.low), str(step.dose)) == ("1 tablet", "2 tablets")
    for words in ("once a week on Monday", "once weekly on Mondays", "every Monday"):
        (step,) = read(f"15 mg {words}").steps
        assert (step.weekday, step.every_days) == ("monday", 7)
    (step,) = read("2 tablets at once").steps
    assert (step.times, step.days) == (None, 1)


def test_an_order_in_words_is_held_against_quantity_and_table(call):
    sig = "Take 4 tablets by mouth daily for 7 days, then 2 tablets daily for 7 days"
    args = ("verify", "--sig", sig, "--drug", "prednisone", "--product", "10mg", "-f", "json")
    assert call(*args, "--quantity", "42", "--supply", "14d").code == 0
    assert call(*args, "--quantity", "42", "--supply", "2w").code == 0
    done = call(*args, "--quantity", "40", "--supply", "28d")
    found = {f["code"]: f["message"] for f in done.json["orders"][0]["findings"]}
    assert done.code == 5
    assert found["quantity-short"] == "40 tablets, the steps need 42: 2 too few"
    assert found["supply-days"] == "stated to last 28 days, the steps last 14"
    done = call(
        "verify", "--sig", "10 mg daily for 28 days", "--drug", "methotrexate", "-f", "json"
    )
    # words have no elements that a finding could point to
    of_order = [(f["code"], f["pointer"]) for f in done.json["orders"][0]["findings"]]
    assert of_order == [("weekly-drug", "")]
    done = call("verify", "--sig", "100 mg daily for 7 days", "--drug", "prednisone", "-f", "json")
    of_order = [(f["code"], f["pointer"]) for f in done.json["orders"][0]["findings"]]
    assert of_order == [("over-cap", "")]


@pytest.mark.parametrize(
    "args",
    [
        (), ("order.json", "--sig", "20 mg daily"), ("order.json", "--product", "10mg"),
        ("--sig", "20 mg daily", "--product", "ten"), ("--sig", "20 mg daily", "--quantity", "x"),
        ("--sig", "20 mg daily", "--supply", "a month"), ("order.json", "--accept", "weekly-drug"),
        ("order.json", "--accept", "step-gaps"),
    ],
)  # fmt: skip
def test_a_command_line_that_is_wrong_is_exit_2(call, args):
    done = call("verify", *args)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("Take 1 tablet every 8 hours for 5 days", [(1, 3, 1, 5)]),
        ("Take one tablet three times a day with meals for 10 days.", [(1, 3, 1, 10)]),
        ("Take 2 tablets every morning for 5 days, followed by 1 tablet daily for 5 days.",
         [(2, 1, 1, 5), (1, 1, 1, 5)]),
        ("5 mL by mouth twice daily for 1 week", [(5, 2, 1, 7)]),
        ("Take 1,000 mg twice daily for 14 days", [(1000, 2, 1, 14)]),
        ("Take one and a half tablets daily", [(1.5, 1, 1, None)]),
        ("0.5 tablet by mouth every 3 days", [(0.5, 1, 3, None)]),
        ("half a tablet daily", [(0.5, 1, 1, None)]),
        ("2 1/2 tablets daily", [(2.5, 1, 1, None)]),
        ("a tablet daily", [(1, 1, 1, None)]),
        ("4 tablets every 24 hours", [(4, 1, 1, None)]),
        ("10 mg once", [(10, None, 1, 1)]),
        ("10 mg in one dose daily", [(10, 1, 1, None)]),
        ("10 mg in one dose every 2 days", [(10, 1, 2, None)]),
        ("10 mg daily every morning", [(10, 1, 1, None)]),
        ("10 mg daily at 08:00", [(10, 1, 1, None)]),
        ("10 mg twice a week in the morning", [(10, 2, 7, None)]),
        ("10 mg every night with food", [(10, 1, 1, None)]),
        ("by subcutaneous injection inject 10 mg subcutaneously once a week", [(10, 1, 7, None)]),
        ("take by mouth orally 10 mg daily", [(10, 1, 1, None)]),
        ("10 mg at bedtime", [(10, 1, 1, None)]),
        ("10 mg every 2 weeks for 4 weeks", [(10, 1, 14, 28)]),
        ("10 mg twice a week", [(10, 2, 7, None)]),
        ("10 mg daily – then 5 mg daily", [(10, 1, 1, None), (5, 1, 1, None)]),
        ("1,234 mg daily", [(1234, 1, 1, None)]),
        (" then ".join(["5 mg daily"] * 100), [(5, 1, 1, None)] * 100),
    ],
)  # fmt: skip
def test_other_plain_words_are_read(text, steps):
    read_steps = [(s.dose.value, s.times, s.every_days, s.days) for s in read(text).steps]
    assert [tuple(map(float_or_none, step)) for step in read_steps] == steps


def float_or_none(value):
    return None if value is None else float(value)


@pytest.mark.parametrize(
    ("text", "rate", "days"),
    [
        ("10 mg twice daily", 2, None),
        ("10 mg every 8 hours for 3 days", 3, 3),
        ("10 mg every 2 days", Fraction(1, 2), None),
        ("10 mg once a week for 4 weeks", Fraction(1, 7), 28),
        ("10 mg in the morning", 1, None),
        ("10 mg at once", None, 1),
        ("10 mg at once for 1 day", None, 1),
    ],
)
def test_a_sig_is_so_many_doses_a_day_and_a_single_dose_none(text, rate, days):
    (step,) = read(text).steps
    assert (step.rate, step.days) == (rate, days)


@pytest.mark.parametrize(
    ("text", "quantity", "supply", "found"),
    [
        ("4 tablets daily", "20", "7d",
         ["quantity-short: 20 tablets, the steps need 28: 8 too few"]),
        ("4 tablets daily", "28", "7d", []),
        ("4 tablets daily", "28", None, []),
        # 35 in the first week, 28 in the second
        ("5 tablets daily for 7 days, then 4 tablets daily", "60", "14d",
         ["quantity-short: 60 tablets, the steps need 63: 3 too few"]),
        ("5 tablets daily for 7 days, then 4 tablets daily", "63", "14d", []),
        ("5 tablets daily for 7 days, then 4 tablets daily", "35", "7d",
         ["supply-days: stated to last 7 days, the steps before the last one 7"]),
        ("5 tablets daily, then 4 tablets daily for 7 days", None, None,
         ["bounds-missing: step 1 has no length"]),
        ("2 capsules daily for 7 days", "14tablets", None,
         ["unit-differs: 14 tablets where the order has capsules"]),
        ("2 capsules daily for 7 days", "14", None, []),
        ("2 capsules daily for 7 days, then 1 tablet daily for 7 days", None, None,
         ["unit-differs: 1 tablet where the order has capsules"]),
        ("2 vials daily for 7 days", "14", None, []),
        ("20 mL daily for 7 days", "14", None,
         ["strength-missing: 14 tablets against doses in mL: how much one holds is not stated"]),
        # half a tablet is a dose, half a capsule is none
        ("5 mg daily for 6 days", "3tablets", None, []),
        ("5 mg daily for 6 days", "3capsules", None,
         ["not-dispensable: 5 mg is 0.5 capsules of 10 mg"]),
    ],
)  # fmt: skip
def test_words_are_held_against_what_is_dispensed(verifier, text, quantity, supply, found):
    verified = verify_sig(text, verifier, product="10mg", quantity=quantity, supply=supply)
    findings = verified.orders[0].findings
    assert [f"{f.code}: {f.message}" for f in findings if f.code != "drug-unknown"] == found
