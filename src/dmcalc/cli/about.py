"""The command ``about``."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit

app = options.application()


@app.command(cls=options.Command)
@options.grouped
def about(
    *,
    output: options.OutputOptions,
) -> None:
    """Show what dmcalc is, and its versions.

    \b
    dmcalc about
    dmcalc about --format json
    """
    from dmcalc.catalogue.guideline_text import about as compute

    result = compute(output.load(), output.guideline())
    emit(result, output)
