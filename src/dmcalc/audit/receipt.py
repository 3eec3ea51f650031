"""A receipt: what an audit needs of an answer, and how two answers differ.

The hashes of a receipt are of its text, so they are added where it is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from dmcalc._version import __version__
from dmcalc.audit.rules import rules_used
from dmcalc.documents.fields import document, table_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.results.base import Result
    from dmcalc.results.field_types import OneOf
    from dmcalc.results.trace import Trace

SCHEMA = "dmcalc.receipt/1"
#: Keys of an answer that say what computed it, and not what the answer is.
VERSIONS = ("dmcalc", "table")
#: A warning that depends on the day of the run.
OF_THE_DAY = "table-overdue"


class StoredRequest(NamedTuple):
    """The request: a command, and its arguments by their names, as they were entered."""

    command: Annotated[
        str,
        OneOf(
            (
                *("dose", "taper", "titrate", "dispense", "infusion", "check", "body", "convert"),
                *("plan", "monitor", "labs", "batch"),
            )
        ),
        "The command.",
    ]
    arguments: Annotated[
        dict[str, object],
        "The options and arguments that were given, by name, but for those of the output.",
    ]


class Difference(NamedTuple):
    """A value in which two answers differ, by its path; None is null, or absent."""

    where: Annotated[str, "The place in the answer."]
    then: Annotated[Any, "The value in the receipt; null also where it was absent."]
    now: Annotated[Any, "The value now; null also where it is absent."]


def receipt(
    result: Result, request: StoredRequest, trace: Trace, created: str, label: str | None
) -> dict[str, object]:
    """Return the receipt of an answer, as ``ReceiptDocument`` describes it, without its hashes.

    ``trace`` was recorded while it was computed, ``created`` is a time in UTC in ISO form, and
    ``label`` what the user wants it to be called. Nothing else is in it: no name, no file.
    """
    loaded, guideline = result.loaded, guideline_of(result)
    sources = guideline.works(loaded.table) if guideline else loaded.table.sources
    rules = rules_used(trace, loaded.table, guideline)
    return {
        "schema": SCHEMA,
        "dmcalc": __version__,
        "table": table_version(loaded),
        "created": created,
        "for": label,
        "request": request,
        "local": loaded.local,
        "rules": [rule.document(sources) for rule in rules],
        "roundings": trace.roundings,
        "answer": document(result),
    }


def guideline_of(result: Result) -> LoadedGuideline | None:
    """Return the guide that an answer is based on, None where it is based on none."""
    return getattr(result, "guide", None)


def comparable_answer(answer: dict[str, object]) -> dict[str, object]:
    """Return an answer as JSON holds it without what changes while the answer stays the same.

    Those are the versions, which are compared by themselves, and the warning of the day.
    """
    kept = {key: value for key, value in answer.items() if key not in VERSIONS}
    warnings = answer["warnings"]
    assert isinstance(warnings, list)
    kept["warnings"] = [warning for warning in warnings if warning["code"] != OF_THE_DAY]
    return kept


def diff_answers(then: object, now: object, where: str = "") -> Iterator[Difference]:
    """Yield the places in which two answers differ, both as JSON holds them.

    A key that only the later answer has is no difference: within a version of the schema keys are
    only ever added.
    """
    if isinstance(then, dict) and isinstance(now, dict):
        for key, value in then.items():
            yield from diff_answers(value, now.get(key), _below(where, key))
    elif isinstance(then, list) and isinstance(now, list):
        for number, value, other in _paired(then, now):
            yield from diff_answers(value, other, _below(where, number))
    elif then != now or isinstance(then, bool) != isinstance(now, bool):
        yield Difference(where, then, now)


def _below(where: str, key: str | int) -> str:
    return f"{where}.{key}" if where else str(key)


def _paired(then: list[object], now: list[object]) -> Iterator[tuple[int, object, object]]:
    """Pair the items of two lists: rows by their regimen, notes by their code, else by position.

    So a row that was added is one difference and does not shift all that come after it.
    """
    old, new = _names(then), _names(now)
    if old is None or new is None:
        old, new = range(len(then)), range(len(now))
    for number, name in enumerate(old):
        yield number, then[number], now[new.index(name)] if name in new else None
    for number, name in enumerate(new):
        if name not in old:
            yield number, None, now[number]


def _names(items: list[object]) -> Sequence[object] | None:
    """Return what tells the items of a list apart, None where nothing does."""
    names = [_name(item) for item in items if isinstance(item, dict)]
    return names if len(set(names)) == len(items) and None not in names else None


def _name(item: dict[str, object]) -> tuple[object, ...] | None:
    name: tuple[object, ...] | None = ("regimen", item["regimen"]) if "regimen" in item else None
    if name is None and "code" in item:
        name = ("code", item["code"], item.get("drug"))
    # a receipt that somebody made may hold lists there, which name nothing
    return name if all(isinstance(part, str | None) for part in name or ()) else None
