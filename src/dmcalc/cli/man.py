"""The command ``man``: the help of all commands in roff, and what that does not cover."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import dmcalc
from dmcalc._version import __version__
from dmcalc.cli import _options as options
from dmcalc.cli._command_model import commands
from dmcalc.cli._output import write
from dmcalc.cli._pager import shown_through
from dmcalc.errors import EXIT_MEANINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dmcalc.cli._command_model import Argument, CommandModel, CommandOption

app = options.application()

#: Options of more commands than this stand in a section of their own.
_COMMON = 5

_ENVIRONMENT = {
    "DMCALC_OVERLAY": "Overlays that are put over the table, before those of --overlay: paths with "
    "a colon between them.",
    "PAGER": "What shows a page of --explain in a terminal: less if it is not set, and nothing if "
    "it is empty.",
    "NO_COLOR": "No colour in a terminal, if it is set and not empty; as with --no-color.",
    "TERM": "No colour where it is dumb.",
    "COLUMNS": "Width of the table in a terminal. In a pipe and in a file no line is cut.",
    "SOURCE_DATE_EPOCH": "The date of issue of sheets and the stamp of calendars, in seconds since "
    "1970, in place of the time of the run: the same request then gives the same bytes.",
    "DMCALC_DEBUG": "Show where an error inside dmcalc came from. That can show patient data: read "
    "it before it is passed on.",
}
_FILES = {
    "-": "As the name of a file: stdin where it is read, stdout where it is written.",
    "FILE of --output": "It is there whole or not at all. While it is written its draft lies "
    "next to it, hidden, with a name that begins with a point and that of the file.",
    "FILE of --table": "A drug table in YAML, used instead of the one that dmcalc carries, and "
    "checked in full at each run.",
}


@app.command(cls=options.Command)
@options.grouped
def man(output: options.Output = "-") -> None:
    """Print the manual page.

    At a terminal man shows it. In a pipe or a file it is roff, for man -l or a folder of MANPATH. A
    wheel brings it along.

    \b
    dmcalc man
    dmcalc man --output dmcalc.1
    """
    text = page()
    if output != "-" or not shown_through(("man", "-l", "-"), text):
        write(text, output)


def page() -> str:
    """Return the page; its date is that of the last review of the table, whenever it is made."""
    loaded = dmcalc.load_table()
    table = loaded.table
    top, *others = commands(loaded)
    single = [command for command in others if not command.commands]
    common = _shared(single)
    lines = [
        r".\" Made by: dmcalc man.",
        f'.TH DMCALC 1 "{table.reviewed.isoformat()}" "dmcalc {__version__}" "User Commands"',
        ".SH NAME",
        rf"dmcalc \- {_text(_lowered(top.summary))}",
        ".SH SYNOPSIS",
        "\n.br\n".join(map(_synopsis, single)),
        ".SH DESCRIPTION",
        _prose(top.summary),
        *(line for text in top.paragraphs for line in (".PP", _prose(text))),
        ".SH COMMANDS",
        *(line for command in single for line in _section(command, common)),
        ".SH COMMON OPTIONS",
        *(line for option in common for line in _option(option)),
        ".SH EXIT STATUS",
        *(
            line
            for code, text in EXIT_MEANINGS.items()
            for line in _item(_bold(str(int(code))), text)
        ),
        ".SH FILES",
        *(line for name, text in _FILES.items() for line in _item(_italic(name), text)),
        ".SH ENVIRONMENT",
        *(line for name, text in _ENVIRONMENT.items() for line in _item(_bold(name), text)),
        ".SH EXAMPLES",
        *_examples(top.examples)[1:],  # a section begins a paragraph of itself
        ".SH NOTES",
        _prose(table.disclaimer),
        ".PP",
        _prose("No result says that a dose is right for a patient: the prescriber decides."),
    ]
    return "\n".join(lines) + "\n"


def _shared(single: Iterable[CommandModel]) -> list[CommandOption]:
    """List the options that many commands have with the same words, in the order of one."""
    counts: dict[tuple[tuple[str, ...], str], list[CommandOption]] = {}
    for command in single:
        for option in command.options:
            counts.setdefault((option.names, option.help), []).append(option)
    many = [options for options in counts.values() if len(options) > _COMMON]
    return [max(options, key=lambda option: len(option.words)) for options in many]


def _synopsis(command: CommandModel) -> str:
    places = " ".join(map(_shown_argument, command.arguments))
    return f"{_bold(f'dmcalc {command.name}')} [{_italic('OPTION')}]... {places}".rstrip()


def _shown_argument(argument: Argument) -> str:
    name = _italic(argument.name)
    shown = name if argument.required else f"[{name}]"
    return f"{shown}..." if argument.repeats else shown


def _section(command: CommandModel, common: Sequence[CommandOption]) -> list[str]:
    """Return what the page has of one command: its help without the common options."""
    known = {(option.names, option.help) for option in common}
    own = [option for option in command.options if (option.names, option.help) not in known]
    others = [option.long for option in command.options if option not in own]
    lines = [f'.SS "dmcalc {_text(command.name)}"', _prose(command.summary)]
    for text in command.paragraphs:
        lines += [".PP", _prose(text)]
    for argument in command.arguments:
        lines += _item(_italic(argument.name), argument.help)
    for option in own:
        lines += _option(option)
    lines += [".PP", "Common options:", ",\n".join(map(_bold, others)) + "."]
    return lines + _examples(command.examples)


def _option(option: CommandOption) -> list[str]:
    names = ", ".join(_bold(name) for name in option.names)
    value = "" if option.metavar is None else f" {_italic(option.metavar)}"
    return _item(names + value, option.help + (" It may be repeated." if option.repeats else ""))


def _item(head: str, text: str) -> list[str]:
    return [".TP", head, _prose(text)]


def _examples(examples: Sequence[str]) -> list[str]:
    if not examples:
        return []
    return [".PP", ".RS 4", ".nf", *map(_text, examples), ".fi", ".RE"]


def _lowered(text: str) -> str:
    return (text[:1].lower() + text[1:]).rstrip(".")


def _bold(text: str) -> str:
    return rf"\fB{_text(text)}\fR"


def _italic(text: str) -> str:
    return rf"\fI{_text(text)}\fR"


def _prose(text: str) -> str:
    """Return running text, in lines that are not long."""
    return "\n".join(map(_text, textwrap.wrap(text, 72, break_on_hyphens=False)))


def _text(text: str) -> str:
    r"""Return a text in which roff finds nothing of its own: no escape, and no request."""
    escaped = text.replace("\\", r"\e")
    for sign, name in (
        ("-", r"\-"),
        ("'", r"\(aq"),
        ("~", r"\(ti"),
        ("^", r"\(ha"),
        ("`", r"\(ga"),
    ):
        escaped = escaped.replace(sign, name)
    escaped = "".join(c if c.isascii() else f"\\[u{ord(c):04X}]" for c in escaped)
    return rf"\&{escaped}" if escaped.startswith(".") else escaped
