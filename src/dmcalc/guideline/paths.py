"""Paths of the parts of a guideline that a receipt lists: noted where they are used, and listed.

A part with a name is at its name, whatever its position in the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dmcalc.guideline.steps import PlanStep
    from dmcalc.sources.figures import Path

BASELINE, SERIES = "baseline", "series"


def monitoring_path(drug: str, *part: str | int) -> Path:
    """Return the path of the tests of a drug, of ``BASELINE`` or a number of its ``SERIES``."""
    return ("monitoring", drug, *part)


def threshold_path(number: int) -> Path:
    """Return the path of a limit for test results."""
    return ("thresholds", number)


def step_path(step: PlanStep, trigger: int | None = None) -> Path:
    """Return the path of what a step of the plan says, or of one of its triggers."""
    part = ("text",) if trigger is None else ("triggers", trigger)
    return ("plan", "steps", step.population, step.id, *part)


def exposure_path(threshold: str) -> Path:
    """Return the path of a threshold of exposure: a date to act on."""
    return ("plan", "marks", threshold)


def repeat_path(regimen: str) -> Path:
    """Return the path of pulses that come again."""
    return ("plan", "repeats", regimen)


def stand_in_path(drug: str) -> Path:
    """Return the path of a drug that is chosen instead of another one."""
    return ("plan", "stand_ins", drug)
