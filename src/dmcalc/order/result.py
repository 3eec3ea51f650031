"""The answer of ``check``: the rows of an order, and the one whose verdict counts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dosing.dose import rules_for
from dmcalc.errors import ExitCode
from dmcalc.order.document import CheckDocument, OrderColumns
from dmcalc.order.verdict import NO_DATA
from dmcalc.quantities import arithmetic, formulas
from dmcalc.results.described import described_by

if TYPE_CHECKING:
    from dmcalc.dosing.adjustments import PatientRules
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.order.check_row import CheckRow, MatchedDose, Verdict
    from dmcalc.order.parse import Order
    from dmcalc.patient.clinical_context import ClinicalContext
    from dmcalc.patient.patient import Patient
    from dmcalc.patient.weight_request import DosingWeight
    from dmcalc.quantities.algebra import Algebra
    from dmcalc.results.base import ClinicalNote, ClinicalWarning
    from dmcalc.table.model.table import LoadedTable

_EXACT: Algebra[Decimal, bool] = arithmetic
#: Above any distance in per cent.
_FAR = Decimal("Infinity")


@described_by(CheckDocument)
class CheckResult(NamedTuple):
    """The answer of ``dmcalc check``."""

    loaded: LoadedTable
    patient: Patient
    drug: str
    read: Order
    rows: tuple[CheckRow, ...]
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    kind: str = "check"

    @property
    def advice(self) -> PatientRules | None:
        """The rules for this patient, None where no fact that rules use was entered."""
        return rules_for(self.patient)

    @property
    def circumstances(self) -> ClinicalContext | None:
        """The facts that rules use, None where none was entered."""
        return self.patient.context

    @property
    def dosing_weight(self) -> DosingWeight | None:
        """The weight that doses per kg go by, where one was requested."""
        return self.patient.dosing

    @property
    def context(self) -> OrderColumns:
        """What each line says of the patient, and of the order as a whole."""
        return OrderColumns(
            self.patient.weight_kg, self.patient.severity, self.verdict, int(self.exit_code)
        )

    @property
    def guide(self) -> LoadedGuideline | None:
        """The guide that the rules are from, or the policy on weights."""
        return self.patient.rules_guideline or self.patient.guide

    @property
    def own(self) -> list[CheckRow]:
        """The rows that decide: those that answer unasked, or for a child those of children."""
        return [row for row in self.rows if row.decides]

    @property
    def decisive(self) -> CheckRow:
        """The row whose verdict counts."""
        own = self.own
        if len(own) == 1:  # as of most drugs
            return own[0]
        return formulas.nearest(_EXACT, [(row, _distance(row)) for row in own])

    @property
    def order(self) -> str:
        """The order as it was written."""
        return self.read.text

    @property
    def verdict(self) -> Verdict:
        """The verdict on the order."""
        return self.decisive.verdict

    @property
    def matched(self) -> MatchedDose | None:
        """Which dose the order is: of a phase, or a step of a schedule."""
        return self.decisive.matched

    @property
    def protocol(self) -> str | None:
        """Key of the schedule that the order is a step of."""
        return self.decisive.protocol

    @property
    def step(self) -> int | None:
        """Number of that step."""
        return self.decisive.step

    @property
    def also_matched(self) -> tuple[str, ...]:
        """Further schedules that have its dose."""
        return self.decisive.also_matched

    @property
    def exit_code(self) -> ExitCode:
        """Success only where the order is within its limits and can be dispensed, as far as known.

        An end of the range as it was computed is not written off for its decimals. PATIENT where no
        base posology could be compared, REFUSED in all other cases.
        """
        row = self.decisive
        if row.verdict == "within" and (row.dispensable is not False or row.rounds_to_units):
            return ExitCode.OK
        if all(row.code in NO_DATA for row in self.own):
            return ExitCode.PATIENT
        return ExitCode.REFUSED


def _distance(row: CheckRow) -> Decimal:
    missed = row.verdict in ("below", "above", "over-cap")
    return formulas.distance(_EXACT, row.verdict == "within", missed, row.percent_off, _FAR)
