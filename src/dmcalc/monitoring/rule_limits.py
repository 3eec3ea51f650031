"""What the rules for a patient say of results: a band is a limit, and some rules have no number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.monitoring.document import LabRow
from dmcalc.monitoring.lab_results import OF_KIDNEYS
from dmcalc.quantities.arithmetic import round_half_up
from dmcalc.results.base import leading, source_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from decimal import Decimal
    from fractions import Fraction

    from dmcalc.guideline.model import Guideline
    from dmcalc.guideline.monitoring import Lab, LabTest
    from dmcalc.guideline.patient_rules import RuleCondition
    from dmcalc.monitoring.lab_results import LabResult
    from dmcalc.patient.clinical_context import ClinicalContext
    from dmcalc.quantities.thresholds import MeasureBand

#: Decimals of a result as it is shown; it is compared exactly.
PLACES = 6


def compared(
    row: LabRow, result: LabResult, crossed: Callable[[Fraction], bool], edge: Decimal
) -> LabRow:
    """Return a row with a result, and whether that crosses a limit whose number is ``edge``."""
    met = result.meets(crossed, edge)
    shown = not_compared(row, result)
    if met is None:
        return shown
    return shown._replace(crossed=met, verdict="crossed" if met else "not-crossed")


def not_compared(row: LabRow, result: LabResult) -> LabRow:
    """Return a row with a result that no number of it is checked against."""
    return row._replace(
        result=round_half_up(result.value, PLACES),
        result_sign=result.sign,
        verdict="not-compared",
    )


def rule_rows(
    guideline: Guideline,
    drug: str,
    name: str,
    results: Mapping[Lab, LabResult],
    context: ClinicalContext,
) -> Iterator[LabRow]:
    """Check results and the patient against the rules of a drug.

    A band of kidney function is a limit where it ends upwards. A rule that refuses the drug for
    this patient applies without a result. A rule without a number speaks of a result where it
    goes by any kidney function, or by a condition that the test may show.
    """
    tests = guideline.lab_tests
    limited = {threshold.lab for threshold in guideline.thresholds if drug in threshold.drugs}
    for rule in guideline.rules.of(drug):
        row = LabRow(
            drug=drug,
            name=name,
            rule=rule.id,
            text=rule.text,
            sources=source_keys(rule.cite),
            quote=leading(rule.cite).quote,
            population=rule.population,
        )
        of_kidneys = [band for band in rule.when.bands if band.measure != "age"]
        others = tuple(band for band in rule.when.bands if band.measure == "age")
        rest = rule.when._replace(bands=others, kidneys=False)
        if of_kidneys:
            yield from _band_rows(row, of_kidneys, rest, tests, results, context)
        elif not context.holds(rest):
            labs = (lab for lab, test in tests.items() if lab in results and lab not in limited)
            for lab in labs:
                if not set(tests[lab].shows).isdisjoint(rule.when.conditions):
                    yield not_compared(row._replace(lab=lab, unit=tests[lab].unit), results[lab])
        elif rule.when.kidneys:
            for lab in (lab for lab in OF_KIDNEYS if lab in results):
                yield not_compared(row._replace(lab=lab, unit=tests[lab].unit), results[lab])
        elif rule.then == "refuse":
            yield row._replace(crossed=True, verdict="crossed")


def _band_rows(
    row: LabRow,
    bands: Iterable[MeasureBand],
    rest: RuleCondition,
    tests: Mapping[Lab, LabTest],
    results: Mapping[Lab, LabResult],
    context: ClinicalContext,
) -> Iterator[LabRow]:
    """Hold kidney functions against the bands of a rule, where the rest of it holds or is open."""
    open_ = bool(context.missing_measures(rest))
    if not (context.holds(rest) or open_):
        return
    for band in bands:
        assert band.measure != "age"
        result = results.get(band.measure)
        if result is not None and band.upper_edge is not None:
            unit = tests[band.measure].unit
            limit = str(band).removeprefix(f"{band.measure} ")
            in_band = row._replace(lab=band.measure, unit=unit, limit=f"{limit} {unit}")
            met = compared(in_band, result, band.holds, band.value)
            yield not_compared(in_band, result) if open_ and met.crossed else met
