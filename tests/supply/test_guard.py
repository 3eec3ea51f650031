"""What is dispensed at each limit and above it: there it is refused, or warned of."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from dmcalc.dispensing.stock import DispensedUnits, StockOptions
from dmcalc.errors import RefusedError, UsageError
from dmcalc.patient.inputs import PatientInput
from dmcalc.patient.reader import PatientRequest
from dmcalc.quantities.amount import Amount
from dmcalc.results.trace import recording
from dmcalc.supply import guard
from dmcalc.supply.dispense import compute_dispensing
from dmcalc.supply.largest_dose import LargestDoses
from dmcalc.supply.request import DispenseInput, Giving, read_days

from .test_dispense import LOADED, handed

D = Decimal
DRUG = LOADED.table.drugs["ciclosporin"]


def posology(most, per="day", before=None):
    """A posology that gives so much at most, reduced by a rule from ``before``."""
    limits = SimpleNamespace(high=D(most))
    dose = SimpleNamespace(in_unit=lambda unit: limits)
    return SimpleNamespace(dose=dose, per=per, low_before=before)


@pytest.mark.parametrize(
    ("amount", "times", "per", "single"),
    [
        *(("49.9", 1, "day", None), ("50", 1, "dose", None), ("50.1", 1, "dose", "50.1")),
        # of a day's amount each dose counts
        *(("99.9", 2, "day", None), ("100", 2, "day", None), ("101", 2, "day", "50.5")),
        ("152", 3, "day", "50.666666"),  # a third of 152 mg, and no more than that
        *(("500", 1, "week", None), ("500", 1, "course", None)),
    ],
)
def test_one_dose_above_what_rules_leave_for_one_is_refused(amount, times, per, single):
    giving = Giving(D(amount), "mg", per, times=times)
    for confirmed in (False, True):
        asked = giving, "ciclosporin", (D(50), "a-rule"), DispenseInput(confirm_amount=confirmed)
        if single is None:
            assert list(guard.refuse_single(*asked)) == []
        elif confirmed:
            (warning,) = guard.refuse_single(*asked)
            assert warning.code == "amount-confirmed"
            assert f"one dose of {single} mg is over" in warning.message
        else:
            with pytest.raises(RefusedError, match=f"one dose of {single} mg is over"):
                list(guard.refuse_single(*asked))
    assert list(guard.refuse_single(giving, "ciclosporin", None, DispenseInput())) == []


@pytest.mark.parametrize(
    ("dose", "per", "before", "always", "refused"),
    [
        *(("79", "day", 90, False, False), ("80", "day", 90, False, False)),
        *(("80.1", "day", 90, False, True), ("80.1", "day", None, True, True)),
        *(("80", "day", None, True, False), ("80.1", "day", None, False, False)),
        ("80.1", "course", 90, True, False),
    ],
)
def test_rounding_never_makes_more_than_a_rule_leaves(dose, per, before, always, refused):
    giving, limits = Giving(D(75), "mg", per), LargestDoses((posology(80, before=before),), "mg")
    if refused:
        with pytest.raises(RefusedError, match=r"make 80.1 mg, more than the 80 mg"):
            guard.refuse_rounded(D(dose), giving, limits, always=always)
    else:
        guard.refuse_rounded(D(dose), giving, limits, always=always)


@pytest.mark.parametrize(
    ("amount", "most"),
    [("40", 50), ("50", 50), ("50.1", 80), ("80", 80), ("90", 90)],
)
def test_a_reduced_amount_is_rounded_within_the_dose_that_it_belongs_to(amount, most):
    reduced = LargestDoses((posology(50, before=100), posology(80)), "mg")
    assert reduced.for_rounding(D(amount)) == most
    whole = LargestDoses((posology(50), posology(80)), "mg")
    assert whole.for_rounding(D(amount)) == 80
    assert LargestDoses((), "mg").for_rounding(D(amount)) is None


def test_the_largest_course_and_its_days_are_those_of_courses_alone():
    days = {"days_low": 2, "days_high": 5}
    small, large = posology(100, "course"), posology(140, "course")
    small.__dict__.update(days)
    large.__dict__.update(days | {"days_low": 3})
    limits = LargestDoses((posology(200), small, large), "g")
    assert limits.course is large
    assert limits.course_days == (2, 5)
    assert LargestDoses((posology(200),), "g").course is None


def warned(form="tablet", divided=None, times=1, **row):
    """Return the codes of the warnings of a row, of which ten units at once are the most."""
    blank = {
        **{"deviation": D(0), "deviation_percent": D(0), "dispensed": D(50), "unit": "mg"},
        **{"per": "dose", "largest": None, "drug": "ciclosporin"},
    }
    units = (DispensedUnits(D(5), "mg", row.pop("units", D(1))),)
    stock = SimpleNamespace(form=form, times_daily=times)
    row = SimpleNamespace(**blank | row, products=units)
    return [warning.code for warning in guard.warnings_of(row, stock, divided, 10)]


def test_what_is_warned_of_is_above_its_limit_and_not_at_it():
    assert warned() == warned(deviation=D(-1)) == []
    assert warned(deviation=D("0.5")) == warned("vial", deviation=D(2)) == ["rounded-up"]
    assert warned(units=D(10)) == warned(units=D(20), times=2) == warned("vial", units=D(11)) == []
    assert warned(units=D("10.5")) == warned(units=D(21), times=2) == ["many-units"]
    divided = DRUG.divided
    assert divided.times_daily == 2
    more = {"divided": divided, "largest": D(100)}
    assert warned(**more) == warned(**more, dispensed=D(49)) == []
    assert warned(**more, dispensed=D(51)) == ["not-divided"]
    assert warned(divided=divided, largest=D(105), dispensed=D("52.4")) == []
    assert warned(**more, dispensed=D(51), per="day") == []
    assert warned(divided=divided, dispensed=D(51)) == []
    assert warned(largest=D(100), dispensed=D(51)) == []


def test_a_course_by_the_day_is_that_in_all():
    in_all, by_day = handed("ivig", "140 g over 2 days"), handed("ivig", "70 g daily for 2 days")
    assert by_day == in_all
    assert (in_all.days, in_all.daily, in_all.dispensed) == (2, 70, 140)


def test_a_course_without_its_days_is_listed_for_each_number_of_them():
    row = handed("ivig", "140g")
    assert [(each.days, each.daily) for each in row.products_by_days] == [
        (2, 70),
        (3, D("46.666666")),
        (4, 35),
        (5, 28),
    ]
    assert (row.waste, row.days, row.daily, row.products) == (0, None, None, ())


@pytest.mark.parametrize(
    ("drug", "amount", "for_", "days", "dispensed"),
    [
        ("prednisone", "70mg", None, 1, 70),
        ("prednisone", "70 mg daily", None, 1, 70),
        ("prednisone", "70 mg daily", "28d", 28, 1960),
        ("prednisone", "70 mg daily", "366d", 366, 25_620),
        ("methotrexate", "15mg", None, None, 15),
        ("methotrexate", "15 mg once a week", None, 1, 15),
        ("methotrexate", "15 mg once a week", "7d", 7, 15),
        ("methotrexate", "15 mg once a week", "28d", 28, 60),
        ("methotrexate", "15 mg once a week", "29d", 29, 75),  # of the fifth week, too
    ],
)
def test_how_much_leaves_the_counter_for_so_many_days(drug, amount, for_, days, dispensed):
    row = handed(drug, amount, StockOptions(), for_=for_)
    assert (row.days, row.dispensed) == (days, dispensed)


@pytest.mark.parametrize(
    ("order", "for_", "says"),
    [
        ("70 mg daily", "367d", "367 days are more than 366"),
        ("10 mg twice weekly", None, "by the day or once a week"),
        ("15 mg weekly in 2 doses", None, "by the day or once a week"),
        ("70 mg daily for 2 days", "3d", "the order is for 2 days and for_ for 3"),
    ],
)
def test_what_no_label_could_say_is_refused(order, for_, says):
    with pytest.raises(UsageError) as refused:
        handed("prednisone", order, for_=for_)
    assert says in refused.value.message


def test_a_course_over_several_numbers_of_days_has_a_row_for_each():
    request = PatientRequest(LOADED, PatientInput())
    result = compute_dispensing(request, "ivig", "140g", DispenseInput(days="2..5"))
    assert [(row.days, row.daily) for row in result.rows] == [
        *((2, 70), (3, D("46.666666")), (4, 35), (5, 28)),
    ]
    assert result.kind == "dispense-days"
    result = compute_dispensing(request, "ivig", "140g", DispenseInput(days="2"))
    assert (result.kind, result.row.days) == ("dispense", 2)


@pytest.mark.parametrize(
    ("over", "says"),
    [(0, "none below, 60 mg above"), (1, "or less")],
)
def test_the_next_dose_is_named_up_to_the_most_that_the_patient_may_have(over, says):
    """At a limit of 60 mg a tablet of 60 mg is a way out, and one of 61 mg is none."""
    patient = PatientInput(weight="60")
    most = handed("prednisone", "50mg", patient=patient).largest
    assert most == 60
    stocked = StockOptions(stock=(Amount(most + over, "mg"),))
    with pytest.raises(RefusedError) as refused:
        handed("prednisone", "55mg", stocked, patient)
    assert says in f"{refused.value.message} {refused.value.hint}"


@pytest.mark.parametrize(
    ("drug", "amount", "more", "notes"),
    [
        (
            *("ivig", "137.2g", {"days": "2", "round_to": "5g"}),
            [
                ("daily", "each of 2 days"),
                ("dispensed", "in all, over 2 days"),
                ("deviation_percent", "in all, over 2 days: deviation"),
            ],
        ),
        (
            *("prednisone", "62.3mg", {"direction": "up"}),
            [("dispensed", "in all"), ("deviation_percent", "in all: deviation")],
        ),
        # of one day alone nothing is divided
        (
            *("prednisone", "62.3 mg daily", {"direction": "up"}),
            [("dispensed", "in all"), ("deviation_percent", "in all: deviation")],
        ),
    ],
)
def test_what_was_rounded_is_said_of_each_day_where_there_are_several(drug, amount, more, notes):
    with recording() as trace:
        handed(drug, amount, **more)
    assert [(note.where, note.what) for note in trace.roundings] == notes


def test_numbers_of_days_run_upwards():
    assert read_days("2..2") == read_days("2") == (2, 2)
    assert read_days("2..5") == (2, 5)
    with pytest.raises(ValueError, match=r"write 2\.\.5"):
        read_days("5..2")


def test_packs_are_for_the_one_number_of_days_that_is_named():
    row = handed("ivig", "140g", days="2", packs="20g:1,10g:1")
    assert row.packs is not None
    with pytest.raises(UsageError, match="is for one number of days"):
        handed("ivig", "140g", days="2..3", packs="20g:1,10g:1")


def test_what_is_above_the_most_is_dispensed_where_that_is_confirmed_and_not_by_itself():
    patient = PatientInput(weight="70")
    with pytest.raises(RefusedError, match="above the most that the table gives"):
        handed("prednisone", "100mg", patient=patient)
    assert handed("prednisone", "100mg", patient=patient, confirm_amount=True).dispensed == 100


def test_the_exact_deviation_is_noted_with_the_rounded_one():
    """62.5 mg in place of 62.3 mg are 0.2 mg more: 200/623 per cent."""
    with recording() as trace:
        handed("prednisone", "62.3mg", direction="up")
    (off,) = (note for note in trace.roundings if note.where == "deviation_percent")
    assert (off.before, off.after) == ("200/623", D("0.32"))
