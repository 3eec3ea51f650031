"""``batch``: many patients one after the other, each answered or rejected alone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar

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
from dmcalc.patient.inputs import FACTS, USES, PatientInput, with_unused
from dmcalc.patient.reader import read_patient
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

PreparedT = TypeVar("PreparedT", PreparedDoses, PreparedCheck)

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
#: Patients that are kept: many rows may be of one, each with another order.
MOST_PATIENTS = 1_000


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
    def patient(self) -> Patient:
        """The patient."""

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


class _Answers(ABC, Generic[PreparedT]):
    """What doses and checks share: the patient of a row, and each drug prepared once.

    ``names`` are the drugs where a row names none.
    """

    #: The command whose options say which facts of a patient count.
    command: ClassVar[str]

    def __init__(
        self,
        loaded: LoadedTable,
        guideline: LoadedGuideline,
        names: tuple[str, ...],
        *,
        alternatives: bool,
        stocked: StockOptions | None,
    ) -> None:
        find_drugs(loaded.table, names)  # a slip in a name ends the run at once
        self._loaded, self._guideline, self._names = loaded, guideline, names
        self._alternatives, self._stocked = alternatives, stocked
        self.conditions = tuple(guideline.guideline.rules.conditions)
        self._prepared: dict[tuple[str | None, bool], PreparedT] = {}
        read = partial(read_patient, loaded, use=USES[self.command], guide=guideline)
        self._read = lru_cache(maxsize=MOST_PATIENTS)(read)

    def patient(self, row: RowInput) -> Patient:
        """Read the patient of a row; raise DmcalcError as the command for one patient does."""
        return self._read(row.patient, drugs=self._names_of(row.drug))

    def ready(self, drug: str | None, *, child: bool) -> PreparedT:
        """Prepare the drugs of a row; raise DmcalcError as the command for one patient does."""
        prepared = self._prepared.get((drug, child))
        if prepared is None:
            prepared = self._prepared[drug, child] = self._prepare(drug, child)
        return prepared

    def _names_of(self, drug: str | None) -> tuple[str, ...]:
        return (drug,) if drug else self._names

    @abstractmethod
    def _prepare(self, drug: str | None, child: bool) -> PreparedT: ...


class Doses(_Answers[PreparedDoses]):
    """Answers rows with doses: the regimens of a drug are prepared once, at its first row."""

    command = "dose"
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
        What ``columns`` need is computed, all where none are named.
        """
        super().__init__(loaded, guideline, names, alternatives=alternatives, stocked=stocked)
        self._parts = parts_of(columns)
        #: Which of two drugs was meant cannot be known: the command or the column names them.
        self.asking = tuple(f for f in COLUMNS if f != "order" and (f != "drug" or not names))

    def __call__(self, row: RowInput) -> DoseResult:
        """Compute the doses of one row; raise DmcalcError as ``dose`` does."""
        patient = self.patient(row)
        ready = self.ready(row.drug, child=patient.child)
        return with_unused(compute_doses(ready, patient), patient.unused)

    def _prepare(self, drug: str | None, child: bool) -> PreparedDoses:
        return prepare_doses(
            self._loaded,
            self._names_of(drug),
            alternatives=self._alternatives,
            stocked=self._stocked,
            juvenile=child,
            parts=self._parts,
        )


class Orders(_Answers[PreparedCheck]):
    """Answers rows with the check of an order: a drug is prepared once, at its first row."""

    command = "check"
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
        names = () if drug is None else (drug,)
        super().__init__(loaded, guideline, names, alternatives=alternatives, stocked=stocked)
        self.asking = tuple(f for f in COLUMNS if f != "drug" or drug is None)

    def __call__(self, row: RowInput) -> CheckResult:
        """Check the order of one row; raise DmcalcError as ``check`` does."""
        order = self.order(row)
        patient = self.patient(row)
        result = check_prepared(self.ready(row.drug, child=patient.child), patient, order)
        return with_unused(result, patient.unused)

    def order(self, row: RowInput) -> Order:
        """Read the order of a row; raise DmcalcError where it or its drug is missing."""
        named = row.drug or self._names
        if not named or row.order is None:
            missing = "order" if named else "drug"
            raise PatientError(f"the {missing} is missing", f"Name it in the column {missing}.")
        return read_order(row.order)

    def _names_of(self, drug: str | None) -> tuple[str, ...]:
        return super()._names_of(drug) or ("",)  # none: no drug has the name

    def _prepare(self, drug: str | None, child: bool) -> PreparedCheck:
        return prepare_check(
            self._loaded,
            *self._names_of(drug),
            alternatives=self._alternatives,
            stocked=self._stocked,
            juvenile=child,
        )


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
