"""The guide as it was built, and its quotes, word for word in the documents it was made from."""

from __future__ import annotations

import hashlib

import pytest
import yaml

from dmcalc import guideline
from dmcalc.errors import TableError
from dmcalc.guideline import validate
from dmcalc.table import load as load_table
from tests.guideline.editing import TEXT, YAML
from tests.table.test_verbatim import PAGE, quotes_in, was_read

bundled = pytest.importorskip("dmcalc.guideline._bundled", reason="built by make test")
CITED = sorted(set(quotes_in(yaml.load(TEXT, yaml.CSafeLoader))))


def test_built_guide_is_the_yaml_read_in_full():
    content = YAML.read_bytes()
    loaded = validate.loaded(content, "guide.yaml", load_table().table)
    assert loaded.guideline == bundled.loaded().guideline
    assert hashlib.sha256(content).hexdigest() == bundled.loaded().sha256 == guideline.load().sha256


def test_the_guide_that_was_built_is_served_for_its_own_bytes_alone(tmp_path, monkeypatch):
    assert guideline.load() is bundled.loaded()
    assert guideline.facts_as_built() is bundled.FACTS_ASKED
    changed = tmp_path / "guide.yaml"
    changed.write_bytes(YAML.read_bytes() + b"\n")
    monkeypatch.setattr(guideline, "bundled_path", lambda: changed)
    assert guideline.facts_as_built() is None
    assert guideline.load().sha256 == hashlib.sha256(changed.read_bytes()).hexdigest()


def works_cited(part):
    """Yield the works that a part of the YAML cites, each time."""
    if isinstance(part, dict):
        cites = part.get("cite", ())
        for cite in cites if isinstance(cites, list) else [cites] if cites else ():
            yield from filter(None, (cite["source"], cite.get("primary")))
        for item in part.values():
            yield from works_cited(item)
    elif isinstance(part, list):
        for item in part:
            yield from works_cited(item)


def test_its_sources_are_those_it_cites_and_those_of_its_page():
    loaded = guideline.load()
    page = (loaded.guideline.care.page, *loaded.guideline.care.references)
    assert set(loaded.sources) == {*works_cited(yaml.load(TEXT, yaml.CSafeLoader)), *page}
    assert loaded.guideline.sources.keys() <= loaded.sources.keys()


@pytest.mark.skipif(not PAGE.exists(), reason="the documents are not beside this checkout")
@pytest.mark.parametrize(("source", "quote"), CITED)
def test_a_quote_stands_where_it_was_read(source, quote):
    assert was_read(source, quote)


def test_of_works_that_are_others_in_a_table_the_first_there_is_named():
    loaded, table = guideline.load(), load_table().table
    others = {key: work._replace(title="Another") for key, work in table.sources.items()}
    first = next(key for key in others if key in loaded.sources)
    with pytest.raises(TableError, match=f"the source '{first}' of the table is another work"):
        loaded.works(table._replace(sources=others))
