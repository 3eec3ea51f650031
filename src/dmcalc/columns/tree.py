"""The formulas as a tree: each number knows its places and the largest that it can be.

``Tree`` is the algebra (``quantities/algebra.py``) that columns run the formulas in, once. What is
not known (NULL) stays so in every operation: no way of a choice is taken for it. A number that may
need more digits than an engine has is an error while the tree is made, never at run time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal, TypeVar, cast

from dmcalc.errors import TableError
from dmcalc.quantities.arithmetic import EXACT

Kind = Literal["number", "text", "truth"]
Chosen = TypeVar("Chosen")

#: The most digits that the decimals of an engine have.
MOST_DIGITS = 38


@dataclass(frozen=True)
class Term:
    """A value of a row: what it is made from, and for a number how wide it is."""

    op: str
    kind: Kind
    parts: tuple[Term, ...] = ()
    #: The name of a column, the text of a literal or of a pattern.
    name: str = ""
    #: Decimal places, and the largest absolute value.
    places: int = 0
    most: Decimal = Decimal(0)

    @property
    def sure(self) -> bool:
        """Whether a truth is known in every row."""
        if self.op in ("and", "or", "not"):
            return all(part.sure for part in self.parts)
        return self.op in ("is true", "known", "sure column")

    @property
    def digits(self) -> int:
        """How many digits a number has at most, those behind the point included."""
        return len(f"{int(self.most)}") + self.places


class Tree:
    """The words of the algebra, and the few more that columns need."""

    def number(self, value: Decimal | int, /) -> Term:
        """Return a figure."""
        number = Decimal(value).normalize()
        places = max(0, -int(number.as_tuple().exponent))
        return _number("number", (), places, abs(number), f"{number:f}")

    def column(self, name: str, places: int, most: Decimal | int) -> Term:
        """Return a column of numbers that has so many places, and is at most so large."""
        return _number("column", (), places, Decimal(most), name)

    def multiply(self, left: Term, right: Term, /) -> Term:
        """Return the product, exactly."""
        if left.op == right.op == "number":
            return self.number(EXACT.multiply(Decimal(left.name), Decimal(right.name)))
        for one, other in ((left, right), (right, left)):
            if one.op == "number" and one.name == "1":
                return other
        most = EXACT.multiply(left.most, right.most)
        return _number("multiply", (left, right), left.places + right.places, most)

    def subtract(self, left: Term, right: Term, /) -> Term:
        """Return left - right, exactly."""
        places = max(left.places, right.places)
        return _number("subtract", (left, right), places, EXACT.add(left.most, right.most))

    def least(self, left: Term, right: Term, /) -> Term:
        """Return the smaller one; nothing where one is not known."""
        if left.op == right.op == "number":
            return min(left, right, key=lambda term: Decimal(term.name))
        each = tuple(
            part
            for term in (left, right)
            for part in (term.parts if term.op == "least" else (term,))
        )
        places = max(left.places, right.places)
        return _number("least", tuple(dict.fromkeys(each)), places, min(left.most, right.most))

    def divide_inward(self, amount: Term, parts: int, /, *, up: bool) -> Term:
        """Return an equal part of what is not negative, rounded to 0.000001 up or down."""
        if parts == 1 and amount.places <= 6:
            return amount
        # whole millionths: (amount x 10^k) // (parts x 10^(k - 6)), k places being enough for both
        k = max(amount.places, 6)
        whole = self.scaled(amount, k)
        divisor = self.number(parts * 10 ** (k - 6))
        if up:
            whole = self.add(whole, self.number(int(divisor.name) - 1))
        return self.scaled(self.whole_quotient(whole, divisor), -6)

    def deviation_percent(self, difference: Term, whole: Term, /) -> Term:
        """Return a difference in per cent of what is above 0, to 0.01 half up, away from 0."""
        k = max(difference.places, whole.places)
        size, divisor = self.scaled(self.size(difference), k), self.scaled(whole, k)
        # (2 x 10,000 a + b) // (2 b) is 10,000 a / b rounded half up, in hundredths
        twice = self.add(self.multiply(size, self.number(20_000)), divisor)
        hundredths = self.whole_quotient(twice, self.multiply(divisor, self.number(2)))
        # what is above 0 is at least one of its last place
        hundredths = self.narrowed(
            hundredths,
            EXACT.add(EXACT.multiply(difference.most, Decimal(10) ** (4 + whole.places)), 1),
        )
        percent = self.scaled(hundredths, -2)
        nothing = self.number(0)
        return self.choose(
            self.below(difference, nothing),
            lambda: self.subtract(nothing, percent),
            lambda: percent,
        )

    def narrowed(self, number: Term, most: Decimal) -> Term:
        """Return a computed number that is known to be at most so large."""
        return replace(number, most=min(number.most, most))

    def below(self, left: Term, right: Term, /) -> Term:
        """Tell whether left < right."""
        return Term("below", "truth", (left, right))

    def choose(
        self, when: Term, then: Callable[[], Chosen], otherwise: Callable[[], Chosen], /
    ) -> Chosen:
        """Return what one of two ways comes to, in each row that which its ``when`` says."""
        return cast("Chosen", _chosen(when, then(), otherwise()))

    def add(self, left: Term, right: Term) -> Term:
        """Return left + right, exactly."""
        places = max(left.places, right.places)
        return _number("add", (left, right), places, EXACT.add(left.most, right.most))

    def size(self, number: Term) -> Term:
        """Return a number without its sign."""
        return _number("size", (number,), number.places, number.most)

    def scaled(self, number: Term, powers: int) -> Term:
        """Return number x 10^powers: whole, where that many places make it so."""
        if powers > 1 and number.digits + powers + 2 > MOST_DIGITS:
            # a product has all the places of its factors until it is cast
            return self.scaled(self.scaled(number, powers // 2), powers - powers // 2)
        power = Decimal(1).scaleb(powers)
        places = max(0, number.places - powers)
        return _number(
            "scaled", (number,), places, EXACT.multiply(number.most, power), f"{power:f}"
        )

    def whole_quotient(self, left: Term, right: Term) -> Term:
        """Return left // right, both whole and not negative."""
        return _number("quotient", (left, right), 0, left.most)

    def text(self, value: str) -> Term:
        """Return a text."""
        return Term("literal", "text", name=value)

    def text_column(self, name: str) -> Term:
        """Return a column of texts."""
        return Term("column", "text", name=name)

    def truth_column(self, name: str) -> Term:
        """Return a column of yes and no; one that is not known counts as no."""
        return Term("is true", "truth", (Term("column", "truth", name=name),))

    def equal(self, column: Term, value: Term) -> Term:
        """Tell whether two texts or numbers are the same."""
        return Term("equal", "truth", (column, value))

    def known(self, value: Term) -> Term:
        """Tell whether a value is known."""
        return Term("known", "truth", (value,))

    def holds(self, truth: Term) -> Term:
        """Return a truth, and no where it is not known."""
        return truth if truth.sure else Term("is true", "truth", (truth,))

    def negated(self, truth: Term) -> Term:
        """Return the contrary of a truth."""
        if truth.op == "not":
            return truth.parts[0]
        return Term("not", "truth", (truth,))

    def any_of(self, truths: Iterable[Term]) -> Term:
        """Tell whether one of some truths holds."""
        return _joined("or", tuple(truths))

    def all_of(self, truths: Iterable[Term]) -> Term:
        """Tell whether all of some truths hold."""
        return _joined("and", tuple(truths))

    def first(self, ways: Iterable[tuple[Term, Term | None]], otherwise: Term | None) -> Term:
        """Return the value of the first way whose truth holds; None is NULL."""
        result = _nothing(otherwise)
        for when, value in reversed(list(ways)):
            result = _chosen(self.holds(when), value, result)
        return result


#: What a CASE without a match gives, and what is not known.
NOTHING = Term("nothing", "text")


def _number(op: str, parts: tuple[Term, ...], places: int, most: Decimal, name: str = "") -> Term:
    term = Term(op, "number", parts, name, places, most)
    if term.digits > MOST_DIGITS:
        raise TableError(
            f"a number of {term.digits} digits does not fit the {MOST_DIGITS} of an engine: {op}"
        )
    return term


def _joined(op: str, truths: tuple[Term, ...]) -> Term:
    return truths[0] if len(truths) == 1 else Term(op, "truth", truths)


def _nothing(value: Term | None) -> Term:
    return NOTHING if value is None else value


def _chosen(when: Term, then: object, otherwise: object) -> Term:
    """Choose between two values; of two tuples between each two at one position."""
    if isinstance(then, tuple):
        pairs = zip(then, cast("tuple[object, ...]", otherwise), strict=True)
        return cast("Term", tuple(_chosen(when, one, other) for one, other in pairs))
    one, other = (
        Term("literal", "text", name=value) if isinstance(value, str) else _nothing(value)
        for value in cast("tuple[str | Term | None, ...]", (then, otherwise))
    )
    if one == other:
        return one
    kind = other.kind if one is NOTHING else one.kind
    places, most = max(one.places, other.places), max(one.most, other.most)
    return Term("choose", kind, (when, one, other), "", places, most)


#: What a statement has as it is, without a name.
_PLAIN = ("number", "literal", "nothing", "column", "sure column")


@dataclass
class Layers:
    """Named values of a row, a layer on the other: each is made from those below it."""

    layers: list[tuple[str, dict[str, Term]]] = field(default_factory=list)

    def add(self, name: str, terms: Mapping[str, Term]) -> dict[str, Term]:
        """Add a layer, and return its values as those above it name them."""
        named = {key: term for key, term in terms.items() if term.op not in _PLAIN}
        if named:
            self.layers.append((name, named))
        return {
            key: _column(f"{name}.{key}", term) if key in named else term
            for key, term in terms.items()
        }


def _column(name: str, term: Term) -> Term:
    """Return the column of a value; a truth that is known in every row stays so."""
    return replace(term, op="sure column" if term.sure else "column", parts=(), name=name)


def known_or_nothing(term: Term | None) -> Term:
    """Return a term, NULL for none."""
    return NOTHING if term is None else term
