"""What is meant by the name of a medicine that no rule and no table knows.

A brand is read as its medicine. What could be a slip of spelling, an abbreviation, or one of two
medicines is never guessed: the error names what there is to write.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.errors import UnknownNameError
from dmcalc.medicines.lists import LOCAL, SHORTEST, SPELLING, Medicines, fold, load, look_alike
from dmcalc.text.spelling import NOTHING, distance

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

#: What may follow a name without making another medicine of it: a strength, a form, a release.
_ENDING = re.compile(
    r"[0-9][0-9.,]*(?:mg|mcg|g|ml|%|iu|units?)?|mg|mcg|g|ml|tablets?|capsules?|tabs?|caps?|forte|"
    r"retard|sr|xr|er|la|cr|mr|xl|ds|ec|oral|iv|solution|injection",
    re.ASCII,
)
#: From this length on two letters may differ, for names that a dose hangs on.
LONG = 7
_UNCHECKED = "If it is meant as it is written: ‹unchecked {}›; it is then listed as not checked."


class NamedMedicine(NamedTuple):
    """A medicine that is taken, by the name that rules know it by or by its own."""

    name: str
    #: The classes that it belongs to, as rules call them.
    classes: tuple[str, ...] = ()
    #: The word that was read as it, where that was another one, and the form that it says.
    word: str | None = None
    form: str = ""

    @property
    def local(self) -> bool:
        """Whether it acts where it is put: rules speak of a medicine in the body."""
        return self.form in LOCAL


def read_medicine(
    word: str, named: frozenset[str], decisive: frozenset[str]
) -> tuple[NamedMedicine, ...]:
    """Return the medicines that a word means, none for an unknown one.

    ``named`` are the names that rules and the table know, ``decisive`` those on which a refusal or
    a smaller dose hangs. Raise UnknownNameError for an abbreviation, for a word that can be two
    medicines and for one that is near in spelling to a medicine.
    """
    if word.strip().lower() in NOTHING:
        raise UnknownNameError(
            f"‹taking›: {word!r} is no medicine", "Leave ‹taking› out where the patient takes none."
        )
    medicines = load()
    for part in _parts(word):
        key = fold(part)
        if key in medicines.abbreviations:
            raise _abbreviation(word, medicines.abbreviations[key].means)
        if key in medicines.brands:
            return _of_brand(word, medicines, key)
        if key in medicines.classes:
            name = medicines.written[key]
            return (NamedMedicine(name, medicines.classes[key], None if part == word else word),)
        own = next((name for name in named if fold(name) == key), None)
        if own is not None:
            return (NamedMedicine(own, (), word),)
    if len(fold(word)) < SHORTEST:
        raise _abbreviation(word, ())
    names = _near(fold(word), named, decisive)
    if names:
        raise UnknownNameError(
            f"‹taking›: no medicine is called {word!r} (like it: {', '.join(names)})",
            f"Write the name that is meant. {_UNCHECKED.format(word)}",
        )
    return ()


def advice_on_drug(word: str, drugs: Collection[str]) -> str | None:
    """Say what to write for a word that was to be a drug of the table, None where nothing is known.

    A brand is never dosed: brands differ by country, and some are of another form.
    """
    medicines = load()
    for part in _parts(word):
        key = fold(part)
        if key in medicines.abbreviations:
            return _means(word, medicines.abbreviations[key].means)
        brand = medicines.brands.get(key)
        if brand is None or brand.form == SPELLING:  # whose near names say it
            continue
        other = look_alike(medicines, key)
        what = " and ".join(brand.medicines)
        form = f", a form that is not the usual one ({brand.form})" if brand.form else ""
        grade = "may be" if brand.grade == "L" else "is"
        confusable = f"; {other} is another medicine" if other else ""
        if not set(brand.medicines) & set(drugs):
            return f"{brand.name} {grade} a brand of {what}, which is not in the table{confusable}"
        return f"{brand.name} {grade} a brand of {what}{form}: write {what}{confusable}"
    return None


def _parts(word: str) -> Iterable[str]:
    """Yield the word, the word without what may follow a name, and each of its words alone."""
    whole = " ".join(word.split())
    yield whole
    words = re.split(r"[ -]+", whole)
    shorter = list(words)
    while len(shorter) > 1 and _ENDING.fullmatch(shorter[-1].lower()):
        shorter.pop()
        yield " ".join(shorter)
    yield from (part for part in words if len(words) > 1 and len(part) > LONG)


def _of_brand(word: str, medicines: Medicines, key: str) -> tuple[NamedMedicine, ...]:
    brand = medicines.brands[key]
    what = " and ".join(brand.medicines)
    other = look_alike(medicines, key)
    if other is not None:
        raise UnknownNameError(
            f"‹taking›: {word} is a brand of {what}, and one letter from {other}, another medicine",
            f"Write the name of the medicine. {_UNCHECKED.format(word)}",
        )
    if brand.grade == "L":
        raise UnknownNameError(
            f"‹taking›: {word} may be a brand of {what}; no source that was read says so",
            f"Write the name of the medicine. {_UNCHECKED.format(word)}",
        )
    form = "" if brand.form == SPELLING else brand.form
    return tuple(
        NamedMedicine(name, medicines.classes.get(fold(name), ()), word, form)
        for name in brand.medicines
    )


def _abbreviation(word: str, means: tuple[str, ...]) -> UnknownNameError:
    return UnknownNameError(
        f"‹taking›: {_means(word, means)}", f"Write the name in full. {_UNCHECKED.format(word)}"
    )


def _means(word: str, means: tuple[str, ...]) -> str:
    if not means:
        return f"{word} is an abbreviation: write the name"
    if len(means) > 1:
        return f"{word} can mean {' or '.join(means)}: write the name that is meant"
    return f"{word} is an abbreviation: write {means[0]}"


@cache
def _candidates(named: frozenset[str], decisive: frozenset[str]) -> list[tuple[str, str, bool]]:
    """List all names, folded and as they are written, and whether a dose hangs on each."""
    medicines = load()
    weighty = {fold(name) for name in decisive}

    def decides(name: str) -> bool:
        kinds = medicines.classes.get(fold(name), ())
        return fold(name) in weighty or any(fold(kind) in weighty for kind in kinds)

    names = {fold(name): (name, decides(name)) for name in named}
    for key, name in medicines.written.items():
        names.setdefault(key, (name, decides(name)))
    for key, brand in medicines.brands.items():
        names.setdefault(key, (brand.name, any(map(decides, brand.medicines))))
    return [(key, name, weight) for key, (name, weight) in names.items()]


def _near(word: str, named: frozenset[str], decisive: frozenset[str]) -> list[str]:
    """Return the names that a folded word could be a slip of, the nearest first."""
    near = []
    for key, name, decides in _candidates(named, decisive):
        limit = 2 if decides and len(word) >= LONG else 1
        if abs(len(key) - len(word)) <= limit and (steps := distance(word, key)) <= limit:
            near.append((steps, name))
    return list(dict.fromkeys(name for _, name in sorted(near)))[:3]
