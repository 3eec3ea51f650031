"""Print the manual page."""

from __future__ import annotations

from dmcalc.cli import _options as options
from dmcalc.cli._output import write

app = options.application()


@app.command()
def man(output: options.Output = "-") -> None:
    """Print the manual page: the help of all commands, exit codes, files and environment.

    It is in roff, for man -l or a folder of MANPATH. A wheel brings it along.

    \b
    dmcalc man
    dmcalc man --output dmcalc.1
    """
    from dmcalc.cli import _help

    write(_help.page(), output)
