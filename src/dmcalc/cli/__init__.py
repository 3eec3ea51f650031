"""The command line: one file a command, imported only when it is called.

A file ``cli/NAME.py`` is the command NAME and holds a Typer ``app``. ``COMMANDS`` has its line in
``dmcalc --help``.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer
from typer.main import get_command

from dmcalc._version import __version__
from dmcalc.cli._help import Group
from dmcalc.errors import DmcalcError, ExitCode, FileError, as_option

if TYPE_CHECKING:
    from typer._click.core import Command, Context
    from typer._click.formatting import HelpFormatter

#: The commands by what they are for; ``dmcalc --help`` lists them without importing them.
GROUPS = {
    "For one patient": {
        "dose": "Compute the doses for one patient.",
        "taper": "Compute a taper or courses, dated; list the tapers.",
        "check": "Check an order against published doses.",
        "plan": "Draft the treatment of one patient, with a calendar.",
        "infusion": "Compute infusion rates, steps and clock times.",
        "titrate": "Compute a dose titration from start to target dose.",
        "dispense": "Find the tablets, capsules or vials to dispense.",
        "monitor": "List the monitoring for one or more drugs.",
        "labs": "Check blood results against action thresholds.",
        "body": "Compute body size and renal function.",
        "convert": "Convert a glucocorticoid dose into another's.",
    },
    "Look up": {
        "show": "Show a drug's doses, cautions and sources.",
        "why": "Show the source and quote for every figure.",
        "rules": "List interactions and other patient-specific rules.",
        "severity": "Show how weakness is graded, and high-risk features.",
        "care": "List goals of therapy and non-drug measures.",
        "drugs": "List the drugs of the table.",
        "refs": "List the works cited, and where each is used.",
        "about": "Show what dmcalc is, and its versions.",
    },
    "Many patients, and scripts": {
        "batch": "Compute doses or check orders, a row of a file each.",
        "sql": "Print the doses of a drug as SQL.",
        "verify": "Verify orders against themselves and the table.",
        "replay": "Re-run a saved calculation and compare.",
        "schema": "Print the JSON Schema of an answer.",
        "table": "Check a drug table, or compare two.",
        "completion": "Print the completion script of a shell.",
        "man": "Print the manual page.",
    },
}
COMMANDS = {name: text for group in GROUPS.values() for name, text in group.items()}


class Commands(Group):
    """The commands, each imported when it is called: their number does not slow down any."""

    def list_commands(self, ctx: Context) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Import the file of one command, or return None."""
        if cmd_name not in COMMANDS:
            return None
        command = get_command(import_module(f"{__name__}.{cmd_name}").app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """List the commands in their groups, without importing them."""
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()))

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """List the commands alone: the help of each has its options."""
        self.format_commands(ctx, formatter)


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    rich_markup_mode=None,  # plain help: it is what scripts and screen readers get, and faster
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"dmcalc {__version__}", flush=True)
        raise typer.Exit


@app.callback()
def top(
    version: Annotated[
        bool,
        typer.Option("--version", "-V", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Compute exact dermatomyositis regimens, each figure with its source.

    New here?  dmcalc dose -w 70 -s severe     Help: dmcalc COMMAND --help

    A result is its source's opinion, never an order. The prescriber decides.
    """


#: Words whose answer does not go through the writer of answers; nor does that of no word.
_PRINTED_BY_TYPER = {"help", "-h", "--help", "--help-all", "-V", "--version"}


def main() -> None:
    """Run the command line and exit: the only place that turns errors into exit codes."""
    try:
        # no variable of the environment turns dmcalc into Typer's own completion
        code = get_command(app).main(prog_name="dmcalc", complete_var="", standalone_mode=False)
        if sys.stdout is None and (not sys.argv[1:] or _PRINTED_BY_TYPER & {*sys.argv[1:]}):
            raise FileError("stdout is closed")
        sys.exit(code)
    except SystemExit as stop:
        # Typer ends with 1 where a reader of --help or --version has gone; that is no error
        sys.exit(ExitCode.OK if stop.code == 1 and _reader_gone() else stop.code)
    except DmcalcError as error:
        sys.exit(_mistake(error))
    except OSError as error:  # files that dmcalc reads or writes have errors of their own
        if error.filename is not None:  # a name that the system cannot look up
            sys.exit(_mistake(FileError(f"{error.filename} cannot be used: {error.strerror}")))
        _nothing_more_to_stdout()
        sys.exit(_mistake(FileError(f"cannot write to stdout: {error.strerror}")))
    except Exception as error:
        sys.exit(_bug(error))


def _mistake(error: DmcalcError) -> int:
    """Say what a person can mend, and return the exit code."""
    from dmcalc.cli._output import print_stderr

    message, hint = error.named(as_option)
    notes = (hint, *getattr(error, "__notes__", ()))
    print_stderr("\n  ".join([f"dmcalc: {message}", *filter(None, notes)]))
    return error.exit_code


def _reader_gone() -> bool:
    """Tell whether nobody reads stdout any more."""
    import select

    if sys.__stdout__ is None or not hasattr(select, "poll"):
        return False
    poll = select.poll()
    poll.register(sys.__stdout__.fileno(), select.POLLOUT)
    gone = any(event & select.POLLERR for _, event in poll.poll(0))
    if gone:
        _nothing_more_to_stdout()
    return gone


def _nothing_more_to_stdout() -> None:
    """Let what is left in stdout's buffer go nowhere at exit."""
    import os

    if sys.__stdout__ is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())


def _bug(error: Exception) -> int:
    """Report an error inside dmcalc: where it was, and nothing of the patient."""
    import os
    import traceback

    if os.environ.get("DMCALC_DEBUG"):
        traceback.print_exc()
    else:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{last.filename.rpartition('dmcalc')[2].lstrip('/')}:{last.lineno}"
        from dmcalc.cli._output import print_stderr

        print_stderr(
            f"dmcalc: an error inside dmcalc: {type(error).__name__} at {where}\n"
            "  Please report it with the command, without patient data. "
            "DMCALC_DEBUG=1 shows where it came from."
        )
    return ExitCode.BUG
