"""The rejects of a batch by columns that no file takes."""

from __future__ import annotations

from .test_engine import run, table


def test_where_no_file_takes_the_rejects_the_first_are_listed_as_by_rows(tmp_path):
    query = "SELECT CASE WHEN range % 2 = 0 THEN 'x' ELSE '70' END AS weight FROM range(30)"
    source = table(query, tmp_path / "in.parquet")
    words = ("--drug", "prednisone", "-o", "o.parquet", "--quiet")
    listed = run(source, *words, cwd=tmp_path, expect=4).stderr.splitlines()
    assert [line.partition(": the weight 'x' cannot be read.")[0] for line in listed] == [
        *(f"dmcalc: line {line}" for line in range(1, 21, 2)),
        "dmcalc: ... and more; --rejects FILE takes them all",
    ]
    folder = tmp_path / "in"
    folder.mkdir()
    table(f"{query} LIMIT 1", folder / "a.parquet")
    table(f"{query} LIMIT 1", folder / "b.parquet")
    listed = run(folder, *words[:3], "out", "--quiet", cwd=tmp_path, expect=4).stderr.splitlines()
    assert [line.partition(": the weight")[0] for line in listed] == [
        f"dmcalc: {folder / name}: line 1" for name in ("a.parquet", "b.parquet")
    ]


def test_a_file_whose_statistics_are_not_those_of_its_rows_is_refused(tmp_path):
    """The engine looks for each different severity again, and passes over the row by its bounds."""
    source = table("SELECT '70' AS weight, 'modrate' AS severity", tmp_path / "in.parquet")
    rows, severity, statistics = source.read_bytes().partition(b"modrate")
    source.write_bytes(rows + severity + statistics.replace(b"modrate", b"aaaaaaa"))
    words = ("--drug", "prednisone", "-o", "o.csv", "--rejects", "r.csv")
    done = run(source, *words, cwd=tmp_path, expect=7)
    assert "do not add up: 1 rows in = 0 answered + 0 rejected" in done.stderr
    assert "regenerate it" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]
