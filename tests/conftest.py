"""Ways to run dmcalc, as a process, in a terminal or in this one; short ways to ask for doses."""

from __future__ import annotations

import datetime
import fcntl
import io
import json
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings

import dmcalc
from dmcalc import cli
from dmcalc.cli import main
from dmcalc.dosing.dose import dose
from dmcalc.patient import patient
from dmcalc.table.model.local_values import LocalValue
from tests import documents
from tests.chance import SEED

if TYPE_CHECKING:
    from collections.abc import Callable

    from dmcalc.dosing.dose import DoseResult
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.patient.patient import Patient
    from dmcalc.table.model.table import LoadedTable

# the same examples at every run, so that what fails once fails again, on a busy machine too
settings.register_profile(
    "repeatable",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=100,
    # a busy machine is no fault
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("repeatable")

#: A process builds a command once, and so does this one, however often it is called.
BUILT = cache(cli.get_command)

ROOT = Path(__file__).parent.parent
DMCALC = str(Path(sys.executable).with_name("dmcalc"))

#: What a developer's own shell may hold, and what would change an answer's form.
UNSET = (
    "DMCALC_DEBUG",
    "DMCALC_OVERLAY",
    "DMCALC_EXPLAIN",
    "COLUMNS",
    "LINES",
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR_FORCE",
)


class Done(NamedTuple):
    """What a run of dmcalc left: its exit code and its two streams."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The document on stdout, with its decimal numbers as they are written."""
        return json.loads(self.stdout, parse_float=Decimal)


def environment(extra: dict[str, str] | None) -> dict[str, str]:
    """Return this process's environment (coverage's settings included), made the same for all."""
    kept = {key: value for key, value in os.environ.items() if key not in UNSET}
    return {**kept, "TERM": "xterm-256color", **(extra or {})}


def in_terminal(command: list[str], columns: int, **options: Any) -> Done:
    """Run a command whose stdout is a terminal; what it writes there is taken as text."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=errors, **options
        )
        os.close(theirs)
        written = b""
        while chunk := read(ours):
            written += chunk
        os.close(ours)
        code = process.wait(timeout=60)
        errors.seek(0)
        return Done(code, written.decode().replace("\r\n", "\n"), errors.read().decode())


def read(terminal: int) -> bytes:
    """Read from a terminal; on Linux its end is an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def bundled() -> Path:
    """The drug table that dmcalc carries."""
    return ROOT / "data" / "drugs.yaml"


@pytest.fixture(scope="session")
def run() -> Callable[..., Done]:
    """Run the installed ``dmcalc`` as a process of its own."""

    def run(
        *args: str,
        stdin: str | None = None,
        env: dict[str, str] | None = None,
        tty: bool = False,
        columns: int = 80,
        cwd: Path | None = None,
        program: tuple[str, ...] = (DMCALC,),
    ) -> Done:
        command = [*program, *args]
        if tty:
            shown = in_terminal(command, columns, env=environment(env), cwd=cwd)
            documents.check(args, shown.code, shown.stdout, cwd)
            return shown
        given = None if stdin is None else stdin.encode()
        source = {"stdin": subprocess.DEVNULL} if given is None else {"input": given}
        done = subprocess.run(
            command,
            capture_output=True,
            env=environment(env),
            cwd=cwd,
            timeout=60,
            check=False,
            **source,
        )
        printed = Done(done.returncode, done.stdout.decode(), done.stderr.decode())
        documents.check(args, printed.code, printed.stdout, cwd)
        return printed

    return run


@pytest.fixture(scope="session")
def shell(run: Callable[..., Done]) -> Callable[..., Done]:
    """Run a line of bash in which ``dmcalc`` is the installed program."""

    def shell(line: str, env: dict[str, str] | None = None, **options: Any) -> Done:
        path = f"{Path(DMCALC).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        return run(line, env={**(env or {}), "PATH": path}, program=("bash", "-c"), **options)

    return shell


class Terminal(io.BytesIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="session")
def call() -> Callable[..., Done]:
    """Run dmcalc's command line in this process: faster, for all that is not about processes.

    With ``columns`` stdout claims to be a terminal so wide; ``merged`` sends stderr there too.
    """

    def call(
        *args: str,
        columns: int | None = None,
        env: dict[str, str] | None = None,
        cwd: Path | None = None,
        merged: bool = False,
    ) -> Done:
        # stderr takes any text, as a process's own does
        streams = [
            io.TextIOWrapper(Terminal(), "utf-8"),
            io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace"),
        ]
        if columns is None:
            streams[0] = io.TextIOWrapper(io.BytesIO(), "utf-8")
        if merged:
            streams[1] = streams[0]
        with pytest.MonkeyPatch.context() as patch:
            for name in UNSET:
                patch.delenv(name, raising=False)
            for name, value in {"TERM": "xterm-256color", **(env or {})}.items():
                patch.setenv(name, value)
            if columns is not None:
                patch.setenv("COLUMNS", str(columns))
            if cwd is not None:
                patch.chdir(cwd)
            if args[:1] not in (("man",), ("completion",)):  # they look into those that they build
                patch.setattr(cli, "get_command", BUILT)
            patch.setattr(sys, "argv", ["dmcalc", *args])
            patch.setattr(sys, "stdout", streams[0])
            patch.setattr(sys, "stderr", streams[1])
            with pytest.raises(SystemExit) as stop:
                main()
        for stream in streams:
            stream.flush()
        stdout, stderr = (stream.buffer.getvalue().decode() for stream in streams)
        printed = Done(int(stop.value.code or 0), stdout, stderr)
        if not merged:
            documents.check(args, printed.code, printed.stdout, cwd)
        return printed

    return call


@pytest.fixture(scope="session")
def receipt(call: Callable[..., Done], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A receipt, ``receipt.json``, for those that need one and no other; copy it."""
    file = tmp_path_factory.mktemp("receipt") / "receipt.json"
    assert call("dose", "prednisone", "-w", "70", "--receipt", str(file)).code == 0
    return file


@pytest.fixture(scope="session")
def loaded() -> LoadedTable:
    """The bundled table."""
    return dmcalc.load_table()


@pytest.fixture(scope="session")
def person(loaded: LoadedTable) -> Callable[..., Patient]:
    """Make a patient: a weight as text, then what else is known."""

    def make(weight: str | None = None, severity: str | None = None, **more: str) -> Patient:
        return patient.read(
            loaded.table.limits, weight=weight, severity=severity, confirm_weight=True, **more
        )

    return make


@pytest.fixture(scope="session")
def doses(loaded: LoadedTable, person: Callable[..., Patient]) -> Callable[..., DoseResult]:
    """Compute doses of the named drugs for a patient."""

    def compute(*names: str, alternatives: bool = False, **who: str) -> DoseResult:
        return dose(loaded, person(**who), names, alternatives=alternatives)

    return compute


@pytest.fixture(scope="session")
def row(doses: Callable[..., DoseResult]) -> Callable[..., DoseRow]:
    """Compute one regimen, named like ``prednisone.induction``."""

    def find(regimen: str, **who: str) -> DoseRow:
        result = doses(regimen.partition(".")[0], alternatives=True, **who)
        (found,) = [row for row in result.rows if row.regimen == regimen]
        return found

    return find


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say from which seed spoiled inputs were made, how many they were and how they ended."""
    tried: Counter[str] = Counter()
    ended: Counter[int] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            for counts in getattr(report, "user_properties", ()):
                if counts[0] == "fuzz" and report.when == "teardown":
                    tried.update(counts[1][0])
                    ended.update(counts[1][1])
    if tried:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in sorted(tried.items()))
        codes = ", ".join(f"{count:,} x exit {code}" for code, count in sorted(ended.items()))
        terminalreporter.write_line(
            f"fuzz: {sum(tried.values()):,} inputs ({kinds}): {codes}; again: FUZZ_SEED={SEED}"
        )


def local_value(figure: str) -> LocalValue:
    """A figure that a hospital changed."""
    return LocalValue(
        figure=figure,
        base="1",
        value="2",
        looser=False,
        overlay="Example hospital",
        author="Medicines committee",
        date=datetime.date(2026, 11, 2),
        reason="Local practice",
    )
