"""The lists of brands, abbreviations and classes: CSV files in ``data/medicines``, with sources.

They are read where no rule and no table has a word, and at no other time.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dmcalc.errors import FileError, TableError
from dmcalc.text.spelling import one_letter_apart

_PACKAGE = Path(__file__).parent.parent
GRADES = ("H", "M", "L")
#: The sign between the medicines of one name: ``trandolapril + verapamil``.
AND = " + "
#: Forms that act where they are put: rules speak of a medicine in the body.
LOCAL = frozenset({"on skin, eye, ear or vagina", "on the eye", "on the skin", "rectal"})
SPELLING = "spelling"
#: A shorter word is an abbreviation: no medicine of the lists is called so.
SHORTEST = 4


class Brand(NamedTuple):
    """A name under which medicines are sold."""

    name: str
    medicines: tuple[str, ...]
    #: A form that is not the usual one: ``depot``; ``spelling`` for another spelling; or empty.
    form: str
    #: H or M for a source that was read, L for one that nothing else supports.
    grade: str


class Abbreviation(NamedTuple):
    """What a short word is used for; none where no source says it well enough."""

    word: str
    means: tuple[str, ...]


class Medicines(NamedTuple):
    """All lists, by the folded name."""

    brands: dict[str, Brand]
    abbreviations: dict[str, Abbreviation]
    #: The classes of each medicine, and of each name of a class itself.
    classes: dict[str, tuple[str, ...]]
    #: How each medicine and class is written.
    written: dict[str, str]


def fold(text: str) -> str:
    """Fold a name for comparison: small letters, no accents, blanks, hyphens, stops or marks."""
    return "".join(letter for letter in without_accents(text) if letter.isalnum())


def without_accents(text: str) -> str:
    """Write a text in small letters without accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@cache
def load() -> Medicines:
    """Read the lists; raise FileError, and TableError for a name that is listed twice."""
    brands, classes, written = _brands(), _classes(), {}
    for name in (*(m for brand in brands.values() for m in brand.medicines), *classes):
        written[fold(name)] = name
    folded = {fold(name): tuple(kinds) for name, kinds in classes.items()}
    for kind in (kind for kinds in classes.values() for kind in kinds):
        for name in (kind, f"{kind}s"):
            written.setdefault(fold(name), kind)
            folded.setdefault(fold(name), (kind,))
    return Medicines(brands, _abbreviations(), folded, written)


def folder() -> Path:
    """Return the folder of the lists: in the package, or at the top of a checkout."""
    installed = _PACKAGE / "data" / "medicines"
    return installed if installed.exists() else _PACKAGE.parent.parent / "data" / "medicines"


def _rows(name: str) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a list with their lines."""
    path = folder() / name
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(enumerate(csv.DictReader(file), 2))
    except OSError as error:
        raise FileError(
            f"the list of medicines {path} cannot be read: {error.strerror}",
            "Install dmcalc again.",
        ) from None


def _brands() -> dict[str, Brand]:
    brands: dict[str, Brand] = {}
    lines: dict[str, int] = {}
    for line, row in _rows("brands.csv"):
        key = fold(row["name"])
        if key in brands:
            first = brands[key]
            raise TableError(
                f"brands.csv:{line}: name: {row['name']!r} means {row['medicine']}, and on "
                f"line {lines[key]} {AND.join(first.medicines)}",
                f"A brand of two medicines is one row: {first.medicines[0]}{AND}{row['medicine']}",
            )
        if row["grade"] not in GRADES or not row["medicine"] or not row["source"]:
            raise TableError(f"brands.csv:{line}: a row has a medicine, a source and a grade")
        medicines = tuple(row["medicine"].split(AND))
        brands[key] = Brand(row["name"], medicines, row["form"], row["grade"])
        lines[key] = line
    return brands


def _abbreviations() -> dict[str, Abbreviation]:
    words = {}
    for _, row in _rows("abbreviations.csv"):
        means = (row["means"], *row["also"].split(AND))
        words[fold(row["word"])] = Abbreviation(row["word"], tuple(filter(None, means)))
    return words


def _classes() -> dict[str, list[str]]:
    classes: dict[str, list[str]] = {}
    for _, row in _rows("classes.csv"):
        kinds = classes.setdefault(row["medicine"], [])
        if row["class"]:
            kinds.append(row["class"])
    return classes


def look_alike(medicines: Medicines, key: str) -> str | None:
    """Return a name of another medicine that is one letter from a brand, by its folded name."""
    own = medicines.brands[key].medicines
    family = {*own, *(kind for name in own for kind in medicines.classes.get(fold(name), ()))}
    for other, brand in medicines.brands.items():
        if one_apart(key, other) and family.isdisjoint(brand.medicines):
            return brand.name
    for other, name in medicines.written.items():
        if one_apart(key, other) and name not in family:
            return name
    return None


def one_apart(key: str, other: str) -> bool:
    """Tell whether two folded names of some length differ by one letter, and not by a figure."""
    if len(key) < SHORTEST or not one_letter_apart(key, other):
        return False
    return re.sub("[0-9]", "", key) != re.sub("[0-9]", "", other)
