"""The command ``severity``."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit

app = options.application()


@app.command(cls=options.Command)
@options.grouped
def severity(
    *,
    age: options.Age = None,
    output: options.OutputOptions,
) -> None:
    """Show how weakness is graded, and high-risk features.

    The severity is the clinician's judgement: no score is turned into one here. For a child, by
    --age, the features of high risk come first.

    \b
    dmcalc severity
    dmcalc severity --age 9
    """
    from dmcalc.catalogue.guideline_text import severity as compute
    from dmcalc.patient import patient

    loaded = output.load()
    result = compute(loaded, output.guideline(), patient.read(loaded.table.limits, age=age))
    emit(result, output)
