"""The command ``refs``."""

from __future__ import annotations

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import Out, emit

app = options.application()


@app.command()
def refs(
    keys: Annotated[
        list[str] | None, typer.Argument(help="Keys of works; all where none is given.")
    ] = None,
    page: Annotated[
        bool, typer.Option("--page", help="Only the references of the base page, in its order.")
    ] = False,
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
    """List the works that are cited, and where each is used.

    The formats bibtex and csl (CSL-JSON) are for programs that keep references.

    \b
    dmcalc refs --page
    dmcalc refs goyal-2019
    dmcalc refs --format bibtex --output dmcalc.bib
    dmcalc refs --page --format csl
    """
    from dmcalc import guideline as guides
    from dmcalc.catalogue.bibliography import references

    result = references(options.load(table, overlay), guides.load(guide), keys or (), page=page)
    emit(result, Out(form, output, field, no_color, quiet, strict))
