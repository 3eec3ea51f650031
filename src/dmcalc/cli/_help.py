"""The help of a command: its usual options in groups on one screen, all with --help-all."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, ClassVar

from typer._click.parser import _OptionParser
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from dmcalc.cli import _hints
from dmcalc.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from typer._click.core import Command as ClickCommand
    from typer._click.core import Context, Parameter
    from typer._click.formatting import HelpFormatter

#: Widest first column of the options; a longer name has its help on the next line.
NAMES_WIDTH = 30
ORDER = "This order"
#: How many examples stand in the short help.
EXAMPLES = 4
#: The groups of options, in their order; what is in no other is of the order.
GROUPS = (ORDER, "Patient", "Products", "Output")
#: Options that few need, by parameter: ``--help-all`` has them.
RARE = frozenset(
    {
        *("confirm_weight", "bsa", "height", "sex", "weight_basis", "weight_policy", "unchecked"),
        *("tpmt", "nudt15", "crcl", "creatinine", "dob", "as_of"),
        *(
            "direction",
            "decrement",
            "steps",
            "max_step",
            "flare",
            "left",
            "packs",
            "increase",
            "planned",
        ),
        *("round_to", "confirm_amount", "pump_step", "product", "halves", "not_tolerated"),
        *("mcv", "eosinophils", "baseline_creatinine", "ignore_column", "input_format"),
        *("raw_cells", "memory", "mode", "from_date"),
        *(
            "table",
            "guide",
            "overlay",
            "field",
            "no_color",
            "quiet",
            "receipt",
            "receipt_for",
            "width",
        ),
        *("revision", "fhir_version", "subject", "per_product", "bundle", "course_days"),
        "weekday",
        *("export_phase", "plot", "sources"),
    }
)
#: Of these commands an option is usual although it is rare elsewhere.
USUAL = {
    "body": {"height", "sex", "creatinine"},
    "dose": {"height"},
    "check": {"tpmt"},
    "table": {"sha256", "guide", "overlay"},
    "replay": {"table", "guide", "overlay"},
    "batch": {"overlay", "quiet"},
    "verify": {"product"},
    "dispense": {"direction"},
}
_WHOLE = "dmcalc.help-all"


class _Parser(_OptionParser):
    """Refuses a fact that is entered twice, of which the last one would count."""

    def __init__(self, ctx: Context, last_counts: Collection[str]) -> None:
        """Begin without parameters; of those in ``last_counts`` the last one counts."""
        super().__init__(ctx)
        self._last_counts = last_counts

    def parse_args(self, args: list[str]) -> tuple[dict[str, object], list[str], list[Parameter]]:
        """Read the command line; raise UsageError for an option that is written twice."""
        values, rest, order = super().parse_args(args)
        _refuse_repeated(order, self._last_counts)
        return values, rest, order


class ExplainedCommand(TyperCommand):
    """A command whose help is short, and whose errors say what a person would write."""

    #: The parameters of each group but those of the order.
    groups: ClassVar[Mapping[str, Collection[str]]]
    #: Those that may be written twice.
    last_counts: ClassVar[Collection[str]]

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return its parameters, with ``--help-all`` last."""
        return [*super().get_params(ctx), _HELP_ALL]

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read the command line; raise UsageError with a hint for what cannot be read."""
        with _hints.explained(ctx):
            return super().parse_args(ctx, args)

    def make_parser(self, ctx: Context) -> _Parser:
        """Return the parser of the options and arguments."""
        parser = _Parser(ctx, self.last_counts)
        for parameter in self.get_params(ctx):
            parameter.add_to_parser(parser, ctx)
        return parser

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write what it is for, examples, and its options in groups."""
        whole = bool(ctx.meta.get(_WHOLE))
        summary, examples, details = _parts(self.help or "")
        self.format_usage(ctx, formatter)
        formatter.write(f"\n  {summary}\n")
        if shown := examples if whole else examples[:EXAMPLES]:
            formatter.write("\n" + "".join(f"  {line}\n" for line in shown))
        if whole:
            for text in details:
                formatter.write_paragraph()
                with formatter.indentation():
                    formatter.write_text(text)
        rows = self._rows(ctx, whole)
        longest = max(len(names) for group in GROUPS for names, _ in rows[group])
        width = min(longest, NAMES_WIDTH)  # the same in all groups
        for group in GROUPS:
            if rows[group]:
                with formatter.section(group):
                    lines = [(names.ljust(width), text) for names, text in rows[group]]
                    formatter.write_dl(lines, col_max=NAMES_WIDTH)
        if not whole:
            formatter.write(f"\nAll options, and details: {ctx.command_path} --help-all\n")

    def _rows(self, ctx: Context, whole: bool) -> dict[str, list[tuple[str, str]]]:
        """Return names and help of the parameters that are shown, by group."""
        rows: dict[str, list[tuple[str, str]]] = {group: [] for group in GROUPS}
        command = ctx.command_path.split()[1] if " " in ctx.command_path else ""
        for parameter in self.get_params(ctx):
            name = parameter.name or ""
            rare = name in RARE - USUAL.get(command, set()) or name in ("help", "help_all")
            if not isinstance(parameter, TyperArgument | TyperOption) or parameter.hidden:
                continue
            if not whole and rare:
                continue
            group = next((group for group, names in self.groups.items() if name in names), ORDER)
            rows[group].append(_row(parameter, ctx))
        return rows


class Group(TyperGroup):
    """A group of commands: without a word its help is shown, and a wrong one is explained."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read the command line; ``help COMMAND`` is ``COMMAND --help``."""
        if not args or args[0] == "help":
            args = [*args[1:], "--help"]
        with _hints.explained(ctx):
            return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, ClickCommand | None, list[str]]:
        """Return the command that is named; raise UsageError for none."""
        if args[0] not in self.list_commands(ctx):
            raise _hints.unknown_command(ctx.command_path, args, self.list_commands(ctx))
        return super().resolve_command(ctx, args)


def _refuse_repeated(parameters: Sequence[Parameter], last_counts: Collection[str]) -> None:
    """Raise UsageError for a fact that is there twice among what was written."""
    once = [
        parameter
        for parameter in parameters
        if isinstance(parameter, TyperOption)
        and not (parameter.multiple or parameter.is_flag or parameter.name in last_counts)
    ]
    repeated = next((option for at, option in enumerate(once) if option in once[:at]), None)
    if repeated is not None:
        name = max(repeated.opts, key=len)
        raise UsageError(f"{name} is written twice", "Leave one of them out.")


def _show_all(ctx: Context, _: Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        ctx.meta[_WHOLE] = True
        print(ctx.get_help(), flush=True)
        ctx.exit()


_HELP_ALL = TyperOption(
    param_decls=["--help-all"],
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_all,
    help="Show all options, and details.",
)


def _row(parameter: TyperArgument | TyperOption, ctx: Context) -> tuple[str, str]:
    """Return the names of a parameter and its help."""
    if isinstance(parameter, TyperArgument):
        name = (parameter.metavar or parameter.name or "").upper()
        return f"{name}..." if parameter.nargs == -1 else name, parameter.help or ""
    record = parameter.get_help_record(ctx)
    assert record is not None  # it is not hidden
    names, text = record
    return names, text.replace("  [default: ", " [")


def _parts(text: str) -> tuple[str, list[str], list[str]]:
    """Part a help text into its first sentence, its examples and its other paragraphs."""
    prose, _, lines = inspect.cleandoc(text).partition("\b\n")
    examples, _, rest = lines.partition("\n\n")
    summary, *details = [part.strip() for part in f"{prose}\n\n{rest}".split("\n\n")]
    return summary, examples.splitlines(), [part for part in details if part]
