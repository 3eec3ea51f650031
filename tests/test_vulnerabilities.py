"""``make audit`` says how many packages were asked of: nothing that was not asked passes."""

from __future__ import annotations

import importlib.util
import json
import subprocess

import pytest

from .conftest import ROOT

KNOWN = {"id": "PYSEC-2026-1", "fix_versions": ["2.0"]}


@pytest.fixture
def audit(monkeypatch, capsys):
    """Run the audit on what pip-audit is made to print; return its exit code and last line."""
    spec = importlib.util.spec_from_file_location("audit", ROOT / "benchmarks" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def run(printed, stderr=""):
        done = subprocess.CompletedProcess([], 0, printed, stderr)
        monkeypatch.setattr(module.subprocess, "run", lambda *_, **__: done)
        return module.main(), capsys.readouterr().out.splitlines()[-1]

    return run


def packages(*vulns):
    return json.dumps(
        {"dependencies": [{"name": "a", "version": "1.0", "vulns": list(vulns)}]},
    )


def test_packages_without_a_known_vulnerability_pass(audit):
    last = "1 of 1 packages asked of, 0 known vulnerabilities; 0 could not be asked of"
    assert audit(packages()) == (0, last)


def test_a_known_vulnerability_fails(audit):
    last = "1 of 1 packages asked of, 1 known vulnerabilities; 0 could not be asked of"
    assert audit(packages(KNOWN)) == (1, last)


def test_a_package_that_could_not_be_asked_of_does_not_pass(audit):
    # pip-audit itself ends with 0 here
    skipped = json.dumps({"dependencies": [{"name": "a", "skip_reason": "not found on PyPI"}]})
    last = "0 of 1 packages asked of, 0 known vulnerabilities; 1 could not be asked of"
    assert audit(skipped) == (2, last)


def test_no_answer_at_all_is_said(audit):
    code, last = audit("", "Traceback\nConnectionError: no route")
    assert code == 2
    assert last == "Nothing could be asked, so nothing is known: ConnectionError: no route"
