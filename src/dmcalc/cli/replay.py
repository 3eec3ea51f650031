"""The command ``replay``."""

from __future__ import annotations

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import Out, emit

app = options.application()


@app.command()
def replay(
    file: Annotated[str, typer.Argument(help="A receipt that --receipt wrote; - is stdin.")],
    form: options.OutputFormat = "table",
    output: options.Output = "-",
    table: options.TableFile = None,
    guide: options.GuideFile = None,
    overlay: options.Overlays = None,
    field: options.Field = None,
    no_color: options.NoColor = False,
    quiet: options.Quiet = False,
    strict: options.Strict = False,
) -> None:
    """Compute the request of a receipt again, and say whether the answer is the same.

    If not, it names the figures of the table that changed, and each place in which the answer
    differs. Exit 0 is the same answer; 5 is another one, or none; 7 is a receipt that was changed
    or cut off. A receipt made with --table, --guide or --overlay is replayed with the same.

    \b
    dmcalc replay case-17.json
    dmcalc replay case-17.json --overlay hospital.yaml --format json
    dmcalc replay case-17.json --field same
    """
    from dmcalc.cli._replay import replay as repeat
    from dmcalc.errors import ExitCode

    result = repeat(file, table, overlay, guide)
    code = ExitCode.OK
    try:
        emit(result, Out(form, output, field, no_color, quiet, strict))
    except typer.Exit as stop:
        code = ExitCode(stop.exit_code)
    # another answer counts more than a warning, or than a reader that has gone
    raise typer.Exit(result.exit_code or code)
