"""``labs``: results of tests against the limits of the guide, drug by drug."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, NamedTuple

from dmcalc.errors import ExitCode, PatientError, UsageError
from dmcalc.guideline.monitoring import Monitoring
from dmcalc.monitoring.document import LabsDocument
from dmcalc.patient import anthropometry
from dmcalc.quantities.arithmetic import round_half_up
from dmcalc.quantities.base import format_plain
from dmcalc.results.base import (
    ClinicalNote,
    ClinicalWarning,
    source_keys,
    split_notes,
)
from dmcalc.results.described import described_by
from dmcalc.results.names import find_drugs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.guideline.model import Guideline, LoadedGuideline
    from dmcalc.guideline.monitoring import Lab, LabTest, Threshold
    from dmcalc.quantities.thresholds import ResultUnit
    from dmcalc.results.described import DrugKey, DrugName, FirstQuote, Sources, SpokenOf
    from dmcalc.table.model.table import Limits, LoadedTable

#: The two limits of a blood pressure, which is one result.
PRESSURES: tuple[Lab, Lab] = ("systolic", "diastolic")
#: Decimals of a result as it is shown; it is compared exactly.
PLACES = 6
_NUMBER = r"([0-9]{1,5}(?:\.[0-9]{1,3})?)"
#: The unit that may follow a number.
_TYPED: dict[ResultUnit, str] = {
    "x10^9/L": r"x ?10\^9/l|10\^9/l|e9/l|g/l",
    "units/L": r"u/l|iu/l|units/l",
    "fL": "fl",
    "g/L": "g/l",
    "mL/min/1.73 m2": r"ml/min(?:/1\.73 ?m2)?",
}
_PRESSURE = r"([0-9]{1,3})/([0-9]{1,3}) ?(?:mmhg)?"


class LabRow(NamedTuple):
    """One limit for one drug, and the result that it is for; None where none was given."""

    drug: DrugKey
    name: DrugName
    lab: Annotated[Lab, "What is measured."]
    result: Annotated[
        Decimal | None,
        "The result, of creatinine its rise in per cent, rounded half up to 6 decimals; it is "
        "compared exactly. Null where none was given.",
    ]
    unit: Annotated[ResultUnit, "Unit of result and limit."]
    limit: Annotated[str, "The limit: sign, number and unit."]
    crossed: Annotated[
        bool | None, "Whether the result is past the limit; at the limit only where its sign is >=."
    ]
    text: Annotated[str, "What the source asks for past the limit."]
    sources: Sources
    quote: FirstQuote
    population: SpokenOf


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
        """Whether any limit is crossed."""
        return any(row.crossed for row in self.rows)

    @property
    def compared(self) -> int:
        """How many limits a result was held against."""
        return sum(row.crossed is not None for row in self.rows)

    @property
    def exit_code(self) -> ExitCode:
        """A limit that is crossed is a refusal to go on as before."""
        return ExitCode.REFUSED if self.crossed else ExitCode.OK


def accepted_results(guideline: Guideline) -> tuple[str, ...]:
    """Name the results that may be given, a blood pressure as one."""
    labs = (lab for lab in guideline.lab_tests if lab not in PRESSURES)
    return (*labs, "bp", "baseline_creatinine")


def read_results(
    limits: Limits, tests: dict[Lab, LabTest], results: dict[str, str | None]
) -> dict[Lab, Fraction]:
    """Read the results that were given, by lab; raise PatientError for one that is not plausible.

    Creatinine needs its baseline and becomes its rise in per cent of that.
    """
    values: dict[Lab, Fraction] = {}
    for lab, test in tests.items():
        text = results.get(lab)
        if text is not None and test.unit in _TYPED:
            values[lab] = _number(lab, test, text)
    if (pressure := results.get("bp")) is not None:
        values.update(_pressure(tests, pressure))
    creatinine, baseline = results.get("creatinine"), results.get("baseline_creatinine")
    if (creatinine is None) != (baseline is None):
        raise PatientError(
            "a rise of creatinine needs both values",
            "Give ‹creatinine› and ‹baseline_creatinine›, each with its unit.",
        )
    if creatinine is not None and baseline is not None:
        values["creatinine"] = _rise(limits, creatinine, baseline)
    if not values:
        raise PatientError(
            "no result was given", "Give at least one, e.g. ‹wcc 3.1›, ‹alt 40› or ‹platelets 150›."
        )
    return values


def _number(lab: Lab, test: LabTest, text: str) -> Fraction:
    pattern = rf"{_NUMBER} ?(?:{_TYPED[test.unit]})?"
    match = re.fullmatch(pattern, text.strip(), re.ASCII | re.IGNORECASE)
    if match is None:
        raise PatientError(
            f"{test.name} of {text!r} cannot be read",
            f"Write a number in {test.unit}: --{lab} {test.example}",
        )
    return _plausible(test, Decimal(match[1]))


def _pressure(tests: dict[Lab, LabTest], text: str) -> dict[Lab, Fraction]:
    match = re.fullmatch(_PRESSURE, text.strip(), re.ASCII | re.IGNORECASE)
    if match is None:
        raise PatientError(
            f"a blood pressure of {text!r} cannot be read",
            "Write systolic and diastolic in mmHg: ‹bp 128/82›",
        )
    systolic, diastolic = Decimal(match[1]), Decimal(match[2])
    if systolic <= diastolic:
        raise PatientError(
            f"a blood pressure of {text} is not plausible",
            "Write the systolic pressure first: ‹bp 128/82›",
        )
    values = zip(PRESSURES, (systolic, diastolic), strict=True)
    return {lab: _plausible(tests[lab], value) for lab, value in values}


def _plausible(test: LabTest, value: Decimal) -> Fraction:
    taken = test.program_limits
    if taken is not None and not taken.low <= value <= taken.high:
        raise PatientError(
            f"{test.name} of {format_plain(value)} {test.unit} are not plausible",
            f"dmcalc takes {format_plain(taken.low)} to {format_plain(taken.high)}. "
            "Check the number and its unit.",
        )
    return Fraction(value)


def _rise(limits: Limits, creatinine: str, baseline: str) -> Fraction:
    """Return by how much creatinine rose, in per cent of its baseline, exactly."""
    now, before = (
        anthropometry.read(limits, creatinine=text).creatinine for text in (creatinine, baseline)
    )
    assert now is not None
    assert before is not None
    return (now / before - 1) * 100


def labs(
    loaded: LoadedTable, guide: LoadedGuideline, names: Iterable[str], results: dict[Lab, Fraction]
) -> LabsResult:
    """Hold results against the limits for some drugs.

    Raise UnknownNameError for a drug that the table does not hold, UsageError without one.
    """
    drugs = find_drugs(loaded.table, names)
    if not drugs:
        raise UsageError("no drug is named", "Name one or several: dmcalc labs DRUG ‹wcc 4.2›")
    rows: list[LabRow] = []
    tests = guide.guideline.lab_tests
    warnings, cautions = split_notes(guide.guideline.monitoring_notes, None)
    for drug in drugs:
        thresholds = [t for t in guide.guideline.thresholds if drug in t.drugs]
        rows += [_row(loaded, drug, threshold, results) for threshold in thresholds]
        warnings += tuple(_without_limit(loaded, tests, drug, thresholds, results))
        cautions += tuple(_without_result(loaded, tests, drug, thresholds, results))
        monitoring = guide.guideline.monitoring.get(drug, Monitoring())
        limit_warnings, limit_cautions = split_notes(monitoring.limits, drug)
        warnings, cautions = (*warnings, *limit_warnings), (*cautions, *limit_cautions)
    return LabsResult(loaded, guide, tuple(rows), warnings, cautions)


def _row(
    loaded: LoadedTable, drug: str, threshold: Threshold, results: dict[Lab, Fraction]
) -> LabRow:
    value = results.get(threshold.lab)
    return LabRow(
        drug=drug,
        name=loaded.table.drugs[drug].name,
        lab=threshold.lab,
        result=None if value is None else round_half_up(value, PLACES),
        unit=threshold.limit.unit,
        limit=str(threshold.limit),
        crossed=None if value is None else threshold.limit.crossed(value),
        text=threshold.instruction,
        sources=source_keys(threshold.cite),
        quote=threshold.cite[0].quote,
        population=threshold.population,
    )


def _without_limit(
    loaded: LoadedTable,
    tests: dict[Lab, LabTest],
    drug: str,
    thresholds: list[Threshold],
    results: dict[Lab, Fraction],
) -> Iterator[ClinicalWarning]:
    """Warn of results that were given and that a drug has no limit for: nothing looked at them."""
    name = loaded.table.drugs[drug].name
    limited = {threshold.lab for threshold in thresholds}
    without = [lab for lab in tests if lab in results and lab not in limited]
    if not thresholds:
        text = f"{name}: nothing was compared; the guide has no limit for any result."
        yield ClinicalWarning("no-limits", drug, text, None)
    elif without:
        names = ", ".join(tests[lab].name for lab in without)
        nothing = "" if limited & results.keys() else " Nothing was compared."
        text = f"{name}: the guide has no limit for {names}; nothing is said of that.{nothing}"
        yield ClinicalWarning("no-limit", drug, text, None)


def _without_result(
    loaded: LoadedTable,
    tests: dict[Lab, LabTest],
    drug: str,
    thresholds: list[Threshold],
    results: dict[Lab, Fraction],
) -> Iterator[ClinicalNote]:
    """Say which limits of a drug have no result."""
    limited = {threshold.lab for threshold in thresholds}
    missing = [tests[lab].name for lab in tests if lab in limited and lab not in results]
    if missing:
        text = f"{loaded.table.drugs[drug].name}: no result was given for {', '.join(missing)}."
        yield ClinicalNote("no-result", "caution", drug, text, ())
