"""What a run by columns reads, and the names of what it writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.batch.request import PARQUET, SUFFIXES, is_parquet
from dmcalc.errors import FileError, UsageError

if TYPE_CHECKING:
    from dmcalc.columns.engine import EngineName


class ColumnsRequest(NamedTuple):
    """The user's request for a run by columns."""

    source: str
    output: str
    rejects: str | None = None
    input_format: str | None = None
    keep: tuple[str, ...] | None = None
    ignored: tuple[str, ...] = ()
    resume: bool = False
    quiet: bool = False
    #: The bound on the memory of DuckDB, None for the usual one.
    memory: str | None = None
    #: The permissions that --mode gives.
    mode: int | None = None
    engine: EngineName = "duckdb"
    #: The address of Spark, or of its Connect server; None for what Spark is configured with.
    master: str | None = None
    remote: str | None = None


class Files(NamedTuple):
    """One input, and the files that its answers and rejects go to."""

    source: str
    output: str
    rejects: str | None


def inputs(request: ColumnsRequest) -> list[Files]:
    """Name the inputs, and where each goes; raise FileError where there is none.

    Spark answers all of them at once.
    """
    source, output, rejects = request.source, request.output, request.rejects
    if source == "-" or output == "-":
        raise UsageError(
            f"the engine {request.engine} reads and writes files",
            "Name both: INPUT and ‹output FILE›.",
        )
    if request.engine == "spark":
        return [_of_spark(request)]
    path = Path(source)
    many = path.is_dir() or any(mark in source for mark in "*?[")
    if not many:
        if request.resume and not is_parquet(output):
            raise UsageError(
                "with the engine duckdb ‹resume› is for Parquet files", "Name the output .parquet."
            )
        if not path.is_file():
            raise FileError(f"{source} cannot be read: there is no such file")
        if len({source, output, rejects}) < 3:
            raise UsageError("input, answers and rejects need a file each", "Name another one.")
        return [Files(source, output, rejects)]
    paths = path.iterdir() if path.is_dir() else path.parent.glob(path.name)
    known = (*PARQUET, *SUFFIXES)
    inputs = sorted(p for p in paths if p.suffix.lower() in known and p.is_file())
    if not inputs:
        raise FileError(f"{source}: there is no file in it that dmcalc reads")
    for folder in (output, rejects):
        if folder is not None:
            Path(folder).mkdir(exist_ok=True)
            if Path(folder).resolve() == inputs[0].resolve().parent or folder == source:
                raise UsageError("the inputs would be overwritten", "Name another folder.")
    if rejects is not None and Path(rejects).resolve() == Path(output).resolve():
        raise UsageError("the rejects need a folder of their own", "Give ‹rejects› another name.")
    return [
        Files(
            str(p),
            str(Path(output) / f"{p.stem}.parquet"),
            None if rejects is None else str(Path(rejects) / f"{p.stem}.parquet"),
        )
        for p in inputs
    ]


def _of_spark(request: ColumnsRequest) -> Files:
    """Name the input and the folders of a run on Spark; raise UsageError for what it cannot do."""
    source, output, rejects = request.source, request.output, request.rejects
    unused = {
        "memory": (request.memory, "Spark has its own settings: spark.executor.memory."),
        "resume": (request.resume, "Spark answers all files of INPUT at once: leave it out."),
        "input_format": (request.input_format, "Spark reads Parquet: leave it out."),
    }
    for name, (value, hint) in unused.items():
        if value:
            raise UsageError(f"‹{name}› is not for the engine spark", hint)
    path = Path(source)
    if "://" in source + output + (rejects or ""):
        raise UsageError(
            "the engine spark reads and writes folders that this computer sees too",
            "Give a path, and no URL.",
        )
    if not path.is_dir() and not any(path.parent.glob(path.name)):
        raise FileError(f"{source} cannot be read: there is no such file")
    if path.is_file() and not is_parquet(source):
        raise UsageError("the engine spark reads Parquet", "Use ‹engine rows› or ‹engine duckdb›.")
    folders = [Path(name).resolve() for name in (output, rejects) if name is not None]
    read = path.resolve() if path.is_dir() else path.resolve().parent
    if any(folder.is_relative_to(read) for folder in folders) and not path.is_file():
        raise UsageError("the answers would be among the inputs", "Name another folder.")
    return Files(source, output, rejects)
