"""A verified order in a few lines, as a pharmacist would note it: findings, steps and sums."""

from __future__ import annotations

from typing import Any


def written(order: dict[str, Any]) -> dict[str, list[str]]:
    """Write an order of ``verify --format json``; a part that has nothing is not there."""
    totals, words = order["totals"], order["grammar"]
    sums = []
    if totals:
        sums.append(f"{totals['days']} days within {totals['span']}")
        sums += _some("{amount} {unit}", totals) + _some("{needed} {form}", totals)
    parts = {
        "findings": [_finding(finding) for finding in order["findings"]],
        "steps": [_step(step) for step in order["steps"]],
        "sums": sums,
        "words": [f"{words['from']}: {words['steps']}"] if words else [],
    }
    return {name: lines for name, lines in parts.items() if lines}


def _some(form: str, values: dict[str, Any]) -> list[str]:
    text = form.format(**values)
    return [] if "None" in text else [text]


def _finding(finding: dict[str, Any]) -> str:
    line = f"{finding['severity']} {finding['code']} {finding['pointer'] or '/'}: "
    line += finding["message"]
    apart = [f"{name} {finding[name]}" for name in ("expected", "got") if finding[name] is not None]
    return f"{line} [{', '.join(apart)}]" if apart else line


def _step(step: dict[str, Any]) -> str:
    """Write a step, as ``1: 20 to 30 mg, 2 times in 7 days, for 28 days from D to D, 60 a day``."""
    dose = step["dose"] if step["low"] == step["high"] else f"{step['low']} to {step['high']}"
    parts = [f"{step['step']}: {dose} {step['unit']}"]
    parts += _some("{times} in {every_days} days", step) + _some("for {days} days", step)
    parts += _some("{start} to {end}", step) + _some("{daily} a day", step)
    return ", ".join(parts)
