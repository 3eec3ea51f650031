"""The types of what rows say of the dosing weight; null where it is not per kg, or none was chosen.

Only a schema reads them: where answers are computed they are imported for the type checker alone.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from dmcalc.patient.document import WeightKind

DosingWeightKg = Annotated[
    Decimal | None,
    "The weight in kg that the dose goes by; null where it is not per kg, or none was chosen.",
]
WeightBasis = Annotated[
    WeightKind | None, "Of which kind it is. What is for one kg is for one kg of it."
]
WeightPolicy = Annotated[str | None, "Key of the policy that was chosen."]
LowActual = Annotated[Decimal | None, "low by the actual weight."]
HighActual = Annotated[Decimal | None, "high by the actual weight."]
SavedLow = Annotated[Decimal | None, "How much less low is than low_actual."]
SavedHigh = Annotated[Decimal | None, "How much less high is than high_actual."]
