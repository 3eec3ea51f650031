"""Whether pregnancy was stated, where a rule for a drug depends on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc import guideline as guidelines
from dmcalc.errors import as_option, name_inputs
from dmcalc.patient.inputs import PREGNANCY_STATED
from dmcalc.results.base import ClinicalWarning
from dmcalc.results.names import find_drugs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import LoadedTable


def pregnancy_not_stated(
    loaded: LoadedTable, drugs: Iterable[str], guide: LoadedGuideline | None
) -> tuple[ClinicalWarning, ...]:
    """Warn, in one line, of those drugs, or of all, whose rules ask about pregnancy."""
    keys = find_drugs(loaded.table, drugs) or tuple(loaded.table.drugs)
    rules = (guide or guidelines.load()).guideline.rules.rules
    asking = [rule for rule in rules if not PREGNANCY_STATED.isdisjoint(rule.when.conditions)]
    concerned = [key for key in keys if any(key in rule.drugs for rule in asking)]
    if not concerned:
        return ()
    say = name_inputs("‹condition pregnancy› or ‹condition not-pregnant›", as_option)
    message = (
        f"Pregnancy was not stated, and a rule on {', '.join(concerned)} asks about it: {say}."
    )
    return (
        ClinicalWarning(
            "pregnancy-not-stated", concerned[0] if len(concerned) == 1 else None, message, None
        ),
    )
