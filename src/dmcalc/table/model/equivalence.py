"""The shapes of equivalent amounts of glucocorticoids."""

from __future__ import annotations

from typing import Annotated

from dmcalc.quantities.amount import Amount
from dmcalc.records import Record
from dmcalc.sources.cite import Cites, Note
from dmcalc.table.model.drug import Route


class Equivalent(Record):
    """A glucocorticoid, and how much of it a source calls equivalent to the one compared with."""

    name: Annotated[str, "Name for people."]
    cite: Annotated[Cites, "Sources; the amount is in a quote, and what it is equal to."]
    amount: Annotated[Amount, "Amount that is equivalent to that of the drug compared with."]
    aliases: Annotated[tuple[str, ...], "Other names that it answers to."] = ()
    reading: Annotated[str | None, "How the table reads what the sources give."] = None
    notes: Annotated[tuple[Note, ...], "Cautions and disagreements."] = ()


class Pulse(Record):
    """An amount from which on nothing is converted: no source gives equivalents for pulses."""

    drug: Annotated[str, "Key of the drug among the equivalents."]
    amount: Annotated[Amount, "Least amount of a pulse."]
    cite: Annotated[Cites, "Its sources."]


class Equivalence(Record):
    """Glucocorticoids of which sources call amounts equivalent, and where that ends."""

    to: Annotated[str, "Key of the drug that the others are compared with."]
    routes: Annotated[tuple[Route, ...], "Routes that the sources cover; no other is answered."]
    drugs: Annotated[dict[str, Equivalent], "The drugs, by key."]
    pulses: Annotated[tuple[Pulse, ...], "Amounts that are refused, with their equivalents."]
    notes: Annotated[tuple[Note, ...], "What holds for all of them."] = ()
    absent: Annotated[dict[str, str] | None, "Drugs that it does not hold, and why."] = None
