"""Check a drug table, or print its JSON Schema."""

from __future__ import annotations

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import Out, emit, write

app = options.application()


@app.callback()
def top() -> None:
    """Check a drug table, or print the JSON Schema of its YAML."""


@app.command()
def check(
    file: Annotated[
        str | None, typer.Argument(help="A drug table; the bundled one where none is given.")
    ] = None,
    form: options.OutputFormat = "table",
    output: options.Output = "-",
    field: options.Field = None,
    no_color: options.NoColor = False,
    quiet: options.Quiet = False,
    strict: options.Strict = False,
) -> None:
    """Check a drug table in full.

    It says what was checked and how much of it.

    \b
    dmcalc table check
    dmcalc table check hospital.yaml
    dmcalc table check --field figures
    """
    from dmcalc.core import catalogue
    from dmcalc.table import read

    # the bundled table too is read anew: a check that trusts the build is none
    loaded = read(file)
    emit(catalogue.checked(loaded), Out(form, output, field, no_color, quiet, strict))


@app.command()
def schema(output: options.Output = "-") -> None:
    """Print the JSON Schema of a table, for editors."""
    import json

    from dmcalc.table.validate import json_schema

    write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n", output)
