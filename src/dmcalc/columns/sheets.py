"""What the row path says of distinct cases, orders and weights, as tables for an engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from dmcalc.columns.cases import Case, Line, Reject, Size
from dmcalc.columns.sheet import AMOUNT, DOSE, NUMBER, TEXT, WEIGHT, WORD, Sheet
from dmcalc.quantities.amount import DoseRange

if TYPE_CHECKING:
    from dmcalc.columns.orders import Match, OrderRead
    from dmcalc.guideline.patient_rules import Rule
    from dmcalc.quantities.amount import Mass, Per, SizeBasis

    Ends = tuple[Decimal, Decimal]
    #: A rule that leaves less of a dose, and the unit of that.
    Reducing = tuple[Rule, tuple[Mass, Per]]

Value = TypeVar("Value")
NOTHING: frozenset[str] = frozenset()


class Sheets(NamedTuple):
    """The tables, and what of them a statement is made from."""

    cases: Sheet
    lines: Sheet
    sizes: Sheet
    notes: Sheet
    refusals: Sheet
    #: Of a check; no matches where no order is a step or a rounded dose.
    orders: Sheet | None
    matches: Sheet | None
    #: How many posologies a row has: all of a drug in a check, else one.
    width: int
    rules: tuple[Reducing, ...]
    #: How many different sets of warnings weights and matches have.
    counts: tuple[int, int]
    #: The texts of warnings that count.
    counting: frozenset[str]
    #: The largest that the ends of the posologies of each mark can be.
    most: tuple[Ends, ...]
    #: The posology that comes first of each drug.
    first_regimens: tuple[str, ...]

    def tables(self) -> Iterator[tuple[str, Sheet]]:
        """Yield the tables with their names."""
        yield from (("cases", self.cases), ("lines", self.lines), ("weighed", self.sizes))
        yield from (("notes", self.notes), ("refusals", self.refusals))
        if self.orders is not None:
            yield "orders", self.orders
        if self.matches is not None:
            yield "matches", self.matches

    @property
    def numbers(self) -> Sheet:
        """The sheet that has the numbers of posologies."""
        return self.lines if self.orders is None else self.cases

    @property
    def match_key(self) -> str:
        """The number of a match: of a kind of cases, an order and a weight."""
        assert self.orders is not None
        return f"(q.kind * {len(self.orders)} + o.o) * {len(self.sizes)} + z.z"


class Numbers(Generic[Value]):
    """Numbers for what is written in words, from 0."""

    def __init__(self, *known: Value) -> None:
        self.known: dict[Value, int] = {}
        for value in known:
            self.of(value)

    def of(self, value: Value) -> int:
        """Return the number of a value."""
        return self.known.setdefault(value, len(self.known))

    def each(self, values: Iterable[Value | None]) -> list[int | None]:
        """Return the number of each value, None for none."""
        return [None if value is None else self.of(value) for value in values]


def sheets_of(
    cases: Sequence[Case],
    sizes: Sequence[Size],
    orders: Sequence[OrderRead] | None,
    matches: Sequence[tuple[int, Match]],
) -> Sheets:
    """Make the tables; the number of a case, an order or a weight is its position."""
    refusals, warnings = Numbers[Reject](), Numbers[tuple[frozenset[str], bool]]()
    of_sizes, of_matches = Numbers(NOTHING), Numbers(NOTHING)
    every = [
        (number, k, line) for number, case in enumerate(cases) for k, line in enumerate(case.lines)
    ]
    rules = tuple(dict.fromkeys(reducing for *_, line in every for reducing in _reducing(line)))
    width = 1 if orders is None else max((len(case.lines) for case in cases), default=1)

    sheet = Sheet("a")
    sheet.add("a", "BIGINT", range(len(cases)))
    for name in ("first", "early", "late", "weightless", "last"):
        sheet.add(name, "INTEGER", refusals.each(getattr(case, name) for case in cases))
    patients = [case.patient for case in cases]
    sheet.add("severity", WORD, [who and who.severity for who in patients])
    sheet.add("not_checked", WORD, [_joined(case.not_checked) for case in cases])
    surfaces = [None if case.late or not case.patient else case.patient.bsa_m2 for case in cases]
    sheet.add("bsa", NUMBER, surfaces)
    sheet.add("lines", "INTEGER", [len(case.lines) for case in cases])
    sheet.add("warned", "BOOLEAN", [case.warned for case in cases])

    lines = Sheet("l")
    lines.add("a", "BIGINT", [number for number, *_ in every])
    lines.add("k", "INTEGER", [k + 1 for _, k, _ in every])
    blanks = [line.ready.blank for *_, line in every]
    for name in ("drug", "regimen", "unit", "per", "phase"):
        lines.add(name, WORD, [getattr(blank, name) for blank in blanks])
    for name in ("cap_low", "cap_high"):
        lines.add(
            name, DOSE if orders is None else AMOUNT, [getattr(blank, name) for blank in blanks]
        )
    points = {"low": 1, "high": 2}
    lines.add("points", "INTEGER", [points.get(line.points or "") for *_, line in every])
    lines.add("rules", WORD, [_joined(rule.id for rule in line.rules) for *_, line in every])
    sets = [(line.warnings, cases[number].warned) for number, _, line in every]
    lines.add("warns", "INTEGER", warnings.each(sets))

    each: list[list[Line | None]] = [[line for *_, line in every]]
    if orders is not None:
        each = [
            [case.lines[k] if k < len(case.lines) else None for case in cases] for k in range(width)
        ]
    _add_posologies(lines if orders is None else sheet, each, rules)
    largest: dict[SizeBasis | None, Decimal] = {
        "kg": max((size.kg for size in sizes if size.kg is not None), default=Decimal(0)),
        "m2": max((surface for surface in surfaces if surface is not None), default=Decimal(0)),
        None: Decimal(1),
    }
    most = tuple(_most(mark, largest) for mark in each)

    weights = Sheet("z")
    weights.add("z", "BIGINT", range(len(sizes)))
    weights.add("kg", NUMBER, [size.kg for size in sizes])
    weights.add("weight_kg", WEIGHT, [size.kg for size in sizes])
    for name in ("reject", "last"):
        weights.add(name, "INTEGER", refusals.each(getattr(size, name) for size in sizes))
    weights.add("warns", "INTEGER", of_sizes.each(size.warnings for size in sizes))

    of_orders = None if orders is None else _of_orders(orders, width, refusals)
    matched = _of_matches(matches, width, of_matches) if matches else None
    notes, counting = _notes(warnings, of_sizes, of_matches)
    texts = Sheet("r")
    texts.add("id", "INTEGER", list(refusals.known.values()))
    for number, name in enumerate(Reject._fields):
        texts.add(name, TEXT, [reject[number] for reject in refusals.known])
    counts = len(of_sizes.known), len(of_matches.known)
    first = tuple(dict.fromkeys(case.lines[0].ready.blank.regimen for case in cases if case.lines))
    return Sheets(
        sheet,
        lines,
        weights,
        notes,
        texts,
        of_orders,
        matched,
        width,
        rules,
        counts,
        counting,
        most,
        first,
    )


def _add_posologies(
    sheet: Sheet, each: Sequence[Sequence[Line | None]], rules: Sequence[Reducing]
) -> None:
    """Add the numbers of the posologies of a row, the first with the mark 1."""
    for mark, lines in enumerate(each, 1):
        rates = [line and line.ready.regimen.dose for line in lines]
        caps = [line and line.ready.cap for line in lines]
        sheet.add(f"rate_low_{mark}", NUMBER, [rate and rate.low for rate in rates])
        sheet.add(f"rate_high_{mark}", NUMBER, [rate and rate.high for rate in rates])
        sheet.add(f"by_kg_{mark}", "BOOLEAN", [rate and rate.basis == "kg" for rate in rates])
        sheet.add(f"by_m2_{mark}", "BOOLEAN", [rate and rate.basis == "m2" for rate in rates])
        sheet.add(f"most_low_{mark}", NUMBER, [cap and cap.low for cap in caps])
        sheet.add(f"most_high_{mark}", NUMBER, [cap and cap.high for cap in caps])
        for name in ("refused", "decides"):
            sheet.add(f"{name}_{mark}", "BOOLEAN", [line and getattr(line, name) for line in lines])
        sheet.add(
            f"later_{mark}",
            "BOOLEAN",
            [line and line.ready.blank.from_week is not None for line in lines],
        )
        sheet.add(f"single_{mark}", NUMBER, [line and line.single_most for line in lines])
        for number, reducing in enumerate(rules):
            holding = [line and reducing in _reducing(line) for line in lines]
            sheet.add(f"rule{number}_{mark}", "BOOLEAN", holding)


def _most(lines: Iterable[Line | None], largest: dict[SizeBasis | None, Decimal]) -> Ends:
    """Return the largest that the ends of some doses can be, by the largest sizes."""
    low = high = Decimal(0)
    for line in lines:
        rate = line and line.ready.regimen.dose
        if line and rate:
            dose = DoseRange.of(rate, largest[rate.basis]).cap(line.ready.cap)
            low, high = max(low, dose.low), max(high, dose.high)
    return low, high


def _reducing(line: Line) -> list[Reducing]:
    """List the rules that hold and leave less of a posology, with the unit of its dose."""
    rate = line.ready.regimen.dose
    if rate is None or line.refused:
        return []
    return [(rule, (rate.unit, rate.per)) for rule in line.rules if rule.share or rule.max]


def _of_orders(orders: Sequence[OrderRead], width: int, refusals: Numbers[Reject]) -> Sheet:
    sheet = Sheet("o")
    sheet.add("o", "BIGINT", range(len(orders)))
    for name in ("first", "last"):
        sheet.add(name, "INTEGER", refusals.each(getattr(read, name) for read in orders))
    for name in ("kg", "m2", "both"):
        sheet.add(
            f"needs_{name}", "INTEGER", refusals.each(read.needs.get(name) for read in orders)
        )
    for basis in ("kg", "m2"):
        by = [read.order is not None and read.order.basis == basis for read in orders]
        sheet.add(f"by_{basis}", "BOOLEAN", by)
    sheet.add("parts", "INTEGER", [read.parts for read in orders])
    for k in range(width):
        lines = [read.lines[k] if k < len(read.lines) else None for read in orders]
        for name in ("stop", "refused", "wrong"):
            sheet.add(f"{name}_{k + 1}", WORD, [line and getattr(line, name) for line in lines])
        for name, by_size in product(("ordered", "once"), (False, True)):
            amounts = [
                getattr(line, name) if line and not read.last and by_size == read.by_size else None
                for line, read in zip(lines, orders, strict=True)
            ]
            sheet.add(f"{name}{'_each' if by_size else ''}_{k + 1}", NUMBER, amounts)
    return sheet


def _of_matches(
    matches: Sequence[tuple[int, Match]], width: int, warnings: Numbers[frozenset[str]]
) -> Sheet:
    sheet = Sheet("m")
    sheet.add("key", "BIGINT", [key for key, _ in matches])
    sheet.add("warns", "INTEGER", warnings.each(match.warnings for _, match in matches))
    for k in range(width):
        rows = [match.rows[k] if k < len(match.rows) else None for _, match in matches]
        for name, kind in (
            ("verdict", WORD),
            ("matched", WORD),
            ("protocol", WORD),
            ("step", "BIGINT"),
        ):
            sheet.add(f"{name}_{k + 1}", kind, [row and getattr(row, name) for row in rows])
    return sheet


def _notes(
    lines: Numbers[tuple[frozenset[str], bool]],
    sizes: Numbers[frozenset[str]],
    matches: Numbers[frozenset[str]],
) -> tuple[Sheet, frozenset[str]]:
    """Write out each set of warnings that a row may have, and name those that count.

    The number of a row is ((its line's x sets of weights + its weight's) x sets of matches + its
    match's) x 2, and 1 more where its posologies are all of a later week.
    """
    texts: list[str | None] = []
    counting = set()
    for (own, warned), size, match, later in product(
        lines.known, sizes.known, matches.known, (NOTHING, frozenset({"from-week"}))
    ):
        more = size | match | later
        text = _joined(sorted(own | more))
        texts.append(text)
        if text is not None and (warned or more):
            counting.add(text)
    sheet = Sheet("n")
    sheet.add("id", "INTEGER", range(len(texts)))
    sheet.add("warnings", WORD, texts)
    return sheet, frozenset(counting)


def _joined(words: Iterable[str]) -> str | None:
    return "; ".join(words) or None
