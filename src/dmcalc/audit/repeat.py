"""Repeat the request of a receipt with the verb that answered it, and compare the two answers."""

from __future__ import annotations

import re
from decimal import Decimal
from types import UnionType
from typing import TYPE_CHECKING, Literal, NamedTuple, Union, get_args, get_origin

from dmcalc import guideline as guidelines
from dmcalc.audit import receipt_file
from dmcalc.audit.receipt import guideline_of
from dmcalc.audit.replay import compare_with_receipt, refused_now
from dmcalc.audit.rules import rules_used
from dmcalc.documents.fields import document
from dmcalc.errors import KEYWORDS, DmcalcError, FileError, TableError
from dmcalc.quantities.base import format_plain
from dmcalc.results.trace import recording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dmcalc.audit.receipt import StoredRequest
    from dmcalc.audit.replay import ReplayResult
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.results.base import Result
    from dmcalc.table.model.table import LoadedTable


class Verb(NamedTuple):
    """A function that answers the requests of a command."""

    call: Callable[..., Result]
    #: The arguments by position, as a request names them; ``drugs`` are several.
    places: tuple[str, ...]
    #: The types of its other inputs, by keyword.
    keywords: Mapping[str, object]
    #: Those of them that every request has.
    required: tuple[str, ...] = ()


def repeat(
    name: str, verbs: Mapping[str, Verb], loaded: LoadedTable, guide: LoadedGuideline | None = None
) -> ReplayResult:
    """Read a receipt, compute its request again and compare the two.

    ``guide`` is the guideline whose rules are applied, None the bundled one. Raise FileError for a
    receipt that cannot be read, was changed or asks for what no receipt asks, and TableError.
    """
    receipt = receipt_file.read(name)
    request = receipt.request
    verb = verbs.get(request.command)
    if verb is None:
        listed = ", ".join(verbs)
        raise _no_request(f"its command is {request.command[:40]!r}, and receipts are of {listed}")
    places, keywords = _arguments(request, verb)
    if "guide" in verb.keywords:
        keywords["guide"] = guide
    whole = guide or (guidelines.load() if receipt.guide else None)
    try:
        with recording() as trace:
            result = verb.call(*places, table=loaded, **keywords)
    except (FileError, TableError):
        raise
    except DmcalcError as error:
        known = whole if receipt.guide else None
        return compare_with_receipt(receipt, None, (), loaded, refused_now(error), known)
    own = guideline_of(result)
    rules = rules_used(trace, result.loaded.table, own)
    if own is None and receipt.guide:
        own = whole
    answer = receipt_file.as_json(document(result))
    return compare_with_receipt(receipt, answer, rules, result.loaded, guideline=own)


def _arguments(request: StoredRequest, verb: Verb) -> tuple[list[str], dict[str, object]]:
    """Return the arguments of a verb, by position and keyword; raise FileError for others."""
    rest = dict(request.arguments)
    places: list[str] = []
    for key in verb.places:
        if key not in rest and key != "drugs":
            raise _no_request(f"it has no {key!r}")
        value = rest.pop(key, [])
        places += _texts(key, value) if key == "drugs" else [_text(key, value)]
    keywords: dict[str, object] = {}
    for key, value in rest.items():
        keyword = KEYWORDS.get(key, key.replace("-", "_"))
        if keyword not in verb.keywords or keyword in ("guide", *KEYWORDS):
            raise _no_request(f"it has {key!r}, which no receipt holds")
        keywords[keyword] = _value(key, value, verb.keywords[keyword])
    for keyword in verb.required:
        if keyword not in keywords:
            raise _no_request(f"it has no {keyword.replace('_', '-')!r}")
    return places, keywords


def _value(key: str, value: object, kind: object) -> str | int | list[str]:
    """Return the value of an argument as its keyword takes it; raise FileError for another kind."""
    kinds = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    if bool in kinds:
        if value is not True:
            raise _no_request(f"{key!r} is given or not, and here it is {value!r}")
        return True
    if any(get_origin(each) is not None and get_origin(each) is not Literal for each in kinds):
        return _texts(key, value) if isinstance(value, list) else [_text(key, value)]
    text = _text(key, value)
    words = [word for each in kinds if get_origin(each) is Literal for word in get_args(each)]
    if words and text not in words:
        raise _no_request(f"{key!r} is {text[:40]!r}, which is none of {', '.join(words)}")
    if int in kinds and str not in kinds:
        if not re.fullmatch("0|[1-9][0-9]{0,5}", text, re.ASCII):
            raise _no_request(f"{key!r} is not a whole number")
        return int(text)
    return text


def _texts(key: str, value: object) -> list[str]:
    if not isinstance(value, list):
        raise _no_request(f"{key!r} is not a list")
    return [_text(key, item) for item in value]


def _text(key: str, value: object) -> str:
    if isinstance(value, Decimal):
        return format_plain(value)
    if not isinstance(value, str):
        raise _no_request(f"{key!r} is neither text nor a number")
    return value


def _no_request(fault: str) -> FileError:
    return FileError(
        f"the request in the receipt cannot be repeated: {fault}",
        "Take the receipt from where it is kept, and use the dmcalc that wrote it, or a later one.",
    )
