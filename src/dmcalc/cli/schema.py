"""The command ``schema``."""

from __future__ import annotations

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import write

app = options.application()


@app.command(cls=options.Command)
@options.grouped
def schema(
    kind: Annotated[
        str | None,
        typer.Argument(metavar="KIND", help="A kind of document; without it they are listed."),
    ] = None,
    line: Annotated[
        bool, typer.Option("--line", help="Of one row, as in JSON lines, CSV and TSV.")
    ] = False,
    output: options.Output = "-",
) -> None:
    """Print the JSON Schema of an answer.

    The key "schema" of a document names its kind and version: dmcalc.dose/1. Within a version keys
    are only ever added, so a reader passes over keys that it does not know. The order of the keys
    of a line is that of the columns.

    \b
    dmcalc schema
    dmcalc schema dose
    dmcalc schema check --line
    """
    import json

    from dmcalc.errors import UsageError
    from dmcalc.schemas import json_schema as schemas
    from dmcalc.text.spelling import near

    kinds = schemas.kinds()
    if kind is None:
        if line:
            raise UsageError("--line is of one kind", f"Name it: {', '.join(kinds)}.")
        write("".join(f"{name}\n" for name in kinds), output)
        return
    if kind not in kinds:
        raise UsageError(
            f"there is no kind {kind!r}{near(kind, kinds)}", f"The kinds: {', '.join(kinds)}."
        )
    if line and not schemas.has_lines(kind):
        raise UsageError(f"a document of kind {kind} has no rows", "Leave --line out.")
    derived = schemas.line(kind) if line else schemas.document(kind)
    write(json.dumps(derived, indent=2, ensure_ascii=False) + "\n", output)
