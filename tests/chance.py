"""How many spoiled inputs are tried, and the seed that they are made from.

``make test`` tries a share of them, from a seed of the day: each day looks elsewhere. With
``FUZZ_ALL`` it tries all. ``FUZZ_SEED`` is the seed to try again.
"""

from __future__ import annotations

import datetime
import os

#: Whether all are tried.
ALL = "FUZZ_ALL" in os.environ
# Kept in the environment: the processes of a run have one seed, on both sides of midnight too.
os.environ.setdefault("FUZZ_SEED", "20261122" if ALL else f"{datetime.date.today():%Y%m%d}")
SEED = int(os.environ["FUZZ_SEED"])


def share(count: int, part: int) -> int:
    """Return how many of so many inputs are tried now: one in ``part`` of them, or all."""
    return count if ALL else count // part
