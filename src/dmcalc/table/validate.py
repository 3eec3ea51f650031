"""Turn a strictly read document into a table, or say what is wrong with it, line by line.

pydantic checks the shapes (see ``model.py``); the rules below check what no shape can say. All
faults are reported together.
"""

from __future__ import annotations

import hashlib
import re
from inspect import cleandoc
from typing import TYPE_CHECKING, TypeVar, cast, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.json_schema import GenerateJsonSchema

from dmcalc.errors import TableError
from dmcalc.quantities.base import Quantity
from dmcalc.quantities.time import read_date
from dmcalc.sources import quotes
from dmcalc.sources.cite import Note
from dmcalc.sources.figures import citations, entries
from dmcalc.table import strict_yaml
from dmcalc.table.figures import fault, figures_of
from dmcalc.table.model.drug import POSOLOGIES, PatientNote, StepNote
from dmcalc.table.model.table import LoadedTable, Table
from dmcalc.table.rules import (
    codes,
    drugs,
    formulas,
    growth,
    indications,
    milestones,
    products,
    tapers,
    titrations,
)
from dmcalc.table.rules.shared import names_are_one_drugs, unlisted

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import ErrorDetails
    from pydantic_core.core_schema import ArgumentsParameter, CallSchema, NamedTupleSchema

    from dmcalc.sources.cite import Cite
    from dmcalc.sources.figures import Path, Problem
    from dmcalc.table.strict_yaml import Document

T = TypeVar("T")

MAX_SHOWN = 8

_ADAPTER: TypeAdapter[Table] = TypeAdapter(Table, config=ConfigDict(strict=True))
_KEY = re.compile(r"[a-z0-9][a-z0-9.-]*", re.ASCII)
KEY_FORM = "a key is written in small letters, digits, dots and hyphens"
#: The parts of a table whose keys are written so.
_KEYED = (
    *("sources", "groups", "indications", "drugs", "daily_tapers", "course_tapers"),
    *("landmark_tapers", "formulas"),
)

#: The rules of each part, in the order in which their faults are listed.
_RULES = (drugs, tapers, milestones, titrations, formulas, codes, growth, products, indications)

#: Keys whose values are dates.
_DATES = ("reviewed", "review_by", "date", "accessed")


def read(path: str, name: str) -> LoadedTable:
    """Read a file as a table, called ``name`` in messages; raise FileError or TableError."""
    return loaded(strict_yaml.read_bytes(path), name)


def loaded(content: bytes, name: str) -> LoadedTable:
    """Read a table and check it against every rule; raise TableError that lists what is wrong."""
    document = strict_yaml.parse(content, name)
    table = shaped(_ADAPTER, document, "table")
    problems = [*positional(document.data, table, ()), *_problems(table)]
    if problems:
        raise failure(document, problems, "table")
    return LoadedTable(table, hashlib.sha256(content).hexdigest(), name)


def shaped(adapter: TypeAdapter[T], document: Document, what: str) -> T:
    """Read a document into its shape; raise TableError that lists what does not fit."""
    if not isinstance(document.data, dict):
        article = "an" if what == "overlay" else "a"
        raise TableError(f"{document.name}:1: {article} {what} is written as keys and values")
    try:
        return adapter.validate_python(_with_dates(document.data))
    except ValidationError as error:
        problems = [_readable(detail) for detail in error.errors(include_url=False)]
        raise failure(document, problems, what) from None


def json_schema() -> JsonSchemaValue:
    """Return the JSON Schema of the YAML table."""
    return table_schema(_ADAPTER)


def table_schema(adapter: TypeAdapter[T]) -> JsonSchemaValue:
    """Return the JSON Schema of a YAML file that is read into named tuples."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **adapter.json_schema(schema_generator=_TableSchema),
    }


class _TableSchema(GenerateJsonSchema):
    """Named tuples are written as mappings, each key with its sentence from the model."""

    def encode_default(self, dft: object) -> object:
        """Write a quantity as the YAML has it."""
        return str(dft) if isinstance(dft, Quantity) else super().encode_default(dft)

    def call_schema(self, schema: CallSchema) -> JsonSchemaValue:
        """Describe a named tuple as pydantic before 2.14 sees it: a call by keyword."""
        (arguments,) = (v for k, v in schema["arguments_schema"].items() if k == "arguments_schema")
        written = self.kw_arguments_schema(cast("list[ArgumentsParameter]", arguments), None)
        return self._described(schema["function"], written)

    def named_tuple_schema(self, schema: NamedTupleSchema) -> JsonSchemaValue:
        """Describe a named tuple as pydantic sees it from 2.14 on."""
        fields = schema["fields"]
        result = {
            "type": "object",
            "properties": {f["name"]: self.generate_inner(f["schema"]) for f in fields},
            "required": [f["name"] for f in fields if f["schema"]["type"] != "default"],
            "additionalProperties": False,
        }
        return self._described(schema["cls"], result)

    def _described(self, shape: Callable[..., object], result: JsonSchemaValue) -> JsonSchemaValue:
        hints = get_type_hints(shape, include_extras=True)
        for key, described in result["properties"].items():
            sentences = (m for m in hints[key].__metadata__ if isinstance(m, str))
            described["description"] = next(sentences)
            described.pop("title", None)
        # Python 3.13 takes the indentation of a docstring away: so the others do as it does
        return {"title": shape.__name__, "description": cleandoc(shape.__doc__ or ""), **result}


def positional(raw: object, value: object, path: Path) -> Iterator[Problem]:
    """Find what is written as a list without keys where the model has keys."""
    if isinstance(raw, dict) and isinstance(value, dict):
        for key, item in value.items():
            yield from positional(raw[key], item, (*path, key))
    elif hasattr(value, "_fields") and not isinstance(raw, str):
        if not isinstance(raw, dict):
            yield path, f"a list without keys: write {', '.join(value._fields)} by name"
            return
        for key in raw:
            yield from positional(raw[key], getattr(value, key), (*path, key))
    elif isinstance(value, tuple) and not isinstance(raw, str):
        raw_items = raw if isinstance(raw, tuple) else (raw,)
        for number, (raw_item, item) in enumerate(zip(raw_items, value, strict=False)):
            yield from positional(raw_item, item, (*path, number))


def _with_dates(data: object) -> object:
    """Read ISO dates: the strict reader leaves them as text, and pydantic's strict mode too."""
    if isinstance(data, dict):
        return {key: (_date if key in _DATES else _with_dates)(v) for key, v in data.items()}
    return tuple(map(_with_dates, data)) if isinstance(data, tuple) else data


def _date(value: object) -> object:
    try:
        return read_date(value) if isinstance(value, str) else value
    except ValueError:
        return value  # pydantic says what is wrong with it


def _readable(detail: ErrorDetails) -> Problem:
    """Put one of pydantic's errors into the table's words."""
    path: Path = tuple(detail["loc"])
    kind = detail["type"]
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        return path, "unknown key"
    if kind in ("missing_argument", "missing"):
        return path, "missing key"
    return path, str(detail["msg"]).removeprefix("Value error, ")


def failure(document: Document, problems: list[Problem], what: str) -> TableError:
    """Return the error that lists faults, each with file, line and key."""
    lines = [
        f"{document.name}:{document.line(path)}: {'.'.join(map(str, path)) or what}: {message}"
        for path, message in problems[:MAX_SHOWN]
    ]
    if len(problems) > MAX_SHOWN:
        lines.append(f"and {len(problems) - MAX_SHOWN} more")
    count = "1 fault" if len(problems) == 1 else f"{len(problems)} faults"
    return TableError(f"the {what} is not valid, {count}:\n  " + "\n  ".join(lines))


def _problems(table: Table) -> Iterator[Problem]:
    yield from _names(table)
    yield from _citations(table)
    yield from _quotes(table)
    yield from rules(table)
    yield from _note_figures(table)


def rules(table: Table) -> Iterator[Problem]:
    """Check what must hold between the values of a table, wherever they come from."""
    yield from _header(table)
    for part in _RULES:
        yield from part.problems(table)


def _header(table: Table) -> Iterator[Problem]:
    if not table.drugs:
        yield ("drugs",), "no drugs: an empty table answers nothing"
    yield from unlisted((table.base,), table.sources, ("base",), "one of the sources")
    if table.review_by <= table.reviewed:
        yield ("review_by",), "not after the day of review"
    usual, confirmed = table.limits.weight, table.limits.confirmed_weight
    if not confirmed.low <= usual.low <= usual.high <= confirmed.high:
        yield ("limits", "confirmed_weight"), f"narrower than the usual limits, {usual}"
    if table.limits.adult_age < 1:
        yield ("limits", "adult_age"), "it leaves no children: a child would get an adult's dose"


def is_key(text: str) -> bool:
    """Tell whether a name may be a key."""
    return _KEY.fullmatch(text) is not None


def _names(table: Table) -> Iterator[Problem]:
    for part in _KEYED:
        for key in getattr(table, part):
            if not is_key(key):
                yield (part, key), KEY_FORM
    for name, drug in table.drugs.items():
        for alias in dict.fromkeys(a for a in drug.aliases if drug.aliases.count(a) > 1):
            yield ("drugs", name, "aliases"), f"{alias!r} is there twice"
    yield from names_are_one_drugs(table.drugs, table.absent, ("drugs",))


def _citations(table: Table) -> Iterator[Problem]:
    for entry in entries(table):
        if entry.part.cite == ():
            yield (*entry.path, "cite"), "no source: what has none cannot be in the table"
    for path, cite in citations(table):
        for message in citation_faults(cite, table.sources):
            yield path, message


def citation_faults(cite: Cite, sources: Container[str]) -> Iterator[str]:
    """Say what is wrong with a citation: works that are not listed, a quote that is too long."""
    for key in (cite.source, cite.primary):
        if key is not None and key not in sources:
            yield f"{key!r} is not one of the sources"
    if cite.quote is not None and quotes.words(cite.quote) > quotes.MAX_WORDS:
        yield f"the quote has {quotes.words(cite.quote)} words, at most 25 are allowed"


def _quotes(table: Table) -> Iterator[Problem]:
    for figure in figures_of(table):
        if message := fault(figure):
            yield figure.path, message


def _note_figures(table: Table) -> Iterator[Problem]:
    """A note may use figures that stand in its quotes or in those of its drug's posology."""
    for entry in entries(table):
        if isinstance(entry.part, Note | PatientNote | StepNote):
            quoted = quotes.quoted_figures(entry.cites) | _own_figures(table, entry.path)
            for value in quotes.unquoted(entry.part.text, quoted):
                yield (*entry.path, "text"), f"the figure {value} is in none of its quotes"


def _own_figures(table: Table, path: Path) -> set[quotes.Figure]:
    """Return the figures in the quotes of the drug's posology, or of the taper, of a note."""
    match path:
        case ("drugs", name, *_):
            drug = table.drugs[str(name)]
            return {
                figure
                for part in POSOLOGIES
                for regimen in getattr(drug, part)
                for figure in quotes.quoted_figures(regimen.cite)
            }
        case (("daily_tapers" | "course_tapers" | "landmark_tapers") as part, name, *_):
            return quotes.quoted_figures(getattr(table, part)[name].cite)
    return set()
