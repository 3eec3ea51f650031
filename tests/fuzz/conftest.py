"""Count what is tried, for the line at the end of a run, and say the seed where a test fails."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from ..chance import SEED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Counts:
    """Of how many inputs of each kind, and with which exit codes."""

    def __init__(self) -> None:
        """Begin with none."""
        self.tried: Counter[str] = Counter()
        self.ended: Counter[int] = Counter()


@pytest.fixture
def counts(record_property: Callable[[str, object], None]) -> Iterator[Counts]:
    """Hand the counts of a test on to the end of the run."""
    found = Counts()
    print(f"To try these inputs again: FUZZ_SEED={SEED}")
    yield found
    record_property("fuzz", (dict(found.tried), dict(found.ended)))
