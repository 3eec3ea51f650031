"""The command ``show``."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit

app = options.application()


@app.command(cls=options.Command)
@options.grouped
def show(
    *,
    drug: options.Drug,
    output: options.TableOutputOptions,
) -> None:
    """Show a drug's doses, cautions and sources.

    \b
    dmcalc show tacrolimus
    dmcalc show ivig --format markdown
    """
    from dmcalc.catalogue.monograph import show as compute

    loaded = output.load()
    emit(compute(loaded, drug), output)
