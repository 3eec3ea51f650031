"""Build hook: check the drug table, and put it into the package as YAML and as Python.

A wheel also brings the manual page and the completion of the shells, where they look for them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

#: Where a wheel puts what is made from the help, below the prefix of the environment.
SHARED = {
    "man": "share/man/man1/dmcalc.1",
    "bash": "share/bash-completion/completions/dmcalc",
    "zsh": "share/zsh/site-functions/_dmcalc",
    "fish": "share/fish/vendor_completions.d/dmcalc.fish",
}


class BundledTable(BuildHookInterface[Any]):
    """Build ``_bundled.py`` for each wheel; a table that is not valid stops the build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the module and declare it; ``version`` is "standard" or "editable"."""
        sys.path.insert(0, str(Path(self.root, "src")))
        from dmcalc import compile

        for built in compile.write():  # git ignores them; wheels need them
            build_data["artifacts"].append(f"/{built.relative_to(self.root).as_posix()}")
        if version == "standard":  # an editable install reads the checkout's own data/
            build_data["force_include"]["data"] = "dmcalc/data"
            self.made = TemporaryDirectory()
            build_data["shared_data"].update(_shared(Path(self.made.name)))

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was made for the wheel alone."""
        if version == "standard":
            self.made.cleanup()


def _shared(folder: Path) -> dict[str, str]:
    """Write the manual page and the completion scripts, and return where each goes to."""
    from dmcalc.cli.completion import completion_script
    from dmcalc.cli.man import page

    for name in SHARED:
        text = page() if name == "man" else completion_script(name)
        (folder / name).write_text(text, encoding="utf-8")
    return {str(folder / name): place for name, place in SHARED.items()}
