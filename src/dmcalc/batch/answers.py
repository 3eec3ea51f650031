"""``batch``: many patients one after the other, each answered or rejected alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from dmcalc.documents.fields import line_keys
from dmcalc.dosing.document import PatientColumns
from dmcalc.dosing.dose import PreparedDoses, compute_doses, prepare_doses
from dmcalc.dosing.dose_row import DoseRow
from dmcalc.dosing.parts import parts_of
from dmcalc.errors import ExitCode, PatientError
from dmcalc.order.check import PreparedCheck, check_prepared, prepare_check
from dmcalc.order.check_row import CheckRow
from dmcalc.order.document import OrderColumns
from dmcalc.order.parse import read_order
from dmcalc.order.result import CheckResult
from dmcalc.patient.inputs import FACTS, USES, PatientInput, read_patient, with_unused
from dmcalc.results.base import Result
from dmcalc.results.names import find_drugs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dmcalc.dispensing.stock import StockOptions
    from dmcalc.dosing.dose import DoseResult
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.order.parse import Order
    from dmcalc.patient.patient import Patient
    from dmcalc.table.model.table import LoadedTable

_TRUE = {"true", "yes", "1"}
_FALSE = {"false", "no", "0"}


class RowInput(NamedTuple):
    """What one row asks; None where it says nothing."""

    drug: str | None
    order: str | None
    patient: PatientInput

    @classmethod
    def read(cls, cells: Sequence[str | None], day: str | None = None) -> RowInput:
        """Read cells in the order of ``COLUMNS``; raise PatientError where one is no yes or no.

        ``day`` is the one, in ISO form, that a date of birth gives the age on if no cell says it;
        today if none is given.
        """
        values: dict[str, Any] = {
            name: cell for name, cell in zip(COLUMNS, cells, strict=True) if cell is not None
        }
        drug, order = values.pop("drug", None), values.pop("order", None)
        for name, read in _READ.items():
            if name in values:
                values[name] = read(values[name])
        if day is not None and "dob" in values:
            values.setdefault("as_of", day)
        return cls(drug, order, PatientInput(**values).completed())


#: The columns that ask something: a drug, an order, and the facts of a patient.
COLUMNS = ("drug", "order", *FACTS)


class Answered(Result, Protocol):
    """A result for one patient, with rows."""

    @property
    def rows(self) -> Sequence[Row]:
        """The rows."""

    @property
    def exit_code(self) -> ExitCode:
        """What the command would end with."""

    @property
    def guide(self) -> LoadedGuideline | None:
        """The guideline that the answer is based on."""

    @property
    def context(self) -> PatientColumns | OrderColumns:
        """What each row says of the patient."""


class Row(Protocol):
    """A row of a result."""

    @property
    def drug(self) -> str:
        """Key of the drug."""

    @property
    def regimen(self) -> str:
        """Which of its posologies."""


class Answerer(Protocol):
    """Answers what a row asks."""

    #: The columns that ask something, and those of an answer.
    asking: tuple[str, ...]
    columns: tuple[str, ...]
    #: What may stand in the column condition: a column of one's own would be for nothing.
    conditions: tuple[str, ...]

    def __call__(self, row: RowInput) -> Answered:
        """Answer; raise DmcalcError as the command for one patient does."""


class Doses:
    """Answers rows with doses: the regimens of a drug are made ready once, at its first row."""

    columns: tuple[str, ...] = line_keys(PatientColumns, DoseRow)

    def __init__(
        self,
        loaded: LoadedTable,
        guideline: LoadedGuideline,
        names: tuple[str, ...],
        *,
        alternatives: bool = False,
        stocked: StockOptions | None = None,
        columns: Sequence[str] | None = None,
    ) -> None:
        """Answer with the drugs that a row names, else with ``names``, else with all.

        ``guideline`` holds the rules for what a row says of other drugs, conditions and kidneys.
        Of ``columns`` alone it is worked out what they need, of all where none are named.
        """
        self._parts = parts_of(columns)
        find_drugs(loaded.table, names)  # a slip in a name ends the run at once
        self._loaded, self._guideline = loaded, guideline
        self._names = names
        self.conditions = tuple(guideline.guideline.rules.conditions)
        #: Which of two drugs was meant cannot be known, so one place names them.
        mine = (f for f in COLUMNS if f != "order")
        self.asking = tuple(f for f in mine if f != "drug" or not names)
        self._alternatives = alternatives
        self._stocked = stocked
        self._plans: dict[tuple[str | None, bool], PreparedDoses] = {}

    def __call__(self, row: RowInput) -> DoseResult:
        """Compute the doses of one row; raise DmcalcError as ``dose`` does."""
        patient = self.patient(row)
        ready = self.ready(row.drug, child=patient.child)
        return with_unused(compute_doses(ready, patient), patient.unused)

    def patient(self, row: RowInput) -> Patient:
        """Read the patient of a row; raise DmcalcError as ``dose`` does."""
        names = self._names_of(row.drug)
        return read_patient(self._loaded, row.patient, USES["dose"], names, self._guideline)

    def _names_of(self, drug: str | None) -> tuple[str, ...]:
        return self._names if drug is None else (drug,)

    def ready(self, drug: str | None, *, child: bool) -> PreparedDoses:
        """Make ready the drugs of a row; raise DmcalcError as ``dose`` does."""
        prepared = self._plans.get((drug, child))
        if prepared is None:
            names = self._names_of(drug)
            prepared = prepare_doses(
                self._loaded,
                names,
                alternatives=self._alternatives,
                stocked=self._stocked,
                juvenile=child,
                parts=self._parts,
            )
            self._plans[drug, child] = prepared
        return prepared


class Orders:
    """Answers rows with the check of an order: a drug is made ready once, at its first row."""

    columns: tuple[str, ...] = line_keys(OrderColumns, CheckRow)

    def __init__(
        self,
        loaded: LoadedTable,
        guideline: LoadedGuideline,
        drug: str | None,
        *,
        alternatives: bool = False,
        stocked: StockOptions | None = None,
    ) -> None:
        """Check orders of the drug that a row names, or of ``drug``; ``guideline`` as for doses."""
        find_drugs(loaded.table, () if drug is None else (drug,))
        self._loaded, self._guideline, self._drug = loaded, guideline, drug
        self._alternatives, self._stocked = alternatives, stocked
        self.conditions = tuple(guideline.guideline.rules.conditions)
        self.asking = tuple(f for f in COLUMNS if f != "drug" or drug is None)
        self._ready: dict[tuple[str, bool], PreparedCheck] = {}

    def __call__(self, row: RowInput) -> CheckResult:
        """Check the order of one row; raise DmcalcError as ``check`` does."""
        order = self.order(row)
        patient = self.patient(row)
        result = check_prepared(self.ready(row.drug, child=patient.child), patient, order)
        return with_unused(result, patient.unused)

    def order(self, row: RowInput) -> Order:
        """Read the order of a row; raise DmcalcError where it or its drug is missing."""
        if (row.drug or self._drug) is None or row.order is None:
            missing = "order" if row.drug or self._drug else "drug"
            raise PatientError(f"the {missing} is missing", f"Name it in the column {missing}.")
        return read_order(row.order)

    def patient(self, row: RowInput) -> Patient:
        """Read the patient of a row; raise DmcalcError as ``check`` does."""
        names = (row.drug or self._drug or "",)
        return read_patient(self._loaded, row.patient, USES["check"], names, self._guideline)

    def ready(self, drug: str | None, *, child: bool) -> PreparedCheck:
        """Make ready the drug of a row; raise DmcalcError as ``check`` does."""
        name = drug or self._drug or ""
        prepared = self._ready.get((name, child))
        if prepared is None:
            prepared = self._ready[name, child] = prepare_check(
                self._loaded,
                name,
                alternatives=self._alternatives,
                stocked=self._stocked,
                juvenile=child,
            )
        return prepared


def _flag(text: str) -> bool:
    value = text.lower()
    if value in _TRUE or value in _FALSE:
        return value in _TRUE
    raise PatientError(f"confirm_weight is {text!r}", "Write true or false.")


def _listed(text: str) -> tuple[str, ...]:
    return (text,)


#: How the cells are read that are not taken as they are.
_READ: dict[str, Callable[[str], object]] = {
    "confirm_weight": _flag,
    "severity": str.lower,
    "weight_basis": str.lower,
    "taking": _listed,
    "condition": _listed,
    "unchecked": _listed,
}
