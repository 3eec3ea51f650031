"""What only one format needs is imported for that format only."""

from __future__ import annotations

import json
import sys

import pytest

LIST = """
import json, sys
from dmcalc.cli import main
sys.argv = ["dmcalc", *json.loads(sys.argv[1])]
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""
TAPER = ("taper", "prednisone", "--from", "60mg", "--start", "2026-12-01")


def loaded(run, *args):
    done = run("-c", LIST, json.dumps(args), program=(sys.executable,))
    assert done.code == 0
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    ("args", "needed"),
    [
        (("dose", "--weight", "70", "-f", "json"), set()),
        ((*TAPER, "-f", "csv"), set()),
        ((*TAPER, "-f", "svg"), set()),
        ((*TAPER, "--plot"), set()),
        (("taper", "--help"), set()),
        ((*TAPER, "-f", "ics"), {"icalendar"}),
        ((*TAPER, "-f", "html"), {"jinja2"}),
    ],
)
def test_a_format_imports_its_own_library_only(run, args, needed):
    modules = loaded(run, *args)
    assert modules & {"jinja2", "icalendar", "rich"} == needed
    names = {"ics", "html", "svg", "plot"}
    other = {f"dmcalc.formats.{name}" for name in names - {args[-1].lstrip("-")}}
    assert not modules & other
