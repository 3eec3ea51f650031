"""What a command reads of a patient."""

from __future__ import annotations

import pytest

from dmcalc.patient.inputs import PatientInput
from dmcalc.patient.reader import PatientRequest


@pytest.fixture
def entered(loaded):
    def entered(command="dose", drugs=(), **facts):
        return PatientRequest(loaded, PatientInput(**facts)).read(command, drugs)

    return entered
