"""Build ``_bundled.py``: the bundled guide, checked in full, as Python source.

``python -m dmcalc.guideline.compile`` writes it beside this file; building a wheel does so too. See
``dmcalc.table.compile``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dmcalc import guideline
from dmcalc.errors import DmcalcError
from dmcalc.guideline import (
    care,
    model,
    monitoring,
    patient_rules,
    steps,
    threshold,
    weight_policies,
)
from dmcalc.sources import cite
from dmcalc.table.compile import module

if TYPE_CHECKING:
    from dmcalc.guideline.model import LoadedGuideline

TARGET = Path(__file__).with_name("_bundled.py")
#: Where the shapes are that a guide is made of.
SHAPES = (
    cite,
    threshold,
    steps,
    care,
    monitoring,
    patient_rules,
    weight_policies,
    model,
)


def source(loaded: LoadedGuideline, content: bytes) -> str:
    """Return the Python source of a checked guide."""
    return module(
        "The bundled guide: built by dmcalc.guideline.compile, not edited.",
        SHAPES,
        {
            "BUNDLED_BYTES": content,
            "SHA256": loaded.sha256,
            "BUNDLED_GUIDELINE": loaded.guideline,
            "SOURCES": loaded.sources,
        },
    )


def write() -> Path:
    """Check the bundled guide and write its Python form; raise TableError if it is not valid."""
    content = guideline.bundled_path().read_bytes()
    TARGET.write_text(source(guideline.read_checked(None), content), encoding="utf-8")
    return TARGET


if __name__ == "__main__":
    try:
        write()
    except DmcalcError as error:
        sys.exit(error.message)
