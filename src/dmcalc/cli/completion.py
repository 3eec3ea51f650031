"""The command ``completion``: what TAB offers, from the command model, by shtab.

shtab writes the script of each shell from a parser of argparse. What it does not do by itself is
here: words of more than one word (``normal human immunoglobulin``), ``--option=value``, and files
whose names hold a blank. ``tests/cli/test_completion.py`` presses TAB in the real shells.
"""

from __future__ import annotations

import re
import shlex
from argparse import Action, ArgumentParser
from typing import TYPE_CHECKING, Annotated, Any, Literal

import shtab
import typer

import dmcalc
from dmcalc._version import __version__
from dmcalc.cli import _options as options
from dmcalc.cli._command_model import Argument, CommandModel, CommandOption, commands
from dmcalc.cli._output import write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

app = options.application()

#: shtab reads neither what is quoted nor ``--option=value``: this does, and then calls it.
_BASH = r"""
_dmcalc_file()
{
    local word=${typed//\\/}
    compgen -f -- "${word#[\"\']}"
}

# Prints the words that begin as what is typed, as they have to be typed.
_dmcalc_match()
{
    local quote='' word
    case $typed in
        [\"\']*) quote=${typed:0:1} typed=${typed:1} ;;
        *) typed=${typed//\\/} ;;
    esac
    for word; do
        # as names and options are read: in any case
        [[ ${word,,} == "${typed,,}"* ]] || continue
        if [[ -n $quote ]]; then echo "$word"; else printf '%q\n' "$word"; fi
    done
}

_dmcalc()
{
    local typed=${COMP_WORDS[COMP_CWORD]} before='' word
    local -a words=()
    for word in "${COMP_WORDS[@]:0:COMP_CWORD}"; do
        [[ $word == = ]] || words+=("$word")
    done
    case $typed in
        =) typed='' ;;
        --*=*) before=${typed%%=*}= words+=("${typed%%=*}") typed=${typed#*=} ;;
    esac
    local -a COMP_WORDS=("${words[@]}" "$typed")
    local COMP_CWORD=${#words[@]}
    _shtab_dmcalc
    COMPREPLY=("${COMPREPLY[@]/#/$before}")
}
"""
_ZSH = r"""
# As names and options are read: in any case.
_dmcalc_match()
{
    compadd -M 'm:{a-zA-Z}={A-Za-z}' "$@"
}
"""
_FISH = r"""
function __dmcalc_file
    complete -C "'' "(commandline -ct | string replace -r -- '^--[^=]*=' '')
end
"""
_FILE = {
    "bash": "_dmcalc_file",
    "zsh": "_files",
    "fish": "(__dmcalc_file)",
    "preamble": {"fish": _FISH},
}


@app.command(cls=options.Command)
@options.grouped
def completion(
    shell: Annotated[Literal["bash", "zsh", "fish"], typer.Argument(help="bash, zsh or fish.")],
    output: options.Output = "-",
    table: options.TableFile = None,
) -> None:
    """Print the completion script of a shell.

    The script holds all words itself, so completing starts no program. With --table its drugs and
    protocols are those of that table. Regenerate it after an upgrade.

    bash: save it in ~/.local/share/bash-completion/completions/dmcalc, or read it in ~/.bashrc.
    zsh: call it _dmcalc and save it in a folder of fpath. fish: save it in
    ~/.config/fish/completions/dmcalc.fish.

    \b
    dmcalc completion bash
    dmcalc completion zsh --output _dmcalc
    """
    write(completion_script(shell, table), output)


def completion_script(shell: str, table: str | None = None) -> str:
    """Return the script for ``bash``, ``zsh`` or ``fish``, with the words of a table file."""
    loaded = dmcalc.load_table(table)
    about = f"dmcalc {__version__}, drug table {loaded.table.version}"
    return script_of(commands(loaded), shell, about)


def script_of(model: Sequence[CommandModel], shell: str, about: str) -> str:
    """Return the script for a shell; ``about`` names the versions that its words are of."""
    parser = _Parser(model, shell).parser
    text = shtab.complete(parser, shell, preamble={"bash": _BASH, "zsh": _ZSH}.get(shell, ""))
    head = (
        f"# {shell} completion for {about}.\n"
        f"# Made by: dmcalc completion {shell}. Regenerate it after an upgrade.\n\n"
    )
    if shell == "bash":
        return f"{head}{text}\ncomplete -F _dmcalc dmcalc\n"
    if shell == "fish":
        return head + text
    first, _, rest = text.partition("\n")  # zsh reads #compdef in the first line
    # an option that was typed is not offered by its other name
    rest = re.sub(r'(?m)^  (\{(--[a-z-]+)=?,(-.)\+?\}")', r'  "(\2 \3)"\1', rest)
    rest = rest.replace('"(*)::', '"*:')  # shtab offers the first of many drugs alone
    # it is registered by `eval`, and here by `source` too
    rest = rest.replace("$zsh_eval_context[-1] == eval", "$funcstack[1] != _dmcalc")
    return f"{first}\n{head}{rest}"


class _Parser:
    """The command model as a parser of argparse, which shtab reads; it parses nothing."""

    def __init__(self, model: Sequence[CommandModel], shell: str) -> None:
        self._commands = {command.name: command for command in model}
        self._shell = shell
        self._lists: dict[tuple[str, ...], str] = {}
        self.parser = ArgumentParser("dmcalc", add_help=False)
        self._fill(self.parser, self._commands[""])

    def _fill(self, parser: ArgumentParser, command: CommandModel) -> None:
        for option in command.options:
            self._offer(_add_option(parser, self._names(option), option), option)
        for argument in command.arguments:
            self._offer(_add_argument(parser, argument), argument)
        if command.commands:
            group = parser.add_subparsers()
            group.nargs = None  # after a word that is no command none is offered
            for name in command.commands:
                part = self._commands[f"{command.name} {name}".strip()]
                summary = _no_format(part.summary)
                self._fill(group.add_parser(name, help=summary, add_help=False), part)

    def _names(self, option: CommandOption) -> list[str]:
        """List the names of an option; zsh has to know that a value may be joined to it."""
        if self._shell != "zsh" or option.metavar is None:
            return list(option.names)
        return [name + ("=" if name.startswith("--") else "+") for name in option.names]

    def _offer(self, action: Action, taken: CommandOption | Argument) -> None:
        """Say what completes a value: files, or a list of words that the script holds once."""
        offer: Mapping[str, Any] = _FILE
        if not taken.is_file:
            if not taken.words:
                return
            name = self._lists.setdefault(taken.words, f"_dmcalc_words_{len(self._lists) + 1}")
            words = shlex.join(taken.words)
            offer = {
                "bash": name,
                "zsh": f"_dmcalc_match -a {name}",
                "fish": re.sub(r'(["\\$])', r"\\\1", words),  # shtab puts it in double quotes
                "preamble": {
                    "bash": f"{name}() {{ _dmcalc_match {words}; }}",
                    "zsh": f"typeset -ga {name}=({words})",
                },
            }
        action.complete = offer  # type: ignore[attr-defined]


def _add_option(parser: ArgumentParser, names: Sequence[str], option: CommandOption) -> Action:
    """Add an option to a parser."""
    text, name = _no_format(option.help), option.long
    if option.metavar is None:
        action = "help" if name == "--help" else "store_true"
        return parser.add_argument(*names, help=text, dest=name, action=action)
    action = "append" if option.repeats else "store"
    return parser.add_argument(*names, help=text, dest=name, metavar=option.metavar, action=action)


def _add_argument(parser: ArgumentParser, argument: Argument) -> Action:
    """Add an argument to a parser."""
    nargs = "*" if argument.repeats else None if argument.required else "?"
    return parser.add_argument(argument.name, help=_no_format(argument.help), nargs=nargs)


def _no_format(text: str) -> str:
    """Keep argparse from reading a per cent sign as one of its own."""
    return text.replace("%", "%%")
