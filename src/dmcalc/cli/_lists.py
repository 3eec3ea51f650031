"""Options that hold several names or files."""

import os


def overlays(files: list[str] | None) -> tuple[str, ...]:
    """List the overlays of DMCALC_OVERLAY, which holds paths as PATH does, then those named."""
    before = filter(None, os.environ.get("DMCALC_OVERLAY", "").split(os.pathsep))
    return (*before, *(files or ()))


def names(texts: list[str] | None) -> tuple[str, ...]:
    """Return the names of an option that may be repeated, and hold several with commas."""
    parts = (part for text in texts or () for part in text.split(","))
    return tuple(part.strip() for part in parts if part.strip())
