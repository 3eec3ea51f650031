"""A row of ``check``: one order against one posology."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal

from dmcalc.records import Record
from dmcalc.results.described import flattened
from dmcalc.table.model.drug import Phase

if TYPE_CHECKING:
    from dmcalc.dispensing.solver import Nearest
    from dmcalc.dosing.dose_row import DoseRow

Verdict = Literal[
    "within", "below", "above", "over-cap", "not-a-step", "wrong-frequency", "refused"
]
ScheduleKind = Literal["taper", "titration"]
MatchedDose = Literal[Phase, ScheduleKind]

# What an order is that is within its limits.
Matched = Annotated[
    MatchedDose | None,
    "Which dose the order is: that of a phase, or a step of a published taper or titration; null "
    "where it is neither.",
]
Protocol = Annotated[str | None, "Key of the taper or titration that it is a step of."]
StepNumber = Annotated[int | None, "Number of that step, from 1."]
AlsoMatched = Annotated[tuple[str, ...], "Keys of further tapers and titrations with its dose."]

#: The keys of a row in their order: its own, and those of the dose that it is compared with.
_KEYS = """
drug name order regimen phase base verdict code ordered low high suggested unit per basis
per_basis_ordered per_basis_low per_basis_high cap_low cap_high deviation deviation_percent
days_low days_high every doses from_week indicated population posology message sources
dispensable nearest local low_before high_before rules dosing_weight_kg weight_basis weight_policy
low_actual high_actual saved_low saved_high cap_source
matched protocol step also_matched times_daily times_daily_population
"""


@flattened("dose", tuple(_KEYS.split()))
class CheckRow(Record):
    """One order against one posology.

    Amounts are exact and in the unit of ``dose``, per its ``per``. What is None is not known, not
    given by the source, or does not come in.
    """

    #: The dose of the posology for this patient: its ends are the limits of the order.
    dose: DoseRow
    order: Annotated[str, "The order as it was written."]
    verdict: Annotated[Verdict, "The verdict of the order against this posology."]
    message: Annotated[str, "The verdict and its reasons in words."]
    code: Annotated[
        str | None,
        "Why it is refused or of a wrong frequency: a short name that scripts can rely on.",
    ] = None
    ordered: Annotated[Decimal | None, "The ordered amount, in unit per per of the posology."] = (
        None
    )
    per_basis_ordered: Annotated[
        Decimal | None, "ordered for one kg or m2; a quotient without an end is rounded."
    ] = None
    deviation: Annotated[
        Decimal | None,
        "Distance to the end that was passed, negative below it; null where none was.",
    ] = None
    deviation_percent: Annotated[
        Decimal | None, "The same in per cent of that end, rounded half up to 0.01."
    ] = None
    dispensable: Annotated[
        bool | None,
        "Whether whole units make one dose of the order; null where there is no product to make "
        "it of.",
    ] = None
    nearest: Annotated[
        Nearest | None,
        "The amounts next to one dose that whole units make, where they do not make it.",
    ] = None

    matched: Matched = None
    protocol: Protocol = None
    step: StepNumber = None
    also_matched: AlsoMatched = ()
    #: Whether its verdict may count: that of a posology that answers unasked, or is for children.
    decides: bool = True
    #: Whether it is within its limits as a dose that a hospital's own rule rounded.
    locally_rounded: bool = False

    @property
    def percent_off(self) -> Decimal:
        """How far it is from its limits in per cent of the end that was passed."""
        return abs(self.deviation_percent) if self.deviation_percent else Decimal()

    @property
    def rounds_to_units(self) -> bool:
        """Whether the order is an end of the range next to which whole units make a dose inside it.

        So it is with most doses by weight, as ``dose`` computes them: 69.85322498 mg, and 69.5 mg.
        """
        low, high, nearest = self.dose.low, self.dose.high, self.nearest
        if nearest is None or self.ordered not in (low, high):
            return False
        assert low is not None and high is not None
        return any(amount is not None and low <= amount <= high for amount in nearest)

    @property
    def drug(self) -> str:
        """Key of the drug."""
        return self.dose.drug

    @property
    def regimen(self) -> str:
        """Name of the posology."""
        return self.dose.regimen
