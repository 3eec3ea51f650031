"""No command gives more than ``dose`` does, and a refusal of ``dose`` is one everywhere."""

from __future__ import annotations

from functools import cache

import pytest

from tests import chance
from tests.properties import agreement


@cache
def found() -> tuple[agreement.Disagreement, ...]:
    """Return the disagreements on 20 patients, from the seed of the day."""
    return tuple(agreement.disagreements(chance.SEED, 20))


@pytest.mark.parametrize("command", agreement.COMMANDS)
def test_a_command_agrees_with_dose(command):
    disagreeing = [str(each) for each in found() if each.command == command]
    assert disagreeing == [], f"make agree ARGS='--patients 20 --seed {chance.SEED}'"
