"""Find drugs and protocols by name: exactly, or by a listed alias, and never by a part of it.

Prednisolone is not methylprednisolone. Near names are offered, not taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.errors import UnknownNameError
from dmcalc.text.spelling import NOTHING, near

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from dmcalc.table.model.table import Table


def find_drug(table: Table, name: str) -> str:
    """Return the key of the drug with a name or alias; raise UnknownNameError."""
    written = " ".join(name.lower().split())
    for key, drug in table.drugs.items():
        if written in (key, drug.name.lower(), *drug.aliases):
            return key
        if written in drug.abroad:
            raise UnknownNameError(
                f"unknown drug {name!r}: it is the name of {key} in another language",
                f"If {key} is meant, write so. List the drugs with: dmcalc drugs",
            )
    absent, listing = table.absent or {}, "List the drugs of the table with: dmcalc drugs"
    if written in absent:
        raise UnknownNameError(f"{written} is not in the table. {absent[written]}", listing)
    if written in NOTHING:
        hint = f"Leave it out where no drug is meant. {listing}"
        raise UnknownNameError(f"unknown drug {name!r}", hint)
    advice = advice_on_unknown(name, table.drugs)
    if advice is not None:
        raise UnknownNameError(f"unknown drug {name!r}: {advice}", listing)
    names = set(table.drugs) | {a for d in table.drugs.values() for a in d.aliases}
    raise UnknownNameError(f"unknown drug {name!r}{near(written, names)}", listing)


def advice_on_unknown(name: str, drugs: Collection[str]) -> str | None:
    """Say what the name of a drug that is unknown may mean, None where no list has it."""
    from dmcalc.medicines.names import advice_on_drug  # start-up: most names are known

    return advice_on_drug(name, drugs)


def find_drugs(table: Table, names: Iterable[str]) -> tuple[str, ...]:
    """Return the keys of several drugs, each once, in the order given."""
    return tuple(dict.fromkeys(find_drug(table, name) for name in names))
