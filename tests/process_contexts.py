"""A plugin of pytest for ``make mutants``: a process that a test starts is measured in its name.

Coverage gives its settings to each process that is started, and the context stands among them.
"""

from __future__ import annotations

import base64
import json
import os

import pytest

#: Coverage's variable of these settings: JSON in base 64.
_SETTINGS = "COVERAGE_PROCESS_CONFIG"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let the processes of a test, and of its fixtures, be measured in its name."""
    if _SETTINGS in os.environ:
        settings = json.loads(base64.b64decode(os.environ[_SETTINGS]))
        settings["context"] = f"{item.nodeid}|process"
        os.environ[_SETTINGS] = base64.b64encode(json.dumps(settings).encode()).decode()
