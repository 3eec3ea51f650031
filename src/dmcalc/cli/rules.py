"""The command ``rules``."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import Out, emit

app = options.application()


@app.command()
def rules(
    drugs: options.Drugs = None,
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
    """List the rules for one patient: other drugs, conditions, genotype, kidneys, age.

    Each says when it holds and what follows, with its source and quote; the names are those that
    --taking and --condition of dose, check and infusion take.

    \b
    dmcalc rules azathioprine
    dmcalc rules --format json
    """
    from dmcalc import guideline as guides
    from dmcalc.catalogue.patient_rules import rules as compute

    result = compute(options.load(table, overlay), guides.load(guide), drugs or ())
    emit(result, Out(form, output, field, no_color, quiet, strict))
