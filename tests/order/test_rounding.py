"""A course that is the dose rounded as its source, or a hospital, has it."""

from decimal import Decimal

import pytest

from dmcalc.order.parse import read_order
from dmcalc.order.rounding import compare_with_rounded


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
