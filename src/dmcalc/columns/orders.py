"""What distinct orders come to by the row path, and which are more than a dose of a posology.

Steps of schedules and rounded doses follow from weight, rules and severity by more than formulas of
a dose: they are listed once for each, and an order that is one of them is checked by the row path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.columns.cases import Case, Reader, Reject, codes_of, for_rows, places_of
from dmcalc.dosing.dose import apply_patient_rules, rules_for
from dmcalc.dosing.regimen import MOST_SIZES, compute_regimen
from dmcalc.errors import DmcalcError
from dmcalc.order.check import PreparedCheck, check_prepared
from dmcalc.order.rounding import rounded_by_source
from dmcalc.order.schedule_steps import PublishedStep, published_steps
from dmcalc.order.verdict import amount_in_unit, compare_with_posology, refuse_unless_weekly
from dmcalc.patient.patient import Patient
from dmcalc.quantities.arithmetic import multiply
from dmcalc.remembered import Remembered
from dmcalc.schedules.published import published_for

if TYPE_CHECKING:
    from dmcalc.batch.answers import Orders, RowInput
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.order.check_row import CheckRow
    from dmcalc.order.parse import Order
    from dmcalc.quantities.amount import DoseRange

    #: A dose of a posology, its ends, and what is ordered in its unit.
    Against = tuple[DoseRow, DoseRange, Decimal]

#: A patient of 1 kg and 1 m2: an amount for it is one for each kg or m2.
_UNIT = Patient(weight_kg=Decimal(1), bsa_m2=Decimal(1))
#: The decimals and the size of an amount that columns have room for, by a size and as written.
_ROOM = {True: (6, Decimal(10) ** 9), False: (18, Decimal(10) ** 12)}


class OrderLine(NamedTuple):
    """An order against one posology: why it is refused or wrong, and its amounts.

    ``ordered`` is for the time of the posology, ``once`` at one time, both for one kg or m2 where
    the order is by size.
    """

    #: A code that refuses whatever the dose is; one that refuses where rules leave a dose; and one
    #: of a wrong frequency.
    stop: str | None = None
    refused: str | None = None
    wrong: str | None = None
    ordered: Decimal | None = None
    once: Decimal | None = None


@dataclass
class OrderRead:
    """An order of a drug, for adults or for children."""

    order: Order | None = None
    #: Why there is no answer: what cannot be read, and what columns have no room for.
    first: Reject | None = None
    last: Reject | None = None
    #: Why there is none where sizes are not known: weight, surface, both.
    needs: dict[str, Reject | None] = field(default_factory=dict)
    lines: list[OrderLine] = field(default_factory=list)

    @property
    def by_size(self) -> bool:
        """Whether its amounts are for one kg or m2."""
        return self.order is not None and self.order.basis is not None

    @property
    def parts(self) -> int:
        """In how many doses the amount of one time is divided."""
        order = self.order
        if order is None:
            return 1
        return (order.days or 1) if order.per == "course" else order.parts


#: Patients of whom sizes are not known, by what lacks.
LACKING = {
    "kg": _UNIT._replace(weight_kg=None),
    "m2": _UNIT._replace(bsa_m2=None),
    "both": Patient(),
}


def read_order_of(
    reader: Reader, orders: Orders, row: RowInput, ready: PreparedCheck | None
) -> OrderRead:
    """Read the order of a row, and hold it against each posology of its drug made ready."""
    try:
        order = orders.order(row)
    except DmcalcError as error:
        return OrderRead(first=reader.rejected(error))
    if ready is None:
        return OrderRead(order)
    read = OrderRead(order, needs=_needs(reader, ready, order))
    stop = refuse_unless_weekly(ready.regimens[0].drug, order)
    for regimen in ready.regimens:
        dose = compute_regimen(regimen, _UNIT).row
        line = compare_with_posology(dose, order, _UNIT, stop)
        once = None if dose.unit is None else amount_in_unit(order, dose.unit, _UNIT)
        if line.code is None:
            own = OrderLine(ordered=line.ordered, once=once)
        elif line.verdict == "wrong-frequency":
            own = OrderLine(wrong=line.code, ordered=line.ordered, once=once)
        elif stop is not None:
            own = OrderLine(stop=line.code)
        else:
            own = OrderLine(refused=line.code)
        read.lines.append(own)
        places, most = _ROOM[read.by_size]
        for amount in (own.ordered, own.once):
            if amount is not None and (places_of(amount) > places or amount >= most):
                read.last = for_rows(
                    "The amount has more digits than a column of the answer holds."
                )
    return read


def _needs(reader: Reader, ready: PreparedCheck, order: Order) -> dict[str, Reject | None]:
    """Return why an order has no answer where sizes are not known, by what lacks."""
    needs = dict[str, Reject | None]()
    for name, who in LACKING.items():
        needs[name] = None
        try:
            check_prepared(ready, who, order, lambda *_: ())
        except DmcalcError as error:
            needs[name] = reader.rejected(error)
    return needs


def by_weight(case: Case) -> bool:
    """Tell whether steps and rounded doses of a case may differ by weight."""
    assert isinstance(case.ready, PreparedCheck)
    titrations = case.ready.loaded.table.titrations
    rates = [regimen.regimen.dose for regimen in case.ready.regimens]
    for key in published_for(titrations, case.ready.drug):
        own = titrations[key]
        rates += [own.start, own.increase, own.max, *own.levels]
    most = [rule.max for line in case.lines for rule in line.rules]
    return any(rate is not None and rate.basis is not None for rate in (*rates, *most))


class Match(NamedTuple):
    """What the row path says of an order that is a step or a rounded dose."""

    rows: tuple[CheckRow, ...]
    #: The codes of the warnings that it has besides those of the case.
    warnings: frozenset[str]


def kind_of(case: Case) -> object | None:
    """Return what the steps and rounded doses of a case go by besides its weight.

    It is None where there are none; cases of one kind have the same.
    """
    ready, patient = case.ready, case.patient
    if not isinstance(ready, PreparedCheck) or patient is None:
        return None
    table, drug = ready.loaded.table, ready.drug
    schedules = (
        (table.landmark_tapers,) if patient.child else (table.daily_tapers, table.titrations)
    )
    rounded = table.drugs[drug].rounded is not None and not patient.child
    if not rounded and not any(published_for(published, drug) for published in schedules):
        return None
    if all(line.refused for line in case.lines if line.decides):
        return None
    rules = tuple(rule.id for rule in case.lines[0].rules)
    points = tuple(line.points for line in case.lines)
    return drug, case.by_itself and id(case), rules, points, patient.bsa_m2


class Matcher:
    """Looks for the matches of cases of one kind."""

    def __init__(self, case: Case) -> None:
        """Take any case of the kind."""
        assert isinstance(case.ready, PreparedCheck)
        self._case, self._ready = case, case.ready
        self._bare = [
            r._replace(parts=frozenset(), known={}, sized=Remembered(MOST_SIZES))
            for r in self._ready.regimens
        ]
        self._limited = any(line.single_most is not None for line in case.lines)

    def matches(
        self, kg: Decimal | None, orders: Iterable[tuple[int, OrderRead]]
    ) -> Iterator[tuple[int, Match]]:
        """Yield the numbers of the orders that match for a weight, and what the row path says."""
        case, ready = self._case, self._ready
        assert case.patient is not None
        patient, advice = case.patient._replace(weight_kg=kg), rules_for(case.patient)
        steps: dict[tuple[str, ...], list[PublishedStep]] = {}

        def published(
            drug: PreparedCheck, who: Patient, doses: list[DoseRow]
        ) -> list[PublishedStep]:
            key = tuple(dose.regimen for dose in doses)
            if key not in steps:
                steps[key] = published_steps(drug, who, doses)
            return steps[key]

        doses = [apply_patient_rules(regimen, patient, advice).row for regimen in self._bare]
        for number, read in orders:
            against = [
                (dose, limits, ordered)
                for dose, line in zip(doses, read.lines, strict=True)
                if dose.regimen in ready.leading
                and (limits := dose.dose) is not None
                and line.wrong is None
                and (ordered := _amount(read, line.ordered, patient)) is not None
            ]
            if read.order is None or not against:
                continue
            steps_of = partial(published, ready, patient, [dose for dose, *_ in against])
            stepped = not self._within(against) and _is_step(against, steps_of)
            if stepped or self._rounded(against):
                result = check_prepared(ready, patient, read.order, published)
                more = codes_of(result.warnings, ready.drug) - case.lines[0].warnings
                yield number, Match(result.rows, more)

    def _within(self, against: list[Against]) -> bool:
        """Tell whether an order is within a posology, and is looked for among no steps."""
        within = any(limits.low <= ordered <= limits.high for _, limits, ordered in against)
        return within and not self._limited

    def _rounded(self, against: list[Against]) -> bool:
        """Tell whether an order may be a rounded dose, which the row path then says."""
        return any(
            ordered == rounded.dose
            for dose, _, ordered in against
            for rounded in rounded_by_source(dose, self._ready.loaded)
        )


def _is_step(against: list[Against], published: Callable[[], list[PublishedStep]]) -> bool:
    """Tell whether an order may be a step; what is above all doses is none."""
    highest = max(limits.high for _, limits, _ in against)
    below = [part for part in against if part[2] <= highest]
    return bool(below) and any(
        step.is_dose(ordered, limits.unit, dose.per)
        for step in published()
        for dose, limits, ordered in below
        if dose.per is not None
    )


def _amount(read: OrderRead, ordered: Decimal | None, patient: Patient) -> Decimal | None:
    """Return what is ordered for a patient, None where that depends on a missing size."""
    if ordered is None or read.order is None or read.order.basis is None:
        return ordered
    size = patient.size(read.order.basis)
    return None if size is None else multiply(ordered, size)
