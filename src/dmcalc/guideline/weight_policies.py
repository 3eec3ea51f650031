"""The shapes of policies on the weight that a dose goes by."""

from collections.abc import Iterator
from typing import Annotated, Literal, NamedTuple, get_args

from dmcalc.quantities.thresholds import BodyCondition
from dmcalc.sources.cite import Cites, Note
from dmcalc.table.model.table import Table

Basis = Literal["ideal", "adjusted"]


class WeightPolicy(NamedTuple):
    """Whose rule it is that a dose goes by another weight than the actual one, and when."""

    name: Annotated[str, "Whose policy, as people read it."]
    drugs: Annotated[tuple[str, ...], "Keys of the drugs that it is for."]
    basis: Annotated[Basis, "The weight that the dose goes by where it holds."]
    text: Annotated[str, "What it says, in short terms."]
    cite: Annotated[Cites, "Where it stands; each condition stands in a quote."]
    any_of: Annotated[tuple[BodyCondition, ...], "One of these must be met, if there are any."] = ()
    all_of: Annotated[tuple[BodyCondition, ...], "All of these must be met too."] = ()
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
