"""What holds in every command: no option is empty, and no file that is read is overwritten."""

import inspect
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from typer import BadParameter
from typer.models import ArgumentInfo, OptionInfo

from dmcalc.cli._table_files import overlays
from dmcalc.errors import UsageError
from dmcalc.files import hidden_files, own_stream
from dmcalc.records import Record

#: The parameters that name files which are read, and those that name files which are written.
INPUTS = ("source", "file", "files", "a", "b", "table", "guide", "overlay", "patient", "fhir")
OUTPUTS = ("output", "rejects", "receipt")


class _NamedFile(Record):
    """A file by the name that was given, and by what it is, if it is there."""

    name: str
    #: The number of the stream of the program that it is, if it is one.
    stream: int | None
    status: os.stat_result | None

    @classmethod
    def of(cls, name: str, stream: int) -> "_NamedFile":
        """Look a name up; ``-`` is a stream of the program."""
        number = stream if name == "-" else own_stream(name)
        try:
            return cls(name, number, Path(name).stat() if number is None else os.fstat(number))
        except (OSError, ValueError):  # nothing is there, or no file can have such a name
            return cls(name, number, None)

    def is_same(self, other: "_NamedFile") -> bool:
        """Tell whether the two are one stream, or one regular file by any path, link or case."""
        if self.stream is not None and self.stream == other.stream:
            return True
        if self.status is not None and other.status is not None:
            return stat.S_ISREG(self.status.st_mode) and os.path.samestat(self.status, other.status)
        return self.status is other.status and _path(self.name) == _path(other.name)


def check_values(parameters: Iterable[inspect.Parameter], values: Mapping[str, object]) -> None:
    """Refuse an option or file with an empty value, and an output that is the file of an input.

    An empty value is most often an unset variable of a shell; blanks and commas alone say no more.
    Raise UsageError.
    """
    for parameter in parameters:
        name = _option(parameter) or _file_argument(parameter)
        value = values.get(parameter.name)
        texts = value if isinstance(value, list) else [value]
        if name is not None and any(isinstance(t, str) and _says_nothing(t) for t in texts):
            raise UsageError(
                f"{name} is empty", "Give it a value or leave it out: is a variable not set?"
            )
    _check_files(values)


def _says_nothing(text: str) -> bool:
    """Tell whether a text is of blanks of any kind, of no width too, and marks of lists alone."""
    return all(letter.isspace() or letter in ",;\u200b\u2060\ufeff" for letter in text)


def stdout_as_dash(name: str) -> str:
    """Return ``-`` for any name of stdout: a file of that name would be overwritten."""
    return "-" if own_stream(name) == 1 else name


def integer(least: float | None) -> Callable[[str], int]:
    """Return what reads a whole number as strictly as an amount, and raises BadParameter."""

    def integer(text: str) -> int:
        if not re.fullmatch("0|[1-9][0-9]{0,5}", text, re.ASCII):
            raise BadParameter(f"{text!r} is not a whole number, written like 28")
        if least is not None and int(text) < least:
            raise BadParameter(f"{text} is less than {least}")
        return int(text)

    return integer


def mode_of(text: str | None) -> int | None:
    """Read the permissions of --mode; raise UsageError."""
    if text is None:
        return None
    if not re.fullmatch("0?[0-7]{3}", text, re.ASCII):
        raise UsageError(f"--mode {text!r} is not written like 640", "Give three octal figures.")
    return int(text, 8)


def _check_files(values: Mapping[str, object]) -> None:
    inputs = [
        _NamedFile.of(text, 0)
        for texts in (*(_texts(values.get(name)) for name in INPUTS), overlays(None))
        for text in texts
    ]
    outputs = {
        name: _NamedFile.of(text, 1) for name in OUTPUTS for text in _texts(values.get(name))
    }
    for name, file in outputs.items():
        hidden = list(_hidden_of(file))
        for other in inputs:
            if any(each.is_same(other) for each in (file, *hidden)):
                raise UsageError(
                    f"--{name} {file.name} is a file that is read: it would be overwritten",
                    "Give it another name.",
                )
        for other_name, other in outputs.items():
            if other_name != name and any(each.is_same(other) for each in (file, *hidden)):
                raise UsageError(
                    f"--{name} {file.name} is the file of --{other_name}",
                    "Each needs a file of its own.",
                )
    mode = values.get("mode")
    if (
        isinstance(mode, str)
        and mode_of(mode) is not None
        and all(file.stream is not None for file in outputs.values())
    ):
        raise UsageError("--mode is for a file that is written", "Name it: --output FILE.")


def _path(name: str) -> str:
    """Return the path of a file that is not there, as a folder that heeds no case takes it."""
    return os.path.realpath(name.replace("\0", "?")).casefold()


def _hidden_of(file: _NamedFile) -> Iterator[_NamedFile]:
    """Yield the hidden files that stand next to a file while it is written."""
    if file.stream is None and "\0" not in file.name:
        for path in hidden_files(Path(os.path.realpath(file.name))):
            yield _NamedFile.of(str(path), 1)


def _option(parameter: inspect.Parameter) -> str | None:
    """Return the long name of an option, None for an argument."""
    for info in getattr(parameter.annotation, "__metadata__", ()):
        if isinstance(info, OptionInfo):
            # the first name is where a default would be
            given = [name for name in (info.default, *(info.param_decls or ())) if name]
            names = [name for name in map(str, given) if name.startswith("--")]
            return names[0] if names else f"--{parameter.name.replace('_', '-')}"
    return None


def _file_argument(parameter: inspect.Parameter) -> str | None:
    """Return the name of an argument that is a file to read, None for all else."""
    for info in getattr(parameter.annotation, "__metadata__", ()):
        if isinstance(info, ArgumentInfo) and parameter.name in INPUTS:
            return info.metavar or parameter.name.upper()
    return None


def _texts(value: object) -> list[str]:
    """Return the texts in the value of a parameter."""
    texts = value if isinstance(value, list | tuple) else [value]
    return [text for text in texts if isinstance(text, str)]
