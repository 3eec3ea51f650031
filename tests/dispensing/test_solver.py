"""The solver against every combination there is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.dispensing import solver
from dmcalc.dispensing.solver import Nearest, ReachableDoses, Solver, Strength
from dmcalc.dispensing.stock import StockOptions, stock_of
from dmcalc.errors import RefusedError
from dmcalc.quantities.amount import converted
from dmcalc.table import load

LIMIT = 100
TABLE = load().table


def sets():
    """Every set of strengths in the table, in mg: as it is, and with its scored tablets halved."""
    for drug, entry in TABLE.drugs.items():
        for item in entry.products:
            strengths = [converted(a.value, a.unit, "mg") for a in item.strengths]
            scored = {converted(a.value, a.unit, "mg") for a in item.scored}
            small = [s for s in strengths if s <= LIMIT]
            if small:
                yield pytest.param(drug, [Strength(s) for s in small], id=f"{drug} {item.id}")
            if scored:
                halved = [Strength(s, s in scored) for s in small]
                yield pytest.param(drug, halved, id=f"{drug} {item.id} halved")
    # as many units of three strengths as of two: 9, 8 and 4 make what two of 10 and one of 1 do,
    # and 9, 8 and 6 what two and a half of 8 and half of 6 do
    for strengths, halved in ((10, 9, 8, 4, 1), False), ((10, 9, 8, 4, 1), True), ((9, 8, 6), True):
        units = [Strength(Decimal(s), halved) for s in strengths]
        yield pytest.param("none", units, id=f"{strengths}{' halved' if halved else ''}")


def everything(units, limit):
    """Return the best cost of each sum, by trying all counts: units first, then strengths."""
    best = {}
    # one strength after the other, every count of it on every sum so far, the costs kept as sets
    sums = {Decimal(0): {(Decimal(0), 0)}}
    for unit in units:
        step = Decimal("0.5") if unit.halved else Decimal(1)
        grown = {}
        for total, costs in sums.items():
            count = Decimal(0)
            while total + count * unit.strength <= limit:
                for used, kinds in costs:
                    cost = (used + count, kinds + bool(count))
                    grown.setdefault(total + count * unit.strength, set()).add(cost)
                count += step
        sums = {total: keep(costs) for total, costs in grown.items()}
    for total, costs in sums.items():
        best[total] = min(costs)
    return best


def keep(costs):
    """Drop what can never win: more units and more strengths than another."""
    return {c for c in costs if not any(o != c and o[0] <= c[0] and o[1] <= c[1] for o in costs)}


@pytest.mark.parametrize(("drug", "units"), list(sets()))
def test_every_dose_to_100_mg(drug, units):
    best = everything(units, Decimal(LIMIT))
    sums = ReachableDoses(units, Decimal(LIMIT))
    for quarter in range(1, LIMIT * 4 + 1):
        dose = Decimal(quarter) / 4
        found = sums.combination(dose)
        if dose not in best:
            assert found is None, dose
            continue
        assert sum(c.strength * c.count for c in found) == dose
        assert (sum(c.count for c in found), len(found)) == best[dose], dose


@pytest.mark.parametrize(
    ("strengths", "dose", "made"),
    [
        ("50 20 10 5 2.5 1", "62.5", "50x1 10x1 2.5x1"),
        ("50 20 10 5 2.5 1", "7.5", "5x1 2.5x1"),
        ("10 9 8 4 1", "21", "10x2 1x1"),  # 9, 8 and 4 are as many, and one strength more
        ("9 4 3", "12", "9x1 3x1"),  # two units are fewer than three of 4
        ("10 7", "14", "7x2"),  # largest first would take 10 and then fail
        ("5", "7.5", None),
    ],
)
def test_by_hand(strengths, dose, made):
    found = ReachableDoses(
        [Strength(Decimal(s)) for s in strengths.split()], Decimal(100)
    ).combination(Decimal(dose))
    parts = [f"{c.strength}x{c.count.normalize()}" for c in found or ()]
    assert (" ".join(parts) or None) == made


@pytest.mark.parametrize(
    ("dose", "near"),
    [
        ("62.3", ("62", "62.5")),
        ("0", (None, "1")),  # nothing is no dose
        ("0.5", (None, "1")),
        ("1.5", ("1", "2")),
        ("20", ("20", "20")),
        ("149.9", ("149.5", "150")),
        ("150.2", ("150", None)),  # no sum past the limit is offered
    ],
)
def test_the_nearest_doses(dose, near):
    sums = ReachableDoses(
        [Strength(Decimal(s)) for s in ("50", "20", "10", "5", "2.5", "1")], Decimal(150)
    )
    assert sums.nearest(Decimal(dose)) == Nearest(
        *(None if n is None else Decimal(n) for n in near)
    )


@pytest.mark.parametrize(
    ("low", "high", "made"),
    [
        ("0", "0.9", False),  # nothing is no dose
        ("0", "1", True),
        ("1", "1", True),
        ("3.1", "3.9", False),
        ("3.1", "4", True),
        ("3", "5", True),
        ("20.5", "30", False),
    ],
)
def test_a_range_can_be_made_where_a_dose_in_it_can(low, high, made):
    sums = ReachableDoses([Strength(Decimal(s)) for s in ("1", "10")], Decimal(20))
    assert sums.makes_within(Decimal(low), Decimal(high)) is made


def test_what_was_made_before_never_refuses_a_dose(monkeypatch):
    monkeypatch.setattr(solver, "MAX_STEPS", 41)  # 0 to 20, in halves
    kept = Solver([Strength(Decimal(1), halved=True)])
    for halves in range(1, 39):  # one tablet more is looked for
        dose = Decimal(halves) / 2
        assert kept.nearest(dose) == Nearest(dose, dose)
    assert kept.nearest(Decimal(19)) == Nearest(Decimal(19), Decimal(19))
    with pytest.raises(RefusedError, match="too much"):
        kept.nearest(Decimal("19.5"))


def test_a_dose_out_of_all_proportion_is_refused():
    with pytest.raises(RefusedError, match="too much"):
        ReachableDoses([Strength(Decimal("0.5"))], Decimal(1_000_000))
    most = Decimal(solver.MAX_STEPS - 1)
    assert most == 299_999
    units = [Strength(most), Strength(most - 1)]
    assert ReachableDoses(units, most).nearest(most) == Nearest(most, most)
    with pytest.raises(RefusedError, match="too much"):
        ReachableDoses(units, most + 1)


@pytest.mark.parametrize(
    "units", [[], [Strength(Decimal(0))], [Strength(Decimal(1)), Strength(Decimal(0))]]
)
def test_a_solver_needs_units(units):
    with pytest.raises(ValueError, match="needs units"):
        ReachableDoses(units, Decimal(10))


@pytest.mark.parametrize(
    ("dose", "low", "high", "made"),
    [
        ("52.39", "52.39", "69.85", "52.5"),  # the nearest inside the range
        ("69.85", "52.39", "69.85", "69.5"),  # 70 is nearer, and over the range
        ("62.25", "60", "65", "62.5"),  # between 62 and 62.5: half up
        ("62.1", "60", "65", "62"),
        ("62.3", "62.3", "62.3", None),
    ],
)
def test_a_rounded_dose_stays_in_its_range(dose, low, high, made):
    place = stock_of(TABLE, "prednisone", "mg", StockOptions())
    found = place.make_within(Decimal(dose), Decimal(low), Decimal(high)).dose
    assert found == (None if made is None else Decimal(made))


@pytest.mark.parametrize(
    ("most", "offered"),
    [("20", (10, 20)), ("19.9", (10, None)), ("10", (10, None)), ("9", (None, None))],
)
def test_a_neighbour_that_is_the_limit_is_offered_and_none_above_it(most, offered):
    assert tuple(Nearest(Decimal(10), Decimal(20)).up_to(Decimal(most))) == offered
