"""A course that is the dose rounded as its source, or a hospital, has it."""

from decimal import Decimal

import pytest

from dmcalc.dispensing.solver import Nearest
from dmcalc.order.parse import read_order
from dmcalc.order.rounding import compare_with_rounded
from dmcalc.quantities.amount import Amount
from dmcalc.quantities.rounding_rule import RoundingRule


@pytest.mark.parametrize(
    ("weight", "order", "verdict"),
    [
        ("68", "135 g over 3 days", "within"),  # 136 g
        ("68", "135 g over 7 days", "wrong-frequency"),
        ("69", "140 g over 2 days", "within"),  # 138 g
        ("69", "140.1 g over 2 days", "above"),
        ("69", "135 g over 2 days", "below"),  # not the nearest
        ("66.25", "130 g over 2 days", "within"),  # 132.5 g, a tie: not to more by a guess
        ("66.25", "135 g over 2 days", "above"),
    ],
)
def test_a_course_to_the_nearest_5_g(only, weight, order, verdict):
    assert only("ivig", order, weight, phase="induction").verdict == verdict


def test_what_rules_leave_of_a_course_is_never_rounded_up(only, loaded):
    order = read_order("140 g over 2 days")
    row = only("ivig", order.text, "69", phase="induction")._replace(verdict="above")
    lowered = row.dose._replace(low_before=Decimal(150), high_before=Decimal(150))
    for dose, verdict in ((row.dose, "within"), (lowered, "above")):
        again, _ = compare_with_rounded(row._replace(dose=dose), order, loaded, child=False)
        assert again.verdict == verdict


@pytest.mark.parametrize(
    ("order", "verdict"),
    [
        ("139.999998 g over 3 days", "within"),  # 46.666666 g a day, rounded down
        ("140.000001 g over 3 days", "above"),
        ("139.999997 g over 3 days", "below"),
    ],
)
def test_a_day_that_a_local_rule_rounds_is_never_more_than_its_share(only, loaded, order, verdict):
    local = loaded._replace(rounding={"ivig": RoundingRule(Amount(Decimal(1), "mcg"), "nearest")})
    row = only("ivig", order, "70", phase="induction")
    again, _ = compare_with_rounded(row, read_order(order), local, child=True)
    assert again.verdict == verdict
    # only then is the rule of the hospital one of the figures of the answer
    assert again.locally_rounded is (verdict == "within")


@pytest.mark.parametrize(
    ("ordered", "below", "above", "rounds"),
    [
        # 52.5 to 70 mg
        ("52.5", "50", "55", True),
        ("52.5", "50", "70", True),
        ("52.5", "50", "70.5", False),
        ("70", "52.5", "75", True),
        ("70", "52", "75", False),
        ("70", "52.5", None, True),
        ("70", None, None, False),
        # it is no end
        ("60", "55", "65", False),
    ],
)
def test_an_end_of_the_range_is_not_written_off_where_units_reach_into_it(
    only, ordered, below, above, rounds
):
    row = only("prednisone", f"{ordered} mg daily", "70")
    nearest = Nearest(*(amount and Decimal(amount) for amount in (below, above)))
    assert row._replace(nearest=nearest).rounds_to_units is rounds
    assert not row._replace(nearest=None).rounds_to_units
