"""The page of ``dmcalc replay``."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from dmcalc.pages.model import ListBlock, Page, References
from dmcalc.pages.sections import explained_sections, usual_sections
from dmcalc.text.numbers import format_exact, with_thousands

if TYPE_CHECKING:
    from dmcalc.audit.replay import ChangedFigure, ReplayResult

#: What replays a request with the files of its receipt, where those differ now.
REPLAYED_WITH = {
    "table": "It was made from another table; --table FILE or --overlay FILE replays it with it.",
    "guide": "Its rules for the patient are of another guide; --guide FILE replays it with it.",
}


def page(result: ReplayResult, references: References) -> Page:
    """Lay out whether the answer is the same, then versions, figures, and what differs."""
    refused = result.refused
    blocks = (
        _versions(result),
        ListBlock(
            "Figures of the table that changed",
            tuple(_figure(changed, references) for changed in result.figures),
        ),
        ListBlock(
            "Where the answer differs",
            tuple(
                (f"{changed.where}:", f"{_value(changed.then)}; now {_value(changed.now)}")
                for changed in result.differences
            ),
        ),
        ListBlock(
            "Refused now", ((f"exit code {refused.code}:", refused.message),) if refused else ()
        ),
        *usual_sections(result),
    )
    receipt = result.receipt
    label = f", for {receipt.label}" if receipt.label else ""
    day, _, time = receipt.created.partition("T")
    title = f"Receipt of dmcalc {receipt.request.command}{label}: {_verdict(result)}"
    written = f"Written on {day} at {time.removesuffix('Z')} UTC. "
    explained = tuple(explained_sections(result, references))
    return Page(title, blocks, f"{written}A replay repeats a sum and judges no dose.", explained)


def _verdict(result: ReplayResult) -> str:
    if result.same:
        return "the same answer"
    return "refused now" if result.refused is not None else "another answer"


def _versions(result: ReplayResult) -> ListBlock:
    items, advice = [], []
    for name, both in result.versions.items():
        if both["then"] is None and both["now"] is None:
            continue
        then, now = _version(both["then"]), _version(both["now"])
        items.append((f"{name}:", f"{then}, as now" if then == now else f"{then}; now {now}"))
        if both["then"] != both["now"] and name in REPLAYED_WITH:
            advice.append(("", REPLAYED_WITH[name]))
    return ListBlock("Versions", (*items, *advice))


def _version(version: object) -> str:
    """Write the version of the program, or of a file with the overlays over it."""
    if not isinstance(version, dict):
        return str(version or "none")
    files = [f"SHA-256 {version['sha256'][:12]}"]
    overlays = version.get("overlays", ())
    files += [f"with {o['name']}, SHA-256 {o['sha256'][:12]}" for o in overlays]
    return ", ".join([version["version"], *files])


def _figure(changed: ChangedFigure, references: References) -> tuple[str, str]:
    then, now = (with_thousands(value or "not used") for value in (changed.then, changed.now))
    cited = references.cite(changed.sources)
    return f"{changed.drug} {changed.figure}:", f"{then}; now {now} {cited}".rstrip()


def _value(value: object) -> str:
    """Write a value of an answer in words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format_exact(value)
    if isinstance(value, list | dict):
        return "an entry" if isinstance(value, dict) else f"{len(value)} of them"
    return f"“{value}”"
