"""An error inside dmcalc: exit 1, where it was, and nothing of the patient."""

from __future__ import annotations

import sys

import pytest

SECRET = "patient of 81.25 kg"


@pytest.fixture
def broken(monkeypatch):
    """A dmcalc that fails while it computes, with patient data in the error."""

    def fail(*args, **options):
        raise RuntimeError(SECRET)

    monkeypatch.setattr("dmcalc.dosing.dose_input.dose", fail)


@pytest.mark.usefixtures("broken")
def test_a_bug_is_1_and_says_nothing_of_the_patient(call):
    done = call("dose", "--weight", "81.25", "--severity", "severe")
    assert (done.code, done.stdout) == (1, "")
    assert done.stderr.startswith("dmcalc: an error inside dmcalc: RuntimeError at ")
    assert "Traceback" not in done.stderr
    assert "81.25" not in done.stderr
    assert SECRET not in done.stderr


@pytest.mark.usefixtures("broken")
def test_a_bug_leaves_no_file(call, tmp_path):
    assert call("dose", "--weight", "70", "--output", str(tmp_path / "doses")).code == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("broken")
def test_whoever_asks_gets_the_traceback(call, monkeypatch):
    monkeypatch.setattr("tests.conftest.UNSET", ())
    monkeypatch.setenv("DMCALC_DEBUG", "1")
    done = call("dose", "--weight", "70")
    assert done.code == 1
    assert "Traceback" in done.stderr


def test_a_bug_in_a_renderer_prints_no_half_answer(call, monkeypatch):
    def fail(result, style):
        raise ZeroDivisionError

    monkeypatch.setattr("dmcalc.formats.json.render", fail)
    done = call("dose", "--weight", "70", "--format", "json")
    assert (done.code, done.stdout) == (1, "")


def test_a_module_that_a_command_lacks_is_a_bug_and_no_unknown_command(call, monkeypatch):
    monkeypatch.delitem(sys.modules, "dmcalc.cli.dose", raising=False)
    monkeypatch.setitem(sys.modules, "dmcalc.dosing.dose_input", None)
    done = call("dose", "--weight", "70")
    assert done.code == 1
    assert "ModuleNotFoundError" in done.stderr or "ImportError" in done.stderr
