"""The table that dmcalc carries, and short ways to ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import dmcalc
from dmcalc.dosing.dose import dose
from dmcalc.patient import patient

if TYPE_CHECKING:
    from collections.abc import Callable

    from dmcalc.dosing.dose import DoseResult
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.patient.patient import Patient
    from dmcalc.table.model.table import LoadedTable


@pytest.fixture(scope="session")
def loaded() -> LoadedTable:
    """The bundled table."""
    return dmcalc.load_table()


@pytest.fixture(scope="session")
def person(loaded: LoadedTable) -> Callable[..., Patient]:
    """Make a patient: a weight as text, then what else is known."""

    def make(weight: str | None = None, severity: str | None = None, **more: str) -> Patient:
        return patient.read(
            loaded.table.limits, weight=weight, severity=severity, confirm_weight=True, **more
        )

    return make


@pytest.fixture(scope="session")
def doses(loaded: LoadedTable, person: Callable[..., Patient]) -> Callable[..., DoseResult]:
    """Compute doses of the named drugs for a patient."""

    def compute(*names: str, alternatives: bool = False, **who: str) -> DoseResult:
        return dose(loaded, person(**who), names, alternatives=alternatives)

    return compute


@pytest.fixture(scope="session")
def row(doses: Callable[..., DoseResult]) -> Callable[..., DoseRow]:
    """Compute one regimen, named like ``prednisone.induction``."""

    def find(regimen: str, **who: str) -> DoseRow:
        result = doses(regimen.partition(".")[0], alternatives=True, **who)
        (found,) = [row for row in result.rows if row.regimen == regimen]
        return found

    return find
