"""What runs in an infusion, and how fast: the steps from an amount and a rising rate.

The sums are in fractions, so that a day's share of a course and the length of the last step are
exact; they become decimal numbers at the end, once.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, NamedTuple

from dmcalc.errors import RefusedError
from dmcalc.quantities.amount import converted
from dmcalc.quantities.arithmetic import EXACT, round_half_up, to_decimal
from dmcalc.results.trace import DOWN, MINUTES, WHOLE_MINUTES, noting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.patient.field_types import WeightBasis, WeightPolicy
    from dmcalc.quantities.amount import Concentration, Mass
    from dmcalc.results.field_types import Clock, DrugKey, Local
    from dmcalc.table.model.infusion import Ramp

DAY = 24 * 60
#: How the rate of a pump is rounded, in words.
PUMP = "down to a step of the pump"


class InfusionStep(NamedTuple):
    """A part of an infusion at one rate.

    ``minute`` is when it begins, from 0. ``minutes`` is rounded half up to 0.01, ``whole_minutes``
    up to the next minute: only the last step need not be whole. ``clock_day`` is 0 on the day of
    the start, 1 on the next. What is None is not computed or was not requested.
    """

    drug: DrugKey
    step: Annotated[int, "Number of the step, from 1."]
    minute: Annotated[int, "Minute in which it begins, from 0."]
    minutes: Annotated[Decimal, "Its length in minutes, rounded half up to 0.01."]
    whole_minutes: Annotated[
        int, "Its length, rounded up to a whole minute; only the last step need be."
    ]
    rate_ml_h: Annotated[
        Decimal | None, "Rate in mL/h; rounded down to a step of the pump, where one was named."
    ]
    rate_ml_kg_min: Annotated[
        Decimal | None, "Rate of the source in mL/kg/min, before it is rounded to a pump's step."
    ]
    rate_mg_h: Annotated[Decimal, "Rate in mg/h."]
    amount: Annotated[Decimal, "What the step gives."]
    unit: Annotated[Mass, "Unit of the amounts."]
    volume_ml: Annotated[Decimal | None, "Its volume in mL."]
    total_amount: Annotated[Decimal, "What was given by its end."]
    total_volume_ml: Annotated[Decimal | None, "Volume that was given by its end, in mL."]
    clock: Annotated[Clock | None, "Time of its start."]
    clock_day: Annotated[int | None, "0 on the day of the start, 1 on the next."]
    local: Local = ()
    dosing_weight_kg: Annotated[
        Decimal | None,
        "The weight in kg that amount and rates go by; null where no weight was chosen.",
    ] = None
    weight_basis: WeightBasis = None
    weight_policy: WeightPolicy = None


class InfusionFlow(NamedTuple):
    """What runs: how much in all, and what a rate of the table is in an hour.

    Amounts are in mL where the concentration is known, and in mg where it is not.
    """

    total: Fraction
    #: Turns a rate of the table into one per hour: 60 x kg of weight, or 1.
    hourly: Fraction
    #: What 1 of ``total`` holds, in mg and in ``unit``.
    mg: Fraction
    in_unit: Fraction
    unit: Mass
    is_volume: bool

    @classmethod
    def by_volume(
        cls, amount: Fraction, unit: Mass, of: Concentration, weight: Decimal
    ) -> InfusionFlow:
        """Return the flow of a solution whose rate is in mL/kg/min."""
        mg = Fraction(converted(of.value, of.unit, "mg"))
        in_unit = mg / _mg(unit)
        return cls(amount / in_unit, 60 * Fraction(weight), mg, in_unit, unit, True)

    @classmethod
    def by_mass(cls, amount: Fraction, unit: Mass) -> InfusionFlow:
        """Return the flow of an amount whose rate is in mg/h."""
        one = Fraction(1)
        return cls(amount * _mg(unit), one, one, one, "mg", False)


def _mg(unit: Mass) -> Fraction:
    return Fraction(converted(Decimal(1), unit, "mg"))


class RateStep(NamedTuple):
    """A step before it is written: when, how long, at which rate, and what is in by its end."""

    minute: int
    minutes: Fraction
    #: The rate as the table has it, the same in an hour, and that at which the pump runs.
    rate: Decimal | None
    exact: Fraction
    hourly: Fraction
    infused: Fraction
    total: Fraction


def run_ramp(
    ramp: Ramp, cap: Decimal | None, flow: InfusionFlow, pump_step: Decimal | None = None
) -> Iterator[RateStep]:
    """Run each rate for its time, and the last one until all is given.

    A rate in mL/h is rounded down to a multiple of ``pump_step``. Raise RefusedError where nothing
    is left of one.
    """
    rates: tuple[Decimal | None, ...] = (None,) if cap is None else tuple(_rates(ramp, cap))
    total, minute = Fraction(0), 0
    for number, rate in enumerate(rates, start=1):
        if rate is None:  # the sources give a time
            assert ramp.over is not None
            exact = flow.total * 60 / ramp.over.minutes
        else:
            exact = Fraction(rate) * flow.hourly
        hourly = exact
        if pump_step is not None:
            hourly = exact // Fraction(pump_step) * Fraction(pump_step)
        if not hourly:
            raise RefusedError(
                f"{to_decimal(exact)} mL/h is less than a step of the pump, {pump_step} mL/h",
                "Take a pump with smaller steps: ‹pump_step 0.1›.",
            )
        minutes = (flow.total - total) * 60 / hourly
        if number != len(rates):
            assert ramp.every is not None
            minutes = min(minutes, Fraction(ramp.every.minutes))
        infused = hourly * minutes / 60
        total += infused
        yield RateStep(minute, minutes, rate, exact, hourly, infused, total)
        if total == flow.total:
            return
        assert ramp.every is not None
        minute += ramp.every.minutes


def _rates(ramp: Ramp, cap: Decimal) -> Iterator[Decimal]:
    """Yield the rates of the steps, each above the one before and none above the cap."""
    assert ramp.start is not None  # proved when the table was loaded
    if ramp.by is None:
        rates = (min(rate.value, cap) for rate in (ramp.start, *ramp.then))
        yield from dict.fromkeys(rates)
        return
    rate = ramp.start.value
    while rate < cap:
        yield rate
        rate += ramp.by.value
    yield cap


def steps(
    drug: str, run: tuple[RateStep, ...], flow: InfusionFlow, at: int | None, local: Local
) -> Iterator[InfusionStep]:
    """Write the steps. Each amount is what the total has grown by, so that their sum is exact."""
    amount, volume = Decimal(0), Decimal(0)
    for number, rate_step in enumerate(run, start=1):
        total = to_decimal(rate_step.total * flow.in_unit)
        total_volume = to_decimal(rate_step.total)
        clock, clock_day = time_of_day(at, rate_step.minute)
        step = InfusionStep(
            drug=drug,
            step=number,
            minute=rate_step.minute,
            minutes=round_half_up(rate_step.minutes, 2),
            whole_minutes=up_to_minute(rate_step.minutes),
            rate_ml_h=to_decimal(rate_step.hourly) if flow.is_volume else None,
            rate_ml_kg_min=rate_step.rate if flow.is_volume else None,
            rate_mg_h=to_decimal(rate_step.hourly * flow.mg),
            amount=EXACT.subtract(total, amount),
            unit=flow.unit,
            volume_ml=EXACT.subtract(total_volume, volume) if flow.is_volume else None,
            total_amount=total,
            total_volume_ml=total_volume if flow.is_volume else None,
            clock=clock,
            clock_day=clock_day,
            local=local,
        )
        _note_roundings(step, rate_step, flow)
        yield step
        amount, volume = total, total_volume


def _note_roundings(step: InfusionStep, rate_step: RateStep, flow: InfusionFlow) -> None:
    """Note what was rounded in a step."""
    trace = noting()
    if trace is None:
        return
    infused, hourly, total = rate_step.infused, rate_step.hourly, rate_step.total
    by_pump = DOWN if hourly == rate_step.exact else PUMP
    difference = "difference of two totals"
    for name, exact, after, unit, how in (
        ("minutes", rate_step.minutes, step.minutes, "min", MINUTES),
        ("whole_minutes", rate_step.minutes, step.whole_minutes, "min", WHOLE_MINUTES),
        ("rate_ml_h", rate_step.exact, step.rate_ml_h, "mL/h", by_pump),
        ("rate_mg_h", hourly * flow.mg, step.rate_mg_h, "mg/h", DOWN),
        ("amount", infused * flow.in_unit, step.amount, flow.unit, difference),
        ("volume_ml", infused, step.volume_ml, "mL", difference),
        ("total_amount", total * flow.in_unit, step.total_amount, flow.unit, DOWN),
        ("total_volume_ml", total, step.total_volume_ml, "mL", DOWN),
    ):
        if after is not None:
            # two rates are told apart by their units, which their names have
            words = name if "rate" in name else name.replace("_ml", "").replace("_", " ")
            what = f"step {step.step}: {words}"
            trace.rounded(f"steps.{step.step - 1}.{name}", what, exact, after, unit, how)


def up_to_minute(minutes: Fraction) -> int:
    """Round up to a whole minute."""
    return -(-minutes.numerator // minutes.denominator)


def time_of_day(at: int | None, minute: int) -> tuple[str | None, int | None]:
    """Return the time of day after some minutes, and how many days later that is."""
    if at is None:
        return None, None
    day, rest = divmod(at + minute, DAY)
    return f"{rest // 60:02}:{rest % 60:02}", day
