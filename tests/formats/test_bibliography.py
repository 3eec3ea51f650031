"""A bibliography as other programs read it: BibTeX by its parser, CSL-JSON by its rules."""

from __future__ import annotations

import json
import re

import pytest
from pybtex.database import parse_string

from dmcalc.formats.bibtex import escaped

#: The names of CSL 1.0.2 that are used here; a value of any other kind is a fault.
TEXTS = {"id", "title", "container-title", "volume", "issue", "page", "DOI", "PMCID", "URL", "note"}
TYPES = {"article-journal", "webpage", "document"}


@pytest.fixture(scope="module")
def rows(call):
    return call("refs", "--format", "json").json["rows"]


def test_a_parser_reads_every_entry_as_it_is_in_the_table(call, rows):
    found = parse_string(call("refs", "--format", "bibtex").stdout, "bibtex").entries
    assert list(found) == [row["key"] for row in rows]
    for row in rows:
        entry = found[row["key"]]
        assert plain(entry.fields["title"]) == row["title"]
        assert entry.fields.get("doi") == row["doi"]
        assert entry.fields.get("url") == row["url"]
        assert entry.fields.get("year") == (str(row["year"]) if row["year"] else None)
        assert bool(entry.persons) == (row["authors"] is not None)


def plain(text):
    """Return a title as TeX sets it: without its braces, each escaped character for itself."""
    return re.sub(r"\\([&%$#_{}])", r"\1", text.removeprefix("{").removesuffix("}"))


def test_authors_are_taken_apart_only_where_each_has_initials(call):
    text = call("refs", "kohsaka-2018", "johns-hopkins", "bsr-2022", "--format", "bibtex").stdout
    assert "author = {Kohsaka, H and Mimori, T and Kanda, T and Shimizu, J and " in text
    assert " and Ohta, A and Sumida, T}" in text
    assert "author = {{Johns Hopkins Myositis Center}}" in text
    assert "author = {Oldroyd, AGS and Lilleker, JB and Amin, T and Aragon, O and " in text
    assert "Bechman, K and Cuthbert, V and others}" in text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("R&D, 50%", r"R\&D, 50\%"),
        ("a_b #1 {c}", r"a\_b \#1 \{c\}"),
        ("~^\\$", r"\textasciitilde{}\textasciicircum{}\textbackslash{}\$"),
        ("Müller – β", "Müller – β"),
    ],
)
def test_what_is_a_command_in_tex_is_escaped(text, written):
    assert escaped(text) == written


def test_csl_items_have_the_shape_that_programs_exchange(call, rows):
    items = json.loads(call("refs", "--format", "csl").stdout)
    assert [item["id"] for item in items] == [row["key"] for row in rows]
    for item in items:
        assert item["type"] in TYPES
        assert all(isinstance(item[key], str) for key in item.keys() & TEXTS)
        assert item.keys() <= TEXTS | {"type", "author", "issued", "accessed"}
        for name in item.get("author", []):
            assert name.keys() in ({"literal"}, {"family", "given"})
        if "issued" in item:
            ((year,),) = item["issued"]["date-parts"]
            assert 1900 < year < 2100


def test_the_text_of_a_work_names_its_year_all_its_authors_and_the_day_of_access(call):
    text = " ".join(call("refs", "--page", "--width", "500").stdout.split())
    assert "CONTINUUM: Lifelong Learning in Neurology 25(6), 1564-1585. 2019. doi:" in text
    assert "Musculoskeletal Disease 12, 1759720X19886494. 2020. doi:" in text
    assert "Wulffraat N, McCann LJ, et al. Consensus-based" in text
    assert "McHugh N, Betteridge ZE, New P, Cooper RG, Ollier WE, Lamb JA, Krogh NS" in text
    assert "Lundberg IE, Chinoy H. The EuroMyositis" in text
    assert "dermatomyositis-lifestyle-options Last accessed 2021-07-19." in text
    assert "diet-and-nutrition/ Last accessed 2021-10-18." in text


def test_a_list_of_sources_names_the_first_authors_and_the_year(call):
    text = " ".join(call("care", "--sources").stdout.split())
    assert "Lilleker JB, Vencovsky J, Wang G, et al. The EuroMyositis" in text
    assert "1564-1585. 2019. doi:" in text


def test_a_day_of_access_goes_to_programs_too(call):
    keys = ("johns-hopkins", "oddis-2018", "glaubitz-2020")
    text = call("refs", *keys, "--format", "bibtex").stdout
    assert "urldate = {2021-07-19}" in text
    items = json.loads(call("refs", *keys, "--format", "csl").stdout)
    found = {item["id"]: item for item in items}
    assert found["johns-hopkins"]["accessed"] == {"date-parts": [[2021, 7, 19]]}
    # a work with a DOI in a journal is an article, also where its volume is not known
    assert "@article{oddis-2018" in text
    assert found["oddis-2018"]["type"] == "article-journal"
    assert found["glaubitz-2020"]["page"] == "1759720X19886494"


def test_only_a_bibliography_has_these_formats(call):
    for form in ("bibtex", "csl"):
        done = call("drugs", "--format", form)
        assert done.code == 2
        assert f"the format {form} is for refs" in done.stderr
        assert done.stdout == ""


def test_the_page_has_its_eleven_references_in_order(call):
    rows = call("refs", "--page", "--format", "json").json["rows"]
    assert [row["number"] for row in rows] == list(range(1, 12))
    assert rows[3]["key"] == "goyal-2019"
    assert rows[3]["uses"] > 20
    assert "table.drugs.prednisone.regimens.0" in rows[3]["used_in"]


def test_a_key_that_there_is_not_is_refused(call):
    done = call("refs", "goyal-2018")
    assert done.code == 3
    assert "goyal-2019" in done.stderr
