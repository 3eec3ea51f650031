"""The command ``show``."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit

app = options.application()


@app.command()
@options.grouped
def show(
    *,
    drug: options.Drug,
    output: options.TableOutputOptions,
) -> None:
    """Show all that the table says of one drug: posology, alternatives, cautions, sources.

    \b
    dmcalc show tacrolimus
    dmcalc show ivig --format markdown
    """
    from dmcalc.catalogue.monograph import show as compute

    loaded = output.load()
    emit(compute(loaded, drug), output)
