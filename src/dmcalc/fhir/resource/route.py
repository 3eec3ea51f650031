"""By which route a dosage is given, where its words or codes are those of a route of the table."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from dmcalc.fhir.resource.json_text import list_of
from dmcalc.fhir.resource.quantity import SNOMED

if TYPE_CHECKING:
    from dmcalc.table.model.drug import Route

#: The codes of the routes in SNOMED CT, as dmcalc writes them, with their names.
CODES: dict[Route, tuple[str, str]] = {
    "oral": ("26643006", "Oral route"),
    "intravenous": ("47625008", "Intravenous route"),
    "subcutaneous": ("34206005", "Subcutaneous route"),
}
_BY_CODE = {code: route for route, (code, _) in CODES.items()}
#: What few orders are searched with stays text.
_WORDS = (
    r"(?:by |via )?(?:the )?"
    r"(?:(?P<oral>oral(?:ly)?|by mouth|mouth|per os|p\.?o\.?)"
    r"|(?P<intravenous>intravenous(?:ly)?|i\.?v\.?)"
    r"|(?P<subcutaneous>subcutaneous(?:ly)?|subcut|under the skin|s\.?c\.?))"
    r"(?: (?:route|use|injection|infusion|bolus|drip))?(?: \(qualifier value\))?"
)


def named(concept: object) -> tuple[str, ...]:
    """Return the routes that a concept names, each once: one, unless it contradicts itself."""
    if not isinstance(concept, dict):
        return ()
    found = [_of_words(concept.get("text"))]
    for coding in list_of(concept.get("coding")):
        if isinstance(coding, dict):
            code = coding.get("code")
            if isinstance(code, str) and coding.get("system") == SNOMED:
                found.append(_BY_CODE.get(code))
            found.append(_of_words(coding.get("display")))
    return tuple(dict.fromkeys(filter(None, found)))


def _of_words(words: object) -> str | None:
    return _route(words.strip()) if isinstance(words, str) else None


@lru_cache(maxsize=256)
def _route(words: str) -> str | None:
    match = re.fullmatch(_WORDS, words, re.ASCII | re.IGNORECASE)
    return match.lastgroup if match else None
