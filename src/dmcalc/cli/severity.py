"""The command ``severity``."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import Out, emit

app = options.application()


@app.command()
def severity(
    age: options.Age = None,
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
    """Show how weakness is graded, and features of high risk.

    The severity is the clinician's judgement: no score is turned into one here. For a child, by
    --age, the features of high risk come first.

    \b
    dmcalc severity
    dmcalc severity --age 9
    """
    from dmcalc import guideline as guides
    from dmcalc.catalogue.guideline_text import severity as compute
    from dmcalc.patient import patient

    loaded = options.load(table, overlay)
    result = compute(loaded, guides.load(guide), patient.read(loaded.table.limits, age=age))
    emit(result, Out(form, output, field, no_color, quiet, strict))
