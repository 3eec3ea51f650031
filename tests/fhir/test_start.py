"""Only what needs orders of FHIR imports what reads and writes them."""

from __future__ import annotations

import sys

import pytest

PROGRAM = """
import sys
from dmcalc.cli import main
try:
    main()
except SystemExit:
    pass
print([name for name in sys.modules if name.startswith("dmcalc.fhir")], file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("args", "imported"),
    [
        (("dose", "prednisone", "--weight", "70"), False),
        (("check", "prednisone", "60 mg daily", "--weight", "70"), False),
        (("taper", "prednisone", "--from", "60mg", "--format", "json"), False),
        (("taper", "prednisone", "--from", "60mg", "--format", "fhir"), True),
        (("verify", "--sig", "20 mg daily for 7 days"), True),
    ],
    ids=str,
)
def test_a_start_imports_it_where_it_is_asked_for(run, args, imported):
    done = run(*args, program=(sys.executable, "-c", PROGRAM))
    assert ("dmcalc.fhir" in done.stderr.splitlines()[-1]) == imported
