"""``replay``: a receipt compared with the same request computed now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from dmcalc._version import __version__
from dmcalc.audit.document import ReplayDocument, ReplayRow
from dmcalc.audit.receipt import comparable_answer, diff_answers
from dmcalc.audit.rules import rules_of_guideline, rules_of_table
from dmcalc.documents.fields import table_version
from dmcalc.errors import ExitCode, as_option
from dmcalc.results.described import described_by
from dmcalc.text.numbers import as_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.audit.receipt import Difference, StoredRequest
    from dmcalc.audit.receipt_file import KeptReceipt, KeptRule
    from dmcalc.audit.rules import FigureOrReading
    from dmcalc.errors import DmcalcError
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.results.base import ClinicalNote, ClinicalWarning
    from dmcalc.results.field_types import DrugKey, Sources
    from dmcalc.table.model.table import LoadedTable


class ChangedFigure(NamedTuple):
    """A rule of the table that is another one now; None where it is not there.

    ``sources`` are the keys of the works that hold the value of now, as ``sources_then`` are those
    of the receipt.
    """

    drug: DrugKey
    figure: Annotated[str, "What it is, as dmcalc why names it."]
    then: Annotated[str | None, "Its value in the receipt; null where it was not used."]
    now: Annotated[str | None, "Its value now; null where it is not used."]
    sources_then: Annotated[Sources, "Keys of its sources in the receipt."]
    sources: Annotated[Sources, "Keys of its sources now."]


class RefusedNow(NamedTuple):
    """Why the request has no answer now, with the exit code that the command has."""

    code: Annotated[int, "The exit code of the refusal."]
    message: Annotated[str, "Why, for people."]


@described_by(ReplayDocument)
class ReplayResult(NamedTuple):
    """The answer of ``dmcalc replay``."""

    loaded: LoadedTable
    receipt: KeptReceipt
    #: What identifies the table now, as every document has it.
    table: dict[str, object]
    figures: tuple[ChangedFigure, ...]
    differences: tuple[Difference, ...]
    refused: RefusedNow | None
    #: The guide, None where neither answer is based on one.
    guideline: LoadedGuideline | None = None
    warnings: tuple[ClinicalWarning, ...] = ()
    cautions: tuple[ClinicalNote, ...] = ()
    kind: str = "replay"

    @property
    def same(self) -> bool:
        """Whether the answer is the one in the receipt."""
        return self.refused is None and not self.differences

    @property
    def exit_code(self) -> ExitCode:
        """Success only where the answer is the same."""
        return ExitCode.OK if self.same else ExitCode.REFUSED

    @property
    def versions(self) -> dict[str, dict[str, object]]:
        """What computed the two answers, and from which tables."""
        then, guide = self.receipt, _guideline_version(self.guideline)
        return {
            "dmcalc": {"then": then.dmcalc, "now": __version__},
            "table": {"then": then.table, "now": self.table},
            "guide": {"then": then.guide, "now": guide},
        }

    @property
    def created(self) -> str:
        """When the receipt was written, in UTC."""
        return self.receipt.created

    @property
    def for_(self) -> str | None:
        """What the receipt is called."""
        return self.receipt.label

    @property
    def request(self) -> StoredRequest:
        """The request."""
        return self.receipt.request

    @property
    def rows(self) -> tuple[ReplayRow, ...]:
        """A row for each figure that changed and each value that differs, or one of none."""
        same = self.same
        rows = [
            ReplayRow(same, "figure", f"{c.drug} {c.figure}", c.then, c.now, c.sources)
            for c in self.figures
        ]
        rows += [ReplayRow(same, "answer", d.where, d.then, d.now, ()) for d in self.differences]
        if self.refused is not None:
            rows.append(ReplayRow(same, "refused", None, None, self.refused.message, ()))
        return tuple(rows) or (ReplayRow(same, None, None, None, None, ()),)


def compare_with_receipt(
    receipt: KeptReceipt,
    answer: dict[str, object] | None,
    rules: Iterable[FigureOrReading],
    loaded: LoadedTable,
    refused: RefusedNow | None = None,
    guideline: LoadedGuideline | None = None,
) -> ReplayResult:
    """Compare a receipt with the answer now, as JSON holds it, and the rules that it is based on.

    Without an answer the request is refused now, and only table and guide are compared;
    ``guideline`` is the guide, where the answer of the receipt or of now is based on one.
    """
    differences = (
        ()
        if answer is None
        else diff_answers(_without_versions(receipt.answer), _without_versions(answer))
    )
    table, guide = table_version(loaded), _guideline_version(guideline)
    # of one table an answer is based on the same rules; a later dmcalc may only list more of them
    same = (table, guide) == (receipt.table, receipt.guide)
    rules_now = [] if same else list(rules)
    return ReplayResult(
        loaded=loaded,
        receipt=receipt,
        table=table,
        figures=tuple(_changed(receipt.rules, rules_now, loaded, guideline)),
        differences=tuple(differences),
        refused=refused,
        guideline=guideline,
    )


def _without_versions(answer: dict[str, object]) -> dict[str, object]:
    """Return an answer without its versions; that of the guide is in its hash all the same."""
    return {key: value for key, value in comparable_answer(answer).items() if key != "guide"}


def _guideline_version(guideline: LoadedGuideline | None) -> dict[str, object] | None:
    """Return what identifies a guide, as every document has it."""
    if guideline is None:
        return None
    return {"version": guideline.guideline.version, "sha256": guideline.sha256}


def refused_now(error: DmcalcError) -> RefusedNow:
    """Say why a request has no answer now."""
    message, hint = error.named(as_option)
    sentence = as_sentence(message)
    return RefusedNow(int(error.exit_code), f"{sentence} {hint}" if hint else sentence)


def _changed(
    then: Iterable[KeptRule],
    now: list[FigureOrReading],
    loaded: LoadedTable,
    guideline: LoadedGuideline | None,
) -> list[ChangedFigure]:
    """List the rules of a receipt that table or guide have otherwise now, and those that came.

    Strengths of a product share a name, so all values of a name are compared together.
    """
    old: dict[tuple[str, str], list[str]] = {}
    works: dict[tuple[str, str], list[str]] = {}
    for kept in then:
        name = (kept.drug, kept.figure)
        old.setdefault(name, []).append(kept.value)
        works.setdefault(name, []).extend(kept.sources)
    rules = [*rules_of_table(loaded.table), *(rules_of_guideline(guideline) if guideline else ())]
    new: dict[tuple[str, str], list[FigureOrReading]] = {}
    for rule in rules:
        if (rule.drug, rule.figure) in old:
            new.setdefault((rule.drug, rule.figure), []).append(rule)
    for rule in now:
        if (rule.drug, rule.figure) not in old:
            new.setdefault((rule.drug, rule.figure), []).append(rule)
    return [
        ChangedFigure(
            *name,
            ", ".join(old[name]) if name in old else None,
            ", ".join(rule.value for rule in new[name]) if name in new else None,
            tuple(dict.fromkeys(works.get(name, ()))),
            tuple(dict.fromkeys(c.source for rule in new.get(name, ()) for c in rule.cites)),
        )
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != [rule.value for rule in new.get(name, ())]
    ]
