"""Files that are read are never written over, and no option takes an empty value."""

from __future__ import annotations

import pytest

PRINT = ("dose", "prednisone", "-w", "70")


@pytest.fixture
def folder(tmp_path, bundled):
    (tmp_path / "in.csv").write_text("weight\n70\n")
    (tmp_path / "t.yaml").write_bytes(bundled.read_bytes())
    (tmp_path / "p.yaml").write_text("weight: 70\n")
    (tmp_path / "link.csv").symlink_to("in.csv")
    (tmp_path / "hard.csv").hardlink_to(tmp_path / "in.csv")
    return tmp_path


@pytest.mark.parametrize(
    "args",
    [
        ("batch", "in.csv", "-o", "in.csv"),
        ("batch", "in.csv", "-o", "./in.csv"),
        ("batch", "link.csv", "-o", "in.csv"),
        ("batch", "in.csv", "-o", "link.csv"),
        ("batch", "in.csv", "-o", "hard.csv"),
        ("batch", "in.csv", "-o", "x.csv", "--rejects", "./in.csv"),
        ("batch", "in.csv", "--table", "t.yaml", "-o", "./t.yaml"),
        (*PRINT, "--table", "t.yaml", "-o", "t.yaml"),
        (*PRINT, "--overlay", "t.yaml", "-o", "./t.yaml"),
        (*PRINT, "--guide", "t.yaml", "-o", "t.yaml"),
        (*PRINT, "--table", "t.yaml", "--receipt", "./t.yaml"),
        ("dose", "prednisone", "--patient", "p.yaml", "-o", "./p.yaml"),
        ("replay", "p.yaml", "-o", "./p.yaml"),
        (*PRINT, "-o", "x", "--receipt", "./x"),
        ("batch", "in.csv", "-o", "x", "--rejects", "./x"),
    ],
)
def test_a_file_that_is_read_is_not_written(call, folder, args):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = call(*args, cwd=folder)
    assert (done.code, done.stdout) == (2, "")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    "args",
    [
        (*PRINT, "--severity", "mild", "--taking", ""),
        (*PRINT, "--bsa", ""),
        (*PRINT, "--field", ""),
        (*PRINT, "--receipt", ""),
        ("taper", "prednisone", "--from", "60mg", "--start", ""),
        ("plan", "-w", "70", "--severity", "mild", "--not-tolerated", ""),
        ("monitor", "azathioprine", "--stable", ""),
        ("batch", "in.csv", "--keep", ""),
        ("labs", "azathioprine", "--alt", ""),
    ],
)
def test_an_empty_value_is_refused(call, folder, args):
    done = call(*args, cwd=folder)
    assert (done.code, done.stdout) == (2, "")
    assert f"{args[-2]} is empty" in done.stderr


def test_a_device_can_be_written(call, folder):
    assert call(*PRINT, "-o", "/dev/null", cwd=folder).code == 0
