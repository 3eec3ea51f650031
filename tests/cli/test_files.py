"""Files that are read are never overwritten, and no option takes an empty value."""

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
        ("batch", "in.csv", "-o", "x", "--rejects", "X"),
        ("batch", "in.csv", "-o", "x", "--rejects", "link.csv"),
        ("batch", "in.csv", "-o", "x", "--rejects", ".x.dmcalc-state"),
        ("batch", ".x.dmcalc-draft", "--input-format", "csv", "-o", "x"),
        ("batch", "in.csv", "-o", "-", "--rejects", "/dev/stdout"),
        ("batch", "o.ndjson", "--fhir", "-o", "./o.ndjson"),
        ("verify", "in.csv", "p.yaml", "-o", "./p.yaml"),
        ("check", "--fhir", "p.yaml", "-o", "./p.yaml"),
        ("table", "check", "t.yaml", "-o", "./t.yaml"),
        ("table", "diff", "t.yaml", "p.yaml", "-o", "./p.yaml"),
        ("completion", "bash", "--table", "t.yaml", "-o", "./t.yaml"),
    ],
)
def test_a_file_that_is_read_is_not_written(call, folder, args):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = call(*args, cwd=folder)
    assert (done.code, done.stdout) == (2, "")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_overlay_of_the_environment_is_not_written(call, folder):
    before = (folder / "t.yaml").read_bytes()
    done = call(*PRINT, "-o", "t.yaml", env={"DMCALC_OVERLAY": "./t.yaml"}, cwd=folder)
    assert (done.code, done.stdout) == (2, "")
    assert (folder / "t.yaml").read_bytes() == before


@pytest.mark.parametrize(
    "line", ["dmcalc batch - -o in.csv < in.csv", "dmcalc batch in.csv >> in.csv"]
)
def test_a_file_that_the_shell_opened_is_not_written(shell, folder, line):
    assert shell(line, cwd=folder).code == 2
    assert (folder / "in.csv").read_text() == "weight\n70\n"


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
        ("batch", "in.csv", "--drug", ""),
        ("dispense", "prednisone", "60 mg daily", "--for", ""),
        ("labs", "azathioprine", "--alt", ""),
    ],
)
def test_an_empty_value_is_refused(call, folder, args):
    done = call(*args, cwd=folder)
    assert (done.code, done.stdout) == (2, "")
    assert f"{args[-2]} is empty" in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        (*PRINT, "--patient"),
        (*PRINT, "--table"),
        (*PRINT, "-o"),
        ("verify",),
        ("replay",),
        ("table", "diff", "t.yaml"),
    ],
)
def test_a_line_end_in_a_name_begins_no_line_of_an_error(call, folder, args):
    done = call(*args, "no/x\ndmcalc: wrote out.csv", cwd=folder)
    assert (done.code, done.stdout) == (7, "")
    assert "no/x\\ndmcalc: wrote out.csv: No such file or directory" in done.stderr


@pytest.mark.parametrize(
    "blank", ["\n", "\r", "\t", "\u00a0", "\u3000", "\u200b", "\ufeff", " \n,;"]
)
@pytest.mark.parametrize(
    "args",
    [
        ("plan", "-w", "70", "-s", "severe", "--not-tolerated"),
        ("dose", "-w"),
        ("batch", "in.csv", "--columns"),
        (*PRINT, "-o"),
    ],
)
def test_a_blank_of_any_kind_is_empty(call, folder, args, blank):
    before = sorted(path.name for path in folder.iterdir())
    done = call(*args, blank, cwd=folder)
    assert (done.code, done.stdout) == (2, "")
    assert "is empty" in done.stderr
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_device_can_be_written(call, folder):
    assert call(*PRINT, "-o", "/dev/null", cwd=folder).code == 0


@pytest.mark.parametrize("name", ["n" * 300, "n" * 300 + ".parquet", "loop.csv", "in.csv/x.csv"])
@pytest.mark.parametrize(
    "args",
    [
        ("batch", "-o", "x"),
        ("batch", "-o", "x", "--engine", "duckdb"),
        ("replay",),
        ("verify",),
        ("check", "--fhir"),
        ("table", "check"),
        (*PRINT, "--guide"),
        (*PRINT, "--overlay"),
        (*PRINT, "--table"),
        ("dose", "prednisone", "--patient"),
    ],
)
def test_an_input_that_the_system_cannot_look_up_is_named_as_an_input(call, folder, args, name):
    (folder / "loop.csv").symlink_to("loop.csv")
    done = call(*args, name, cwd=folder)
    assert (done.code, done.stdout) == (7, "")
    assert name[:60] in done.stderr
    assert "write" not in done.stderr
