"""The command ``refs``."""

from __future__ import annotations

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit

app = options.application()


@app.command(cls=options.Command)
@options.grouped
def refs(
    *,
    keys: Annotated[
        list[str] | None, typer.Argument(help="Keys or DOIs of works; all if none.")
    ] = None,
    page: Annotated[
        bool, typer.Option("--page", help="Only the works that the reference cites, in its order.")
    ] = False,
    output: options.OutputOptions,
) -> None:
    """List the works cited, and where each is used.

    The formats bibtex and csl (CSL-JSON) are for programs that keep references.

    \b
    dmcalc refs --page
    dmcalc refs goyal-2019
    dmcalc refs --format bibtex --output dmcalc.bib
    dmcalc refs --page --format csl
    """
    from dmcalc.catalogue.bibliography import references

    result = references(output.load(), output.guideline(), options.listed_names(keys), page=page)
    emit(result, output)
