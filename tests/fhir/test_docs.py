"""The examples of docs/fhir.md print what stands there, and its list of findings is whole."""

from __future__ import annotations

import re

import pytest

from dmcalc.fhir.findings import SEVERITIES
from tests.test_readme import as_dmcalc, examples, matches

from ..conftest import ROOT
from .conftest import EXAMPLES

PAGE = (ROOT / "docs" / "fhir.md").read_text(encoding="utf-8")
SHOWN = [(as_dmcalc(e.command), e.output) for e in examples(PAGE)]


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_an_example_prints_what_the_page_shows(shell, tmp_path, command, output):
    order = EXAMPLES / "hl7-r4-medrx0303-prednisone-taper.json"
    (tmp_path / "medrx0303.json").write_bytes(order.read_bytes())
    done = shell(f"{command} 2>&1", cwd=tmp_path)
    assert matches(output, done.stdout), f"$ {command}\n{done.stdout}"


def test_every_finding_stands_on_the_page_with_its_severity():
    listed = {}
    for severity, names in re.findall(r"^\| (\w+)[^|]* \| ([a-z, -]+) \|$", PAGE, re.MULTILINE):
        if severity in set(SEVERITIES.values()):
            listed.update(dict.fromkeys(names.split(", "), severity))
    assert listed == SEVERITIES
