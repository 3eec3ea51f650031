"""``labs``: results of tests against the limits and the rules of the guideline, drug by drug."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dosing.dose import rules_for
from dmcalc.errors import ExitCode, UsageError
from dmcalc.monitoring.document import LabRow, LabsDocument
from dmcalc.monitoring.lab_results import OF_KIDNEYS
from dmcalc.monitoring.rule_limits import compared, rule_rows
from dmcalc.monitoring.visits import monitoring_of, note_limits
from dmcalc.patient.clinical_context import ClinicalContext
from dmcalc.patient.patient import Patient
from dmcalc.results.base import ClinicalNote, ClinicalWarning, leading, source_keys, split_notes
from dmcalc.results.described import described_by
from dmcalc.results.names import find_drugs
from dmcalc.results.trace import AS_SHOWN, noting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dmcalc.guideline.model import Guideline, LoadedGuideline
    from dmcalc.guideline.monitoring import Lab, ResultThreshold
    from dmcalc.monitoring.lab_results import LabResult
    from dmcalc.table.model.table import LoadedTable


@described_by(LabsDocument)
class LabsResult(NamedTuple):
    """The answer of ``dmcalc labs``."""

    loaded: LoadedTable
    guide: LoadedGuideline
    rows: tuple[LabRow, ...]
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    kind: str = "labs"

    @property
    def crossed(self) -> bool:
        """Whether any threshold is reached or rule applies."""
        return any(row.crossed for row in self.rows)

    @property
    def compared(self) -> int:
        """How many limits a result was checked against."""
        return sum(row.result is not None and row.crossed is not None for row in self.rows)

    @property
    def not_compared(self) -> int:
        """How many limits and rules are on a result that they were not compared with."""
        return sum(row.verdict == "not-compared" for row in self.rows)

    @property
    def exit_code(self) -> ExitCode:
        """A threshold reached is a refusal to go on as before; one left open is a warning."""
        if self.crossed:
            return ExitCode.REFUSED
        return ExitCode.WARNINGS if self.not_compared else ExitCode.OK


def labs(
    loaded: LoadedTable,
    guide: LoadedGuideline,
    names: Iterable[str],
    results: Mapping[Lab, LabResult],
    patient: Patient | None = None,
) -> LabsResult:
    """Check results and the patient's facts against the action thresholds and rules for some drugs.

    Raise UnknownNameError for a drug that the table does not hold, UsageError without one.
    """
    drugs = find_drugs(loaded.table, names)
    if not drugs:
        raise UsageError("no drug is named", "Name one or several: dmcalc labs DRUG ‹wcc 4.2›")
    who = patient or Patient()
    context = who.context or ClinicalContext()
    advice = rules_for(who)
    rows: list[LabRow] = []
    warnings, cautions = split_notes(guide.guideline.monitoring_notes, None)
    for drug in drugs:
        name = loaded.table.drugs[drug].name
        thresholds = [t for t in guide.guideline.thresholds if drug in t.drugs]
        own = [_row(drug, name, threshold, results.get(threshold.lab)) for threshold in thresholds]
        if not who.child:
            own += rule_rows(guide.guideline, drug, name, results, context)
        rows += own
        limited = {row.lab for row in own if row.lab} | _limited_by_rules(guide.guideline, drug)
        warnings += tuple(_without_limit(drug, name, guide.guideline, limited, results))
        cautions += tuple(_without_result(drug, name, guide.guideline, limited, results))
        limits = monitoring_of(guide.guideline, drug).limits
        limit_warnings, limit_cautions = split_notes(limits, drug)
        warnings, cautions = (*warnings, *limit_warnings), (*cautions, *limit_cautions)
    if advice is not None:
        actions = {(row.drug, row.text) for row in rows}
        warnings += tuple(w for w in advice.warnings(drugs) if (w.drug, w.message) not in actions)
        cautions += advice.not_addressed(drugs)
    for drug in drugs:
        note_limits(guide.guideline, drug)
    _note_used(rows, results)
    return LabsResult(loaded, guide, tuple(rows), warnings, cautions)


def _note_used(rows: Iterable[LabRow], results: Mapping[Lab, LabResult]) -> None:
    """Note the rules that an answer is based on, and the results that it rounds."""
    trace = noting()
    if trace is None:
        return
    for number, row in enumerate(rows):
        if row.rule is not None:
            trace.used(row.drug, "rules", "rules", row.rule)
        if row.result is not None:
            assert row.lab is not None
            what, exact = f"{row.drug}, {row.lab}: result", results[row.lab].value
            trace.rounded(f"rows.{number}.result", what, exact, row.result, row.unit, AS_SHOWN)


def _row(drug: str, name: str, threshold: ResultThreshold, result: LabResult | None) -> LabRow:
    limit = threshold.limit
    row = LabRow(
        drug=drug,
        name=name,
        lab=threshold.lab,
        unit=limit.unit,
        limit=str(limit),
        text=threshold.instruction,
        sources=source_keys(threshold.cite),
        quote=leading(threshold.cite).quote,
        population=threshold.population,
    )
    return row if result is None else compared(row, result, limit.crossed, limit.value)


def _limited_by_rules(guideline: Guideline, drug: str) -> set[Lab]:
    """Return the kidney functions that rules of a drug have bands of."""
    bands = [band for rule in guideline.rules.of(drug) for band in rule.when.bands]
    return {band.measure for band in bands if band.measure != "age"}


def _without_limit(
    drug: str,
    name: str,
    guideline: Guideline,
    limited: set[Lab],
    results: Mapping[Lab, LabResult],
) -> Iterator[ClinicalWarning]:
    """Warn of results that no limit and no rule of a drug speaks of: nothing looked at them."""
    tests = guideline.lab_tests
    without = [tests[lab].name for lab in tests if lab in results and lab not in limited]
    if not limited:
        text = f"{name}: nothing was compared; the guideline has no action threshold."
        yield ClinicalWarning("no-limits", drug, text, None)
    elif without:
        nothing = "" if limited & results.keys() else " Nothing was compared."
        text = (
            f"{name}: the guideline has no action threshold for {', '.join(without)}; "
            "it was not checked."
        )
        yield ClinicalWarning("no-limit", drug, text + nothing, None)


def _without_result(
    drug: str,
    name: str,
    guideline: Guideline,
    limited: set[Lab],
    results: Mapping[Lab, LabResult],
) -> Iterator[ClinicalNote]:
    """Say which limits of a drug have no result; either kidney function counts for both."""
    tests = guideline.lab_tests
    missing = [lab for lab in tests if lab in limited and lab not in results]
    if not results.keys().isdisjoint(OF_KIDNEYS):
        missing = [lab for lab in missing if lab not in OF_KIDNEYS]
    if missing:
        names = ", ".join(tests[lab].name for lab in missing)
        text = f"{name}: no result was given for {names}."
        yield ClinicalNote("no-result", "caution", drug, text, ())
