from __future__ import annotations

import re
from decimal import Decimal

import pytest

import dmcalc
from dmcalc.formats.registry import Style, render
from dmcalc.text.numbers import format_number

from .conftest import FIRST

ARGS = ("taper", "prednisone", "--weight", "70", "--severity", "severe", "--start", "2026-12-01")
IVIG = ("taper", "ivig", "--weight", "70")
BLOCKS = set("█▏▎▍▌▋▊▉░")


def bars(text):
    """Return the lines of the chart, below its heading."""
    return text.partition("\nDoses\n")[2].partition("\n\n")[0].splitlines()


def words(text):
    return set(re.findall(r"[\w.,]*\w", text.lower()))


def test_a_bar_a_step_below_the_table(call):
    done = call(*ARGS, "--plot")
    lines = bars(done.stdout)
    assert len(lines) == 2 + 11
    assert lines[0].split() == ["No.", "First", "day", "Days", "Dose", "0", "70", "mg", "daily"]
    assert lines[2].split()[:5] == ["1", "2026-12-01", "28", "70", "mg"]
    whole = lines[2].count("█")
    for line, dose in zip(lines[2:], ("70", "60", "50", "40", "30", "20"), strict=False):
        assert line.count("█") == int(Decimal(dose) * whole / 70)
    # nothing of the table is lost, and nothing else is added
    chart = "\nDoses\n" + "\n".join(lines) + "\n"
    assert done.stdout.replace(chart, "") == call(*ARGS).stdout
    assert call(*ARGS, "-f", "plot") == done


def test_a_range_is_a_lighter_band(call):
    lines = bars(call(*IVIG, "--plot").stdout)
    assert "░" not in lines[2]
    assert abs(lines[6].count("█") - lines[6].count("░")) <= 1  # 70 to 140 g
    assert len(lines[6]) == len(lines[2])


@pytest.mark.parametrize("columns", [40, 60, 80, 200])
@pytest.mark.parametrize("args", [ARGS, IVIG])
def test_nothing_is_cut_at_any_width(call, args, columns):
    done = call(*args, "--plot", columns=columns, env={"NO_COLOR": "1"})
    assert done.code == 0
    assert max(map(len, done.stdout.splitlines())) <= columns
    assert "…" not in done.stdout
    assert words(call(*args, "--plot").stdout) <= words(done.stdout)


def test_a_pipe_is_plain_and_as_wide_as_it_is_told(run):
    plain = run(*ARGS, "--plot")
    assert "\x1b" not in plain.stdout
    assert max(map(len, plain.stdout.splitlines())) <= 80
    wide = run(*ARGS, "--plot", env={"COLUMNS": "200"})
    assert wide == run(*ARGS, "--plot", "--width", "200")
    assert wide != plain


def test_plain_characters_where_stdout_cannot_show_blocks(run, tmp_path):
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    for args in (ARGS, IVIG):
        done = run(*args, "--plot", env=ascii_only)
        assert not BLOCKS & set(done.stdout)
        assert "─" not in done.stdout
        assert "#####" in done.stdout
    assert "-----" in bars(done.stdout)[-1]
    # a file is always UTF-8
    target = tmp_path / "plot.txt"
    run(*ARGS, "--plot", "-o", str(target), env=ascii_only)
    assert "█" in target.read_text(encoding="utf-8")


def test_plot_is_not_beside_another_format(call):
    done = call(*ARGS, "--plot", "--format", "json")
    assert (done.code, done.stdout) == (2, "")
    assert "--plot" in done.stderr


def test_without_a_drug_there_is_nothing_to_draw(call):
    assert call("taper", "--plot").code == 2


def test_an_open_step_says_so():
    result = dmcalc.taper("prednisone", start_dose="60mg", protocol="etg", start=FIRST)
    assert bars(render(result, "plot"))[-1].split()[:3] == ["8", "2027-04-06", "open"]


def test_sixty_steps(sixty):
    lines = bars(render(sixty, "plot", Style(width=60)))
    assert len(lines) == 62
    for line, step in zip(lines[2:], sixty.steps, strict=True):
        assert f"{format_number(step.low)} mg" in line
        assert BLOCKS & set(line)
        assert len(line) <= 60
