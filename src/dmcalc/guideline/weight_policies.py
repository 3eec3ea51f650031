"""The shapes of policies on the dosing weight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from dmcalc.quantities.thresholds import BodyCondition
from dmcalc.records import Record
from dmcalc.sources.cite import Cites, Note
from dmcalc.sources.figures import Problem
from dmcalc.table.model.table import Table
from dmcalc.table.rules.shared import OF_TABLE, unlisted

Basis = Literal["ideal", "adjusted"]


class WeightPolicy(Record):
    """Whose policy it is to dose by another weight than the actual one, and when."""

    name: Annotated[str, "Whose policy, for people."]
    drugs: Annotated[tuple[str, ...], "Keys of the drugs that it is for."]
    basis: Annotated[Basis, "The dosing weight where it holds."]
    text: Annotated[str, "What it says, in short terms."]
    cite: Annotated[Cites, "Its sources; each condition is in a quote."]
    any_of: Annotated[tuple[BodyCondition, ...], "One of these must be met, if there are any."] = ()
    all_of: Annotated[tuple[BodyCondition, ...], "All of these must be met too."] = ()
    reading: Annotated[str | None, "How the guide reads or completes what the source says."] = None
    notes: Annotated[tuple[Note, ...], "Cautions and disagreements."] = ()
    in_pregnancy: Annotated[
        str | None, "What it says of the weight in pregnancy, in short terms."
    ] = None


def problems(policies: dict[str, WeightPolicy], table: Table) -> Iterator[Problem]:
    """Find what no shape can say: unlisted drugs, and names of kinds of weight."""
    for key, policy in policies.items():
        path = ("weight_policies", key)
        yield from unlisted(policy.drugs, table.drugs, (*path, "drugs"), OF_TABLE)
        if key in ("actual", "policy", *get_args(Basis)):
            yield path, "that is the name of a kind of weight"
