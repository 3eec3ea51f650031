"""A regimen calculator for dermatomyositis: exact doses and tapers, each figure with its source.

The verbs of the command line, as functions::

    result = dmcalc.dose("prednisone", weight="70", severity="severe")
    result.rows[0].high  # Decimal("70")

Nothing is read or imported before a function is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc._version import __version__ as __version__

if TYPE_CHECKING:
    from dmcalc.api import (
        about,
        body,
        care,
        check,
        convert,
        dispense,
        dose,
        drugs,
        infusion,
        labs,
        load_table,
        monitor,
        plan,
        refs,
        replay,
        rules,
        severity,
        show,
        taper,
        titrate,
        why,
    )

__all__ = [
    "about",
    "body",
    "care",
    "check",
    "convert",
    "dispense",
    "dose",
    "drugs",
    "infusion",
    "labs",
    "load_table",
    "monitor",
    "plan",
    "refs",
    "replay",
    "rules",
    "severity",
    "show",
    "taper",
    "titrate",
    "why",
]


def __getattr__(name: str) -> object:
    """Return a verb, from ``dmcalc.api``."""
    if name not in __all__:
        raise AttributeError(f"module 'dmcalc' has no attribute {name!r}")
    from dmcalc import api  # start-up: the command line needs none of it

    return getattr(api, name)
