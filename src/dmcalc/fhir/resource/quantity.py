"""Quantities of an order: their units, of UCUM or in words, and what they measure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from dmcalc.fhir.findings import quoted, shown
from dmcalc.quantities.arithmetic import EXACT
from dmcalc.quantities.base import format_plain
from dmcalc.records import Record

if TYPE_CHECKING:
    from dmcalc.fhir.findings import Findings, Path

Measured = Literal["mass", "volume", "form", "time", "rate", "other"]
#: What the strength or the concentration of a product turns into each other.
OF_PRODUCT: frozenset[Measured] = frozenset({"mass", "volume", "form"})

UCUM = "http://unitsofmeasure.org"
SNOMED = "http://snomed.info/sct"
#: Codes of SNOMED CT for one tablet, as the public examples have them.
_TABLET_CODES = frozenset({"428673006", "732936001"})

#: In milligrams, millilitres and days.
_MASS = {"mg": Decimal(1), "g": Decimal(1000), "mcg": Decimal("0.001"), "kg": Decimal(1_000_000)}
_VOLUME = {"mL": Decimal(1), "L": Decimal(1000)}
_BASE_UNITS: dict[Measured, str] = {"mass": "mg", "volume": "mL"}
_TIME = {"h": None, "min": None, "s": None, "d": 1, "wk": 7, "mo": None, "a": None}
_UCUM = {
    **{"mg": "mg", "g": "g", "ug": "mcg", "kg": "kg", "ng": "ng"},
    **{"mL": "mL", "ml": "mL", "L": "L", "l": "L", "d": "d", "wk": "wk", "mo": "mo", "a": "a"},
    **{"h": "h", "min": "min", "s": "s"},
}
_WORDS = {
    "mg": "mg milligram milligrams",
    "g": "g gram grams",
    "mcg": "mcg ug microgram micrograms",
    "mL": "ml millilitre millilitres milliliter milliliters",
    "L": "l litre litres liter liters",
    "d": "d day days",
    "wk": "wk week weeks",
    "mo": "mo month months",
    "a": "a year years",
    "tablet": "tablet tablets tab tabs {tablet} {tbl} tablette tabletten",
    "capsule": "capsule capsules cap caps {capsule}",
    "vial": "vial vials {vial}",
}
_BY_WORD = {word: unit for unit, words in _WORDS.items() for word in words.split()}
_FORMS = frozenset({"tablet", "capsule", "vial"})
#: What is written where UCUM has another code: the code to write.
_MISSPELT = {
    **dict.fromkeys(("mcg", "mcgs", "microgram", "micrograms", "µg", "μg"), "ug"),
    **dict.fromkeys(("milligram", "milligrams", "mgs"), "mg"),
    **dict.fromkeys(("gram", "grams", "gm", "gms"), "g"),
    **dict.fromkeys(("cc", "mls", "milliliter", "millilitre", "milliliters"), "mL"),
    **dict.fromkeys(("tab", "tabs", "TAB", "tablet", "tablets"), "{tablet}"),
    **dict.fromkeys(("capsule", "capsules"), "{capsule}"),
    **dict.fromkeys(("day", "days"), "d"),
    **dict.fromkeys(("week", "weeks"), "wk"),
    **dict.fromkeys(("month", "months"), "mo"),
    **dict.fromkeys(("year", "years"), "a"),
    **dict.fromkeys(("IU", "iu"), "[iU]"),
    **dict.fromkeys(("unit", "units"), "U"),
}
#: Codes of UCUM that doses have and that are compared with themselves alone.
_OTHER = frozenset(
    [
        "1",
        "%",
        "U",
        "mU",
        "kU",
        "[iU]",
        "k[iU]",
        "meq",
        "mmol",
        "mol",
        "umol",
        "nmol",
        "pmol",
        "ng",
        "[drp]",
        "[pH]",
        "kcal",
        "Bq",
    ]
)
_OTHER_LOWER = {word.lower(): word for word in _OTHER}


class Measure(Record):
    """An amount and its unit: ``mg``, ``mL``, ``tablet``, or as it was written."""

    value: Decimal
    unit: str
    kind: Measured

    @property
    def factor(self) -> Decimal:
        """How many mg or mL are in one of its unit; 1 where it is neither mass nor volume."""
        return _MASS.get(self.unit, _VOLUME.get(self.unit, Decimal(1)))

    @property
    def in_base(self) -> Decimal:
        """The amount in mg, mL or as it is."""
        return EXACT.multiply(self.value, self.factor)

    @property
    def base(self) -> tuple[Measured, str]:
        """What it measures, and the unit of ``in_base``."""
        return self.kind, _BASE_UNITS.get(self.kind, self.unit)

    def __str__(self) -> str:
        plural = "s" if self.kind == "form" and self.value != 1 else ""
        return f"{format_plain(self.value)} {self.unit}{plural}"


def kind_of(unit: str) -> Measured:
    """Tell what a unit measures."""
    if unit in _MASS:
        return "mass"
    if unit in _VOLUME:
        return "volume"
    if unit in _FORMS:
        return "form"
    if unit in _TIME:
        return "time"
    return "rate" if "/" in unit else "other"


def same(one: Measure, other: Measure) -> bool:
    """Tell whether two amounts are of what can be compared."""
    return one.base == other.base


def unit_of_words(text: str) -> str | None:
    """Return the unit that a word names; None for another word."""
    return _BY_WORD.get(text.strip().lower())


def read(value: object, path: Path, findings: Findings) -> Measure | None:
    """Read a Quantity; None, with a finding, for one that cannot be compared.

    What has not the shape of a Quantity was reported before, and is passed over.
    """
    if isinstance(value, dict) and value.get("value") is None:
        findings.add("not-understood", path, "the number is missing")
        return None
    if not isinstance(value, dict) or not isinstance(number := value.get("value"), int | Decimal):
        return None
    if isinstance(number, bool):
        return None
    if value.get("comparator") is not None:
        findings.add(
            "not-understood",
            (*path, "comparator"),
            "a dose that is less or more than an amount is not a dose",
        )
        return None
    unit = _unit(value, path, findings)
    if unit is None:
        return None
    if number < 0:
        findings.add(
            "wrong-type", (*path, "value"), "an amount is not below 0", got=Decimal(number)
        )
        return None
    return Measure(Decimal(number), unit, kind_of(unit))


def _unit(value: dict[str, object], path: Path, findings: Findings) -> str | None:
    word, code, system = (
        part if isinstance(part := value.get(key), str) else None
        for key in ("unit", "code", "system")
    )
    named = None if word is None else unit_of_words(word)
    coded = None
    if code is not None and system == SNOMED and code in _TABLET_CODES:
        coded = "tablet"
    elif code is not None and system == UCUM:
        coded = _of_ucum(code)
        if code in _MISSPELT:
            right = _MISSPELT[code]
            findings.add(
                "unit-invalid",
                (*path, "code"),
                f"'{code}' is not a UCUM code: write {right}",
                expected=right,
                got=code,
            )
            return named
        if coded is None:
            findings.add(
                "not-understood",
                (*path, "code"),
                f"the unit {quoted(code)} is not understood",
                got=shown(code),
            )
            return None
    if coded is not None and named is not None and coded != named:
        findings.add(
            "unit-differs",
            (*path, "unit"),
            f"the unit is written {quoted(word)} and coded {quoted(code)}",
            expected=shown(code),
            got=shown(word),
        )
        return None
    unit = coded or named or word
    if unit is None and code is not None:
        unit = unit_of_words(code) or code
    if unit is None:
        findings.add("not-understood", path, "the unit is missing")
    return unit


def _of_ucum(code: str) -> str | None:
    """Return our name of a UCUM code; None for what is none, or none that doses have."""
    if unit := _UCUM.get(code):
        return unit
    if code.startswith("{") and code.endswith("}"):
        return _BY_WORD.get(code.lower(), code)
    if code.lower() in _OTHER_LOWER:
        return _OTHER_LOWER[code.lower()]
    amount, per, _ = code.partition("/")
    return code if per and (amount in _UCUM or amount.lower() in _OTHER_LOWER) else None


def days_of(measure: Measure) -> int | None:
    """Return a length of whole days or weeks in days; None for any other."""
    factor = _TIME.get(measure.unit)
    if factor is None or measure.value != int(measure.value):
        return None
    return int(measure.value) * factor
