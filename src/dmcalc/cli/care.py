"""The command ``care``."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit

app = options.application()


@app.command(cls=options.Command)
@options.grouped
def care(
    *,
    output: options.OutputOptions,
) -> None:
    """List goals of therapy and non-drug measures.

    With the sentences of the reference on the treatment as a whole, each with its source.

    \b
    dmcalc care
    dmcalc care --format markdown
    """
    from dmcalc.catalogue.guideline_text import care as compute

    result = compute(output.load(), output.guideline())
    emit(result, output)
