"""One input to dmcalc in this process, and what must never come of it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb

from dmcalc.cli import main

#: Seconds of this process's own work for one input: a busy machine makes nothing hang.
SECONDS = 2
#: What the inputs of a run may add in MB to what the process held before the first of them.
MEGABYTES = 250
#: Of these an answer stands on stdout, whatever the exit code says.
ANSWERED = {
    "check": {4, 5},
    "batch": {4, 5, 7},
    "labs": {4, 5},
    "verify": {4, 5, 7},
    "replay": {5, 7},
    "table": {5, 7},
}
#: What an amount is called in data, of which none is negative.
AMOUNTS = re.compile(
    r"(low|high|suggested|amount|dispensed|daily|ordered|strength|count|course|dose|total|"
    r"total_(low|high|amount)|daily_(low|high)|rate_(ml_h|mg_h|ml_kg_min)|volume_ml|minutes|days)"
)
#: A number that is none, before a unit.
NO_NUMBER = re.compile(r"(?i)(?<![\w.'\"“])-?(nan|inf(inity)?) ?(mcg|mg|g|ml|kg|m2|%)\b")


class HangsError(BaseException):
    """An input that kept dmcalc busy for too long; no error that dmcalc catches."""


class Input(NamedTuple):
    """A command line, what stands on stdin, and the files that it may name, by their names."""

    kind: str
    words: tuple[str, ...]
    files: dict[str, bytes] = {}  # noqa: RUF012
    stdin: bytes = b""


class Outcome(NamedTuple):
    """How an input ended, and what it left on the two streams."""

    code: int
    stdout: str
    stderr: str


def run(given: Input, folder: Path) -> Outcome:
    """Run dmcalc on an input, in a folder that has its files and no others."""
    for old in folder.iterdir():
        if old.is_file():
            old.unlink()
    for name, content in given.files.items():
        (folder / name).write_bytes(content)
    streams = [
        io.TextIOWrapper(io.BytesIO(), "utf-8"),
        io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace"),
    ]
    kept = sys.argv, sys.stdin, sys.stdout, sys.stderr
    descriptor = os.dup(1)  # dmcalc turns it to nothing where a command ends with no stdout
    sys.argv = ["dmcalc", *given.words]
    sys.stdin = io.TextIOWrapper(io.BytesIO(given.stdin), "utf-8", errors="surrogateescape")
    sys.stdout, sys.stderr = streams
    code: object = None
    try:
        with limited(), contextlib.chdir(folder):
            main()
    except SystemExit as stop:
        code = stop.code
    finally:
        sys.argv, sys.stdin, sys.stdout, sys.stderr = kept
        os.dup2(descriptor, 1)
        os.close(descriptor)
    for stream in streams:
        with contextlib.suppress(ValueError):  # a command may close its stdout
            stream.flush()
    texts = [stream.buffer.getvalue().decode("utf-8", "replace") for stream in streams]
    return Outcome(int(code or 0), *texts)  # type: ignore[call-overload]


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Raise HangsError where the work within takes too much processor time."""

    def stop(_number: int, _frame: object) -> None:
        raise HangsError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def memory() -> float:
    """Measure the peak of this process anew from here on; return where it begins, in MB."""
    with contextlib.suppress(OSError):  # where that is forbidden, only a higher peak counts
        Path("/proc/self/clear_refs").write_text("5")
    return peak()


def peak() -> float:
    """Return the most that this process held since ``memory``, in MB; 0 where no system says it."""
    with contextlib.suppress(FileNotFoundError, IndexError):
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    return 0


def fault(given: Input, folder: Path, before: float) -> tuple[str | None, int]:
    """Run an input; say what is wrong with how it ended, None where nothing is, and its code.

    ``before`` are the MB that the process held before the first input of the run: modules that
    are there for other reasons, as in a run of all tests, are not the inputs' doing.
    """
    memory()
    try:
        done = run(given, folder)
    except HangsError:
        return f"more than {SECONDS} s of work", -1
    except BaseException as error:  # whatever escapes is what is looked for
        return f"an error escapes: {error!r}", -1
    if (said := wrong(given, done)) is None and (added := peak() - before) > MEGABYTES:
        said = f"{added:.0f} MB are added to what was held before"
    return said, done.code


def wrong(given: Input, done: Outcome) -> str | None:
    """Say what is wrong with an outcome, None where nothing is."""
    if done.code not in (0, 2, 3, 4, 5, 6, 7):
        return f"exit code {done.code}: {done.stderr.strip()[-300:]}"
    if "Traceback" in done.stderr:
        return "a traceback on stderr"
    if "\x1b" in done.stderr:
        return "an escape on stderr"
    command = given.words[0] if given.words else ""
    answered = {0, 6} | ANSWERED.get(command, set())
    if command == "check" and "--fhir" in given.words:
        answered.add(3)  # verified, of a drug that the table has not (docs/fhir.md)
    if done.code not in answered:
        if done.stdout:
            return f"exit code {done.code} with {done.stdout[:80]!r} on stdout"
        if not done.stderr.strip():
            return f"exit code {done.code}, and nothing says why"
    # what a batch passes on, and the name of a table in a statement
    own = b" ".join(given.files.values()).decode(errors="replace") + " ".join(given.words)
    for number in NO_NUMBER.finditer(done.stdout):
        if number[0] not in own:
            return f"{number[0]!r} in the answer"
    if found := next(negative(done.stdout), None):
        return found
    # with 7 dmcalc says so itself, of a damaged file, and writes nothing
    if command == "batch" and done.code != 7 and (lost := lost_rows(done)):
        return lost
    if command == "sql" and "duckdb" in given.words and done.stdout.startswith("--"):
        return no_statement(done.stdout)
    return None


def no_statement(text: str) -> str | None:
    """Say where a text is not one statement that reads, as with a name that leaves its place."""
    kinds = [part.type.name for part in duckdb.extract_statements(text)]
    return None if kinds == ["SELECT"] else f"no statement that reads, but {kinds}"


def negative(stdout: str) -> Iterator[str]:
    """Yield the amounts of a JSON document, or of lines of JSON, that are no amounts."""
    for text in [stdout] if stdout.startswith("{\n") else stdout.splitlines():
        if text[:1] in ("{", "["):
            with contextlib.suppress(ValueError):
                yield from _negative(json.loads(text, parse_constant=str), "")


def _negative(value: object, name: str) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _negative(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from _negative(item, name)
    elif AMOUNTS.fullmatch(name):
        below = isinstance(value, int | float) and value < 0
        if below or value in ("NaN", "Infinity", "-Infinity"):
            yield f"{name} is {value}"


def lost_rows(done: Outcome) -> str | None:
    """Say where the rows of a batch do not add up, by the sentence that it ends with."""
    counts = re.search(
        r"([\d,]+) rows? in = ([\d,]+) answered \+ ([\d,]+) rejected(?: \+ ([\d,]+) blank)?",
        done.stderr,
    )
    if counts is None:
        return None
    rows, *parts = (int(count.replace(",", "")) for count in counts.groups("0"))
    return None if rows == sum(parts) else f"rows are lost: {counts[0]}"
