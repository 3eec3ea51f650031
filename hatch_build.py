"""Build hook: check the drug table, and put it into the package as YAML and as Python."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundledTable(BuildHookInterface[Any]):
    """Build ``_bundled.py`` for each wheel; a table that is not valid stops the build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the module and declare it; ``version`` is "standard" or "editable"."""
        sys.path.insert(0, str(Path(self.root, "src")))
        from dmcalc.table import compile as table

        built = table.write().relative_to(self.root)
        build_data["artifacts"].append(f"/{built.as_posix()}")  # git ignores it; wheels need it
        if version == "standard":  # an editable install reads the checkout's own data/
            build_data["force_include"]["data"] = "dmcalc/data"
