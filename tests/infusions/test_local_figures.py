"""Which figures of a hospital an infusion says that it was computed from."""

from __future__ import annotations

import pytest

from dmcalc.infusions.infusion import InfusionInput, infusion

from ..conftest import local_value


@pytest.mark.parametrize(
    ("drug", "weight", "options", "figure", "used"),
    [
        ("ivig", "70", {}, "ivig.induction.dose", True),
        ("ivig", "70", {}, "ivig.maintenance.dose", False),
        ("ivig", "70", {}, "ivig.infusion.max", True),
        ("ivig", "70", {}, "ivig.infusion.within", True),
        ("ivig", "70", {}, "limits.weight", True),
        ("rituximab", "70", {}, "limits.weight", True),
        ("rituximab", None, {}, "limits.weight", False),
        # rates for the first infusion and for later ones are figures of their own
        ("rituximab", None, {}, "rituximab.infusion.first.max", True),
        ("rituximab", None, {}, "rituximab.infusion.later.max", False),
        ("rituximab", None, {"later": True}, "rituximab.infusion.later.max", True),
        ("rituximab", None, {"later": True}, "rituximab.infusion.first.max", False),
        ("rituximab", None, {}, "ivig.infusion.max", False),
    ],
)
def test_an_infusion_names_the_local_figures_that_it_rests_on(
    loaded, person, drug, weight, options, figure, used
):
    own = loaded._replace(local=(local_value(figure),))
    result = infusion(own, person(weight), drug, InfusionInput(**options))
    named = [[value.figure for value in step.local] for step in result.steps]
    assert named == [[figure] if used else []] * len(result.steps)
