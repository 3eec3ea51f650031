"""The options that commands share, in groups: a command takes a group whole.

A group is a named tuple whose fields are options. ``grouped`` lets Typer see the single options,
and hands a command the filled groups.
"""

import functools
import inspect
from collections.abc import Callable
from contextlib import nullcontext
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Literal,
    Self,
    cast,
    get_args,
)

import typer

from dmcalc.cli._checks import check_values, integer, stdout_as_dash
from dmcalc.cli._format_options import FormatOptions, format_named, format_of_file
from dmcalc.cli._help import ExplainedCommand, Group
from dmcalc.cli._patient_options import Age as Age
from dmcalc.cli._patient_options import PatientOptions as PatientOptions
from dmcalc.cli._patient_options import iso_date as iso_date
from dmcalc.cli._table_files import TableFiles as TableFiles
from dmcalc.cli._table_files import overlays as overlays
from dmcalc.cli._words import drug_names as drug_names
from dmcalc.errors import DmcalcError, UsageError
from dmcalc.formats.registry import Format
from dmcalc.records import Record
from dmcalc.results.base import overlays_in_use
from dmcalc.results.trace import recording
from dmcalc.text.spelling import listed_names as listed_names

if TYPE_CHECKING:
    from dmcalc.dispensing.stock import StockOptions
    from dmcalc.pages.model import Detail


Drugs = Annotated[
    list[str] | None,
    typer.Argument(metavar="DRUG", callback=drug_names, help="Drugs by name; all if none."),
]
Drug = Annotated[str, typer.Argument(metavar="DRUG", help="A drug; dmcalc drugs lists them.")]
NamedDrugs = Annotated[
    list[str],
    typer.Argument(metavar="DRUG", callback=drug_names, help="Drugs; dmcalc drugs lists them."),
]
Alternatives = Annotated[
    bool, typer.Option("--alternatives", help="Add the doses of other sources.")
]
Start = Annotated[
    str | None,
    typer.Option(
        "--start",
        metavar="DATE",
        callback=iso_date,
        help="Start date: 2026-12-01, 1 Dec 2026, today, +7d.",
    ),
]
Market = Annotated[
    Literal["US", "UK", "EU"],
    typer.Option(
        "--market", metavar="us|uk|eu", case_sensitive=False, help="Whose products are dispensed."
    ),
]
Product = Annotated[
    str | None, typer.Option("--product", metavar="NAME", help="A product that show lists.")
]
Direction = Annotated[
    Literal["nearest", "down", "up"] | None,
    typer.Option("--round", metavar="WAY", help="Round to whole units: nearest, down or up."),
]
Packs = Annotated[
    str | None,
    typer.Option(
        "--pack",
        metavar="LIST",
        help="Units in a pack: 20mg:100,5mg:30.",
    ),
]
Output = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        callback=stdout_as_dash,
        help="Write to FILE; - is stdout.",
    ),
]
Mode = Annotated[
    str | None,
    typer.Option("--mode", metavar="MODE", help="Permissions of the files that are written: 640."),
]
TableFile = Annotated[
    str | None,
    typer.Option("--table", metavar="FILE", help="Another drug table, checked in full."),
]
Overlays = Annotated[
    list[str] | None,
    typer.Option(
        "--overlay",
        metavar="FILE",
        help="Local figures to put over the table.",
    ),
]
GuideFile = Annotated[
    str | None,
    typer.Option("--guide", metavar="FILE", help="Another guide, checked in full."),
]
Explain = Annotated[
    bool,
    typer.Option(
        "--explain",
        "-e",
        envvar="DMCALC_EXPLAIN",
        show_envvar=False,
        help="Add reasons, notes in full and sources.",
    ),
]
OnlySources = Annotated[
    bool, typer.Option("--sources", help="Print the list of sources alone, as they were read.")
]
Width = Annotated[
    int | None,
    typer.Option(
        "--width", metavar="N", min=40, max=500, help="Columns of the page, in a pipe too."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No warnings on stderr.")]
Strict = Annotated[
    bool, typer.Option("--strict", help="Exit with 6 for warnings about this patient.")
]


class ProductOptions(Record):
    """Which tablets, capsules or vials there are."""

    market: Market = "US"
    stock: Annotated[
        str | None,
        typer.Option("--stock", metavar="LIST", help="Strengths in stock instead: 20mg,5mg,1mg."),
    ] = None
    halves: Annotated[bool, typer.Option("--halves", help="Halve scored tablets.")] = False
    product: Product = None

    def stocked(self) -> "StockOptions":
        """Return them as the core takes them; raise UsageError."""
        from dmcalc.dispensing.stock import StockOptions, strengths

        return StockOptions(self.market, strengths(self.stock), self.halves, self.product)


class _Output(Record):
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            callback=format_named,
            help="table, json, csv, md, html, ics and others.",
        ),
    ] = None
    output: Output = "-"
    mode: Mode = None
    table: TableFile = None
    guide: GuideFile = None
    overlay: Overlays = None
    field: Annotated[
        str | None,
        typer.Option(
            "--field",
            metavar="NAME",
            help="Print this value of each row, a line each; see schema.",
        ),
    ] = None
    no_color: Annotated[
        bool, typer.Option("--no-color", help="No colour, as with NO_COLOR set.")
    ] = False
    explain: Explain = False
    sources: OnlySources = False
    width: Width = None
    quiet: Quiet = False
    strict: Strict = False
    as_json: Annotated[bool, typer.Option("--json", hidden=True)] = False
    as_csv: Annotated[bool, typer.Option("--csv", hidden=True)] = False
    as_markdown: Annotated[bool, typer.Option("--md", hidden=True)] = False

    @property
    def detail(self) -> "Detail":
        """How much of the answer people see."""
        return "explained" if self.explain else "sources" if self.sources else "usual"


class OutputOptions(_Output, TableFiles):
    """How the answer is written, and which table it is computed from."""

    @property
    def format(self) -> Format:
        """The format, once it is settled."""
        return cast(Format, self.form or "table")

    def settled(self) -> Self:
        """Return them with the format that is named, else that of the name of the file.

        Raise UsageError for two formats, and for a file whose name says none that is known.
        """
        flags = {"json": self.as_json, "csv": self.as_csv, "markdown": self.as_markdown}
        forms = [*([self.form] if self.form else []), *(form for form in flags if flags[form])]
        if len(set(forms)) > 1:
            raise UsageError(f"two formats are named: {' and '.join(forms)}", "Name one of them.")
        named_by_file = "table" if self.field is not None else format_of_file(self.output)
        return self._replace(form=forms[0] if forms else named_by_file)


class TableOutputOptions(OutputOptions):
    """How an answer is written that no guide has a part in."""

    guide: None


class ReceiptOptions(Record):
    """The file that an audit needs later."""

    receipt: Annotated[
        str | None,
        typer.Option(
            "--receipt", metavar="FILE", help="Save the calculation in FILE, to re-run it later."
        ),
    ] = None
    receipt_for: Annotated[
        str | None,
        typer.Option("--receipt-for", metavar="LABEL", help="Label of the receipt: case 17."),
    ] = None


#: The parameters that say how an answer is written or with which files it is computed, and nothing
#: of the request.
OF_OUTPUT = frozenset({*OutputOptions._fields, *FormatOptions._fields})


class Command(ExplainedCommand):
    """A command whose help has its options in these groups."""

    groups: ClassVar = {
        "Patient": PatientOptions._fields,
        "Products": ProductOptions._fields,
        "Output": (*OF_OUTPUT, *ReceiptOptions._fields, "help", "help_all"),
    }
    #: Of how an answer is written; a table or a day is a fact.
    last_counts = OF_OUTPUT - {"table", "guide", "weekday", "course_days"}


def grouped(function: Callable[..., None]) -> Callable[..., None]:
    """Let Typer see each option of the groups that a command takes as a parameter of its own.

    An error notes which local figures were in use, as it may come from them.
    """
    groups: dict[str, tuple[Any, list[str]]] = {}
    flat: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(function, eval_str=True).parameters.items():
        kind = parameter.annotation
        if hasattr(kind, "_fields"):
            options: dict[str, Any] = {}
            for base in reversed(kind.__mro__):
                options |= vars(base).get("__annotations__", {})
            # a group may leave out an option of its base, and the command have one of that name
            fields = [field for field in kind._fields if options[field] is not None]
            groups[name] = kind, fields
            flat += [_parameter(f, options[f], kind._field_defaults[f]) for f in fields]
        else:
            flat.append(_parameter(name, kind, parameter.default))

    @functools.wraps(function)
    def command(**values: object) -> None:
        check_values(flat, values)
        for name, (kind, fields) in groups.items():
            group = kind(**{field: values.pop(field) for field in fields if field in values})
            values[name] = group.settled() if isinstance(group, OutputOptions) else group
        receipt = getattr(values.get("receipt"), "receipt", None)
        try:
            with nullcontext() if receipt is None else recording():  # what the receipt lists
                function(**values)
        except DmcalcError as error:
            loaded = getattr(values.get("output"), "loaded", None)
            if loaded is not None and loaded.overlays:
                error.add_note(overlays_in_use(loaded))
            raise

    command.__signature__ = inspect.Signature(flat)  # type: ignore[attr-defined]
    command.__annotations__ = {}  # start-up: Typer would evaluate each, and the signature has them
    return command


def _parameter(name: str, kind: object, default: object) -> inspect.Parameter:
    inner = get_args(kind)[0] if hasattr(kind, "__metadata__") else kind
    if int in (inner, *get_args(inner)):
        for info in getattr(kind, "__metadata__", ()):
            info.parser = integer(info.min)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def application() -> typer.Typer:
    """Return an empty Typer app with what all commands have in common."""
    return typer.Typer(
        cls=Group,
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def named_options(
    context: typer.Context, allowed: frozenset[str] | set[str] = frozenset()
) -> list[str]:
    """List the options that the user gave, but for those of the output and what is allowed."""
    return [
        parameter.opts[0]
        for parameter in context.command.params
        if (name := parameter.name) is not None
        and name not in OF_OUTPUT | allowed
        and (source := context.get_parameter_source(name)) is not None
        and source.name == "COMMANDLINE"
    ]
