"""What holds in every command: no option is empty, and no file that is read is written over."""

import inspect
from collections.abc import Iterable, Mapping
from pathlib import Path

from typer.models import OptionInfo

from dmcalc.errors import UsageError

#: The parameters that name files which are read, and those that name files which are written.
INPUTS = ("source", "file", "a", "b", "table", "guide", "overlay", "patient")
OUTPUTS = ("output", "rejects", "receipt")


def check_values(parameters: Iterable[inspect.Parameter], values: Mapping[str, object]) -> None:
    """Refuse an option with an empty value, and an output that is the file of an input.

    An empty value is most often an unset variable of a shell. Raise UsageError.
    """
    for parameter in parameters:
        name = _option(parameter)
        value = values.get(parameter.name)
        if name is not None and "" in (value if isinstance(value, list) else [value]):
            raise UsageError(
                f"{name} is empty", "Give it a value or leave it out: is a variable not set?"
            )
    inputs = [text for name in INPUTS for text in _files(values.get(name))]
    outputs = {name: text for name in OUTPUTS for text in _files(values.get(name))}
    for name, text in outputs.items():
        if any(_is_same_file(text, other) for other in inputs):
            raise UsageError(
                f"--{name} {text} is a file that is read: it would be written over",
                "Give it another name.",
            )
        for other in OUTPUTS[: OUTPUTS.index(name)]:
            if other in outputs and _is_same_file(text, outputs[other]):
                raise UsageError(
                    f"--{name} {text} is the file of --{other}", "Each needs a file of their own."
                )


def _option(parameter: inspect.Parameter) -> str | None:
    """Return the long name of an option, None for an argument."""
    for info in getattr(parameter.annotation, "__metadata__", ()):
        if isinstance(info, OptionInfo):
            names = [name for name in info.param_decls or () if name.startswith("--")]
            return names[0] if names else f"--{parameter.name.replace('_', '-')}"
    return None


def _files(value: object) -> list[str]:
    """Return the names of files in a value; a stream is none."""
    names = value if isinstance(value, list) else [value]
    return [name for name in names if isinstance(name, str) and name not in ("", "-")]


def _is_same_file(one: str, other: str) -> bool:
    """Tell whether two names are of one regular file, by any path or link."""
    first, second = Path(one), Path(other)
    try:
        if first.exists() and second.exists():
            return first.is_file() and first.samefile(second)
        return first.resolve() == second.resolve()
    except (OSError, ValueError):  # a name that no file can have; a loop of links
        return False
