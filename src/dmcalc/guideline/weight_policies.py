"""The shapes of policies on the weight that a dose goes by."""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, NamedTuple, Self, get_args

from dmcalc.quantities.base import Quantity, format_plain
from dmcalc.sources.cite import Cites, Note
from dmcalc.table.model.table import Table

Trait = Literal["bmi", "height", "over ideal"]
Basis = Literal["ideal", "adjusted"]

_UNITS: dict[Trait, str] = {"bmi": "", "height": " cm", "over ideal": "%"}
#: How sources write each of them; ``{}`` is the number.
_WRITTEN: dict[Trait, tuple[str, ...]] = {
    "bmi": (r"\bbmi ?> ?{}(?![.0-9])",),
    "height": (r"\b{} ?cm or over\b", r"\bunder {} ?cm\b"),
    "over ideal": (r"> ?{}% over\b",),
}


class Condition(Quantity):
    """What a body must be for a policy: ``bmi > 30``, ``height >= 152.4 cm``, ``over ideal > 20%``.

    ``over ideal`` is by how much the actual weight exceeds the ideal one, in per cent of it.
    """

    __slots__ = ("trait", "value", "beyond")
    pattern = (
        r"(?P<trait>bmi|height|over ideal) (?P<sign>>=|>) (?P<value>[0-9]{1,3}(?:\.[0-9])?)"
        r"(?: cm|%)?"
    )
    examples = ("bmi > 30", "height >= 152.4 cm")

    trait: Trait
    value: Decimal
    #: Whether the value itself does not meet it.
    beyond: bool

    @classmethod
    def _of(cls, match: re.Match[Any]) -> Self:
        if not match.string.endswith(f"{match['value']}{_UNITS[match['trait']]}"):
            raise cls._unlike(match.string)
        return cls(match["trait"], Decimal(match["value"]), match["sign"] == ">")

    def met(self, value: Fraction) -> bool:
        """Tell whether a value meets it."""
        least = Fraction(self.value)
        return value > least if self.beyond else value >= least

    def stands_in(self, quote: str) -> bool:
        """Tell whether it stands in a quote: the number with what it is of, and its sign."""
        number = re.escape(format_plain(self.value))
        return any(re.search(way.format(number), quote.lower()) for way in _WRITTEN[self.trait])

    @property
    def words(self) -> str:
        """Say it for people: ``a body mass index above 30``."""
        value = format_plain(self.value)
        if self.trait == "height":
            return f"a height {'above' if self.beyond else 'from'} {value} cm"
        if self.trait == "bmi":
            return f"a body mass index {'above' if self.beyond else 'from'} {value}"
        more = "more than " if self.beyond else ""
        return f"a weight {more}{value} per cent above the ideal one"

    def __str__(self) -> str:
        sign = ">" if self.beyond else ">="
        return f"{self.trait} {sign} {format_plain(self.value)}{_UNITS[self.trait]}"


class WeightPolicy(NamedTuple):
    """Whose rule it is that a dose goes by another weight than the actual one, and when."""

    name: Annotated[str, "Whose policy, as people read it."]
    drugs: Annotated[tuple[str, ...], "Keys of the drugs that it is for."]
    basis: Annotated[Basis, "The weight that the dose goes by where it holds."]
    text: Annotated[str, "What it says, in short terms."]
    cite: Annotated[Cites, "Where it stands; each condition stands in a quote."]
    any_of: Annotated[tuple[Condition, ...], "One of these must be met, if there are any."] = ()
    all_of: Annotated[tuple[Condition, ...], "All of these must be met too."] = ()
    reading: Annotated[str | None, "How the guide reads or completes what the source says."] = None
    notes: Annotated[tuple[Note, ...], "Cautions and disagreements."] = ()


def problems(
    policies: dict[str, WeightPolicy], table: Table
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Find what no shape can say: unlisted drugs, and names of kinds of weight."""
    for key, policy in policies.items():
        for drug in policy.drugs:
            if drug not in table.drugs:
                yield ("weight_policies", key, "drugs"), f"{drug!r} is not a drug of the table"
        if key in ("actual", "policy", *get_args(Basis)):
            yield ("weight_policies", key), "that is the name of a kind of weight"
