"""Overlays: a hospital's own figures, products and rounding rules, put over a drug table.

A figure is replaced, never added, but for a cap where the table has none. What comes out keeps
every rule that a table keeps; the source of a local figure is its author, date and reason.
"""

from __future__ import annotations

import datetime
import difflib
import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from dmcalc.formulary.overridable import WrongEntryError, overridable_figures, read_value, why_fixed
from dmcalc.formulary.permissiveness import permits_more
from dmcalc.formulary.schema import (
    FORM,
    Entry,
    FigureEntry,
    OverlayFile,
    ProductEntry,
    RoundingEntry,
)
from dmcalc.table import names as ids
from dmcalc.table import strict_yaml, validate
from dmcalc.table.model.drug import Product
from dmcalc.table.model.local_values import LocalRoundingRule, LocalValue, Overlay
from dmcalc.table.model.table import LoadedTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.sources.figures import Path
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
    content = strict_yaml.read_bytes(name, "overlay")
    document = strict_yaml.parse(content, name)
    form = validate.shaped(FORM, document, "overlay")
    problems = [*validate.positional(document.data, form, ()), *_faults(form)]
    if problems:
        raise validate.failure(document, problems, "overlay")
    return LoadedOverlay(form, document, hashlib.sha256(content).hexdigest())


def _faults(form: OverlayFile) -> Iterator[tuple[Path, str]]:
    if form.overlay != 1:
        yield ("overlay",), "this dmcalc reads version 1 of the form: write overlay: 1"
    if not form.name.strip():
        yield ("name",), "whose figures these are is not said"
    if not any(True for _ in form.entries()):
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


class _Draft:
    """A table while overlays are put over it."""

    def __init__(self, base: LoadedTable, today: datetime.date) -> None:
        self.base = base.table
        self.table = base.table
        self.today = today
        self.overridable = overridable_figures(base.table)
        self.local: dict[str, LocalValue] = {}
        self.rounding: dict[str, LocalRoundingRule] = {}
        #: Where in which file each changed part of the table comes from.
        self.origins: dict[Path, tuple[Document, Path]] = {}

    def put(self, file: LoadedOverlay) -> Iterator[tuple[Path, str]]:
        """Put one overlay over the table, and yield what is wrong with its entries."""
        seen: dict[str, Path] = {}
        for path, entry in file.form.entries():
            try:
                figure = self._entry(file, path, entry, seen)
            except WrongEntryError as error:
                yield (*path, error.key), error.message
            else:
                seen[figure] = path
        self._products_first(file)

    def check(self) -> None:
        """Raise TableError where the table with the overlays over it breaks a rule."""
        problems: dict[str, tuple[Document, list[tuple[Path, str]]]] = {}
        for path, message in validate.rules(self.table):
            document, origin = self._origin(path)
            found = problems.setdefault(document.name, (document, []))[1]
            where = ids.figure_name(self.table, path)
            found.append((origin, f"with it {where} breaks a rule of the table: {message}"))
        for document, found in problems.values():
            raise validate.failure(document, found, "overlay")

    def _origin(self, path: Path) -> tuple[Document, Path]:
        """Return the entry that stands nearest to a part of the table, the last one of several."""
        nearest = max(reversed(self.origins), key=lambda changed: _shared(changed, path))
        return self.origins[nearest]

    def _entry(self, file: LoadedOverlay, path: Path, entry: Entry, seen: dict[str, Path]) -> str:
        for key in ("author", "reason"):
            if not getattr(entry, key).strip():
                raise WrongEntryError(key, "nothing is said")
        if entry.date > self.today:
            raise WrongEntryError("date", f"{entry.date} lies in the future")
        if isinstance(entry, FigureEntry):
            return self._figure(file, path, entry, seen)
        if entry.drug not in self.base.drugs:
            known = self.base.drugs
            raise WrongEntryError("drug", f"no drug {entry.drug!r}{_near(entry.drug, known)}")
        if isinstance(entry, ProductEntry):
            return self._product(file, path, entry, seen)
        return self._rounding(file, path, entry, seen)

    def _figure(
        self, file: LoadedOverlay, path: Path, entry: FigureEntry, seen: dict[str, Path]
    ) -> str:
        overridable = self.overridable.get(entry.figure)
        if why := why_fixed(entry.figure):
            raise WrongEntryError("figure", why)
        if overridable is None:
            near = _near(entry.figure, self.overridable)
            raise WrongEntryError("figure", f"no figure {entry.figure!r} in the table{near}")
        value = read_value(entry.value, overridable)
        self._note(
            file, path, entry, seen, entry.figure, overridable.value, value, overridable.path
        )
        self.table = _with(self.table, overridable.path, value)
        return entry.figure

    def _product(
        self, file: LoadedOverlay, path: Path, entry: ProductEntry, seen: dict[str, Path]
    ) -> str:
        drug = self.base.drugs[entry.drug]
        _check_product(entry, drug.products)
        figure = f"{entry.drug}.product.{entry.id}"
        strengths = ", ".join(map(str, entry.strengths))
        halved = f"; may be halved: {', '.join(map(str, entry.scored))}" if entry.scored else ""
        text = f"{entry.form}s of {strengths}{halved}"
        place: Path = ("drugs", entry.drug, "products", entry.id)
        self._note(file, path, entry, seen, figure, None, text, place)
        if entry.scored and any(product.whole for product in drug.products):
            self.local[figure] = self.local[figure]._replace(looser=True)
        return figure

    def _rounding(
        self, file: LoadedOverlay, path: Path, entry: RoundingEntry, seen: dict[str, Path]
    ) -> str:
        if entry.to.value <= 0:
            raise WrongEntryError("to", f"{entry.to} is no step")
        figure, rule = f"{entry.drug}.rounding", LocalRoundingRule(entry.to, entry.direction)
        place: Path = ("drugs", entry.drug, "rounding")
        self._note(file, path, entry, seen, figure, None, rule, place)
        # downwards a dose only ever becomes less
        self.local[figure] = self.local[figure]._replace(looser=entry.direction != "down")
        self.rounding[entry.drug] = rule
        return figure

    def _note(
        self,
        file: LoadedOverlay,
        path: Path,
        entry: Entry,
        seen: dict[str, Path],
        figure: str,
        base: Any,
        value: Any,
        place: Path,
    ) -> None:
        """Keep what is said of a local value, and by which files it was set before."""
        if figure in seen:
            first = file.document.line(seen[figure])
            raise WrongEntryError(
                _key(entry), f"{figure!r} is set twice in this file, first on line {first}"
            )
        before = self.local.pop(figure, None)
        self.local[figure] = LocalValue(
            figure=figure,
            base=None if base is None else str(base),
            value=str(value),
            looser=isinstance(entry, FigureEntry) and permits_more(place, base, value),
            overlay=file.form.name,
            author=entry.author,
            date=entry.date,
            reason=entry.reason,
            wins_over=(*before.wins_over, before.overlay) if before else (),
        )
        self.origins[place] = (file.document, path)

    def _products_first(self, file: LoadedOverlay) -> None:
        """Put a hospital's products before the others, so that they are chosen."""
        for name in dict.fromkeys(entry.drug for entry in file.form.products):
            drug = self.table.drugs.get(name)
            own = [p for p in map(_made, file.form.products) if p[0] == name]
            if drug is None:
                continue
            new = {product.id: product for _, product in own}
            rest = tuple(product for product in drug.products if product.id not in new)
            products = (*new.values(), *rest)
            self.table = _with(self.table, ("drugs", name, "products"), products)


def _key(entry: Entry) -> str:
    """Return the key that says what an entry is about."""
    return "figure" if isinstance(entry, FigureEntry) else "drug"


def _check_product(entry: ProductEntry, known: tuple[Product, ...]) -> None:
    if not validate.is_key(entry.id):
        raise WrongEntryError("id", "write small letters, digits, dots and hyphens")
    if any(product.id == entry.id for product in known):
        raise WrongEntryError("id", f"the table has a product {entry.id!r}: choose another name")
    if not entry.strengths or any(strength.value <= 0 for strength in entry.strengths):
        raise WrongEntryError("strengths", "name the strengths, each above 0")
    if not entry.markets:
        raise WrongEntryError("markets", "name the markets, or leave the key out for all")
    for strength in entry.scored:
        if strength not in entry.strengths:
            raise WrongEntryError("scored", f"{strength} is not one of the strengths")


def _made(entry: ProductEntry) -> tuple[str, Product]:
    return entry.drug, Product(
        id=entry.id,
        form=entry.form,
        markets=entry.markets,
        strengths=entry.strengths,
        cite=(),
        name=entry.name,
        scored=entry.scored,
        whole=entry.whole,
    )


def _near(wanted: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(wanted, sorted(known), n=3)
    return f" (like it: {', '.join(found)})" if found else ""


def _shared(one: Path, other: Path) -> int:
    """Return how many steps two paths have in common."""
    count = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        count += 1
    return count


def _with(value: Any, path: Path, new: Any) -> Any:
    """Return a part of a table in which the value at a path is another one."""
    if not path:
        return new
    key, *rest = path
    inner = _with(ids.step_into(value, key), tuple(rest), new)
    if isinstance(value, dict):
        return {**value, key: inner}
    if isinstance(key, int):
        return (*value[:key], inner, *value[key + 1 :])
    return value._replace(**{key: inner})
