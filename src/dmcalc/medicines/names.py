"""What is meant by the name of a medicine that no rule and no table knows.

A brand is read as its medicine. What could be a slip of spelling, an abbreviation, or one of two
medicines is never guessed: the error names what there is to write.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.errors import UnknownNameError
from dmcalc.medicines.lists import (
    LOCAL,
    SHORTEST,
    SPELLING,
    Medicines,
    fold,
    load,
    look_alike,
    without_accents,
)
from dmcalc.text.spelling import NOTHING, distance

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

#: Words that name no medicine of their own: forms, salts, times, words between.
_NO_MEDICINES = frozenset(
    (
        *("mg", "mcg", "ml", "iu", "unit", "units", "tablet", "tablets", "tabs", "tab", "capsule"),
        *("capsules", "caps", "cap", "forte", "retard", "sr", "xr", "er", "la", "cr", "mr", "xl"),
        *("ds", "ec", "oral", "iv", "sc", "im", "po", "solution", "injection", "acetate"),
        *("sodium", "hydrochloride", "hcl", "phosphate", "succinate", "maleate", "besilate"),
        *("and", "or", "with", "plus", "the", "his", "her", "of", "for", "at", "in", "on", "by"),
        *("once", "twice", "daily", "weekly", "night", "morning", "every", "day", "week", "per"),
        *("od", "bd", "tds", "qds", "nocte", "mane", "prn", "since", "takes", "taking", "low"),
        *("dose", "mouth", "stat", "und", "generic", "brand", "alfa", "alpha", "beta", "gamma"),
        *("cream", "gel", "drops", "patch", "inhaler", "spray", "suspension", "liquid", "not"),
    )
)
#: Words of an entry that is about a medicine which is not taken, or not now.
_NOT_TAKEN = frozenset(
    (
        *("no", "not", "never", "none", "without", "stopped", "stop", "discontinued", "ceased"),
        *("previous", "previously", "former", "formerly", "past", "finished", "completed", "off"),
        *("withheld", "paused", "declined", "refused", "denies", "planned", "allergic", "allergy"),
        *("intolerant", "intolerance"),
    )
)
#: From this length on a name at an end of a longer word is no chance, and from LONG on within it.
GLUED = 6
#: From this length on two letters may differ, for names that a dose hangs on.
LONG = 7
#: Words of a name of the lists, and of an entry that names medicines, at most.
NAME_WORDS, ENTRY_WORDS = 8, 20
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


class ReadWord(NamedTuple):
    """What a word means: its medicines, and those of its parts that nothing knows."""

    medicines: tuple[NamedMedicine, ...]
    #: Folded: small letters without accents.
    unknown: tuple[str, ...]


def read_medicine(word: str, named: frozenset[str], decisive: frozenset[str]) -> ReadWord:
    """Return the medicines that a word means, none for an unknown one.

    What is no letter parts names, unless a known name is written so: ``allopurinol/ramipril`` is
    two, and ``co-trimoxazole`` one.

    ``named`` are the names that rules and the table know, ``decisive`` those on which a refusal or
    a smaller dose hangs. Raise UnknownNameError for an abbreviation, for a word that can be two
    medicines, for one that is near in spelling to a medicine and for a medicine that is not taken.
    """
    if word.strip().lower() in NOTHING:
        raise UnknownNameError(
            f"‹taking›: {word!r} is no medicine", "Leave ‹taking› out where the patient takes none."
        )
    if len(_words(word)) > ENTRY_WORDS:
        raise UnknownNameError(
            f"‹taking›: {word!r} has more than {ENTRY_WORDS} words",
            "Write each medicine by itself, and a comma between two.",
        )
    medicines, whole = load(), fold(word)
    names = {fold(name): name for name in named}
    lists = (medicines.abbreviations, medicines.brands, medicines.written, names)
    read: list[NamedMedicine] = []
    rest: list[str] = []
    for key, known in _parts(word, lists):
        if not known:
            rest.append(key)
        elif key in medicines.abbreviations:
            short = word if key == whole else key
            raise _abbreviation(short, medicines.abbreviations[key].means)
        elif key in medicines.brands:
            read += _of_brand(word, medicines, key)
        elif key in medicines.written:
            alone = None if key == whole else word
            kinds = medicines.classes.get(key, ())
            read.append(NamedMedicine(medicines.written[key], kinds, alone))
        else:
            read.append(NamedMedicine(names[key], (), word))
    if read and not _NOT_TAKEN.isdisjoint(_words(word)):
        raise UnknownNameError(
            f"‹taking›: {word!r} may say that it is not taken",
            "Write the medicines that are taken now, each by its name alone.",
        )
    if not read and len(whole) < SHORTEST:
        raise _abbreviation(word, ())
    unknown = [*([] if read else [whole]), *(part for part in rest if len(part) >= SHORTEST)]
    near: list[str] = []
    for part in dict.fromkeys(unknown):
        near += _near(part, named, decisive) or _cut_or_glued(part, named, decisive)
    if near:
        like = ", ".join(list(dict.fromkeys(near))[:3])
        raise UnknownNameError(
            f"‹taking›: no medicine is called {word!r} (like it: {like})",
            f"Write the name that is meant. {_UNCHECKED.format(word)}",
        )
    return ReadWord(tuple(read), tuple(rest))


def advice_on_drug(word: str, drugs: Collection[str]) -> str | None:
    """Say what to write for a word that was to be a drug of the table, None where nothing is known.

    A brand is never dosed: brands differ by country, and some are of another form.
    """
    medicines = load()
    for key, _ in _parts(word, (medicines.abbreviations, medicines.brands)):
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


def _parts(word: str, lists: Sequence[Collection[str]]) -> Iterator[tuple[str, bool]]:
    """Yield the folded parts of a word, each with whether a list has it, the longest names first.

    A part begins and ends where letters do, and none is one that says no medicine.
    """
    tokens = _words(word)
    at = 0
    while at < len(tokens):
        for end in range(min(len(tokens), at + NAME_WORDS), at, -1):
            key = "".join(tokens[at:end])
            if any(key in names for names in lists):
                yield key, True
                break
        else:
            end = at + 1
            if len(tokens[at]) > 2 and tokens[at].isalpha() and tokens[at] not in _NO_MEDICINES:
                yield tokens[at], False
        at = end


def _words(text: str) -> list[str]:
    """Return the folded words and numbers of a text: what is neither parts them."""
    return re.findall(r"[^\W\d_]+|[0-9]+", without_accents(text))


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
    """List all names in order, folded and as written, and whether a dose hangs on each."""
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
    return sorted((key, name, weight) for key, (name, weight) in names.items())


def _cut_or_glued(word: str, named: frozenset[str], decisive: frozenset[str]) -> list[str]:
    """Return the names whose first word a folded word begins, or that it has inside it.

    Those that rules know come before brands.
    """
    names = _candidates(named, decisive)
    begun = [name for key, name, _ in names if key.startswith(word) and _words(name)[0] != word]
    inside = [
        name
        for key, name, _ in names
        if len(key) >= (GLUED if word.startswith(key) or word.endswith(key) else LONG)
        and key in word
    ]
    return [*sorted(begun, key=lambda name: (name not in named, len(name))), *inside]


def _near(word: str, named: frozenset[str], decisive: frozenset[str]) -> list[str]:
    """Return the names that a folded word could be a slip of, the nearest first."""
    near = []
    for key, name, decides in _candidates(named, decisive):
        limit = 2 if decides and len(word) >= LONG else 1
        if abs(len(key) - len(word)) <= limit and (steps := distance(word, key)) <= limit:
            near.append((steps, name))
    return [name for _, name in sorted(near)]
