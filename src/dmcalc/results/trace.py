"""What an answer is based on and what was rounded on the way to it, noted in the lines that do so.

::

    with recording() as trace:
        result = dose(loaded, patient, ["prednisone"])
    trace.figures, trace.roundings

Outside a recording nothing is noted: a line asks for ``noting()`` first, which is None there.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from dmcalc.errors import DmcalcError
from dmcalc.quantities.arithmetic import EXACT, round_half_up
from dmcalc.quantities.base import format_plain
from dmcalc.quantities.exact import as_fraction, exact_number
from dmcalc.records import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager
    from fractions import Fraction

    from dmcalc.sources.figures import Path

#: In place of a drug where a figure is of none.
FORMULA = "body"
#: And where it is of the plan of a guide: a step, a trigger, a date to act on.
PLAN = "plan"

# How a figure is rounded, in words.
RATIO = "half up to 0.0001"
PERCENT = "half up to 0.01"
INWARD = "inward to 0.000001"
DOWN = "down to 0.000001"
MINUTES = "half up to 0.01 minutes"
WHOLE_MINUTES = "up to a whole minute"
AS_SHOWN = "half up to 0.000001"
PACKS = "up to whole packs"


class Rounding(Record):
    """A figure that was rounded on the way to an answer."""

    where: Annotated[
        str | None,
        "Its place in the answer; null where it only served to find others or is in words.",
    ]
    what: Annotated[str, "What was rounded."]
    before: Annotated[
        Decimal | str,
        "The exact value; a fraction as text where a decimal number would not end. A root or a "
        "power is no fraction: its first 40 digits, as text.",
    ]
    after: Annotated[Decimal, "The value that was taken."]
    unit: Annotated[str | None, "Unit of both."]
    by: Annotated[Decimal | str, "The difference, written like before."]
    percent: Annotated[Decimal | None, "The difference in per cent of before."]
    direction: Annotated[Literal["up", "down"], "In which direction."]
    how: Annotated[str, "By which rule."]


class Trace:
    """The figures that an answer is based on and its roundings, in the order of the computation."""

    def __init__(self) -> None:
        """Start without any."""
        self._position = ""
        self._aside = False
        self._figures: list[tuple[str | None, tuple[str, Path]]] = []
        self._roundings: list[tuple[str, Rounding]] = []

    @property
    def figures(self) -> frozenset[tuple[str, Path]]:
        """Places in table or guide, each with its drug: a figure, or what several are a part of."""
        return frozenset(figure for _, figure in self._figures)

    @property
    def roundings(self) -> tuple[Rounding, ...]:
        """What was rounded. A figure that came out even is not among them."""
        return tuple(rounding for _, rounding in self._roundings)

    def used(self, drug: str, *path: str | int, here: bool = False) -> None:
        """Note that the answer is based on a path of the table or of the guide.

        With ``here`` only the present path of the answer does (see ``forget``).
        """
        self._figures.append((self._position if here else None, (drug, path)))

    def rounded(
        self,
        where: str | None,
        what: str,
        exact: Fraction | Decimal,
        after: Decimal | int,
        unit: str | None,
        how: str,
        *,
        root: bool = False,
    ) -> None:
        """Note that a figure was rounded, if it was.

        ``where`` is its name at the present path, ``exact`` the figure before and ``after`` what
        was taken for it, both in ``unit``; ``how`` says the rule. Of a ``root`` or a power, which
        no fraction is, ``exact`` has 40 digits.
        """
        whole, after = as_fraction(exact), Decimal(after)
        off = as_fraction(after) - whole
        if self._aside or not off:
            return
        before, by = exact_number(whole), exact_number(abs(off))
        if root and isinstance(exact, Decimal):
            before, by = format_plain(exact), format_plain(abs(EXACT.subtract(after, exact)))
        rounding = Rounding(
            where=None if where is None else _below(self._position, where),
            what=what,
            before=before,
            after=after,
            unit=unit,
            by=by,
            percent=round_half_up(abs(off / whole) * 100, 6) if whole else None,
            direction="up" if off > 0 else "down",
            how=how,
        )
        self._roundings.append((self._position, rounding))

    def forget(self) -> None:
        """Take back what was noted at the present path: it is computed again, or not answered."""
        if self._aside:
            return
        self._figures = [(at, figure) for at, figure in self._figures if at != self._position]
        self._roundings = [(at, made) for at, made in self._roundings if at != self._position]

    def fit(
        self,
        is_used: Callable[[str | None, str, Path], bool],
        fitted: Callable[[str, Rounding], Iterable[Rounding]],
    ) -> None:
        """Fit what was noted of parts to the answer that is made of them.

        ``is_used`` tells of a figure, by its position (None for the whole answer), drug and path,
        whether the answer is based on it; ``fitted`` returns a rounding as the answer has it: at
        several places, or at none.
        """
        self._figures = [(at, figure) for at, figure in self._figures if is_used(at, *figure)]
        self._roundings = [(at, new) for at, made in self._roundings for new in fitted(at, made)]

    @contextmanager
    def under(self, part: str) -> Iterator[None]:
        """Note at a path below the present one; what is refused there is taken back."""
        before, self._position = self._position, _below(self._position, part)
        figures, roundings = len(self._figures), len(self._roundings)
        try:
            yield
        except DmcalcError:
            del self._figures[figures:], self._roundings[roundings:]
            raise
        finally:
            self._position = before

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Note figures alone."""
        before, self._aside = self._aside, True
        try:
            yield
        finally:
            self._aside = before


_NOTING: ContextVar[Trace | None] = ContextVar("trace", default=None)
_NOTHING = nullcontext()

#: The trace of the answer that is being computed, None outside a recording.
noting = _NOTING.get


@contextmanager
def recording() -> Iterator[Trace]:
    """Note what is computed from here on."""
    trace = Trace()
    token = _NOTING.set(trace)
    try:
        yield trace
    finally:
        _NOTING.reset(token)


@contextmanager
def unnoted() -> Iterator[None]:
    """Note nothing of what is computed from here on, neither figures nor roundings."""
    token = _NOTING.set(None)
    try:
        yield
    finally:
        _NOTING.reset(token)


def used(drug: str, *path: str | int) -> None:
    """Note in the present trace, if there is one, what the answer is based on."""
    if trace := noting():
        trace.used(drug, *path)


def under(part: str, number: int | str) -> AbstractContextManager[None]:
    """Note at a path of the answer: the fourth of its ``rows``, counted from 0, or by a name."""
    trace = noting()
    return _NOTHING if trace is None else trace.under(f"{part}.{number}")


def aside() -> AbstractContextManager[None]:
    """Note no rounding of what is computed on the way, or for comparison with the answer."""
    trace = noting()
    return _NOTHING if trace is None else trace.aside()


def quotient(amount: Decimal, divisor: Decimal | int) -> Fraction:
    """Return a quotient exactly."""
    return as_fraction(amount) / as_fraction(divisor)


def _below(position: str, name: str) -> str:
    return f"{position}.{name}" if position else name
