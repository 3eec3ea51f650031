"""A bar on stderr, for work that lasts longer than a second."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")
#: Rows between two looks at how far the file is read.
STEP = 500


def barred(rows: Iterator[T], stream: IO[bytes]) -> Iterator[T]:
    """Yield rows, and show how many there were and how much of the file is read."""
    size = os.fstat(stream.fileno()).st_size or None
    columns = (TextColumn("{task.fields[rows]:,} rows"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=size, rows=0)
        for number, row in enumerate(rows, 1):
            if number % STEP == 0:
                at = stream.tell() if stream.seekable() else None
                progress.update(task, completed=at, rows=number)
            yield row
