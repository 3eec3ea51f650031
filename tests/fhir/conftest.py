"""What the tests of FHIR orders share: the data, and a verifier made once."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from dmcalc.fhir.verify import Verifier
from dmcalc.formulary import load

HERE = Path(__file__).parent
FAULTS, EXAMPLES = HERE / "faults", HERE / "examples"


@pytest.fixture(scope="session")
def verifier():
    """A verifier with the bundled table."""
    return Verifier(load(None, ()), strict=False)


@pytest.fixture(scope="session")
def verify(verifier):
    """Verify one resource, and return the order."""
    return verifier.resource


def order(name="ok1-r4-taper"):
    """Return one of the orders of our own making, to be changed."""
    return copy.deepcopy(json.loads((FAULTS / f"{name}.json").read_bytes()))


def dosage(resource, number=0):
    """Return a dosage of an order, to be changed."""
    return resource["dosageInstruction"][number]


def repeat(resource, number=0):
    """Return the repeat of a dosage, to be changed."""
    return dosage(resource, number)["timing"]["repeat"]


def codes(verified, *severities):
    """Return the codes that were found, of some severities."""
    return {f.code for f in verified.findings if not severities or f.severity in severities}


def judged(verified):
    """Return the codes that bear on the verdict."""
    return codes(verified, "error", "unclear")
