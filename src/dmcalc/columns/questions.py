"""The distinct questions of an input: which cases, orders and weights they are made of."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from dmcalc.batch.answers import COLUMNS, Doses, Orders, RowInput
from dmcalc.columns.answers import DOSE_PLACES, WEIGHT_PLACES
from dmcalc.columns.cases import Case, Reject, Size, for_rows, places_of
from dmcalc.columns.orders import Matcher, OrderRead, by_weight, kind_of, read_order_of
from dmcalc.columns.sheets import Sheets, sheets_of
from dmcalc.errors import ExitCode
from dmcalc.order.check import PreparedCheck
from dmcalc.quantities.base import format_plain

if TYPE_CHECKING:
    from dmcalc.batch.columns import Columns
    from dmcalc.batch.reader import Cell
    from dmcalc.columns.cases import Reader
    from dmcalc.columns.orders import Match

#: The decimals that a column of binary numbers may have.
BINARY_PLACES = 3
_WEIGHT, _ORDER = COLUMNS.index("weight"), COLUMNS.index("order")


class Questions:
    """Reads what an input asks, each distinct value once."""

    def __init__(
        self, reader: Reader, answerer: Doses | Orders, columns: Columns, names: Sequence[str]
    ) -> None:
        self._answerer, self._columns, self._names = answerer, columns, list(names)
        self._reader = reader
        self._cases: dict[tuple[object, ...], int] = {}
        self._orders: dict[tuple[object, ...], int] = {}
        self.cases: list[Case] = []
        self.orders: list[OrderRead] = []
        self.sizes: list[Size] = []
        #: What the steps and rounded doses of cases go by.
        self._kinds: dict[object, int] = {}
        #: A case of each kind, and the matches, by their keys.
        self._of_kind: list[Case] = []
        self._matches: list[tuple[int, Match]] = []
        used = columns.used
        self.weight = used["weight"].name if "weight" in used else None
        self.facts = tuple(c.name for fact, c in used.items() if fact != "weight")

    def classes(self, rows: Iterable[Sequence[object]]) -> Iterator[list[str | None]]:
        """Yield the number of each class of rows, those of its case, order, body and kind.

        A body is the case that a weight is read with, None for one that is read alone; a kind is of
        what an order may be besides a dose. ``rows`` begin with their number, and go on with the
        facts.
        """
        for number, *values in rows:
            texts = self._texts(self.facts, values)
            case = self._case(texts)
            order = self._order(texts, case)
            body = str(case) if self.cases[case].by_itself else None
            yield [str(number), str(case), str(order), body, self._kind(case, order)]

    def weigh(self, rows: Iterable[Sequence[object]]) -> None:
        """Read the weights; ``rows`` are their numbers, from 0 on, themselves and their bodies."""
        places = self._weight_places()
        for number, value, body in rows:
            assert number == len(self.sizes)
            texts = self._texts((self.weight,) if self.weight else (), [value])
            if isinstance(texts, Reject):
                size = Size(None, texts)
            else:
                row = None if body is None else self.cases[int(str(body))].row
                size = self._reader.size(row, texts[_WEIGHT])
            if size.kg is not None and places_of(size.kg) > places:
                kg = format_plain(size.kg)
                what = f"The weight_kg {kg} has more digits than a column of the answer holds."
                size = size._replace(kg=None, last=for_rows(what))
            self.sizes.append(size)

    @property
    def bodies(self) -> bool:
        """Whether weights are read with their cases."""
        return any(case.by_itself for case in self.cases)

    @property
    def kinds(self) -> int:
        """How many kinds there are of what orders may be besides a dose."""
        return len(self._kinds)

    def match(self, rows: Iterable[Sequence[object]]) -> None:
        """Look for orders that are a step or a rounded dose.

        ``rows`` are the numbers of kinds, weights and orders that stand together, in this order.
        """
        matchers: dict[int, Matcher] = {}
        fixed: dict[int, dict[int, Match | None]] = {}
        for (kind, z), group in groupby(rows, key=itemgetter(0, 1)):
            size, at = self.sizes[int(str(z))], int(str(kind))
            if size.reject is not None or size.last is not None:
                continue
            if at not in matchers:
                matchers[at] = Matcher(self._of_kind[at])
                if not by_weight(self._of_kind[at]):
                    fixed[at] = {}
            orders = [int(str(o)) for *_, o in group]
            known = fixed.get(at, {})
            asked = [(o, self.orders[o]) for o in orders if o not in known]
            matches = dict(matchers[at].matches(size.kg, asked)) if asked else {}
            if at in fixed:
                known.update({o: matches.get(o) for o, _ in asked})
                matches = {o: match for o in orders if (match := known[o]) is not None}
            for o, match in matches.items():
                key = (at * len(self.orders) + o) * len(self.sizes) + int(str(z))
                self._matches.append((key, match))

    def sheets(self) -> Sheets:
        """Return all that the row path says of them."""
        orders = self.orders if isinstance(self._answerer, Orders) else None
        return sheets_of(self.cases, self.sizes, orders, self._matches)

    def _texts(
        self, names: Sequence[str], values: Sequence[object]
    ) -> tuple[str | None, ...] | Reject:
        """Return what values ask, in the order of ``COLUMNS``, or why one cannot be read."""
        cells: list[Cell] = [None] * len(self._names)
        try:
            for name, value in zip(names, values, strict=False):
                cells[self._names.index(name)] = cell_of(value)
        except ValueError as error:
            return Reject(str(int(ExitCode.PATIENT)), f"{name}: {error}")
        return self._columns.input_of(cells)

    def _case(self, texts: tuple[str | None, ...] | Reject) -> int:
        key = texts if isinstance(texts, Reject) else (*texts[:_ORDER], None, *texts[_ORDER + 1 :])
        number = self._cases.get(key)
        if number is None:
            number = self._cases[key] = len(self.cases)
            case = Case(None, first=texts) if isinstance(texts, Reject) else self._reader.case(key)
            self.cases.append(case)
        return number

    def _order(self, texts: tuple[str | None, ...] | Reject, case: int) -> int:
        if isinstance(texts, Reject) or not isinstance(self._answerer, Orders):
            texts = (None,) * len(COLUMNS)
        ready = self.cases[case].ready
        ready = ready if isinstance(ready, PreparedCheck) else None
        drug, order = texts[: _ORDER + 1]
        key = drug, order, id(ready)
        number = self._orders.get(key)
        if number is None:
            number = self._orders[key] = len(self.orders)
            read = OrderRead()
            if isinstance(self._answerer, Orders):
                row = RowInput(drug, order, RowInput.read([None] * len(COLUMNS)).patient)
                read = read_order_of(self._reader, self._answerer, row, ready)
            self.orders.append(read)
        return number

    def _weight_places(self) -> int:
        """Return the most decimals of a weight that leave room for the doses."""
        ends = []
        for line in (line for case in self.cases for line in case.lines):
            if (rate := line.ready.regimen.dose) is not None:
                most = [rule.max for rule in line.rules if rule.max is not None]
                ends += [rate.low, rate.high, *(other.in_unit(rate.unit).high for other in most)]
        if isinstance(self._answerer, Orders):
            return WEIGHT_PLACES
        return min(WEIGHT_PLACES, DOSE_PLACES - max(map(places_of, ends), default=0))

    def _kind(self, number: int, order: int) -> str | None:
        """Return the number of what an order may be besides a dose, None for nothing."""
        if not any(
            line.ordered is not None and not line.wrong for line in self.orders[order].lines
        ):
            return None
        case = self.cases[number]
        kind = kind_of(case)
        if kind is None:
            return None
        if kind not in self._kinds:
            self._kinds[kind] = len(self._of_kind)
            self._of_kind.append(case)
        return str(self._kinds[kind])


def cell_of(value: object) -> Cell:
    """Return a value of a column as a cell of a row; raise ValueError for a binary number.

    A column of binary numbers has the shortest decimals that they can be, and no more than three.
    """
    if isinstance(value, float):
        number = Decimal(repr(value))
        if not number.is_finite():
            raise ValueError(f"{value!r} is no number. Leave what is missing empty.")
        plain = format_plain(number)
        if len(plain.partition(".")[2]) > BINARY_PLACES:
            raise ValueError(
                f"{value!r} is a binary number of more than {BINARY_PLACES} decimals. Store it as "
                "a decimal, or round it."
            )
        return plain
    if isinstance(value, datetime.date):
        return value.isoformat()
    if value is None or isinstance(value, bool | str | Decimal):
        return value
    return format_plain(value) if isinstance(value, int) else str(value)
