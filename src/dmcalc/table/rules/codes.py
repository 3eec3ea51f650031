"""The rules that the codes of drugs must keep, besides being in a quote like any figure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dmcalc.sources import quotes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.sources.figures import Path, Problem
    from dmcalc.table.model.drug import Code, Drug
    from dmcalc.table.model.table import Table

_ATC = "[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}"
#: By the key of a drug that holds the code: its form, and that in words.
FORMS = {
    "atc": (_ATC, "an ATC code: a letter, 2 digits, 2 letters and 2 digits, like L04AX01"),
    "rxnorm": ("[1-9][0-9]{0,7}", "an RxNorm code: digits alone, like 3008"),
}
# What a sentence may call a drug: short numbers are amounts or counts.
_NAMED = re.compile(rf"\b(?:{_ATC}|[0-9]{{3,8}})\b", re.ASCII)


def problems(table: Table) -> Iterator[Problem]:
    """Check every code: its form, that its quote names the drug, and that no other drug has it."""
    for system, (form, description) in FORMS.items():
        owners: dict[str, str] = {}
        for name, drug in table.drugs.items():
            entry: Code | None = getattr(drug, system)
            if entry is None:
                continue
            here: Path = ("drugs", name, system)
            yield from _words(entry, here)
            if (entry.code is None) == (entry.no_code is None):
                yield here, "give either a code or, in no_code, why there is none"
            if entry.code is None:
                continue
            if re.fullmatch(form, entry.code, re.ASCII) is None:
                yield (*here, "code"), f"{entry.code!r} is not {description}"
            if not _of_drug(entry.code, entry, name, drug):
                yield (*here, "code"), f"no quote with {entry.code} in it names {name}"
            if entry.code in owners:
                yield (*here, "code"), f"{entry.code} is also the code of {owners[entry.code]}"
            owners.setdefault(entry.code, name)


def _of_drug(code: str, entry: Code, name: str, drug: Drug) -> bool:
    """Tell whether a quote that holds the code names the drug; true where none holds it."""
    texts = [c.quote for c in entry.cites if c.quote is not None and quotes.in_quote(code, c.quote)]
    names = "|".join(map(re.escape, (name, drug.name.lower(), *drug.aliases)))
    return not texts or any(re.search(rf"\b(?:{names})s?\b", text.lower()) for text in texts)


def _words(entry: Code, here: Path) -> Iterator[Problem]:
    """Check that the codes in a sentence are in a quote too."""
    for key in ("reading", "no_code"):
        for code in _NAMED.findall(getattr(entry, key) or ""):
            if not any(quotes.in_quote(code, cite.quote or "") for cite in entry.cites):
                yield (*here, key), f"{code} is in none of its quotes"
