"""Names that are spelt much like another one: offered in messages, and never taken in its place."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def near(wanted: str, known: Iterable[str]) -> str:
    """Say which known names are like the one that was not found."""
    names = difflib.get_close_matches(wanted, sorted(known), n=3)
    return f" (like it: {', '.join(names)})" if names else ""
