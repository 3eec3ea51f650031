"""Count what is tried, and stop what hangs."""

from __future__ import annotations

import contextlib
import signal
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from .. import documents
from ..chance import SEED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Seconds of this process's own work: a busy machine makes nothing hang.
LIMIT = 2

tried: Counter[str] = Counter()
ended: Counter[int] = Counter()


class HangsError(Exception):
    """An input that kept dmcalc busy for too long."""


@pytest.fixture(autouse=True)
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold no answer against its schema: which form was asked for, a spoiled line does not say."""
    monkeypatch.setattr(documents, "check", lambda *args, **more: None)


@pytest.fixture(autouse=True)
def counted(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Hand the counts of a test on to the end of the run; say the seed where it fails."""
    print(f"To try these inputs again: FUZZ_SEED={SEED}")
    tried.clear()
    ended.clear()
    yield
    record_property("fuzz", (dict(tried), dict(ended)))


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Raise where the work within takes more than ``LIMIT`` seconds of processor time."""

    def stop(number: int, frame: object) -> None:
        raise HangsError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
