"""Read YAML strictly: what a person reading the file would not expect is an error.

Refused: duplicate keys, aliases and anchors, tags, several documents, tabs, deep nesting, and every
plain word that YAML would turn into something else (``no``, ``1:30``, ``012``, ``1.5``, ``~``).
Only text, whole numbers, ``true`` and ``false`` come out, in dicts and tuples. No object is built,
so nothing in a file can run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from dmcalc.errors import TableError
from dmcalc.files import read_at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

    Place = tuple[str | int, ...]

MAX_BYTES = 5_000_000
MAX_DEPTH = 20
#: Several times what the bundled table has: one with more would only cost time to be refused.
MAX_VALUES = 50_000
MAX_LETTERS = 20_000

_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PLAIN_TEXT = "tag:yaml.org,2002:str"
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
_NULL = "tag:yaml.org,2002:null"


class Document(NamedTuple):
    """A parsed file: its values, and the line of each by its path of keys and positions."""

    data: Any
    lines: dict[Place, int]
    name: str

    def line(self, path: Place) -> int:
        """Return the line of the value at ``path``, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_bytes(name: str, what: str = "table", *, also: str = "") -> bytes:
    """Read a whole file of a sensible size, ``-`` being stdin; raise FileError if that fails.

    ``what`` is what the file should be, and the option that names it; ``also`` is what else does.
    """
    hint = f"Check the path given to --{what}{also}."
    content = read_at_most(MAX_BYTES, name, what, hint)
    if len(content) > MAX_BYTES:
        raise TableError(
            f"{name}: larger than {MAX_BYTES // 1_000_000} MB, which no {what} file is",
            hint,
        )
    return content


def parse(content: bytes, name: str, *, numbers_as_text: bool = False) -> Document:
    """Parse the bytes of a YAML file, or of a JSON file; raise TableError with file and line.

    With ``numbers_as_text`` any number stays as it is written, and null is None.
    """
    text = _decode(content, name)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Reader(yaml.parse(text, Loader=loader), name, numbers_as_text).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        begun = error.context_mark
        since = f" (what was open began on line {begun.line + 1})" if begun else ""
        raise TableError(
            f"{name}{line}: not readable as YAML: {error.problem or error.context}{since}",
            "Check the quotes, brackets and indentation there.",
        ) from None
    except yaml.YAMLError as error:
        raise TableError(f"{name}: not readable as YAML: {str(error).splitlines()[0]}") from None


def _decode(content: bytes, name: str) -> str:
    if not content.strip():
        raise TableError(f"{name}: the file is empty", "Check its name, and that it was saved.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableError(
            f"{name}:{line}: not text in UTF-8 (byte {error.start})", "Save it as text in UTF-8."
        ) from None
    for character, what in (
        ("\0", "a NUL byte: save it as text in UTF-8"),
        ("\t", "a tab: indent with spaces"),
    ):
        if character in text:
            line = text.count("\n", 0, text.index(character)) + 1
            raise TableError(f"{name}:{line}: {what}")
    return text


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


class _Reader:
    """Build plain values from YAML events, one call per nesting level."""

    def __init__(self, events: Iterator[yaml.Event], name: str, numbers_as_text: bool) -> None:
        self.events = events
        self.name = name
        self.numbers_as_text = numbers_as_text
        self.lines: dict[Place, int] = {}
        self.resolver: Any = yaml.resolver.Resolver()

    def document(self) -> Document:
        next(self.events)  # the stream starts
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            raise TableError(f"{self.name}: the file holds no value")
        data = self.value(next(self.events), ())
        next(self.events)  # the document ends
        extra = next(self.events)
        if not isinstance(extra, yaml.StreamEndEvent):
            raise self.error(extra, "a second document: one file holds one table")
        return Document(data, self.lines, self.name)

    def error(self, event: yaml.Event, problem: str) -> TableError:
        return TableError(f"{self.name}:{_line(event)}: {problem}")

    def value(self, event: Any, path: Place) -> Any:
        self.lines[path] = _line(event)
        if len(self.lines) > MAX_VALUES:
            raise self.error(event, f"more than {MAX_VALUES:,} values")
        if isinstance(event, yaml.AliasEvent):
            raise self.error(event, f"an alias (*{event.anchor}): write the value out")
        if event.anchor is not None:
            raise self.error(event, f"an anchor (&{event.anchor}): write each value out")
        if event.tag is not None:
            raise self.error(event, f"a tag ({event.tag}): write the plain value")
        if len(path) > MAX_DEPTH:
            raise self.error(event, f"nested more than {MAX_DEPTH} levels deep")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path)
        return self.mapping(path)

    def sequence(self, path: Place) -> tuple[Any, ...]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.value(event, (*path, len(items))))
        return tuple(items)

    def mapping(self, path: Place) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.value(event, (*path, "?"))
            if not isinstance(key, str):
                raise self.error(event, "a key that is not text")
            if key in result:
                first = self.lines[(*path, key)]
                raise self.error(event, f"the key {key!r} is there twice, first on line {first}")
            line = _line(event)
            result[key] = self.value(next(self.events), (*path, key))
            self.lines[(*path, key)] = line
        return result

    def scalar(self, event: Any) -> str | int | bool | None:
        text: str = event.value
        if len(text) > MAX_LETTERS:
            raise self.error(event, f"a text of more than {MAX_LETTERS:,} letters")
        if not text.replace("\n", "").isprintable():
            raise self.error(event, f"a character that cannot be printed, in {text[:40]!a}")
        if not event.implicit[0]:  # quoted, or a block of text
            return text
        if text in ("true", "false"):
            return text == "true"
        tag: str = self.resolver.resolve(yaml.ScalarNode, text, (True, False))
        if self.numbers_as_text and tag in _NUMBERS:
            return text
        if self.numbers_as_text and tag == _NULL:
            return None
        if _WHOLE_NUMBER.fullmatch(text):
            return int(text)
        if tag != _PLAIN_TEXT and not _ISO_DATE.fullmatch(text):
            kind = tag.rpartition(":")[2]
            if not text:
                raise self.error(event, "a key without a value")
            hint = "write true or false" if kind == "bool" else "put it in quotes if it is text"
            raise self.error(event, f"{text!r} would be read as {kind}: {hint}")
        return text
