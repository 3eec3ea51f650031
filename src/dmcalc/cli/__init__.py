"""The command line: one file a command, imported only when it is called.

A file ``cli/NAME.py`` is the command NAME and holds a Typer ``app``. ``COMMANDS`` has its line in
``dmcalc --help``.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer
from typer._click.exceptions import ClickException
from typer.core import TyperGroup
from typer.main import get_command

from dmcalc._version import __version__
from dmcalc.errors import DmcalcError, ExitCode, FileError, as_option

if TYPE_CHECKING:
    from typer._click.core import Command, Context
    from typer._click.formatting import HelpFormatter

#: The commands and what they are for; ``dmcalc --help`` lists them without importing them.
COMMANDS = {
    "about": "Say what dmcalc is, whose figures it has, and their versions.",
    "batch": "Compute the doses of many patients, or check their orders, a row of a file each.",
    "body": "Compute body size and kidney function, each by a published formula with its limits.",
    "care": "List goals of therapy, the team, and measures beside drugs.",
    "check": "Check an order against the table: within its limits, below, above, over the cap, "
    "refused.",
    "completion": "Print the completion of commands, options, drugs and protocols for a shell.",
    "convert": "Convert an amount of a glucocorticoid into what sources call equivalent of "
    "another.",
    "dispense": "Find the tablets, capsules or vials for an amount.",
    "dose": "Compute the doses of some drugs, or of all, for one patient.",
    "drugs": "List the drugs of the table.",
    "infusion": "Compute how a dose is infused: rates, steps, clock times, duration.",
    "labs": "Hold results of blood tests against the limits for some drugs.",
    "man": "Print the manual page.",
    "monitor": "List the tests under some drugs, before the first dose and on days after it.",
    "plan": "Lay out the treatment of one patient in steps, with a calendar.",
    "refs": "List the works that are cited, and where each is used.",
    "replay": "Compute the request of a receipt again, and say whether the answer is the same.",
    "rules": "List the rules for one patient: other drugs, conditions, genotype, kidneys, age.",
    "schema": "Print the JSON Schema of what dmcalc prints for machines.",
    "severity": "Show how weakness is graded, and features of high risk.",
    "show": "Show all that the table says of one drug.",
    "sql": "Print the doses of a drug, or the check of its orders, as SQL for a warehouse.",
    "table": "Check a drug table, compare two, or print the JSON Schema.",
    "taper": "Compute a published taper or a schedule of courses; without a drug, list them.",
    "titrate": "Compute the way up from a start dose to the target, where a source gives one.",
    "verify": "Verify orders: whether each agrees with itself and with the table.",
    "why": "Say where each figure of a drug comes from: the quote, the work, how it was read.",
}


class Commands(TyperGroup):
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
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    rich_markup_mode=None,  # plain help: it is what scripts and screen readers get, and faster
    no_args_is_help=True,
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
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Compute dermatomyositis regimens: exact doses and tapers, each figure with its source.

    \b
    dmcalc dose --weight 70 --severity severe
    dmcalc dose prednisone --weight 154lb --severity mild --field suggested
    dmcalc taper prednisone --weight 70 --severity severe --start 2026-12-01
    dmcalc taper ivig --weight 70
    dmcalc check prednisone "60 mg daily" --weight 70
    dmcalc infusion ivig --weight 70 --at 09:00
    dmcalc why prednisone
    dmcalc replay case-17.json

    A result is the opinion of its cited source and never an order. The prescriber decides.
    """


def main() -> None:
    """Run the command line and exit: the only place that turns errors into exit codes."""
    try:
        # no variable of the environment turns dmcalc into Typer's own completion
        code = get_command(app).main(prog_name="dmcalc", complete_var="", standalone_mode=False)
        if sys.stdout is None and not {"-h", "--help", "--version"}.isdisjoint(sys.argv):
            raise FileError("stdout is closed")
        sys.exit(code)
    except SystemExit as stop:
        # Typer ends with 1 where a reader of --help or --version has gone; that is no error
        sys.exit(ExitCode.OK if stop.code == 1 and _reader_gone() else stop.code)
    except DmcalcError as error:
        sys.exit(_mistake(error))
    except ClickException as error:
        sys.exit(_usage(error))
    except OSError as error:  # Typer's help: dmcalc's own files have errors of their own
        _nothing_more_to_stdout()
        name = error.filename or "stdout"
        sys.exit(_mistake(FileError(f"cannot write to {name}: {error.strerror}")))
    except Exception as error:
        sys.exit(_bug(error))


def _mistake(error: DmcalcError) -> int:
    """Say what a person can mend, and return the exit code."""
    from dmcalc.cli._output import print_stderr

    message, hint = error.named(as_option)
    notes = (hint, *getattr(error, "__notes__", ()))
    print_stderr("\n  ".join([f"dmcalc: {message}", *filter(None, notes)]))
    return error.exit_code


def _usage(error: ClickException) -> int:
    """Say what is wrong with the command line in Typer's words, and return the exit code."""
    import io

    from dmcalc.cli._output import print_stderr

    context = getattr(error, "ctx", None)
    if context is not None:
        context.color = True  # else escapes of a terminal would vanish, and not be shown as text
    shown = io.StringIO()
    error.show(shown)
    print_stderr(shown.getvalue().rstrip("\n"))
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
        place = f"{last.filename.rpartition('dmcalc')[2].lstrip('/')}:{last.lineno}"
        from dmcalc.cli._output import print_stderr

        print_stderr(
            f"dmcalc: an error inside dmcalc: {type(error).__name__} at {place}\n"
            "  Please report it with the command, without patient data. "
            "DMCALC_DEBUG=1 shows where it came from."
        )
    return ExitCode.BUG
