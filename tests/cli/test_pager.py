"""A long page on a terminal is shown by the reader's pager; elsewhere it is written as it is."""

from __future__ import annotations

import os
import sys

import pytest

from dmcalc.cli import _pager, man
from dmcalc.cli._pager import pager, shown_through

NOTES = ("show", "prednisone", "--explain")


class Screen:
    """What stands in for the pager: it keeps what it was to show."""

    def __init__(self, *, there):
        self.there, self.shown = there, []

    def __call__(self, command, text):
        self.shown.append((list(command), text))
        return self.there


@pytest.mark.parametrize("there", [True, False])
def test_an_explained_page_goes_through_the_pager_where_there_is_one(call, monkeypatch, there):
    whole = call(*NOTES).stdout
    screen = Screen(there=there)
    monkeypatch.setattr(_pager, "shown_through", screen)
    done = call(*NOTES, env={"PAGER": "most -w"})
    assert screen.shown == [(["most", "-w"], whole)]
    assert done.stdout == ("" if there else whole)


@pytest.mark.parametrize("more", [(), ("--explain", "-f", "json"), ("--explain", "-o", "page.txt")])
def test_nothing_else_goes_through_it(call, monkeypatch, tmp_path, more):
    screen = Screen(there=True)
    monkeypatch.setattr(_pager, "shown_through", screen)
    assert call("show", "prednisone", *more, cwd=tmp_path).code == 0
    assert screen.shown == []


def test_the_exit_code_is_that_of_the_answer(call, monkeypatch):
    monkeypatch.setattr(_pager, "shown_through", Screen(there=True))
    done = call("check", "prednisone", "90 mg daily", "-w", "82", "--explain")
    assert (done.code, done.stdout) == (5, "")


def test_the_manual_page_is_shown_by_man(call, monkeypatch, tmp_path):
    roff = call("man").stdout
    screen = Screen(there=True)
    monkeypatch.setattr(man, "shown_through", screen)
    assert call("man").stdout == ""
    assert screen.shown == [(["man", "-l", "-"], roff)]
    assert call("man", "-o", "dmcalc.1", cwd=tmp_path).code == 0
    assert len(screen.shown) == 1


@pytest.mark.parametrize(
    ("named", "command"),
    [(None, ["less"]), ("less -S", ["less", "-S"]), ("", []), ("'less", [])],
)
def test_which_pager(monkeypatch, named, command):
    monkeypatch.delenv("PAGER", raising=False)
    if named is not None:
        monkeypatch.setenv("PAGER", named)
    assert pager() == command


@pytest.mark.parametrize(
    ("command", "terminal", "shown"),
    [
        ((sys.executable, "-c", "import sys; open('seen', 'w').write(sys.stdin.read())"), 1, True),
        ((sys.executable, "-c", "raise SystemExit(1)"), 1, False),
        (("no-such-pager",), 1, False),
        ((), 1, False),
        ((sys.executable, "-c", ""), 0, False),
    ],
)
def test_a_text_is_shown_only_where_a_program_shows_it(
    monkeypatch, tmp_path, command, terminal, shown
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: bool(terminal), raising=False)
    monkeypatch.setattr(os, "isatty", lambda _: bool(terminal))
    assert shown_through(command, "Prednisone, 60 mg") is shown
    if shown:
        assert (tmp_path / "seen").read_text() == "Prednisone, 60 mg"
