"""Orders held against the bundled table."""

import pytest

from dmcalc.order.check import check
from dmcalc.order.parse import read_order


@pytest.fixture
def checked(loaded, person):
    """Check an order of a drug for a patient."""

    def checked(drug, order, weight=None, *, severity=None, bsa=None, **more):
        who = person(weight, severity, **({"bsa": bsa} if bsa else {}))
        return check(loaded, who, drug, read_order(order), **more)

    return checked


@pytest.fixture
def only(checked):
    """Check an order against the one base posology of a drug, or of a phase."""

    def only(*args, **more):
        (row,) = checked(*args, **more).rows
        return row

    return only
