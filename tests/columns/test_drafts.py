"""What columns write has drafts like those of rows: a run's own, locked, and its owner's alone."""

import stat

import duckdb
import pytest

from dmcalc.columns import run as run_module
from dmcalc.files import AtomicFile, FileMode

WRITTEN = ("out.parquet", "no.parquet", "out.regimens.parquet", "out.rules.parquet")


@pytest.fixture
def by_columns(call, tmp_path):
    """Answer three rows by columns; return what the run ended with."""
    (tmp_path / "in.csv").write_text("id,weight\n1,70\n2,700\n3,80\n")

    def by_columns(*more, code=4):
        files = ("-o", "out.parquet", "--rejects", "no.parquet")
        words = ("batch", "in.csv", "--engine", "duckdb", "--drug", "prednisone")
        done = call(*words, *files, *more, cwd=tmp_path)
        assert done.code == code, done.stderr
        assert [path.name for path in tmp_path.glob(".dmcalc-*")] == []
        return done

    return by_columns


def modes(folder):
    return [oct(stat.S_IMODE((folder / name).stat().st_mode)) for name in WRITTEN[:2]]


def test_a_planted_draft_is_not_written_through(by_columns, tmp_path):
    (tmp_path / "victim").write_text("victim")
    for name in WRITTEN:
        (tmp_path / f".{name}.dmcalc-draft").symlink_to("victim")
        (tmp_path / f".{name}.part").symlink_to("victim")
    by_columns()
    assert (tmp_path / "victim").read_text() == "victim"
    assert [path.name for path in tmp_path.glob(".*.dmcalc-draft")] == []
    assert modes(tmp_path) == ["0o600", "0o600"]
    answers = duckdb.execute(f"SELECT id FROM '{tmp_path / 'out.parquet'}' ORDER BY id").fetchall()
    assert answers == [("1",), ("3",)]


def test_the_mode_is_kept_or_as_it_is_asked_for(by_columns, tmp_path):
    by_columns("--mode", "640")
    assert modes(tmp_path) == ["0o640", "0o640"]
    by_columns()
    assert modes(tmp_path) == ["0o640", "0o640"]


@pytest.mark.parametrize("name", WRITTEN)
def test_a_run_that_lives_is_left_in_peace(by_columns, tmp_path, name):
    """By rows or by columns: the draft is the same."""
    living = AtomicFile(str(tmp_path / name), FileMode())
    assert "another run is writing" in by_columns(code=7).stderr
    assert not any((tmp_path / name).exists() for name in WRITTEN)
    assert [path.name for path in tmp_path.glob(".*")] == [f".{name}.dmcalc-draft"]
    living.drop()
    by_columns()


def test_drafts_are_dropped_on_any_error(by_columns, tmp_path, monkeypatch):
    def fail(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(run_module, "write_sentences", fail)
    by_columns(code=1)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]
