"""``batch``: many patients one after the other, each answered or rejected alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from dmcalc.documents.fields import line_keys
from dmcalc.dosing.adjustments import advise
from dmcalc.dosing.document import PatientColumns
from dmcalc.dosing.dose import Plan, doses, plan
from dmcalc.dosing.dose_row import DoseRow
from dmcalc.errors import ExitCode, PatientError
from dmcalc.order.check import CheckResult, Ready, checked, ready
from dmcalc.order.check_row import CheckRow
from dmcalc.order.document import OrderColumns
from dmcalc.order.parse import read_order
from dmcalc.patient import patient
from dmcalc.patient.clinical_context import Said
from dmcalc.patient.weight_request import Wanted, sized
from dmcalc.results.base import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.dispensing.stock import Stocked
    from dmcalc.dosing.adjustments import Advice
    from dmcalc.dosing.dose import DoseResult
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import LoadedTable

_TRUE = {"true", "yes", "1"}
_FALSE = {"", "false", "no", "0"}


class Asked(NamedTuple):
    """What one row asks, as it is written; None where it says nothing.

    The fields bear the names of the options of ``dose``.
    """

    drug: str | None = None
    weight: str | None = None
    severity: str | None = None
    bsa: str | None = None
    confirm_weight: str | None = None
    age: str | None = None
    order: str | None = None
    sex: str | None = None
    taking: str | None = None
    condition: str | None = None
    tpmt: str | None = None
    nudt15: str | None = None
    egfr: str | None = None
    crcl: str | None = None
    creatinine: str | None = None
    height: str | None = None
    weight_basis: str | None = None
    weight_policy: str | None = None


class Answered(Result, Protocol):
    """A result for one patient, with rows."""

    @property
    def rows(self) -> Sequence[Row]:
        """The rows."""

    @property
    def exit_code(self) -> ExitCode:
        """What the command would end with."""

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

    def __call__(self, asked: Asked) -> Answered:
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
        stocked: Stocked | None = None,
    ) -> None:
        """Answer with the drugs that a row names, else with ``names``, else with all.

        ``guideline`` holds the rules for what a row says of other drugs, conditions and kidneys.
        """
        self._loaded, self._guideline = loaded, guideline
        self._names = names
        #: Which of two drugs was meant cannot be known, so one place names them.
        mine = (f for f in Asked._fields if f != "order")
        self.asking = tuple(f for f in mine if f != "drug" or not names)
        self._alternatives = alternatives
        self._stocked = stocked
        self._plans: dict[tuple[str | None, bool], Plan] = {}

    def __call__(self, asked: Asked) -> DoseResult:
        """Compute the doses of one row; raise DmcalcError as ``dose`` does."""
        names = self._names if asked.drug is None else (asked.drug,)
        patient = who(self._loaded, self._guideline, asked, names)
        advice = advised(self._loaded, self._guideline, patient, asked)
        return doses(self._plan(asked.drug, child=patient.child), patient, advice)

    def _plan(self, drug: str | None, *, child: bool) -> Plan:
        found = self._plans.get((drug, child))
        if found is None:
            names = self._names if drug is None else (drug,)
            found = plan(
                self._loaded,
                names,
                alternatives=self._alternatives,
                stocked=self._stocked,
                juvenile=child,
            )
            self._plans[drug, child] = found
        return found


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
        stocked: Stocked | None = None,
    ) -> None:
        """Check orders of the drug that a row names, or of ``drug``; ``guideline`` as for doses."""
        self._loaded, self._guideline, self._drug = loaded, guideline, drug
        self._alternatives, self._stocked = alternatives, stocked
        self.asking = tuple(f for f in Asked._fields if f != "drug" or drug is None)
        self._ready: dict[tuple[str, bool], Ready] = {}

    def __call__(self, asked: Asked) -> CheckResult:
        """Check the order of one row; raise DmcalcError as ``check`` does."""
        name = asked.drug or self._drug
        if name is None or asked.order is None:
            missing = "drug" if name is None else "order"
            raise PatientError(f"the {missing} is missing", f"Name it in the column {missing}.")
        order = read_order(asked.order)
        patient = who(self._loaded, self._guideline, asked, (name,))
        drug = self._ready.get((name, patient.child))
        if drug is None:
            drug = self._ready[name, patient.child] = ready(
                self._loaded,
                name,
                alternatives=self._alternatives,
                stocked=self._stocked,
                juvenile=patient.child,
            )
        return checked(drug, patient, order, advised(self._loaded, self._guideline, patient, asked))


def who(
    loaded: LoadedTable, guideline: LoadedGuideline, asked: Asked, names: tuple[str, ...]
) -> patient.Patient:
    """Read the patient of a row, with the weight that is asked for to dose the named drugs by.

    Raise PatientError, and the errors of ``dosing.dosed``.
    """
    severity = asked.severity.lower() if asked.severity else None
    found = patient.read(
        loaded.table.limits,
        weight=asked.weight,
        severity=severity,  # type: ignore[arg-type]  # it is checked there
        bsa=asked.bsa,
        age=asked.age,
        confirm_weight=_flag("confirm_weight", asked.confirm_weight),
    )
    basis = asked.weight_basis.lower() if asked.weight_basis else None
    wanted = Wanted(basis, asked.weight_policy, asked.height, asked.sex)
    return sized(loaded, found, names, wanted, guideline)


def advised(
    loaded: LoadedTable, guideline: LoadedGuideline, patient: patient.Patient, asked: Asked
) -> Advice | None:
    """Return the rules for the patient of a row, None where it says nothing that they ask about.

    Raise PatientError and UnknownNameError. Several names in a cell are parted by commas or
    semicolons.
    """
    said = Said(
        taking=_names(asked.taking),
        conditions=_names(asked.condition),
        **{name: getattr(asked, name) for name in Said._fields[2:]},
    )
    if patient.adult_age is None and said._replace(sex=None) == Said():
        return None
    return advise(loaded, guideline, patient, said)


def _names(text: str | None) -> tuple[str, ...]:
    parts = (part.strip() for part in (text or "").replace(";", ",").split(","))
    return tuple(filter(None, parts))


def _flag(name: str, text: str | None) -> bool:
    value = (text or "").lower()
    if value in _TRUE or value in _FALSE:
        return value in _TRUE
    raise PatientError(f"{name} is {text!r}", "Write true or false.")
