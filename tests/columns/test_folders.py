"""Folders of answers are written whole or not at all, over nothing, by one run at a time."""

import os
import stat

import pytest

from dmcalc.columns.folders import AtomicFolder
from dmcalc.errors import FileError, UsageError
from dmcalc.files import FileMode


@pytest.fixture
def target(tmp_path):
    return tmp_path / "checked"


def begun(target, mode=None):
    """Begin a folder, and write a file into it as Spark does."""
    folder = AtomicFolder(str(target), FileMode(chosen=mode))
    draft = target.with_name(".checked.dmcalc-folder") / "parquet"
    assert folder.handle == str(draft)
    draft.mkdir()
    (draft / "part-0.parquet").write_text("PAR1")
    return folder


def modes(target):
    return [stat.S_IMODE(path.stat().st_mode) for path in (target, target / "part-0.parquet")]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(None, [0o700, 0o600]), (0o640, [0o750, 0o640]), (0o644, [0o755, 0o644])],
)
def test_a_folder_is_seen_when_it_is_whole(target, mode, expected):
    folder = begun(target, mode)
    folder.complete()
    assert not target.exists()
    folder.publish()
    assert [path.name for path in target.parent.iterdir()] == ["checked"]
    assert (target / "part-0.parquet").read_text() == "PAR1"
    assert modes(target) == expected


def test_what_is_not_whole_is_dropped(target):
    begun(target).drop()
    assert list(target.parent.iterdir()) == []


def test_the_lock_is_closed_once(target, monkeypatch):
    """Whatever has its number afterwards is another run's, or the standard output."""
    folder, closed = begun(target), []
    folder.drop()
    monkeypatch.setattr(os, "close", closed.append)
    folder.drop()
    assert closed == []


@pytest.mark.parametrize("there", ["a folder", "a file", "a link"])
def test_nothing_is_written_over(target, there):
    if there == "a folder":
        target.mkdir()
        (target / "old").touch()
    elif there == "a file":
        target.touch()
    else:
        target.symlink_to("elsewhere")
    with pytest.raises(UsageError, match="is there already"):
        begun(target)
    assert [path.name for path in target.parent.iterdir()] == ["checked"]


def test_what_comes_in_between_is_not_written_over(target):
    folder = begun(target)
    folder.complete()
    target.mkdir()
    (target / "other").touch()
    with pytest.raises(FileError, match="cannot write"):
        folder.publish()
    folder.drop()
    assert [path.name for path in target.iterdir()] == ["other"]
    assert [path.name for path in target.parent.iterdir()] == ["checked"]


def test_a_run_that_lives_is_left_in_peace_and_a_dead_one_is_dropped(target):
    living = begun(target)
    with pytest.raises(FileError, match=f"another run is writing {target}$"):
        begun(target)
    living.complete()
    living.publish()
    dead = target.with_name(".checked.dmcalc-folder") / "parquet"
    dead.mkdir(parents=True)
    (dead / "part-9.parquet").touch()
    (target / "part-0.parquet").unlink()
    again = begun(target)
    again.complete()
    again.publish()
    assert [path.name for path in target.iterdir()] == ["part-0.parquet"]
