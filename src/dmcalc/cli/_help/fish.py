"""Completion for fish: conditions on the words before, and all words that may follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dmcalc.cli._help import Command, Option

_HEAD = """\
# fish completion for {about}.
# Made by: dmcalc completion fish. Make it anew after an upgrade.

# Tells whether the words before the cursor are a command and so many words after it; a group of
# commands is followed by one of them. Without a number: whether they are the command.
function __dmcalc_at
    set -l command
    set -l place 0
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if string match -q -- '-?*' $word
            if contains -- "$command $word" $__dmcalc_takes
                set skip 1
            end
        else if contains -- "$command" $__dmcalc_groups
            set command (string trim -- "$command $word")
        else
            set place (math $place + 1)
        end
    end
    test "$command" = "$argv[1]"; or return 1
    set -q argv[2]; or return 0
    test $skip = 1; and return 1
    contains -- $place $argv[2..-1]; or test "$argv[2]" = rest
end

"""


def script(found: Sequence[Command], about: str) -> str:
    """Return the script; ``about`` names the versions that its words are of."""
    takes = [
        _quoted(f"{command.name} {name}")
        for command in found
        for option in command.options
        if option.metavar is not None
        for name in option.names
    ]
    groups = [_quoted(command.name) for command in found if command.commands]
    lines = [
        f"set -g __dmcalc_takes {' '.join(takes)}",
        f"set -g __dmcalc_groups {' '.join(groups)}",
        "complete -c dmcalc -e",
        "complete -c dmcalc -f",
        *(line for command in found for line in _command(command, found)),
    ]
    return _HEAD.format(about=about) + "\n".join(lines) + "\n"


def _command(command: Command, found: Sequence[Command]) -> Iterator[str]:
    """Yield a line for each command of a group, each option and each place."""
    summaries = {c.name: c.summary for c in found}
    for name in command.commands:
        told = summaries[f"{command.name} {name}".strip()]
        yield f"complete -c dmcalc -n {_at(command, '0')} -a {name} -d {_quoted(told)}"
    for option in command.options:
        yield _option(command, option)
    for number, argument in enumerate(command.arguments):
        place = _at(command, "rest" if argument.repeats else str(number))
        if argument.is_file:
            yield f"complete -c dmcalc -n {place} -F"
        elif argument.words:
            yield f"complete -c dmcalc -n {place} -a {_words(argument.words)}"


def _option(command: Command, option: Option) -> str:
    names = "".join(
        f" -l {name[2:]}" if name.startswith("--") else f" -s {name[1:]}" for name in option.names
    )
    value = ""
    if option.metavar is not None:
        words = f" -a {_words(option.words)}" if option.words else ""
        value = " -r -F" if option.is_file else f" -x{words}"
    return f"complete -c dmcalc -n {_at(command)}{names}{value} -d {_quoted(option.help)}"


def _at(command: Command, *places: str) -> str:
    return _quoted(" ".join(["__dmcalc_at", _quoted(command.name), *places]))


def _words(words: Sequence[str]) -> str:
    return _quoted(" ".join(word if word.isidentifier() else _quoted(word) for word in words))


def _quoted(text: str) -> str:
    """Quote for fish: in single quotes only the backslash and the quote are escaped."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
