"""The list of findings in docs/fhir.md is whole."""

from __future__ import annotations

import re

from dmcalc.fhir.findings import SEVERITIES

from ..conftest import ROOT

PAGE = (ROOT / "docs" / "fhir.md").read_text(encoding="utf-8")


def test_every_finding_stands_on_the_page_with_its_severity():
    listed = {}
    for severity, names in re.findall(r"^\| (\w+)[^|]* \| ([a-z, -]+) \|$", PAGE, re.MULTILINE):
        if severity in set(SEVERITIES.values()):
            listed.update(dict.fromkeys(names.split(", "), severity))
    assert listed == SEVERITIES
