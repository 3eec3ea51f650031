"""The page of ``dmcalc titrate``: a schedule like that of a taper."""

from __future__ import annotations

from dmcalc.pages.taper import page

__all__ = ["page"]
