"""A bar on stderr, for work that lasts longer than a second."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
#: Rows between two looks at how far the file is read.
STEP = 500
#: Seconds after which a run is worth a bar.
WAIT = 1


def barred(rows: Iterator[T], size: int | None, at: Callable[[], int], done: int) -> Iterator[T]:
    """Yield rows, and show how many there were, how many a second and how long it will last.

    ``at`` tells how much of ``size`` is read; ``done`` are the rows that there were before.
    """
    columns = (
        TextColumn("{task.fields[rows]:,} rows"),
        TextColumn("{task.fields[rate]:,} a second"),
        BarColumn(),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    task = progress.add_task("", total=size, rows=done, rate=0)
    since = monotonic()
    try:
        for number, row in enumerate(rows, 1):
            if number % STEP == 0:
                rate = int(number / (monotonic() - since))
                read = None if size is None else at()
                progress.update(task, completed=read, rows=done + number, rate=rate)
                if not progress.live.is_started and monotonic() - since > WAIT:
                    progress.start()
            yield row
    finally:
        progress.stop()
