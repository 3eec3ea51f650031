"""What rows come to but for their weights, by the row path: a case is a drug and a patient.

Each distinct case, and each distinct weight, is read once, by the code that reads rows. What
depends on the weight is left to the engine (``answers.py``), but for whether it can be read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.batch.answers import COLUMNS, Orders, RowInput
from dmcalc.batch.columns import PLACES
from dmcalc.batch.rendered_answers import rejection_of
from dmcalc.dosing.dose import compute_doses, rules_for
from dmcalc.dosing.regimen import suggested
from dmcalc.errors import DmcalcError, PatientError
from dmcalc.order.check import PreparedCheck, check_prepared
from dmcalc.order.check_row import CheckRow
from dmcalc.order.parse import Order
from dmcalc.patient.inputs import with_unused
from dmcalc.patient.patient import unusual_weight_warning
from dmcalc.results.base import counted, overlays_in_use

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dmcalc.batch.answers import Doses
    from dmcalc.columns.engine import EngineName
    from dmcalc.dosing.dose import DoseResult, PreparedDoses
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.dosing.regimen import PreparedRegimen
    from dmcalc.guideline.patient_rules import Rule
    from dmcalc.order.result import CheckResult
    from dmcalc.patient.patient import Patient
    from dmcalc.results.base import ClinicalWarning
    from dmcalc.table.model.table import LoadedTable

#: Facts that rows alone compute with, and what for.
FOR_ROWS = {
    "height": "a body surface area or a dosing weight by height",
    "weight_basis": "a dosing weight",
    "weight_policy": "a dosing weight",
    "creatinine": "kidney function by creatinine",
}
#: Warnings of whole units, which rows alone look for.
OF_UNITS = ("no-combination", "not-dispensable")
CODE_FOR_ROWS = "for-rows"
#: The most decimals of a body surface area that columns compute with.
SURFACE_PLACES = 6
#: Any weight, for what is the same with each; and an order that no posology is for.
_WEIGHED, _NO_ORDER = Decimal(70), Order("", Decimal(1), "mg", None, "dose")
_UNREADABLE = "?"


class Reject(NamedTuple):
    """Why a row has no answer: an exit code or ``for-rows``, and the sentence."""

    code: str
    reason: str


def for_rows(sentence: str) -> Reject:
    """Return the reject of what rows alone can do."""
    return Reject(CODE_FOR_ROWS, f"{sentence} Run it with --engine rows.")


class Line(NamedTuple):
    """A posology for the patients of a case."""

    ready: PreparedRegimen
    #: Whether a rule leaves no dose of it, and the rules that hold.
    refused: bool
    rules: tuple[Rule, ...]
    #: The end of the dose that the severity points to.
    points: str | None
    warnings: frozenset[str]
    #: Whether its verdict counts, and the most that rules leave for one dose of an order.
    decides: bool
    single_most: Decimal | None


@dataclass
class Case:
    """What a drug and a patient without a weight come to."""

    row: RowInput | None
    patient: Patient | None = None
    ready: PreparedCheck | PreparedDoses | None = None
    #: Why there is no answer: what comes before all else, what is read before the weight, what
    #: after it, where there is no weight, and what comes after all else.
    first: Reject | None = None
    early: Reject | None = None
    late: Reject | None = None
    weightless: Reject | None = None
    last: Reject | None = None
    lines: list[Line] = field(default_factory=list)
    not_checked: tuple[str, ...] = ()
    warned: bool = False

    @property
    def by_itself(self) -> bool:
        """Whether its weights are read with it: those of a child, and those that are confirmed."""
        if self.row is None or self.early is not None:
            return False
        child = self.patient is not None and self.patient.child
        return child or self.patient is None or self.row.patient.confirm_weight


class Size(NamedTuple):
    """A weight as it was read: why it has no answer, or kg, and what there is to be warned of."""

    kg: Decimal | None
    reject: Reject | None
    warnings: frozenset[str] = frozenset()
    #: Why rows alone can answer it, where it was read.
    last: Reject | None = None


class Reader:
    """Reads cases and weights as rows are read."""

    def __init__(self, loaded: LoadedTable, answerer: Doses | Orders, engine: EngineName) -> None:
        self._answerer, self._engine = answerer, f"The engine {engine}"
        self._in_use, self._rounding = overlays_in_use(loaded), loaded.rounding

    def rejected(self, error: DmcalcError) -> Reject:
        """Return the reject of an error of the row path."""
        why = rejection_of(error, self._in_use)
        return Reject(str(int(why.code)), why.reason)

    def case(self, texts: Sequence[str | None]) -> Case:
        """Read a drug and a patient, whose texts stand in the order of ``COLUMNS``."""
        for fact, what in FOR_ROWS.items():
            if texts[PLACES[fact]] is not None:
                return Case(
                    None,
                    first=for_rows(f"{self._engine} does not compute {what} (column {fact})."),
                )
        try:
            row = RowInput.read(texts)
        except DmcalcError as error:
            return Case(None, first=self.rejected(error))
        case = Case(row)
        try:
            case.patient = self._answerer.patient(row)
        except DmcalcError as error:
            case.late = self.rejected(error)
            if self.size(row, _UNREADABLE).reject == case.late:
                case.early, case.late = case.late, None
            return case
        try:
            case.ready = self._answerer.ready(row.drug, child=case.patient.child)
            self._compute(case, case.patient)
        except DmcalcError as error:
            case.late = self.rejected(error)
        surface = case.patient.bsa_m2
        if surface is not None and places_of(surface) > SURFACE_PLACES:
            what = f"A body surface area has at most {SURFACE_PLACES} decimals by columns."
            case.late = case.late or for_rows(what)
        return case

    def size(self, row: RowInput | None, weight: str | None) -> Size:
        """Read a weight, with the patient of a case or alone."""
        texts: list[str | None] = [None] * len(COLUMNS)
        row = row or RowInput.read(texts)
        try:
            who = self._answerer.patient(row._replace(patient=row.patient._replace(weight=weight)))
        except DmcalcError as error:
            return Size(None, self.rejected(error))
        return Size(who.weight_kg, None, frozenset(w.code for w in unusual_weight_warning(who)))

    def _compute(self, case: Case, patient: Patient) -> None:
        """Fill in what the row path says of each posology, whatever the weight."""
        weighed, ready = patient._replace(weight_kg=_WEIGHED), case.ready
        result: CheckResult | DoseResult
        if isinstance(ready, PreparedCheck):
            surface = patient.bsa_m2 or Decimal(1)
            result = check_prepared(ready, weighed._replace(bsa_m2=surface), _NO_ORDER)
        else:
            assert ready is not None
            result = compute_doses(ready, weighed)
            try:
                compute_doses(ready, patient)
            except PatientError as error:
                case.weightless = self.rejected(error)
        result = with_unused(result, patient.unused)
        warnings = [w for w in result.warnings if w.code not in OF_UNITS]
        case.warned = bool(counted(warnings))
        case.not_checked = result.circumstances.not_checked if result.circumstances else ()
        rows: tuple[CheckRow | DoseRow, ...] = result.rows
        for regimen, row in zip(ready.regimens, rows, strict=True):
            line = _line(regimen, row, weighed, warnings)
            case.lines.append(line)
            case.last = case.last or self._for_rows(row.drug, line.rules)

    def _for_rows(self, drug: str, rules: tuple[Rule, ...]) -> Reject | None:
        if drug in self._rounding:
            return for_rows(f"{self._engine} does not apply the hospital's rounding of {drug}.")
        if any(rule.max and rule.times and rule.max.basis for rule in rules):
            return for_rows(f"{self._engine} applies no limit by body size to one dose.")
        return None


def _line(
    regimen: PreparedRegimen,
    row: CheckRow | DoseRow,
    patient: Patient,
    warnings: list[ClinicalWarning],
) -> Line:
    """Return what the row path says of a posology."""
    dose, advice = (row.dose if isinstance(row, CheckRow) else row), rules_for(patient)
    rules = advice.holding(row.drug) if advice else ()
    single = None
    if advice and dose.unit:
        single = advice.single_dose_maximum(row.drug, dose.unit, patient)
    return Line(
        ready=regimen,
        refused=bool(dose.refused) or dose.text is None,
        rules=rules,
        points=suggested(regimen.regimen, patient.severity, ("low", "high")),
        warnings=codes_of(warnings, row.drug),
        decides=not isinstance(row, CheckRow) or row.decides,
        single_most=single and single[0],
    )


def codes_of(warnings: Iterable[ClinicalWarning], drug: str) -> frozenset[str]:
    """Return the codes of the warnings of a row, but for those of whole units."""
    return frozenset(w.code for w in warnings if w.drug in (None, drug)) - set(OF_UNITS)


def places_of(number: Decimal) -> int:
    """Return how many decimals a number has, without zeros at its end."""
    return max(0, -int(number.normalize().as_tuple().exponent))
