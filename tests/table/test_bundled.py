"""The table as it was built, and the YAML that it was built from."""

from __future__ import annotations

import hashlib
import shutil
import sys

import pytest

from dmcalc import table
from dmcalc.errors import FileError, TableError
from dmcalc.table import strict_yaml, validate
from tests.table.editing import YAML

bundled = pytest.importorskip("dmcalc.table._bundled", reason="built by make test")
BYTES = YAML.read_bytes()


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """Let dmcalc carry a copy of its table, which a test may change."""
    path = tmp_path / "drugs.yaml"
    shutil.copy(YAML, path)
    monkeypatch.setattr(table, "bundled_path", lambda: path)
    return path


def test_built_table_is_the_yaml_read_in_full():
    assert validate.loaded(BYTES, "drugs.yaml").table == bundled.loaded().table
    assert repr(table.read_checked(str(YAML)).table) == repr(bundled.loaded().table)


def test_built_table_knows_the_bytes_that_it_was_built_from():
    assert hashlib.sha256(BYTES).hexdigest() == bundled.loaded().sha256
    assert table.load().sha256 == bundled.loaded().sha256


def test_bundled_path_is_the_yaml_of_the_checkout():
    assert table.bundled_path().resolve() == YAML.resolve()


def test_bundled_table_is_not_read_again(copy, monkeypatch):
    monkeypatch.setattr(strict_yaml, "parse", lambda *_: pytest.fail("the YAML was parsed"))
    assert copy.read_bytes() == BYTES
    assert table.load().table is bundled.loaded().table


def test_with_one_byte_changed_the_yaml_counts(copy):
    copy.write_bytes(BYTES.replace(b"name: Prednisone\n", b"name: Prednisonf\n", 1))
    loaded = table.load()
    assert loaded.table.drugs["prednisone"].name == "Prednisonf"
    assert bundled.loaded().table.drugs["prednisone"].name == "Prednisone"
    assert loaded.sha256 == hashlib.sha256(copy.read_bytes()).hexdigest() != bundled.loaded().sha256


def test_with_a_byte_more_the_yaml_counts(copy):
    copy.write_bytes(BYTES + b"\n")
    loaded = table.load()
    assert loaded.table == bundled.loaded().table
    assert loaded.table is not bundled.loaded().table
    assert loaded.sha256 != bundled.loaded().sha256


def test_changed_yaml_is_checked_in_full(copy):
    copy.write_bytes(BYTES.replace(b"dose: 0.75-1 mg/kg/day", b"dose: 0.75-9 mg/kg/day", 1))
    with pytest.raises(TableError, match="is not in the quote"):
        table.load()


def test_missing_bundled_table_is_told(copy):
    copy.unlink()
    with pytest.raises(FileError, match="No such file or directory") as caught:
        table.load()
    assert caught.value.hint == "Install dmcalc again."


def test_without_a_build_the_yaml_is_read(copy, monkeypatch):
    monkeypatch.setitem(sys.modules, "dmcalc.table._bundled", None)
    loaded = table.load()
    assert loaded.table == bundled.loaded().table
    assert loaded.sha256 == bundled.loaded().sha256


def test_named_file_is_read_in_full_though_it_is_the_same(tmp_path, monkeypatch):
    path = tmp_path / "mine.yaml"
    path.write_bytes(BYTES)
    monkeypatch.setattr(validate, "loaded", lambda *read: read)
    assert table.load(str(path)) == (BYTES, str(path))


@pytest.mark.parametrize("drug", bundled.loaded().table.drugs)
def test_a_drug_has_products_in_each_market_or_says_why_not(drug):
    entry = bundled.loaded().table.drugs[drug]
    sold = {market for product in entry.products for market in product.markets}
    assert sold | set(entry.no_product) == {"US", "UK", "EU"}
    assert sold.isdisjoint(entry.no_product)


def test_a_product_of_one_country_of_the_union_says_which():
    table = bundled.loaded().table
    of_one = {
        product.id
        for drug in table.drugs.values()
        for product in drug.products
        if product.id.endswith("-de")
    }
    told = {p.id for d in table.drugs.values() for p in d.products if p.country == "Germany"}
    assert told == of_one
    assert len(told) == 6
