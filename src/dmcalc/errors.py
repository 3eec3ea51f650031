"""Exit codes, and the errors that carry them. Scripts rely on both."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
#: Letters of what a message repeats of an input, and those of a message that are looked at.
ECHOED = 80
LOOKED_AT = 20_000
#: A text in quotes, as ``repr`` writes it, or a long word that is no path.
_ECHO = (
    r"""(?<![^\s(:=,\[])(?P<quote>['"])(?P<text>(?:(?!(?P=quote))[^\\]|\\.)*)(?P=quote)"""
    rf"""|[^\s/\\]{{{ECHOED + 1},}}"""
)
#: Names an input in a message, alone or with an example: ``‹weight›``, ``‹weight 70›``.
_MARK = "‹([a-z0-9_]+)(?: ([^›]+))?›"
#: What Python calls otherwise than the command line.
KEYWORDS = {
    "for": "for_",
    "from": "start_dose",
    "to": "target",
    "condition": "conditions",
    "pack": "packs",
    "round": "direction",
    "with": "chosen",
    "organ": "organs",
    "taper": "protocol",
}
#: Arguments of a command line, by position.
ARGUMENTS = frozenset({"amount"})


def as_option(name: str, example: str | None = None) -> str:
    """Name an input as the command line does: ``--weight 70``."""
    option = name.upper() if name in ARGUMENTS else f"--{name.replace('_', '-')}"
    return f"{option} {example}" if example else option


def as_keyword(name: str, example: str | None = None) -> str:
    """Name an input as Python does: ``weight="70"``."""
    keyword = KEYWORDS.get(name, name)
    return f'{keyword}="{example}"' if example else keyword


def name_inputs(text: str, naming: Callable[[str, str | None], str]) -> str:
    """Name the inputs that are marked in a text as their user knows them."""
    return re.sub(_MARK, lambda mark: naming(mark[1], mark[2]), text)


def shortened(text: str) -> str:
    """Cut what a message repeats of an input: 80 letters show which one it is."""
    if len(text) <= ECHOED:
        return text
    cut = f"{text[:LOOKED_AT]} ..." if len(text) > LOOKED_AT else text
    return re.sub(_ECHO, _shortened, cut)


def pointed(text: str, at: int) -> str:
    """Return a line with a mark under a letter of it; of a long one what is near the mark."""
    begin = max(0, at - ECHOED // 2) if len(text) > ECHOED else 0
    return f"  {text[begin : begin + ECHOED]}\n  {' ' * (at - begin)}^"


def _shortened(echo: re.Match[str]) -> str:
    quote, text = echo["quote"] or "", echo[0] if echo["text"] is None else echo["text"]
    return echo[0] if len(text) <= ECHOED else f"{quote}{text[: ECHOED - 3]}...{quote}"


class ExitCode(IntEnum):
    """What a command's exit status means."""

    OK = 0
    BUG = 1
    USAGE = 2
    UNKNOWN = 3
    PATIENT = 4
    REFUSED = 5
    WARNINGS = 6
    TABLE_OR_FILE = 7


#: What an exit code means, in the words of the README.
EXIT_MEANINGS: dict[ExitCode, str] = {
    ExitCode.OK: "answered",
    ExitCode.BUG: "an error inside dmcalc: please report it",
    ExitCode.USAGE: "the command line is wrong",
    ExitCode.UNKNOWN: "unknown drug, protocol, medicine or condition",
    ExitCode.PATIENT: "patient data missing, implausible or outside what the table covers",
    ExitCode.REFUSED: "refused: more than any source gives or the protocol allows, a rule for "
    "this patient refuses the drug, or no whole units make the dose; of check: any verdict but "
    "within, or not dispensable; of replay: not the same answer",
    ExitCode.WARNINGS: "answered, with warnings about this patient, under --strict; or labs "
    "left a result open",
    ExitCode.TABLE_OR_FILE: "the table is invalid, or a file cannot be read or written",
}


class DmcalcError(Exception):
    """An error that a person can mend.

    ``message`` says what is wrong and where; ``hint`` says what to do. Both name inputs by marks,
    ``‹weight›``, and who shows them puts in what the user calls them; Python's words stand here.
    """

    exit_code = ExitCode.BUG

    def __init__(self, message: str, hint: str | None = None) -> None:
        self._marked = message, hint
        self.message, self.hint = self.named(as_keyword)
        super().__init__(self.message)

    def named(self, naming: Callable[[str, str | None], str]) -> tuple[str, str | None]:
        """Return message and hint with the inputs named as a user knows them."""
        message, hint = self._marked
        named = name_inputs(message, naming), None if hint is None else name_inputs(hint, naming)
        return shortened(named[0]), None if named[1] is None else shortened(named[1])


class UsageError(DmcalcError):
    """The command line asks for something that cannot be read."""

    exit_code = ExitCode.USAGE


class UnknownNameError(DmcalcError):
    """No drug, regimen or protocol has this name."""

    exit_code = ExitCode.UNKNOWN


class PatientError(DmcalcError):
    """Patient data are missing, implausible or outside what the table covers."""

    exit_code = ExitCode.PATIENT


class RefusedError(DmcalcError):
    """The request is outside its limits and is refused on safety grounds."""

    exit_code = ExitCode.REFUSED


class TableError(DmcalcError):
    """The table is invalid."""

    exit_code = ExitCode.TABLE_OR_FILE


class FileError(DmcalcError):
    """A file cannot be read or written. A line end in its name begins no line of the message."""

    exit_code = ExitCode.TABLE_OR_FILE

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message.replace("\n", "\\n"), hint)


def read(name: str, text: str | None, parse: Callable[[str], T]) -> T | None:
    """Read what the user wrote, None where it was not given; raise UsageError that names it."""
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as error:
        raise UsageError(f"‹{name}›: {error}") from None
