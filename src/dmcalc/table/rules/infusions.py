"""The rules that the infusions of a table must keep, besides those that its shapes say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.quantities.base import format_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.sources.figures import Path, Problem
    from dmcalc.table.model.drug import Drug
    from dmcalc.table.model.infusion import Infusion, Ramp

MAX_STEPS = 50
MAX_MINUTES = 24 * 60


def problems(drug: Drug, infusion: Infusion, path: Path) -> Iterator[Problem]:
    """One amount, one ramp (or one for a first and one for later infusions), one unit."""
    regimen = next((r for r in drug.regimens if r.name == infusion.regimen and r.dose), None)
    if regimen is None or regimen.dose is None:
        yield (*path, "regimen"), f"{infusion.regimen!r} is not a base regimen with a dose"
    elif regimen.dose.low != regimen.dose.high:
        yield (*path, "regimen"), f"{regimen.dose}: an infusion needs one amount, not a range"
    elif regimen.dose.basis == "m2" or regimen.dose.per == "week" or regimen.max is not None:
        yield (*path, "regimen"), f"{regimen.dose}: not an amount that an infusion is computed from"
    if (infusion.product is None) == (infusion.no_volume is None):
        yield path, "give either a product or, in no_volume, why there is none"
    product = next((p for p in drug.products if p.id == infusion.product), None)
    if infusion.product is not None and (product is None or product.concentration is None):
        yield (*path, "product"), f"{infusion.product!r} is not a product with a concentration"
    if [ramp.when for ramp in infusion.ramps] not in (["any"], ["first", "later"]):
        yield (*path, "ramps"), "give one for any infusion, or one for the first and one for later"
    for number, ramp in enumerate(infusion.ramps):
        yield from _ramp(ramp, infusion, (*path, "ramps", number))


def _ramp(ramp: Ramp, infusion: Infusion, path: Path) -> Iterator[Problem]:
    """It runs over a time, or its rate rises to its maximum and never above it."""
    start, every, most = ramp.start, ramp.every, ramp.max
    if ramp.over is not None:
        if (start, every, most, ramp.then, ramp.by, ramp.max_at_risk) != (None,) * 3 + (
            (),
            None,
            None,
        ):
            yield path, "give either the time in over, or rates"
        if ramp.at_least is not None and ramp.at_least.minutes > ramp.over.minutes:
            yield (*path, "over"), f"{ramp.over} is shorter than {ramp.at_least}"
        return
    if start is None or every is None or most is None:
        yield path, "give start, every and max, or in over the time that it runs"
        return
    unit, goes_with = (
        ("mg/h", "no_volume") if infusion.product is None else ("mL/kg/min", "a product")
    )
    rates = [start, *ramp.then, most, *filter(None, (ramp.by, ramp.max_at_risk))]
    for rate in rates:
        if rate.unit != unit:
            yield path, f"{rate} is not in {unit}, which goes with {goes_with}"
    if bool(ramp.then) == (ramp.by is not None):
        yield path, "give either the rates of the steps in then, or in by what each step adds"
    if every.minutes > MAX_MINUTES:
        yield (*path, "every"), f"{every} is longer than a day"
    ladder = [rate.value for rate in (start, *ramp.then)]
    if ladder != sorted(set(ladder)):
        yield (*path, "then"), "the rates do not rise"
    if max(ladder) > most.value:
        yield (*path, "max"), f"{format_plain(max(ladder))} {unit} is above the maximum, {most}"
    elif ramp.then and max(ladder) < most.value:
        yield (*path, "max"), f"the last step does not run at the maximum, {most}"
    if ramp.by and (most.value - start.value) / ramp.by.value > MAX_STEPS:
        yield (*path, "by"), f"more than {MAX_STEPS} steps to {most}"
    if ramp.max_at_risk and not start.value <= ramp.max_at_risk.value <= most.value:
        yield (*path, "max_at_risk"), f"{ramp.max_at_risk} is not from {start} to {most}"
