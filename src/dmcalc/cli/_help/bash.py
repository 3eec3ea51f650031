"""Completion for bash: one function, in which all words stand. It starts no process."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dmcalc.cli._help import Command

_HEAD = """\
# bash completion for {about}.
# Made by: dmcalc completion bash. Make it anew after an upgrade. It needs bash 4 or newer.

# Sets words to what may stand at a place, or file to 1 where that is a file.
_dmcalc_words()
{{
    case $1 in
"""

_MIDDLE = """\
    esac
}

# Tells whether an option takes a value.
_dmcalc_takes()
{
    case $1 in
"""

_TAIL = """\
            return 0 ;;
    esac
    return 1
}

_dmcalc()
{
    local cur=${COMP_WORDS[COMP_CWORD]} command='' option='' ended='' before='' quote='' file=''
    local word quoted
    local -i at place=0
    local -a words=()
    COMPREPLY=()
    for ((at = 1; at < COMP_CWORD; at++)); do
        word=${COMP_WORDS[at]}
        if [[ -n $option ]]; then
            [[ $word == = ]] || option=''
        elif [[ -n $ended || $word != -?* ]]; then
            _dmcalc_words "$command commands"
            if ((${#words[@]})); then
                command+=" $word"
            else
                place+=1
            fi
            words=()
        elif [[ $word == -- ]]; then
            ended=1
        elif _dmcalc_takes "$command $word"; then
            option=$word
        fi
    done
    [[ $cur != = ]] || cur=''
    if [[ -z $option && -z $ended && $cur == --*=* ]]; then
        option=${cur%%=*} before=${cur%%=*}= cur=${cur#*=}
    fi
    if [[ -n $option ]]; then
        _dmcalc_words "$command $option"
    elif [[ -z $ended && $cur == -* ]]; then
        _dmcalc_words "$command options"
    else
        _dmcalc_words "$command commands"
        ((${#words[@]})) || _dmcalc_words "$command $place"
        ((${#words[@]})) || _dmcalc_words "$command rest"
    fi
    if [[ -n $file ]]; then
        compopt -o default 2> /dev/null
        return 0
    fi
    case $cur in
        \\"* | \\'*) quote=${cur:0:1} cur=${cur:1} ;;
        *) cur=${cur//\\\\/} ;;
    esac
    for word in "${words[@]}"; do
        [[ $word == "$cur"* ]] || continue
        printf -v quoted %q "$word"
        [[ -z $quote ]] || quoted=$word
        COMPREPLY+=("$before$quoted")
    done
}

complete -F _dmcalc dmcalc
"""


RESERVED = {"then", "do", "done", "fi", "esac", "in", "for", "if", "else"}


def script(found: Sequence[Command], about: str) -> str:
    """Return the script; ``about`` names the versions that its words are of."""
    places: dict[tuple[str, ...], list[str]] = {}
    files: list[str] = []
    takes: list[str] = []
    for command in found:
        here = f" {command.name}" if command.name else ""
        _add(places, f"{here} commands", command.commands)
        _add(places, f"{here} options", [option.long for option in command.options])
        for option in command.options:
            keys = [f"{here} {name}" for name in option.names]
            takes += keys if option.metavar else []
            for key in keys:
                _add(places, key, option.words)
            files += keys if option.is_file else []
        for place, argument in enumerate(command.arguments):
            key = f"{here} rest" if argument.repeats else f"{here} {place}"
            _add(places, key, argument.words)
            files += [key] if argument.is_file else []
    text = _HEAD.format(about=about)
    for words, keys in places.items():
        text += f"{_pattern(keys)}\n            words=({_listed(words)}) ;;\n"
    text += f"{_pattern(files)}\n            file=1 ;;\n" if files else ""
    return f"{text}{_MIDDLE}{_pattern(takes)}\n{_TAIL}"


def _add(places: dict[tuple[str, ...], list[str]], key: str, words: Iterable[str]) -> None:
    if words := tuple(words):
        places.setdefault(words, []).append(key)


def _pattern(keys: Iterable[str]) -> str:
    return " | \\\n".join(f"        {shlex.quote(key)}" for key in keys) + ")"


def _listed(words: Iterable[str]) -> str:
    # a word of the shell's own, such as "then", is quoted too: checkers take it for a mistake
    return " ".join(f"'{word}'" if word in RESERVED else shlex.quote(word) for word in words)
