"""Completion for zsh: a function for ``#compdef``, in which all words stand."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dmcalc.cli._help import Argument, Command, Option

_HEAD = """\
#compdef dmcalc
# zsh completion for {about}.
# Made by: dmcalc completion zsh. Make it anew after an upgrade.

"""

_TAIL = """\
# Read by fpath it is called at once; read by source it is bound.
if [[ $funcstack[1] == _dmcalc ]]; then
    _dmcalc "$@"
else
    compdef _dmcalc dmcalc
fi
"""


def script(found: Sequence[Command], about: str) -> str:
    """Return the script; ``about`` names the versions that its words are of."""
    lists: dict[tuple[str, ...], str] = {}
    bodies = [_group(c, found) if c.commands else _single(c, lists) for c in found]
    named = (f"{name}=({' '.join(map(shlex.quote, words))})" for words, name in lists.items())
    declared = "".join(f"typeset -ga {line}\n" for line in named)
    return _HEAD.format(about=about) + declared + "\n" + "".join(bodies) + _TAIL


def _function(command: Command) -> str:
    return f"_dmcalc_{command.slug.replace('-', '_')}" if command.name else "_dmcalc"


def _group(command: Command, found: Sequence[Command]) -> str:
    """Return the function of a group: it completes its commands, then calls that of the one."""
    inner = [
        c for c in found if c.name in {f"{command.name} {n}".strip() for n in command.commands}
    ]
    told = "\n".join(
        f"        {shlex.quote(_colon(f'{c.name.split()[-1]}') + ':' + c.summary)}" for c in inner
    )
    calls = "\n".join(f"        {c.name.split()[-1]}) {_function(c)} ;;" for c in inner)
    options = "".join(f" \\\n        {spec}" for o in command.options for spec in _specs(o, {}))
    return f"""\
{_function(command)}()
{{
    local curcontext=$curcontext state line
    local -a told=(
{told}
    )
    _arguments -C{options} \\
        '1: :->command' '*:: :->rest' && return
    case $state in
    command) _describe -t commands command told ;;
    rest)
        case $words[1] in
{calls}
        esac ;;
    esac
}}

"""


def _single(command: Command, lists: dict[tuple[str, ...], str]) -> str:
    specs = [spec for option in command.options for spec in _specs(option, lists)]
    specs += [_place(n, a, lists) for n, a in enumerate(command.arguments, start=1)]
    body = " \\\n".join(f"        {spec}" for spec in specs)
    return f"{_function(command)}()\n{{\n    _arguments -s -S \\\n{body}\n}}\n\n"


def _specs(option: Option, lists: dict[tuple[str, ...], str]) -> Iterator[str]:
    """Yield what ``_arguments`` takes for an option, for each of its names."""
    told = "[" + option.help.replace("\\", "\\\\").replace("[", r"\[").replace("]", r"\]") + "]"
    others = "*" if option.repeats else f"({' '.join(option.names)})"
    if option.long in ("--help", "--version"):
        others = "(- *)"
    for name in option.names:
        if option.metavar is None:
            yield shlex.quote(f"{others}{name}{told}")
            continue
        joined = "=" if name.startswith("--") else "+"
        action = _action(option.words, lists, is_file=option.is_file)
        yield shlex.quote(f"{others}{name}{joined}{told}:{_colon(option.long[2:])}:{action}")


def _place(number: int, argument: Argument, lists: dict[tuple[str, ...], str]) -> str:
    place = "*" if argument.repeats else str(number) + ("" if argument.required else ":")
    action = _action(argument.words, lists, is_file=argument.is_file)
    return shlex.quote(f"{place}:{_colon(argument.name)}:{action}")


def _action(words: tuple[str, ...], lists: dict[tuple[str, ...], str], *, is_file: bool) -> str:
    if is_file:
        return "_files"
    if not words:
        return " "  # nothing is offered, and what is wanted is named
    known = lists.setdefault(words, f"_dmcalc_words_{len(lists) + 1}")
    return f"compadd -a {known}"


def _colon(text: str) -> str:
    return text.replace(":", r"\:")
