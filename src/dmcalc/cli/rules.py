"""The command ``rules``."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit

app = options.application()


@app.command(cls=options.Command)
@options.grouped
def rules(
    *,
    drugs: options.Drugs = None,
    output: options.OutputOptions,
) -> None:
    """List interactions and other patient-specific rules.

    Each says when it holds and what follows, with its source and quote; the names are those that
    --taking and --condition of dose, check and infusion take.

    \b
    dmcalc rules azathioprine
    dmcalc rules --format json
    """
    from dmcalc.catalogue.patient_rules import rules as compute

    result = compute(output.load(), output.guideline(), drugs or ())
    emit(result, output)
