"""The command ``table``."""

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit, write
from dmcalc.errors import TableError, UsageError


class TableCheckOptions(options.TableOutputOptions):
    """How the answer is written, and what is put over the table that is named."""

    table: None
    overlay: Annotated[
        list[str] | None,
        typer.Option(
            "--overlay", metavar="FILE", help="Put local figures over it; may be repeated."
        ),
    ]


app = options.application()


@app.callback()
def top() -> None:
    """Check a drug table, or compare two."""


@app.command(cls=options.Command)
@options.grouped
def check(
    *,
    file: Annotated[
        str | None, typer.Argument(help="A drug table; the bundled one where none is given.")
    ] = None,
    sha256: Annotated[
        str | None,
        typer.Option("--sha256", metavar="HEX", help="Refuse a table with another SHA-256."),
    ] = None,
    guide: Annotated[
        str | None, typer.Option("--guide", metavar="FILE", help="Check this guide with it.")
    ] = None,
    output: TableCheckOptions,
) -> None:
    """Check a drug table in full.

    It says what was checked and how much of it. With the bundled table the guide is checked too,
    which has what is known of the treatment besides its drugs. The overlays that are named are
    checked with the table;
    those of DMCALC_OVERLAY are not, here and in table diff.

    \b
    dmcalc table check
    dmcalc table check drugs.yaml
    dmcalc table check --overlay hospital.yaml
    dmcalc table check --field figures
    """
    from dmcalc.catalogue.table_check import refuse_uncited, table_check
    from dmcalc.guideline import load as load_guideline
    from dmcalc.guideline import read_checked as read_guideline
    from dmcalc.medicines.lists import load as check_lists
    from dmcalc.table import bundled_path, read_checked

    wanted = None if sha256 is None else _sha256(sha256)
    # the bundled table too is read anew: a check that trusts the build is none
    loaded = read_checked(file)
    if wanted is not None and loaded.sha256 != wanted:
        raise TableError(
            f"{loaded.path} is another table: its SHA-256 is {loaded.sha256}, not {wanted}",
            "Take the table that was asked for, or the SHA-256 of this one once it is reviewed.",
        )
    guideline = read_guideline(guide) if file is None or guide is not None else None
    refuse_uncited(loaded, guideline or load_guideline(), file or str(bundled_path()))
    if output.overlay:
        from dmcalc.formulary.overlay import put_over

        loaded = put_over(loaded, output.overlay)
    if file is None:
        check_lists()
    emit(table_check(loaded, guideline), output)


def _sha256(text: str) -> str:
    """Read a SHA-256 as people copy it, in small or capital letters; raise UsageError."""
    digest = text.strip().lower()
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise UsageError(f"--sha256: {text!r} is not 64 hexadecimal digits")
    return digest


@app.command(cls=options.Command)
@options.grouped
def diff(
    *,
    a: Annotated[str, typer.Argument(metavar="A", help="A drug table; bundled is dmcalc's own.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The table to compare with it.")],
    output: TableCheckOptions,
) -> None:
    """List what differs between two drug tables, figure by figure.

    Both are checked in full. An overlay is put over B. The exit code is 0 whether they differ or
    not: with --field name the output is empty where nothing differs.

    \b
    dmcalc table diff bundled drugs.yaml
    dmcalc table diff bundled bundled --overlay hospital.yaml
    """
    from dmcalc.catalogue.table_diff import diff_tables
    from dmcalc.formulary import load

    first, second = (None if name == "bundled" else name for name in (a, b))
    result = diff_tables(load(first), load(second, output.overlay or ()))
    emit(result, output)


@app.command(cls=options.Command)
@options.grouped
def schema(
    guide: Annotated[
        bool, typer.Option("--guide", help="Of the guide, the file that goes with the table.")
    ] = False,
    output: options.Output = "-",
) -> None:
    """Print the JSON Schema of a table, for editors."""
    import json

    if guide:
        from dmcalc.guideline.validate import json_schema
    else:
        from dmcalc.table.validate import json_schema

    write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n", output)
