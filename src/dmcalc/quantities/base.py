"""What every written quantity has in common: a type of its own that reads and writes itself."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Never, Self, dataclass_transform

from dmcalc.records import read_first

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

# Patterns are text: a start on the bundled table reads no quantity and compiles none of them.
#: A number as quantities write it: no sign, no exponent, no bare dot, no leading zero.
NUMBER = r"(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,6})?"
#: The decimals of a number that is entered: what an answer prints is read back, all 20 of them.
DECIMALS = r"(?:\.[0-9]{1,20})?"
#: The unit of a surface, as people type it.
SQUARE_METRE = "m[2²]"
#: A number, or a range of two.
RANGE = rf"(?P<low>{NUMBER})(?:-(?P<high>{NUMBER}))?"
#: A whole number from 1 on.
COUNT = r"[1-9][0-9]{0,3}"
#: A match: the pattern lets only the words of a Literal through, which mypy cannot see.
Match = re.Match[Any]


@dataclass_transform(frozen_default=True)
class Quantity:
    """A value with its dimension, read strictly from the way it is written.

    It is no tuple of numbers: it cannot be ordered, added, indexed or unpacked, so that amounts in
    two units, or two kinds of quantity, are never taken for each other. It equals what is of its
    own kind and has the same parts, cannot be changed, and its ``repr`` builds it. A subclass names
    its parts in ``__slots__`` and gives the type of each: a number is its ``value``, a range its
    ``low`` and ``high``, and what it is of its ``unit``.
    """

    __slots__: ClassVar[tuple[str, ...]] = ()
    #: Regular expression of the whole text.
    pattern: ClassVar[str]
    #: How it may be written; the JSON Schema has the first.
    examples: ClassVar[tuple[str, ...]]
    #: The part that must be above 0, if there is one.
    above_zero: ClassVar[str | None] = None

    # one loop for all: a class is defined at every start, and a data class costs ten times as much
    def __init__(self, *parts: object) -> None:
        for name, part in zip(self.__slots__, parts, strict=True):
            object.__setattr__(self, name, part)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it as it is written; raise ValueError, with an example, for anything else."""
        match = re.fullmatch(cls.pattern, text, re.ASCII)
        if match is None:
            raise cls._unlike(text)
        return cls._of(match)

    @classmethod
    def _of(cls, match: Match) -> Self:
        """Build it from the groups of its pattern; raise ValueError where they make no sense."""
        parts: dict[str, Any] = match.groupdict()
        if "low" in parts:
            parts["low"], parts["high"] = read_range(match)
        else:
            parts["value"] = Decimal(parts["value"])
        if cls.above_zero and parts[cls.above_zero] <= 0:
            raise ValueError(f"{match.string!r} is not above 0")
        return cls(*(parts[name] for name in cls.__slots__))

    @classmethod
    def _unlike(cls, text: str) -> ValueError:
        return ValueError(f"{text!r} is not written like {' or '.join(map(repr, cls.examples))}")

    def _parts(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    if not TYPE_CHECKING:  # mypy refuses to compare two kinds unless it sees a method that might

        def __eq__(self, other: object) -> bool:
            return type(other) is type(self) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash((type(self), self._parts()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._parts()))})"

    def __str__(self) -> str:
        value, unit = getattr(self, "value", None), getattr(self, "unit", "")
        number = range_text(self.low, self.high) if value is None else format_plain(value)  # type: ignore[attr-defined]
        return f"{number} {unit}" if unit else number

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), self._parts()

    if not TYPE_CHECKING:  # mypy knows that it is frozen

        def __setattr__(self, name: str, value: object) -> Never:
            raise AttributeError(f"a quantity cannot be changed: {name}")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> "CoreSchema":
        """Tell pydantic how it is read, and the JSON Schema how it is written."""

        def read(value: object) -> object:
            if not isinstance(value, str):
                raise ValueError(f"a quantity is text with its unit, like {cls.examples[0]!r}")
            return cls.parse(value)

        # JSON Schema knows neither named groups nor an implied full match
        regex = "^" + re.sub(r"\?P<\w+>", "", cls.pattern) + "$"
        written: dict[str, object] = {
            "type": "string",
            "pattern": regex,
            "examples": [cls.examples[0]],
        }
        return read_first(read, {"type": "any"}, lambda _schema, _handler: written)


def format_plain(number: Decimal | int) -> str:
    """Write a number without exponent, trailing zero or grouping: ``52.5``, ``70``, ``0.5``."""
    text = str(number)
    if "E" in text:
        text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def range_text(low: Decimal | int, high: Decimal | int) -> str:
    """Write both ends of a range, ``5-10``, or the one number that they are."""
    return format_plain(low) if low == high else f"{format_plain(low)}-{format_plain(high)}"


def read_range(match: Match) -> tuple[Decimal, Decimal]:
    """Read both ends of a ``RANGE``: it runs upwards and is not empty."""
    low = Decimal(match["low"])
    if match["high"] is None:
        return low, low
    high = Decimal(match["high"])
    if low >= high:
        raise ValueError(f"low ({match['low']}) is not below high ({match['high']})")
    return low, high
