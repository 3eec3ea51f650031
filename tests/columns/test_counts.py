"""What a run by columns says of its rows: the counts that the row path says of the same file."""

from __future__ import annotations

import contextlib
from dataclasses import asdict
from types import SimpleNamespace

import duckdb
import pytest

from dmcalc.batch.answers import Doses
from dmcalc.batch.request import BatchFiles, BatchRequest
from dmcalc.batch.run import run
from dmcalc.batch.writer import BatchCounts
from dmcalc.columns import run as columns_run
from dmcalc.columns.inputs import ColumnsRequest
from dmcalc.columns.run import ColumnCounts, run_columns

from .proof import GUIDE, LOADED, Silent, Way

#: Files, and what of their answers is warned of and outside its limits.
DOSES = {
    "no warning": ("weight\n70\n80\n70\n", 0),
    "unusual weights": ("weight,confirm_weight\n70,\n310,true\n310,true\n", 2),
    "rows without an answer": ("id,weight\n1,70\n2,\n,\n3,heavy\n4,70,9\n,\n", 0),
    "a rule that warns": ("weight,condition\n70,live-vaccine\n80,\n", 1),
    "several posologies": ("weight,drug\n70,methotrexate\n80,prednisone\n", 0),
}
ORDERS = {
    "doses within and over": (
        "weight,drug,order\n80,prednisone,60 mg daily\n80,prednisone,90 mg daily\n",
        *(0, 1),
    ),
    "a rule and a weight that warn": (
        "weight,drug,order,condition,confirm_weight\n310,prednisone,80 mg daily,,true\n"
        "80,prednisone,60 mg daily,live-vaccine,\n80,prednisone,60 mg daily,,\n",
        *(2, 0),
    ),
}


def counts_of_rows(folder, content, *, check):
    """Return what rows count, by name."""
    source, drug = folder / "in.csv", None if check else ["prednisone"]
    if not check and "drug" in content:
        drug = None
    source.write_text(content)
    request = BatchRequest(
        input_format="csv", format="csv", as_of="2026-11-29", check=check, drug=drug
    )
    files = BatchFiles(str(source), str(folder / "rows.csv"), str(folder / "no.csv"), quiet=True)
    return asdict(run(LOADED, GUIDE, request, files, Silent())), drug


def by_columns(source, drug, *, check, output="columns.csv"):
    way = Way(check=check).answerer()
    if drug:
        way = type(way)(LOADED, GUIDE, tuple(drug))
    target, rejects = source.with_name(output), source.with_name(f"no-{output}")
    request = ColumnsRequest(str(source), str(target), str(rejects), quiet=True)
    return run_columns(LOADED, GUIDE, way, request, {}, print)


@pytest.mark.parametrize("of", [*DOSES, *ORDERS])
def test_rows_are_counted_as_by_rows(tmp_path, of):
    content, warned, *refused = DOSES.get(of) or ORDERS[of]
    expected, drug = counts_of_rows(tmp_path, content, check=of in ORDERS)
    assert [expected["warned"], expected["refused"]] == [warned, *(refused or [0])]
    counts = asdict(by_columns(tmp_path / "in.csv", drug, check=of in ORDERS))
    assert counts.pop("skipped") == 0
    assert counts == expected


def test_the_files_of_a_folder_are_counted_together(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    names = "id,weight,confirm_weight\n"
    (folder / "a.csv").write_text(f"{names}1,70,\n2,310,true\n,,\n3,heavy,\n")
    (folder / "b.csv").write_text(f"{names}1,310,true\n2,1000,\n,,\n")
    total = by_columns(folder, ["prednisone"], check=False, output="out")
    assert asdict(total) == {
        **dict.fromkeys(asdict(total), 0),
        **{"rows": 7, "answered": 3, "rejected": 2, "blank": 2, "written": 3, "warned": 2},
        "others": {},
    }
    total = ColumnCounts(skipped=3)
    for _ in range(2):
        total.add(BatchCounts(20, 10, 4, 6, 12, 3, 2))
    assert total == ColumnCounts(40, 20, 8, 12, 24, 6, 4, skipped=3)
    assert total.sentence().endswith("; 24 rows out; 3 files answered before")


def test_a_decimal_comma_of_a_file_with_semicolons_is_read(tmp_path):
    (tmp_path / "in.csv").write_text("id;weight\n1;70,5\n2;60\n")
    by_columns(tmp_path / "in.csv", ["prednisone"], check=False)
    query = f"SELECT weight_kg FROM '{tmp_path / 'columns.csv'}' ORDER BY id"
    assert [float(kg) for (kg,) in duckdb.execute(query).fetchall()] == [70.5, 60]


@pytest.mark.parametrize("quiet", [False, True])
@pytest.mark.parametrize("terminal", [False, True])
def test_an_engine_draws_its_progress_on_a_terminal_alone(tmp_path, monkeypatch, quiet, terminal):
    drawn = []

    def connected(request, folder, *, shown):
        drawn.append(shown)
        return contextlib.nullcontext()

    module = SimpleNamespace(connected=connected)
    monkeypatch.setattr(columns_run, "import_module", lambda name: module)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal, raising=False)
    columns_run._connected(ColumnsRequest("in", "out", quiet=quiet), tmp_path)
    assert drawn == [terminal and not quiet]


@pytest.mark.parametrize("options", [{}, {"quiet": True}])
def test_a_run_says_what_it_understood_unless_it_is_to_be_quiet(tmp_path, options):
    (tmp_path / "in.csv").write_text("id,weight\n1,70\n")
    said = []
    request = ColumnsRequest(str(tmp_path / "in.csv"), str(tmp_path / "o.parquet"), **options)
    run_columns(LOADED, GUIDE, Doses(LOADED, GUIDE, ("prednisone",)), request, {}, said.append)
    assert len(said) == (0 if options else 1)
