"""What the commands say of themselves: read once, for completion in a shell and the manual page.

Nothing is written down twice. Commands, options, their help and the words that they take come from
the commands; drugs, protocols and phases from the drug table; fields from the classes of rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from typer.core import TyperArgument, TyperGroup, TyperOption
from typer.main import get_command

from dmcalc import guideline
from dmcalc.cli import app
from dmcalc.formats import registry
from dmcalc.patient.inputs import NOT_PREGNANT, SEXES
from dmcalc.schemas import json_schema as schemas
from dmcalc.table.model.drug import ORGANS
from dmcalc.table.model.formula import measure

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from typer._click import core as click

    from dmcalc.table.model.schedules import CourseTaper, DailyTaper, MilestoneTaper, Titration
    from dmcalc.table.model.table import LoadedTable, Table

#: What is called so is a file.
_FILES = ("FILE", "INPUT")


class CommandOption(NamedTuple):
    """An option: its names, the short one last, and what may stand after it."""

    names: tuple[str, ...]
    help: str
    #: What its value is called; None for an option without one.
    metavar: str | None
    #: The words that its value can be, as far as they are known.
    words: tuple[str, ...]
    is_file: bool
    repeats: bool

    @property
    def long(self) -> str:
        """Its long name."""
        return self.names[0]


class Argument(NamedTuple):
    """A word without an option, by its position."""

    name: str
    help: str
    words: tuple[str, ...]
    is_file: bool
    repeats: bool
    required: bool


class CommandModel(NamedTuple):
    """A command; a group of commands has no options of its own but ``--help``."""

    #: ``dose``, ``table check``; empty for dmcalc itself.
    name: str
    summary: str
    paragraphs: tuple[str, ...]
    examples: tuple[str, ...]
    options: tuple[CommandOption, ...]
    arguments: tuple[Argument, ...]
    #: The commands of a group, without its own name.
    commands: tuple[str, ...]


def commands(loaded: LoadedTable) -> list[CommandModel]:
    """Read all commands of dmcalc, itself first, then in order of name.

    Args:
        loaded: The table whose drugs and protocols are the words of arguments and options.
    """
    return list(_read(get_command(app), "", _Words(loaded)))


class _Words:
    """The words that the value of a parameter can be."""

    def __init__(self, loaded: LoadedTable) -> None:
        table, guide = loaded.table, guideline.load().guideline
        rules = guide.rules
        drugs = _names(table, table.drugs)
        phases: list[str] = [
            regimen.phase for drug in table.drugs.values() for regimen in drug.regimens
        ]
        equal = table.equivalence.drugs if table.equivalence else {}
        steroids = [name for key, drug in equal.items() for name in (key, *drug.aliases)]
        surfaces = [key for key, formula in table.formulas.items() if measure(formula) == "bsa_m2"]
        self._known: dict[str, list[str]] = {
            **dict.fromkeys(("drug", "drugs", "named_drug", "chosen", "not_tolerated"), drugs),
            **{"phase": phases, "keys": list(guideline.load().works(table))},
            **{"words": steroids, "formula": surfaces},
            **{
                "taking": [*rules.taken, *drugs],
                "condition": [*rules.conditions, NOT_PREGNANT, *ORGANS],
            },
            "sex": list(SEXES),
            "weight_policy": list(guide.weight_policies),
            "route": list(table.equivalence.routes) if table.equivalence else [],
        }
        tapers = {**table.tapers, **table.landmark_tapers}
        self._of_command = {
            "taper": {"protocol": list(tapers), "drug": _names(table, _drugs_of(tapers))},
            "plan": {"protocol": list(tapers)},
            "titrate": {
                "protocol": list(table.titrations),
                "drug": _names(table, _drugs_of(table.titrations)),
            },
            "infusion": {
                "drug": _names(table, {key for key, drug in table.drugs.items() if drug.infusion})
            },
            "rules": {"drugs": [*drugs, *rules.taken, *rules.conditions]},
        }

    def of(self, command: str, parameter: TyperOption | TyperArgument) -> tuple[str, ...]:
        """Return them in the order in which they are listed elsewhere."""
        kind, name = command.replace(" ", "-"), parameter.name or ""
        choices = tuple(getattr(parameter.type, "choices", ()))
        if name == "form":
            return choices or registry.formats(kind)
        if name == "field" and kind in schemas.kinds():
            return tuple(schemas.fields(kind))
        if name == "kind":
            return tuple(schemas.kinds())
        known = self._of_command.get(command, {}).get(name) or self._known.get(name, [])
        return choices or tuple(dict.fromkeys(known))


def _names(table: Table, drugs: Collection[str]) -> list[str]:
    """List the names of some drugs and their aliases, in the order of the table."""
    return [
        name for key, drug in table.drugs.items() if key in drugs for name in (key, *drug.aliases)
    ]


def _drugs_of(
    schedules: Mapping[str, DailyTaper | CourseTaper | MilestoneTaper | Titration],
) -> set[str]:
    """Return the drugs that some schedules are of."""
    return {drug for schedule in schedules.values() for drug in schedule.drugs}


def _read(command: click.Command, name: str, words: _Words) -> Iterator[CommandModel]:
    """Read a command, and the commands in it."""
    context = command.make_context(name or "dmcalc", [], resilient_parsing=True)
    inner = {}
    if isinstance(command, TyperGroup):
        names = command.list_commands(context)
        inner = {part: command.get_command(context, part) for part in names}
    parameters = [p for p in command.get_params(context) if not getattr(p, "hidden", False)]
    paragraphs, examples = _text(command.help or "")
    yield CommandModel(
        name,
        paragraphs[0].partition("\n")[0] if paragraphs else "",
        tuple(" ".join(text.split()) for text in paragraphs[1:]),
        examples,
        tuple(_option(p, name, words) for p in parameters if isinstance(p, TyperOption)),
        tuple(_argument(p, name, words) for p in parameters if isinstance(p, TyperArgument)),
        tuple(inner),
    )
    for part, member in inner.items():
        if member is not None:
            yield from _read(member, f"{name} {part}".strip(), words)


def _option(option: TyperOption, command: str, words: _Words) -> CommandOption:
    known = words.of(command, option)
    metavar = None if option.is_flag else option.metavar or ("|".join(known) or "VALUE")
    names = tuple(sorted(option.opts, key=lambda name: not name.startswith("--")))
    return CommandOption(
        names, option.help or "", metavar, known, metavar in _FILES, option.multiple
    )


def _argument(argument: TyperArgument, command: str, words: _Words) -> Argument:
    """Read an argument; what a command about tables takes is a table, and so a file."""
    metavar = argument.metavar or (argument.name or "").upper()
    is_file = metavar in _FILES or command.startswith("table ")
    known = words.of(command, argument)
    return Argument(
        metavar, argument.help or "", known, is_file, argument.nargs == -1, argument.required
    )


def _text(help_text: str) -> tuple[list[str], tuple[str, ...]]:
    """Part a help text into its paragraphs and its examples."""
    text, _, lines = help_text.partition("\b\n")
    examples, _, rest = lines.partition("\n\n")
    paragraphs = [part.strip() for part in f"{text}\n\n{rest}".split("\n\n") if part.strip()]
    return paragraphs, tuple(line.strip() for line in examples.splitlines() if line.strip())
