"""``labs``: results of tests against the limits of the guide, drug by drug."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from dmcalc.core.codes import coded
from dmcalc.core.names import find_drugs
from dmcalc.core.result import Caution, Warned, envelope, noted, source_keys
from dmcalc.errors import ExitCode, PatientError, UsageError
from dmcalc.guide.monitoring import LABS
from dmcalc.quantity import half_up, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dmcalc.guide.model import LoadedGuide
    from dmcalc.guide.monitoring import Lab, Threshold
    from dmcalc.table.model import Limits, LoadedTable

#: Guards against slips of units and keys, wider than any result: no clinical figures.
PLAUSIBLE: dict[str, tuple[str, str]] = {
    "wcc": ("0.01", "500"),
    "neutrophils": ("0", "400"),
    "platelets": ("0", "3000"),
    "alt": ("0", "30000"),
    "ast": ("0", "30000"),
}
NAMES: dict[str, str] = {
    "wcc": "white cells",
    "neutrophils": "neutrophils",
    "platelets": "platelets",
    "alt": "ALT",
    "ast": "AST",
    "creatinine": "creatinine",
}
UNITS: dict[str, str] = {
    **dict.fromkeys(("wcc", "neutrophils", "platelets"), "x10^9/L"),
    **dict.fromkeys(("alt", "ast"), "units/L"),
    "creatinine": "% above baseline",
}
#: Decimals of a result as it is shown; it is compared exactly.
PLACES = 6
_CELLS = r"([0-9]{1,5}(?:\.[0-9]{1,3})?) ?(?:x ?10\^9/l|10\^9/l|e9/l|g/l)?"
_ENZYMES = r"([0-9]{1,5}(?:\.[0-9]{1,3})?) ?(?:u/l|iu/l|units/l)?"


class LabRow(NamedTuple):
    """One limit for one drug, and the result that it is for; None where none was given."""

    drug: str
    name: str
    lab: str
    result: Decimal | None
    unit: str
    limit: str
    crossed: bool | None
    text: str
    sources: tuple[str, ...]
    quote: str | None


class LabsResult(NamedTuple):
    """The answer of ``dmcalc labs``."""

    loaded: LoadedTable
    guide: LoadedGuide
    rows: tuple[LabRow, ...]
    warnings: tuple[Warned, ...]
    cautions: tuple[Caution, ...]
    kind: str = "labs"

    def document(self) -> dict[str, Any]:
        """Return the whole result for JSON."""
        return {
            **envelope(self.kind, self.loaded, self.guide),
            "crossed": any(row.crossed for row in self.rows),
            "rows": self.records(),
            "warnings": self.warnings,
            "cautions": self.cautions,
            "disclaimer": self.loaded.table.disclaimer,
        }

    def records(self) -> list[dict[str, Any]]:
        """Return the rows, flat."""
        return [coded(self.loaded.table, row._asdict()) for row in self.rows]

    @property
    def exit_code(self) -> ExitCode:
        """A limit that is crossed is a refusal to go on as before."""
        return ExitCode.REFUSED if any(row.crossed for row in self.rows) else ExitCode.OK


def read(limits: Limits, results: dict[str, str | None]) -> dict[str, Fraction]:
    """Read the results that were given, by lab; raise PatientError for one that is not plausible.

    Creatinine needs its baseline and becomes its rise in per cent of that.
    """
    found = {}
    for lab, text in results.items():
        if text is not None and lab in PLAUSIBLE:
            found[lab] = _number(lab, text)
    creatinine, baseline = results.get("creatinine"), results.get("baseline_creatinine")
    if (creatinine is None) != (baseline is None):
        raise PatientError(
            "a rise of creatinine needs both values",
            "Give --creatinine and --baseline-creatinine, each with its unit.",
        )
    if creatinine is not None and baseline is not None:
        found["creatinine"] = _rise(limits, creatinine, baseline)
    if not found:
        raise PatientError(
            "no result was given", "Give at least one, e.g. --wcc 3.1, --alt 40 or --platelets 150."
        )
    return found


def _number(lab: str, text: str) -> Fraction:
    pattern = _CELLS if UNITS[lab] == "x10^9/L" else _ENZYMES
    match = re.fullmatch(pattern, text.strip(), re.ASCII | re.IGNORECASE)
    if match is None:
        raise PatientError(
            f"{NAMES[lab]} of {text!r} cannot be read",
            f"Write a number in {UNITS[lab]}: --{lab} 4.2",
        )
    value = Decimal(match[1])
    low, high = PLAUSIBLE[lab]
    if not Decimal(low) <= value <= Decimal(high):
        raise PatientError(
            f"{NAMES[lab]} of {plain(value)} {UNITS[lab]} are not plausible",
            f"dmcalc takes {low} to {high}. Check the number and its unit.",
        )
    return Fraction(value)


def _rise(limits: Limits, creatinine: str, baseline: str) -> Fraction:
    """Return by how much creatinine rose, in per cent of its baseline, exactly."""
    from dmcalc import physique

    now, before = (
        physique.read(limits, creatinine=text).creatinine for text in (creatinine, baseline)
    )
    assert now is not None
    assert before is not None
    return (now / before - 1) * 100


def labs(
    loaded: LoadedTable, guide: LoadedGuide, names: Iterable[str], results: dict[str, Fraction]
) -> LabsResult:
    """Hold results against the limits for some drugs.

    Raise UnknownNameError for a drug that the table does not hold, UsageError without one.
    """
    drugs = find_drugs(loaded.table, names)
    if not drugs:
        raise UsageError("no drug is named", "Name one or several: dmcalc labs DRUG --wcc 4.2")
    rows: list[LabRow] = []
    cautions: list[Caution] = []
    for drug in drugs:
        own = [t for t in guide.guide.thresholds if drug in t.drugs]
        rows += [_row(loaded, drug, threshold, results) for threshold in own]
        cautions += _cautions(loaded, drug, own, results)
    notes = noted(guide.guide.monitoring_notes, None)
    return LabsResult(loaded, guide, tuple(rows), notes[0], (*notes[1], *cautions))


def _row(
    loaded: LoadedTable, drug: str, threshold: Threshold, results: dict[str, Fraction]
) -> LabRow:
    value = results.get(threshold.lab)
    crossed = None if value is None else threshold.limit.crossed(value)
    reading = f" {threshold.reading}" if threshold.reading else ""
    return LabRow(
        drug=drug,
        name=loaded.table.drugs[drug].name,
        lab=threshold.lab,
        result=None if value is None else half_up(value, PLACES),
        unit=threshold.limit.unit,
        limit=str(threshold.limit),
        crossed=crossed,
        text=threshold.action + reading,
        sources=source_keys(threshold.cite),
        quote=threshold.cite[0].quote,
    )


def _cautions(
    loaded: LoadedTable, drug: str, own: list[Threshold], results: dict[str, Fraction]
) -> Iterator[Caution]:
    """Say which results have no limit for a drug, and which limits have no result."""
    name = loaded.table.drugs[drug].name
    limited: set[Lab] = {threshold.lab for threshold in own}
    if not own:
        text = f"{name}: the guide has no limit for any result."
        yield Caution("no-limits", "caution", drug, text, ())
        return
    without = [NAMES[lab] for lab in LABS if lab in results and lab not in limited]
    if without:
        text = f"{name}: the guide has no limit for {', '.join(without)}; nothing is said of it."
        yield Caution("no-limit", "caution", drug, text, ())
    missing = [NAMES[lab] for lab in LABS if lab in limited and lab not in results]
    if missing:
        text = f"{name}: no result was given for {', '.join(missing)}."
        yield Caution("no-result", "caution", drug, text, ())
