"""Count what is tried, stop what hangs, and say at the end how many inputs there were."""

from __future__ import annotations

import contextlib
import signal
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from .. import documents

if TYPE_CHECKING:
    from collections.abc import Iterator

#: All inputs are made from this.
SEED = 20261122
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


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the count and its result."""
    if not tried:
        return
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in tried.items())
    codes = ", ".join(f"{count:,} x exit {code}" for code, count in sorted(ended.items()))
    terminalreporter.write_line(
        f"fuzz: {sum(tried.values()):,} inputs from seed {SEED} ({kinds}): {codes}; "
        "a traceback, an exit 1, an answer beside a refusal or a hang fails"
    )
