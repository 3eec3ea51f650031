"""Print the completion of commands, options, drugs and protocols for a shell."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import write

app = options.application()


@app.command()
def completion(
    shell: Annotated[Literal["bash", "zsh", "fish"], typer.Argument(help="bash, zsh or fish.")],
    output: options.Output = "-",
    table: options.TableFile = None,
) -> None:
    """Print the completion of commands, options, drugs and protocols for a shell.

    The script holds all words itself, so completing starts no process. With --table its drugs and
    protocols are those of that table. Print it anew after an upgrade.

    bash: put it into ~/.local/share/bash-completion/completions/dmcalc, or read it in ~/.bashrc.
    zsh: call it _dmcalc and put it into a folder of fpath. fish: put it into
    ~/.config/fish/completions/dmcalc.fish.

    \b
    dmcalc completion bash
    dmcalc completion zsh --output _dmcalc
    """
    from dmcalc.cli import _help

    write(_help.completion(shell, table), output)
