"""What holds for the files of pages: each stands alone, and cites its sources in their order."""

from __future__ import annotations

import re

import pytest

from ..conftest import ROOT

PAGES = ROOT / "src" / "dmcalc" / "pages"


def test_pages_import_no_other_page():
    texts = {path.stem: path.read_text(encoding="utf-8") for path in PAGES.glob("[!_]*.py")}
    pages = {name for name, text in texts.items() if "\ndef page(" in text}
    assert len(pages) > 20
    for name in pages:
        taken = re.findall(r"dmcalc\.pages\.(\w+)|dmcalc\.pages import (.+)", texts[name])
        assert not {module for names in taken for module in names} & pages, name


WEIGHED = ("--weight", "120", "--height", "170", "--sex", "male", "--weight-policy", "ontario")


@pytest.mark.parametrize(
    "arguments",
    [
        ("dose", "azathioprine", "ivig", *WEIGHED, "--taking", "allopurinol", "--egfr", "45"),
        ("check", "ivig", "160 g over 2 days", *WEIGHED, "--egfr", "45"),
        ("infusion", "ivig", *WEIGHED, "--egfr", "45", "--age", "70"),
    ],
)
def test_sources_are_numbered_in_the_order_in_which_they_are_read(call, arguments):
    page = call(*arguments, "--explain", "--width", "250").stdout.partition("\nSources\n")[0]
    marks = [int(n) for found in re.findall(r"\[([0-9, ]+)\]", page) for n in found.split(", ")]
    assert len(set(marks)) > 3
    assert list(dict.fromkeys(marks)) == sorted(set(marks))
