"""The columns of an answer: the same whatever is asked, and as wide as each number, or none."""

from __future__ import annotations

import duckdb
import pytest

from dmcalc.batch.answers import Doses, Orders
from dmcalc.columns.answers import CHECK_COLUMNS, DOSE_COLUMNS, _fits
from dmcalc.columns.inputs import ColumnsRequest
from dmcalc.columns.run import run_columns
from dmcalc.columns.sheet import AMOUNT, DOSE, WORD
from dmcalc.columns.tree import Tree
from dmcalc.errors import TableError
from dmcalc.quantities.amount import Rate

from .proof import GUIDE, LOADED

TREE = Tree()


@pytest.fixture
def kinds(tmp_path):
    """Answer a query, and return the types of the columns of the answer."""

    def kinds(query, answerer, loaded=LOADED):
        source, output = tmp_path / "in.parquet", tmp_path / "out.parquet"
        duckdb.execute(f"COPY ({query}) TO '{source}'")
        request = ColumnsRequest(str(source), str(output), str(tmp_path / "no.parquet"), quiet=True)
        run_columns(loaded, GUIDE, answerer, request, {}, print)
        described = duckdb.execute(f"DESCRIBE SELECT * FROM '{output}'").fetchall()
        return {name: kind.replace(",", ", ") for name, kind, *_ in described}

    return kinds


def plain(columns):
    return {name: "VARCHAR" if kind == WORD else kind for name, kind in columns.items()}


@pytest.mark.parametrize(
    ("drug", "order"),
    [("prednisone", "60 mg daily"), ("prednisone", "as before"), ("none such", "60 mg daily")],
)
def test_a_check_has_the_same_columns_where_no_order_can_be_read(kinds, drug, order):
    """Who puts the answers of many wards together finds no column of another type in one."""
    query = f"SELECT 70 AS weight, '{drug}' AS drug, '{order}' AS \"order\""
    passed = {"order": "VARCHAR"}  # which the check does not hold, and is read back with it
    assert kinds(query, Orders(LOADED, GUIDE, None)) == passed | plain(CHECK_COLUMNS)


def test_an_answer_is_read_back_as_the_same_patient(call, tmp_path):
    """A child of 9 years has 1 to 2 mg/kg; by 30 kg alone it would be an adult."""
    duckdb.execute(f"COPY (SELECT 1 AS id, 30 AS weight, 9 AS age) TO '{tmp_path}/in.parquet'")
    words = ("--drug", "prednisone", "--keep", "id", "-o", "one.parquet")
    assert call("batch", "in.parquet", *words, cwd=tmp_path).code == 0
    words = ("--keep", "id", "-o", "two.parquet")
    assert call("batch", "one.parquet", *words, cwd=tmp_path).code == 0
    files = (f"SELECT * FROM '{tmp_path}/{name}.parquet'" for name in ("one", "two"))
    one, two = (duckdb.execute(query).fetchall() for query in files)
    assert one == two
    assert one[0][1] == 9


def test_a_dose_has_the_columns_that_are_promised(kinds):
    assert kinds("SELECT 70 AS weight", Doses(LOADED, GUIDE, ("prednisone",))) == plain(
        DOSE_COLUMNS
    )


@pytest.mark.parametrize(
    ("places", "most", "kind", "fits"),
    [
        (14, 9_999, DOSE, True),
        (15, 9, DOSE, False),  # a decimal would be dropped
        (0, 9_999, DOSE, True),
        (0, 10_000, DOSE, False),  # there is no room for its first figure
        (18, 10**20 - 1, AMOUNT, True),
        (19, 9, AMOUNT, False),
        (0, 10**20, AMOUNT, False),
        (0, 10**20, "BIGINT", True),
    ],
)
def test_a_number_that_a_column_has_no_room_for_is_refused(places, most, kind, fits):
    term = TREE.column("low", places, most)
    if fits:
        _fits("low", term, kind)
    else:
        with pytest.raises(TableError, match=f"low may have {term.digits} digits") as refused:
            _fits("low", term, kind)
        assert "rows" in refused.value.hint


def test_a_dose_that_its_column_has_no_room_for_ends_the_run_without_a_file(kinds, tmp_path):
    drug = LOADED.table.drugs["prednisone"]
    regimen = drug.regimens[0]._replace(dose=Rate.parse("99-100 mg/kg/day"), max=None)
    drugs = {**LOADED.table.drugs, "prednisone": drug._replace(regimens=(regimen,))}
    loaded = LOADED._replace(table=LOADED.table._replace(drugs=drugs))
    doses = Doses(loaded, GUIDE, ("prednisone",))
    with pytest.raises(TableError, match="high may have 5 digits"):
        kinds("SELECT 100 AS weight", doses, loaded)
    assert not (tmp_path / "out.parquet").exists()
    assert kinds("SELECT 99 AS weight", doses, loaded) == plain(DOSE_COLUMNS)
