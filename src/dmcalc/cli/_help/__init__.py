"""What the commands say of themselves: read once, for completion in a shell and the manual page.

Nothing is written down twice. Commands, options, their help and the words that they take come from
the commands; drugs, protocols and phases from the drug table; fields from the schemas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.table.model.table import LoadedTable

#: What is called so is a file.
_FILES = ("FILE", "INPUT")


class Option(NamedTuple):
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
    """A word that stands without an option, by its place."""

    name: str
    help: str
    words: tuple[str, ...]
    is_file: bool
    repeats: bool
    required: bool


class Command(NamedTuple):
    """A command; a group of commands has no options of its own but ``--help``."""

    #: ``dose``, ``table check``; empty for dmcalc itself.
    name: str
    summary: str
    paragraphs: tuple[str, ...]
    examples: tuple[str, ...]
    options: tuple[Option, ...]
    arguments: tuple[Argument, ...]
    #: The commands of a group, without its own name.
    commands: tuple[str, ...]

    @property
    def slug(self) -> str:
        """Its name as one word."""
        return self.name.replace(" ", "-")


def commands(program: Any, loaded: LoadedTable) -> list[Command]:
    """Read all commands of a program, itself first, then in order of name."""
    return list(_read(program, "", _Words(loaded)))


class _Words:
    """The words that the value of a parameter can be."""

    def __init__(self, loaded: LoadedTable) -> None:
        from dmcalc import guideline
        from dmcalc.table.rules.formulas import measure

        table, held = loaded.table, guideline.load().guideline
        rules = held.rules
        drugs = [name for key, drug in table.drugs.items() for name in (key, *drug.aliases)]
        phases: list[str] = [
            regimen.phase for drug in table.drugs.values() for regimen in drug.regimens
        ]
        equal = table.equivalence.drugs if table.equivalence else {}
        steroids = [name for key, drug in equal.items() for name in (key, *drug.aliases)]
        surfaces = [key for key, one in table.formulas.items() if measure(one) == "bsa_m2"]
        self._known: dict[str, list[str]] = {
            **{"drug": drugs, "drugs": drugs, "phase": phases},
            **{"given": steroids, "wanted": steroids, "formula": surfaces},
            **{"taking": [*rules.taken, *drugs], "condition": list(rules.conditions)},
            "weight_policy": list(held.weight_policies),
            "route": list(table.equivalence.routes) if table.equivalence else [],
        }
        self._protocols = {"taper": list(table.tapers), "titrate": list(table.titrations)}

    def of(self, command: str, parameter: Any) -> tuple[str, ...]:
        """Return them in the order in which they are listed elsewhere."""
        from dmcalc import formats, schemas

        kind, name = command.replace(" ", "-"), parameter.name
        choices = tuple(getattr(parameter.type, "choices", ()))
        if name == "form":
            return tuple(form for form in choices if form in formats.formats(kind))
        if name == "field" and kind in schemas.kinds():
            return tuple(schemas.fields(kind))
        if name == "protocol":
            return tuple(self._protocols.get(command, ()))
        if name == "kind":
            return tuple(schemas.kinds())
        return choices or tuple(dict.fromkeys(self._known.get(name, ())))


def _read(command: Any, name: str, words: _Words) -> Iterator[Command]:
    """Read a command, and the commands in it."""
    context = command.make_context(name or "dmcalc", [], resilient_parsing=True)
    inner = command.list_commands(context) if hasattr(command, "list_commands") else []
    parameters = [p for p in command.get_params(context) if not getattr(p, "hidden", False)]
    paragraphs, examples = _text(command.help or "")
    yield Command(
        name,
        paragraphs[0].partition("\n")[0] if paragraphs else "",
        tuple(" ".join(text.split()) for text in paragraphs[1:]),
        examples,
        tuple(_option(p, name, words) for p in parameters if p.param_type_name == "option"),
        tuple(_argument(p, name, words) for p in parameters if p.param_type_name == "argument"),
        tuple(inner),
    )
    for each in inner:
        yield from _read(command.get_command(context, each), f"{name} {each}".strip(), words)


def _option(found: Any, command: str, words: _Words) -> Option:
    known = words.of(command, found)
    metavar = None if found.is_flag else found.metavar or ("|".join(known) or "VALUE")
    names = tuple(sorted(found.opts, key=lambda name: not name.startswith("--")))
    return Option(names, found.help or "", metavar, known, metavar in _FILES, found.multiple)


def _argument(found: Any, command: str, words: _Words) -> Argument:
    """Read an argument; what a command about tables takes is a table, and so a file."""
    metavar = found.metavar or found.name.upper()
    is_file = metavar in _FILES or command.startswith("table ")
    known = words.of(command, found)
    return Argument(metavar, found.help or "", known, is_file, found.nargs == -1, found.required)


def _text(help_text: str) -> tuple[list[str], tuple[str, ...]]:
    """Part a help text into its paragraphs and its examples."""
    text, _, lines = help_text.partition("\b\n")
    examples, _, rest = lines.partition("\n\n")
    paragraphs = [part.strip() for part in f"{text}\n\n{rest}".split("\n\n") if part.strip()]
    return paragraphs, tuple(line.strip() for line in examples.splitlines() if line.strip())


def page() -> str:
    """Return the manual page."""
    import dmcalc
    from dmcalc._version import __version__
    from dmcalc.cli._help import man

    loaded = dmcalc.load_table()
    return man.page(_of_dmcalc(loaded), loaded.table, __version__)


def completion(shell: str, table: str | None = None) -> str:
    """Return the completion script for a shell, with the words of a table."""
    from importlib import import_module

    import dmcalc
    from dmcalc._version import __version__

    loaded = dmcalc.load_table(table)
    about = f"dmcalc {__version__}, drug table {loaded.table.version}"
    text: str = import_module(f"{__name__}.{shell}").script(_of_dmcalc(loaded), about)
    return text


def _of_dmcalc(loaded: LoadedTable) -> list[Command]:
    from typer.main import get_command

    from dmcalc.cli import app

    return commands(get_command(app), loaded)
