"""What holds for the files of pages: each stands alone."""

from __future__ import annotations

import re

from ..conftest import ROOT

PAGES = ROOT / "src" / "dmcalc" / "pages"


def test_pages_import_no_other_page():
    texts = {path.stem: path.read_text(encoding="utf-8") for path in PAGES.glob("[!_]*.py")}
    pages = {name for name, text in texts.items() if "\ndef page(" in text}
    assert len(pages) > 20
    for name in pages:
        taken = re.findall(r"dmcalc\.pages\.(\w+)|dmcalc\.pages import (.+)", texts[name])
        assert not {module for names in taken for module in names} & pages, name
