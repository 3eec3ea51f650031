"""Overlays: a hospital's own figures, products and rounding rules, put over a drug table.

A figure is replaced, never added, but for a cap where the table has none. What comes out keeps
every rule that a table keeps; the source of a local figure is its author, date and reason.
"""

from __future__ import annotations

import datetime
import hashlib
import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

from dmcalc.formulary.overridable import WrongEntryError, overridable_figures, read_value, why_fixed
from dmcalc.formulary.permissiveness import permits_more
from dmcalc.formulary.schema import (
    FORM,
    Entry,
    FigureEntry,
    OverlayFile,
    ProductEntry,
)
from dmcalc.quantities.rounding_rule import RoundingRule
from dmcalc.table import names as ids
from dmcalc.table import strict_yaml, validate
from dmcalc.table.model.drug import Product
from dmcalc.table.model.local_values import LocalValue, Overlay
from dmcalc.table.model.table import LoadedTable
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.sources.figures import Path, Problem
    from dmcalc.table.model.table import Table
    from dmcalc.table.strict_yaml import Document


class LoadedOverlay(NamedTuple):
    """An overlay as it was read: its form, its text with lines, the SHA-256 of its bytes."""

    form: OverlayFile
    document: Document
    sha256: str


def put_over(base: LoadedTable, names: Iterable[str]) -> LoadedTable:
    """Return a table with the overlays of some files over it, one after the other.

    The same bytes count once. Raise FileError or TableError.
    """
    files = {file.sha256: file for file in map(read, names)}
    return applied(base, tuple(files.values()), datetime.date.today())


def read(name: str) -> LoadedOverlay:
    """Read an overlay and check its form; raise FileError or TableError."""
    content = strict_yaml.read_bytes(name, "overlay", also=" or in DMCALC_OVERLAY")
    document = strict_yaml.parse(content, name)
    form = validate.shaped(FORM, document, "overlay")
    problems = [*validate.positional(document.data, form, ()), *_faults(form, document)]
    if problems:
        raise validate.failure(document, problems, "overlay")
    return LoadedOverlay(form, document, hashlib.sha256(content).hexdigest())


def _line_ends(value: object, path: Path) -> Iterator[Problem]:
    """Find texts of more than one line: on a page the second would pass for a line of dmcalc's."""
    if isinstance(value, str) and "\n" in value:
        yield path, "a text of more than one line: write it on one"
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _line_ends(item, (*path, key))
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _line_ends(item, (*path, number))


def _faults(form: OverlayFile, document: Document) -> Iterator[Problem]:
    if form.overlay != 1:
        yield ("overlay",), "this dmcalc reads version 1 of the form: write overlay: 1"
    if not form.name.strip():
        yield ("name",), "whose figures these are is not stated"
    yield from _line_ends(document.data, ())
    if not any(form.entries()):
        yield (), "no entry: write figures, products or rounding"


def applied(
    base: LoadedTable, files: tuple[LoadedOverlay, ...], today: datetime.date
) -> LoadedTable:
    """Put overlays over a table; raise TableError with file, line and key of what does not fit.

    Of two overlays that set one figure the later counts. What a local value replaces, and whether
    it is looser, is always said of the table's own value.
    """
    draft = _Draft(base, today)
    for file in files:
        problems = list(draft.put(file))
        if problems:
            raise validate.failure(file.document, problems, "overlay")
    draft.check()
    overlays = tuple(Overlay(f.form.name, f.sha256, f.form.review_by) for f in files)
    return base._replace(
        table=draft.table,
        local=tuple(draft.local.values()),
        overlays=overlays,
        rounding=draft.rounding,
        base=base.table,
    )


class _Change(NamedTuple):
    """What an entry sets: its name and path, the table's value, and the one that counts instead."""

    figure: str
    path: Path
    base: object
    value: object
    looser: bool


class _Draft:
    """A table while overlays are put over it."""

    def __init__(self, base: LoadedTable, today: datetime.date) -> None:
        self.base = base.table
        self.table = base.table
        self.today = today
        self.overridable = overridable_figures(base.table)
        self.local: dict[str, LocalValue] = {}
        self.rounding: dict[str, RoundingRule] = {}
        #: Where in which file each changed figure comes from, by its name.
        self.origins: dict[str, tuple[Document, Path]] = {}

    def put(self, file: LoadedOverlay) -> Iterator[Problem]:
        """Put one overlay over the table, and yield what is wrong with its entries."""
        first: dict[str, Path] = {}
        for path, entry in file.form.entries():
            try:
                change = self._change(entry)
                if change.figure in first:
                    key = "figure" if isinstance(entry, FigureEntry) else "drug"
                    line = file.document.line(first[change.figure])
                    problem = f"{change.figure!r} is set twice in this file, first on line {line}"
                    raise WrongEntryError(key, problem)
            except WrongEntryError as error:
                yield (*path, error.key), error.message
            else:
                first[change.figure] = path
                self.origins[change.figure] = (file.document, path)
                self._apply(file.form.name, entry, change)
        self._products_first(file)

    def check(self) -> None:
        """Raise TableError where the table with the overlays over it breaks a rule."""
        by_file: dict[str, tuple[Document, list[Problem]]] = {}
        for path, message in validate.rules(self.table):
            name = ids.figure_name(self.table, path)
            document, origin = self._origin(name)
            problems = by_file.setdefault(document.name, (document, []))[1]
            problems.append((origin, f"with it {name} breaks a rule of the table: {message}"))
        for document, problems in by_file.values():
            raise validate.failure(document, problems, "overlay")

    def _origin(self, name: str) -> tuple[Document, Path]:
        """Return the entry nearest to a figure, the last of several.

        By names: they begin with the drug, and a taper of a drug may break with a dose of it.
        """
        nearest = max(reversed(self.origins), key=lambda changed: _shared(changed, name))
        return self.origins[nearest]

    def _change(self, entry: Entry) -> _Change:
        """Return what an entry sets; raise WrongEntryError."""
        for key in ("author", "reason"):
            if not getattr(entry, key).strip():
                raise WrongEntryError(key, "nothing is entered")
        if entry.date > self.today:
            raise WrongEntryError("date", f"{entry.date} lies in the future")
        if isinstance(entry, FigureEntry):
            return self._figure(entry)
        if entry.drug not in self.base.drugs:
            known = self.base.drugs
            raise WrongEntryError("drug", f"no drug {entry.drug!r}{near(entry.drug, known)}")
        if isinstance(entry, ProductEntry):
            return self._product(entry)
        if entry.to.value <= 0:
            raise WrongEntryError("to", f"{entry.to} is not a step")
        rule = RoundingRule(entry.to, entry.direction)
        # downwards a dose only ever becomes less
        looser = entry.direction != "down"
        path: Path = ("drugs", entry.drug, "rounding")
        return _Change(f"{entry.drug}.rounding", path, None, rule, looser)

    def _figure(self, entry: FigureEntry) -> _Change:
        figure = self.overridable.get(entry.figure)
        if why := why_fixed(entry.figure):
            raise WrongEntryError("figure", why)
        if figure is None:
            like = near(entry.figure, self.overridable)
            raise WrongEntryError("figure", f"no figure {entry.figure!r} in the table{like}")
        value = read_value(entry.value, figure)
        looser = permits_more(figure.path, figure.value, value)
        return _Change(entry.figure, figure.path, figure.value, value, looser)

    def _product(self, entry: ProductEntry) -> _Change:
        products = self.base.drugs[entry.drug].products
        _check_product(entry, products)
        strengths = ", ".join(map(str, entry.strengths))
        halved = f"; may be halved: {', '.join(map(str, entry.scored))}" if entry.scored else ""
        text = f"{entry.form}s of {strengths}{halved}"
        path: Path = ("drugs", entry.drug, "products", entry.id)
        looser = bool(entry.scored) and any(product.whole for product in products)
        return _Change(f"{entry.drug}.product.{entry.id}", path, None, text, looser)

    def _apply(self, overlay: str, entry: Entry, change: _Change) -> None:
        """Keep what is known of a local value, and by which overlays it was set before."""
        before = self.local.pop(change.figure, None)
        self.local[change.figure] = LocalValue(
            figure=change.figure,
            base=None if change.base is None else str(change.base),
            value=str(change.value),
            looser=change.looser,
            overlay=overlay,
            author=entry.author,
            date=entry.date,
            reason=entry.reason,
            wins_over=(*before.wins_over, before.overlay) if before else (),
        )
        if isinstance(entry, FigureEntry):
            self.table = _with(self.table, change.path, change.value)
        elif isinstance(change.value, RoundingRule):
            self.rounding[entry.drug] = change.value

    def _products_first(self, file: LoadedOverlay) -> None:
        """Put a hospital's products before the others, so that they are chosen."""
        for name in dict.fromkeys(entry.drug for entry in file.form.products):
            drug = self.table.drugs.get(name)
            if drug is None:
                continue
            own = {e.id: _made(e) for e in file.form.products if e.drug == name}
            others = (product for product in drug.products if product.id not in own)
            path = ("drugs", name, "products")
            self.table = _with(self.table, path, (*own.values(), *others))


def _check_product(entry: ProductEntry, products: tuple[Product, ...]) -> None:
    if not validate.is_key(entry.id):
        raise WrongEntryError("id", "write small letters, digits, dots and hyphens")
    if any(product.id == entry.id for product in products):
        raise WrongEntryError("id", f"the table has a product {entry.id!r}: choose another name")
    if not entry.strengths or any(strength.value <= 0 for strength in entry.strengths):
        raise WrongEntryError("strengths", "name the strengths, each above 0")
    if not entry.markets:
        raise WrongEntryError("markets", "name the markets, or leave the key out for all")
    for strength in entry.scored:
        if strength not in entry.strengths:
            raise WrongEntryError("scored", f"{strength} is not one of the strengths")


def _made(entry: ProductEntry) -> Product:
    return Product(
        id=entry.id,
        form=entry.form,
        markets=entry.markets,
        strengths=entry.strengths,
        cite=(),
        name=entry.name,
        scored=entry.scored,
        whole=entry.whole,
    )


def _shared(name: str, other: str) -> int:
    """Return how many parts two names begin with alike."""
    steps = zip(name.split("."), other.split("."), strict=False)
    return len(list(itertools.takewhile(lambda pair: pair[0] == pair[1], steps)))


def _with(table: Table, path: Path, new: object) -> Table:
    """Return a table in which the value at a path is another one."""
    parts: list[Any] = [table]
    for key in path[:-1]:
        parts.append(ids.step_into(parts[-1], key))
    value: Any = new
    for part, key in zip(reversed(parts), reversed(path), strict=True):
        if isinstance(part, dict):
            value = {**part, key: value}
        elif isinstance(key, int):
            value = (*part[:key], value, *part[key + 1 :])
        else:
            value = part._replace(**{key: value})
    changed: Table = value
    return changed
