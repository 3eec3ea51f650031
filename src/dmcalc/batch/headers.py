"""Names of columns as hospitals write them: the fact that one gives, with its unit, or is like."""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import TYPE_CHECKING

from dmcalc.batch.answers import COLUMNS
from dmcalc.text.spelling import one_letter_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: The units that a name may carry, ``Age (years)`` or ``weight_kg``, and what they are replaced by
#: behind a bare number; empty where the bare number means that already.
UNITS = {
    "weight": {"kg": "", "lb": " lb", "lbs": " lb"},
    "height": {"cm": "", "m": " m"},
    "age": {"years": "", "months": " months", "weeks": " weeks"},
    "bsa": {"m2": ""},
    "egfr": {"ml min": "", "ml min 173m2": "", "ml min 1 73 m2": "", "ml min 1 73m2": ""},
    "crcl": {"ml min": ""},
    "creatinine": {
        "mg dl": " mg/dL",
        "umol l": " umol/L",
        "μmol l": " umol/L",
        "micromol l": " umol/L",
    },
}
#: Other names of a fact, among them those that dmcalc itself writes.
OTHER_NAMES = {
    "conditions": "condition",
    "body weight": "weight",
    "body surface area": "bsa",
    "date of birth": "dob",
    "birth date": "dob",
}
#: Words that speak of a patient's facts, besides the names of the facts: a column that holds one
#: and is not known bears on the dose.
WORDS = (
    *("gender", "clearance", "birth", "allergy", "allergies"),
    *("medication", "medications", "medicine", "medicines"),
)
#: So do these, which are compared whole, or as two words in one (``surface area``): ``created`` is
#: no ``creat``. Units are among them, and what a sheet of a German hospital calls facts.
SHORT_WORDS = frozenset(
    (
        *("wt", "bw", "wgt", "ht", "hgt", "kg", "lb", "lbs", "cm", "bodysurface", "surfacearea"),
        *("gewicht", "körpergewicht", "koerpergewicht", "größe", "grösse", "groesse"),
        *("körpergröße", "körpergrösse", "koerpergroesse", "körperoberfläche", "kof"),
        *("birthday", "born", "yob", "years", "yrs", "male", "female", "geschlecht"),
        *("alter", "jahre", "geburtsdatum", "geburtstag", "geburtsjahr", "geboren", "geb"),
        *("gfr", "creat", "crea", "scr", "clcr", "ccr", "krcl", "kreatinin", "kidney", "kidneys"),
        *("renal", "ckd", "aki", "esrd", "dialysis", "dialyse", "haemodialysis", "hemodialysis"),
        *("niere", "nieren", "nierenfunktion", "niereninsuffizienz", "leberfunktion"),
        *("meds", "comed", "comeds", "takes", "taken", "concomitant", "concurrent", "alsoon"),
        *("interaction", "interactions", "medikament", "medikamente", "medikation"),
        *("begleitmedikation", "komedikation", "arzneimittel", "medicament", "medicaments"),
        *("contraindication", "contraindications", "kontraindikation", "kontraindikationen"),
        *("intolerance", "intolerances", "intolerant", "unverträglichkeit", "unverträglichkeiten"),
        *("diagnosis", "diagnoses", "diagnose", "diagnosen", "komorbiditäten", "vorerkrankungen"),
        *("begleiterkrankungen", "cancer", "tumor", "tumour", "krebs", "alcohol", "alkohol"),
        *("gravid", "gravida", "trimester", "gestation", "gestational", "schwanger"),
        *("schwangerschaft", "stillend", "stillzeit", "nudt", "genotype", "phenotype"),
        "schweregrad",
    )
)
#: Words of conditions that by themselves name none.
GENERAL_WORDS = frozenset(
    (
        *("abnormal", "acute", "agent", "b", "chronic", "disease", "function", "live", "mild"),
        *("no", "not", "planning", "potential", "prior", "risk", "screened", "severe", "systemic"),
        *("uncontrolled", "with"),
    )
)
BEGINNINGS = ("preg", "allerg", "breastfe", "lactat", "comorbid")
#: Two words shorter than this are compared whole, unless a header has no other: ``stage`` is no
#: ``age``, and ``aeg`` may be.
COMPARED_LETTERS = 4
#: Words shorter than this are always compared whole.
SHORTEST = 3
#: Signs that a name may have besides letters and digits, as units and lists do: ``[mL/min]``.
_SIGNS = frozenset("_-./()[]:,'\"^²³µμ·")
#: What may be glued to the name of a fact: ``ageyears``.
_GLUED = frozenset(("y", "yr", "yrs", "year", "years", "mo", "months", "weeks", "kg", "lb", "lbs"))


def fact_of(name: str) -> tuple[str | None, str]:
    """Return the fact that a column gives, and the unit of its bare numbers; None for another.

    A name with a sign that no unit has gives none: ``weight (%)`` is no weight in kg.
    """
    return (None, "") if _has_a_strange_sign(name) else _fact_of_words(name)


def _fact_of_words(name: str) -> tuple[str | None, str]:
    """Return the fact and the unit of the words of a name, whatever signs stand between them."""
    words = " ".join(_words(name))
    words = OTHER_NAMES.get(words, words)
    key = words.replace(" ", "_")
    if key in COLUMNS:
        return key, ""
    for fact, units in UNITS.items():
        names = (fact, *(other for other, meant in OTHER_NAMES.items() if meant == fact))
        for unit, written in units.items():
            if words in (f"{called} {unit}" for called in names):
                return fact, written
    return None, ""


def folded(name: str) -> str:
    """Fold the case and the blanks of a name of a column."""
    return " ".join(unicodedata.normalize("NFKC", name).lower().split())


def looks_like_a_fact(name: str, asking: Sequence[str]) -> bool:
    """Tell whether a column that gives no fact may be meant to: by one of its words, or as a whole.

    ``asking`` are the facts that are asked about.
    """
    if _fact_of_words(name)[0] in asking:  # but for a sign
        return True
    facts = {"drug", *asking} - {"order"}
    known = [*(fact for fact in facts if "_" not in fact), *WORDS]
    words = _words(name)
    parted = _words(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))  # patientAge
    glued = ["".join(words), *(f"{one}{other}" for one, other in itertools.pairwise(words))]
    if any(word in SHORT_WORDS or _is_near(word, known) for word in {*words, *parted, *glued}):
        return True
    letters = [word for word in words if not word.isdigit()]
    if len(letters) == 1 and any(one_letter_apart(letters[0], fact) for fact in facts):
        return True
    return any(_is_near(name.lower(), (fact,)) for fact in asking)


def condition_of(name: str, conditions: Iterable[str]) -> str | None:
    """Return the condition that a column may be of, all of whose words are of its key."""
    words = set(_words(name))
    if words <= GENERAL_WORDS:
        return None
    return next((key for key in conditions if words <= set(_words(key))), None)


def _has_a_strange_sign(name: str) -> bool:
    """Tell whether a name has a sign that is none of a unit, or begins with a minus."""
    plain = unicodedata.normalize("NFKC", name).strip()
    known = all(c.isalnum() or c.isspace() or c in _SIGNS for c in plain)
    return not known or plain.startswith("-")


def _words(name: str) -> list[str]:
    """Return the words of a name in small letters, however its letters are encoded."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", name).lower())


def _is_near(word: str, known: Iterable[str]) -> bool:
    if word.startswith(BEGINNINGS) or word in known:
        return True
    return any(
        (max(len(word), len(fact)) >= COMPARED_LETTERS and one_letter_apart(word, fact))
        or (len(fact) >= COMPARED_LETTERS and fact in word)
        or (word.startswith(fact) and word[len(fact) :] in _GLUED)
        for fact in known
        if len(word) >= SHORTEST
    )
