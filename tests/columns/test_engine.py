"""``dmcalc batch --engine duckdb``: the answers and rejects of the row path, in whole files."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from decimal import Decimal
from itertools import product

import duckdb
import pytest

from dmcalc.batch.answers import COLUMNS, Orders, RowInput
from dmcalc.columns import answers
from dmcalc.columns import run as columns_run
from dmcalc.columns.duckdb_engine import DuckDb
from dmcalc.columns.inputs import ColumnsRequest
from dmcalc.errors import DmcalcError
from dmcalc.quantities.amount import Rate
from tests.chance import SEED
from tests.conftest import ROOT

from . import proof

#: Weights at their limits, beside those at which prednisone meets its caps, and in pounds.
WEIGHTS = ("29.999", "30", "60", "76.8", "79.999", "80", "80.001", "106.7", "300", "154.1234lb", "")
KIDNEYS = ("9.9", "10", "24.9", "25", "29.9999", "30", "50", "50.1", "59.9", "60", "")
OFTEN = {
    "day": "daily",
    "week": "once weekly",
    "course": "over 2 days",
    "dose": "as a single dose",
}
STEP = Decimal("0.000001")


def run(*words, cwd, expect=0):
    done = subprocess.run(
        [sys.executable, "-m", "dmcalc", "batch", *map(str, words)],
        cwd=cwd,
        capture_output=True,
        text=True,
    )
    assert done.returncode == expect, done.stderr
    return done


def run_with_rejects(source):
    """Dose prednisone for a file of which rows are rejected, into o.parquet and r.parquet."""
    words = ("--drug", "prednisone", "-o", "o.parquet", "--rejects", "r.parquet")
    return run(source, *words, cwd=source.parent, expect=4)


def table(query, path):
    duckdb.execute(f"COPY ({query}) TO '{path}'")
    return path


def read(path):
    return duckdb.execute(f"SELECT * FROM '{path}'").fetchall()


def column(path, name):
    return [row[0] for row in duckdb.execute(f"SELECT {name} FROM '{path}'").fetchall()]


@pytest.fixture
def patients(tmp_path):
    query = "SELECT range AS id, CAST(40 + range % 300 / 2 AS DECIMAL(6, 1)) AS weight_kg, 'mild' AS severity FROM range(1000)"  # noqa: E501
    return table(query, tmp_path / "patients.parquet")


@pytest.mark.parametrize("part", range(4))
def test_random_rows_are_answered_and_rejected_as_by_rows(tmp_path, part):
    """20,000 other rows each day, doses and checks; ``make columns-proof`` compares a million."""
    way = proof.USUAL[part % 2]
    values, found = proof.prove(SEED, part * 5_000, 5_000, tmp_path, [way])
    assert found == []
    assert values > 30_000


@pytest.mark.parametrize("way", proof.OTHERS)
def test_random_rows_are_answered_as_by_rows_in_other_ways(tmp_path, way):
    values, found = proof.prove(SEED, 0, 1_000, tmp_path, [way])
    assert found == []
    assert values > 100


def test_parquet_means_columns_and_says_what_it_was_made_from(patients, tmp_path):
    done = run(patients, "--drug", "prednisone", "-o", "d.parquet", cwd=tmp_path)
    assert "1,000 rows in = 1,000 answered + 0 rejected; 1,000 rows out" in done.stderr
    with duckdb.connect() as engine:
        made = DuckDb(engine, tmp_path).made_from(str(tmp_path / "d.parquet"))
    assert made["table_sha256"] == proof.LOADED.sha256
    assert made["guide_sha256"] == proof.GUIDE.sha256
    assert {"dmcalc", "engine", "options", "overlays_sha256", "input_sha256"} <= set(made)
    assert made["options"] == json.dumps(json.loads(made["options"]), sort_keys=True)
    kinds = duckdb.execute(f"DESCRIBE SELECT * FROM '{tmp_path / 'd.parquet'}'").fetchall()
    assert not any("DOUBLE" in kind for _, kind, *_ in kinds)
    assert "prednisone.induction" in column(tmp_path / "d.regimens.parquet", "regimen")
    assert "azathioprine-febuxostat" in column(tmp_path / "d.rules.parquet", "rule")
    assert not list(tmp_path.glob(".*"))


def test_a_csv_stays_with_rows_unless_columns_are_asked_for(tmp_path):
    (tmp_path / "in.csv").write_text("id,weight\n1,70\n2,\n,\n3,70.1234\n")
    words = ("in.csv", "--drug", "prednisone", "-o", "out.csv", "--allow-rejects")
    run(*words, cwd=tmp_path)
    by_rows = (tmp_path / "out.csv").read_text().splitlines()[0]
    done = run(*words, "--engine", "duckdb", cwd=tmp_path)
    assert "4 rows in = 2 answered + 1 rejected + 1 blank; 2 rows out" in done.stderr
    assert (tmp_path / "out.csv").read_text().splitlines()[0] != by_rows
    # 0.75 mg/kg of 70.1234 kg: no decimal is dropped
    assert len(column(tmp_path / "out.csv", "low")) == 2
    assert ",52.59255000000000," in (tmp_path / "out.csv").read_text()


def test_a_ragged_row_is_a_reject_and_an_open_quote_an_error(tmp_path):
    (tmp_path / "in.csv").write_text("id,weight\n1,70\n2,71,9\n3,72\n")
    words = ("in.csv", "--engine", "duckdb", "--drug", "prednisone", "-o", "out.parquet")
    run(*words, "--rejects", "r.csv", cwd=tmp_path, expect=4)
    assert sorted(column(tmp_path / "out.parquet", "weight_kg")) == [Decimal(70), Decimal(72)]
    assert "it has 3 cells, and the header 2" in (tmp_path / "r.csv").read_text()
    (tmp_path / "open.csv").write_text('id,weight\n1,70\n2,"71\n3,72\n')
    done = run("open.csv", *words[1:-1], "o.parquet", cwd=tmp_path, expect=7)
    assert "a quote that opens here is not closed" in done.stderr
    assert not (tmp_path / "o.parquet").exists()


@pytest.mark.parametrize("text", ["7e1", "1_000", "+70", "heavy", "-70"])
def test_texts_of_weights_are_read_as_by_rows(tmp_path, text):
    source = table(f"SELECT '{text}' AS weight", tmp_path / "in.parquet")
    run_with_rejects(source)
    assert read(tmp_path / "o.parquet") == []
    assert f"the weight '{text}' cannot be read" in read(tmp_path / "r.parquet")[0][2]


def test_a_binary_weight_has_its_shortest_decimals_and_no_more_than_three(tmp_path):
    query = "SELECT unnest([70.1, 30.1, 70.12345, 1/3])::DOUBLE AS weight"
    source = table(query, tmp_path / "in.parquet")
    run_with_rejects(source)
    assert sorted(column(tmp_path / "o.parquet", "low")) == [Decimal("22.575"), Decimal("52.575")]
    reasons = column(tmp_path / "r.parquet", "reason")
    assert len(reasons) == 2
    assert all("more than 3 decimals" in reason for reason in reasons)


def test_a_binary_weight_of_single_precision_has_its_own_shortest_decimals(tmp_path):
    query = "SELECT unnest([70.1, 82.345, 70.12345])::FLOAT AS weight, 1.5::FLOAT AS creat"
    source = table(query, tmp_path / "in.parquet")
    words = ("--drug", "prednisone", "--keep", "weight,creat", "--ignore-column", "creat")
    run(source, *words, "-o", "o.parquet", "--rejects", "r.parquet", cwd=tmp_path, expect=4)
    weights = sorted(column(tmp_path / "o.parquet", "weight_kg"))
    assert weights == [Decimal("70.1"), Decimal("82.345")]
    (reason,) = column(tmp_path / "r.parquet", "reason")
    assert reason.startswith("weight: 70.12345 is a binary number of more than 3 decimals")


def test_a_time_stamp_at_midnight_is_a_date(tmp_path):
    query = "SELECT 70 AS weight, unnest(['1950-03-01', '1950-03-01 13:00'])::TIMESTAMP AS dob"
    source = table(query, tmp_path / "in.parquet")
    run_with_rejects(source)
    assert column(tmp_path / "o.parquet", "low") == [Decimal("52.5")]
    (reason,) = column(tmp_path / "r.parquet", "reason")
    assert "'1950-03-01T13:00:00' is not a date" in reason


def test_a_binary_weight_of_any_size_is_one_reject_and_stops_no_other_row(tmp_path):
    query = "SELECT unnest([70, 1e30, 1e308, 'inf'::DOUBLE])::DOUBLE AS weight"
    source = table(query, tmp_path / "in.parquet")
    run_with_rejects(source)
    assert column(tmp_path / "o.parquet", "low") == [Decimal("52.5")]
    assert len(column(tmp_path / "r.parquet", "reason")) == 3


def test_where_no_order_can_be_read_each_is_a_reject(tmp_path):
    query = "SELECT 'A' AS ward, 70 AS weight, 'prednisone' AS drug, 'as before' AS \"order\""
    source = table(query, tmp_path / "in.parquet")
    words = ("--check", "-o", "o.parquet", "--rejects", "r.parquet")
    run(source, *words, cwd=tmp_path, expect=4)
    assert read(tmp_path / "o.parquet") == []
    assert column(tmp_path / "o.parquet", "ward") == column(tmp_path / "o.parquet", "verdict") == []
    assert "'as' is not an amount" in column(tmp_path / "r.parquet", "reason")[0]


def test_what_rows_alone_compute_is_a_reject_for_rows(tmp_path):
    query = "SELECT '70' AS weight, unnest(['170', NULL]) AS height"
    source = table(query, tmp_path / "in.parquet")
    run_with_rejects(source)
    ((_, code, reason, *_),) = read(tmp_path / "r.parquet")
    assert code == "for-rows"
    assert "--engine rows" in reason


def test_whole_units_are_for_rows(patients, tmp_path):
    done = run(patients, "-o", "o.parquet", "--stock", "5 mg", cwd=tmp_path, expect=2)
    assert "--engine rows" in done.stderr


def test_a_folder_gives_a_file_each_and_resume_passes_over_those_that_are_there(patients, tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.parquet").write_bytes(patients.read_bytes())
    words = (folder, "--drug", "prednisone", "-o", out, "--resume")
    done = run(*words, cwd=tmp_path)
    assert "2,000 rows in = 2,000 answered + 0 rejected; 2,000 rows out" in done.stderr
    first = (out / "a.parquet").stat().st_mtime_ns
    (out / "b.parquet").write_bytes(b"PAR1 cut off")
    done = run(*words, cwd=tmp_path)
    assert "1,000 rows in" in done.stderr
    assert "1 files answered before" in done.stderr
    assert (out / "a.parquet").stat().st_mtime_ns == first
    assert len(read(out / "b.parquet")) == 1000
    run(*words[:2], "azathioprine", *words[3:], cwd=tmp_path)  # another request, other answers
    assert (out / "a.parquet").stat().st_mtime_ns != first


def test_without_duckdb_it_says_what_to_install_and_writes_nothing(patients, tmp_path):
    code = (
        "import sys; sys.modules['duckdb'] = None; sys.argv = ['dmcalc', 'batch', "
        f"'{patients}', '-o', 'o.parquet']; from dmcalc.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert 'pip install "dmcalc[columns]"' in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["patients.parquet"]


def test_killed_at_any_moment_it_leaves_a_whole_file_or_none(tmp_path):
    query = (
        "SELECT range AS id, CAST(40 + range % 300 / 25 AS DECIMAL(6, 2)) AS weight_kg, 'mild' AS "
        "severity, md5(range::VARCHAR) AS note FROM range(200000)"
    )
    source = table(query, tmp_path / "in.parquet")
    words = [sys.executable, "-m", "tests.columns.killed", str(source), str(tmp_path)]
    subprocess.run(words, check=True, cwd=ROOT)
    there = sorted(path.name for path in tmp_path.glob("?*.parquet") if path != source)
    answers = [name for name in there if name.count(".") == 1]
    assert "whole.parquet" in answers
    assert len(answers) < 11
    for name in answers:
        counted = duckdb.execute(f"SELECT count(*) FROM '{tmp_path / name}'").fetchone()
        assert counted == (200_000,)


def around(end):
    """Return an amount and those next to it, None for none."""
    return () if end is None else (end - STEP, end, end + STEP)


def edges():
    """Yield orders beside each end and cap of a dose, for weights beside the edges of caps."""
    doses_of = proof.Way(check=False).answerer()
    for drug, weight in product(proof.DRUGS, WEIGHTS):
        facts = {"drug": drug, "weight": weight, "severity": "moderate", "bsa": "1.85"}
        row = RowInput.read([facts.get(name) for name in COLUMNS])
        try:
            doses = doses_of(row).rows
        except DmcalcError:
            doses = ()
        for dose in doses:
            ends = {a for end in (dose.low, dose.high, dose.cap_high) for a in around(end)}
            for amount in sorted(ends):
                order = f"{amount:f} {dose.unit} {OFTEN[dose.per]}"
                yield {**facts, "order": order}
    for drug, edge in product(("azathioprine", "methotrexate", "mycophenolate"), KIDNEYS):
        order = {"methotrexate": "10 mg once weekly", "mycophenolate": "1 g twice daily"}
        facts = {"drug": drug, "weight": "76.8", "order": order.get(drug, "50 mg daily")}
        yield {**facts, "egfr": edge}
        yield {**facts, "crcl": edge, "taking": "allopurinol"}
    # rounded to vials it is one posology, and as it stands it is within the other
    yield {"drug": "ivig", "weight": "30.894", "order": "60 g over 2 days"}
    whole = {"drug": "prednisone", "weight": "70", "order": "60 mg daily", "severity": "mild"}
    yield from ({**whole, name: ""} for name in whole)


@pytest.mark.parametrize("way", proof.USUAL)
def test_edges_are_answered_as_by_rows(tmp_path, way):
    source = tmp_path / "edges.csv"
    with source.open("w", newline="") as file:
        writer = csv.DictWriter(file, proof.NAMES)
        writer.writeheader()
        writer.writerows({**row, "id": str(number)} for number, row in enumerate(edges()))
    values, found = proof.compared(source, way)
    assert found == []
    assert values > 5_000


def test_the_statement_of_a_batch_holds_no_figure_of_the_table(tmp_path, monkeypatch):
    """Figures come in tables, read from the drug table; the text is the same for other ones."""
    texts = []

    def kept(*of):
        texts.append(answers.answers(*of))
        return texts[-1]

    monkeypatch.setattr(columns_run, "answers", kept)
    old = proof.LOADED.table.drugs["prednisone"]
    regimen = old.regimens[0]._replace(
        dose=Rate.parse("0.31-1 mg/kg/day"), max=Rate.parse("37-91 mg/day")
    )
    drugs = {**proof.LOADED.table.drugs, "prednisone": old._replace(regimens=(regimen,))}
    other = proof.LOADED._replace(table=proof.LOADED.table._replace(drugs=drugs))
    source = table("SELECT '70' AS weight, '1 mg/kg daily' AS \"order\"", tmp_path / "in.parquet")
    for number, loaded in enumerate((proof.LOADED, other)):
        target = str(tmp_path / f"{number}.parquet")
        orders = Orders(loaded, proof.GUIDE, "prednisone")
        request = ColumnsRequest(str(source), target, quiet=True)
        columns_run.run_columns(loaded, proof.GUIDE, orders, request, {}, print)
    assert re.sub(r"DECIMAL[^)]*[)]", "", texts[0]) == re.sub(r"DECIMAL[^)]*[)]", "", texts[1])
    assert column(tmp_path / "0.parquet", "low") == [Decimal("52.5")]
    assert column(tmp_path / "1.parquet", "low") == [Decimal("21.7")]


def test_the_audit_on_the_page_lists_orders_over_the_cap(tmp_path):
    page = (ROOT / "docs" / "columns.md").read_text()
    audit = re.search(r"```sql\n(COPY.*?)```", page, re.DOTALL)[1]
    copied, command, listing = re.split(r"-- (dmcalc batch .*)\n", audit)
    engine = duckdb.connect()
    engine.execute(f"SET file_search_path = '{tmp_path}'")
    engine.execute(
        """CREATE TABLE concept AS SELECT 1 AS concept_id, 'Prednisone' AS concept_name;
        CREATE TABLE measurement AS SELECT * FROM (VALUES (7, 9, 70.5::DOUBLE), (8, 9, 1/3))
        m(person_id, measurement_concept_id, value_as_number);
        CREATE TABLE drug_exposure AS SELECT * FROM (VALUES (1, 1, 7, '60 mg daily'),
        (2, 1, 7, '90 mg daily'), (3, 1, 8, '90 mg daily'))
        e(drug_exposure_id, drug_concept_id, person_id, sig)"""
    )
    copied = copied.replace(":body_weight", "9").replace(
        "'orders.parquet'", f"'{tmp_path}/orders.parquet'"
    )
    engine.execute(copied)
    run(*command.split()[2:], cwd=tmp_path, expect=4)
    found = engine.execute(
        listing.replace("'checked.parquet'", f"'{tmp_path}/checked.parquet'")
    ).fetchall()
    assert [(row[0], row[1], row[3], row[5]) for row in found] == [(2, "prednisone", 90, 80)]
    assert "more than 3 decimals" in column(tmp_path / "rejects.parquet", "reason")[0]


def test_other_commands_import_no_engine():
    code = "import sys, dmcalc, dmcalc.cli.batch, dmcalc.cli.sql; print('duckdb' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
