"""A row of a batch is answered, refused and warned of as the command for one patient does."""

from __future__ import annotations

from tests import chance
from tests.properties import rows


def test_rows_answer_as_the_commands_do():
    found = list(rows.differences(chance.SEED, chance.share(600, 20)))
    assert found == [], f"make agree ARGS='--patients 30 --seed {chance.SEED}'"
