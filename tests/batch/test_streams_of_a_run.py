"""Who hears of a run while it goes on, and how many answers are remembered."""

from __future__ import annotations

import io
import os
import sys
from types import SimpleNamespace

import pytest

from dmcalc.batch import progress, rendered_answers
from dmcalc.batch.rendered_answers import RenderedAnswers
from dmcalc.batch.request import BatchFiles
from dmcalc.batch.streams import is_conversation, opened, shown_rows
from dmcalc.errors import ExitCode, FileError, PatientError


def stream(terminal):
    """Return what is a terminal or is none, or None for a stream that is closed."""
    return None if terminal is None else SimpleNamespace(isatty=lambda: terminal)


@pytest.mark.parametrize(
    ("quiet", "output", "stdout", "stderr", "shown"),
    [
        *((False, "out.csv", True, True, True), (False, "out.csv", False, True, True)),
        *((True, "out.csv", True, True, False), (True, "-", False, True, False)),
        *((False, "-", True, True, False), (False, "-", False, True, True)),
        *((False, "-", None, True, True), (False, "out.csv", True, False, False)),
        (False, "out.csv", True, None, False),
    ],
)
def test_a_bar_is_for_a_terminal_on_which_no_answers_stand(
    monkeypatch, tmp_path, quiet, output, stdout, stderr, shown
):
    bars = []
    monkeypatch.setattr(progress, "barred", lambda rows, *more: bars.append(more) or rows)
    monkeypatch.setattr(sys, "stdout", stream(stdout))
    monkeypatch.setattr(sys, "stderr", stream(stderr))
    path = tmp_path / "in.csv"
    path.write_bytes(b"weight\n70\n")
    files = BatchFiles(str(path), output, quiet=quiet)
    with path.open("rb") as source:
        assert list(shown_rows(iter("ab"), source, files, 3)) == ["a", "b"]
        assert bars == ([(10, source.tell, 3)] if shown else [])


def test_of_a_pipe_the_end_is_not_known(monkeypatch):
    bars = []
    monkeypatch.setattr(progress, "barred", lambda rows, *more: bars.append(more) or rows)
    monkeypatch.setattr(sys, "stderr", stream(True))
    reading, writing = os.pipe()
    os.close(writing)
    with os.fdopen(reading, "rb") as source:
        list(shown_rows(iter("a"), source, BatchFiles("-", "out.csv"), 0))
    assert bars[0][0] is None


@pytest.mark.parametrize(
    ("source", "output", "stdin", "stdout", "talks"),
    [
        *(("-", "-", "pipe", "pipe", True), ("in.csv", "-", "pipe", "pipe", False)),
        *(("-", "out.csv", "pipe", "pipe", False), ("-", "-", "file", "pipe", False)),
        *(("-", "-", "pipe", "file", False), ("-", "-", None, "pipe", False)),
        *(("-", "-", "pipe", None, False), ("-", "-", "memory", "pipe", False)),
    ],
)
def test_a_conversation_is_between_two_streams_that_are_no_files(
    monkeypatch, tmp_path, source, output, stdin, stdout, talks
):
    (tmp_path / "file").write_bytes(b"")
    reading, writing = os.pipe()
    with (tmp_path / "file").open("rb") as file, os.fdopen(reading) as pipe:
        kinds = {"pipe": pipe, "file": file, "memory": io.StringIO(), None: None}
        monkeypatch.setattr(sys, "stdin", kinds[stdin])
        monkeypatch.setattr(sys, "stdout", kinds[stdout])
        assert is_conversation(BatchFiles(source, output)) is talks
    os.close(writing)


def test_a_file_is_read_though_stdin_is_closed(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "stdin", None)
    (tmp_path / "in.csv").write_bytes(b"weight\n")
    with opened(str(tmp_path / "in.csv")) as source:
        assert source.read() == b"weight\n"
    with pytest.raises(FileError, match="stdin is closed"), opened("-"):
        pass


class Lines:
    """Renders each answer as 500 characters."""

    rendered = 0

    def who(self, result):
        return ""

    def rows(self, result):
        self.rendered += 500
        return []


#: Each row has cells of its own.
COLUMNS = SimpleNamespace(key=tuple, input_of=lambda cells: ())


@pytest.mark.parametrize(
    ("answered", "most", "kept"),
    [
        # of 1,000 each, that is the cost of one without an answer
        *((False, 2_999, [1, 2, 3, 1, 2, 3, 1]), (False, 3_000, [1, 2, 3, 4, 1, 2, 3])),
        # of 1,500 each
        *((True, 2_999, [1, 2, 1, 2, 1, 2, 1]), (True, 3_000, [1, 2, 3, 1, 2, 3, 1])),
    ],
)
def test_answers_are_remembered_up_to_so_many_characters(monkeypatch, answered, most, kept):
    """A run of millions of rows takes no more memory than one of thousands."""

    def answer(row):
        if not answered:
            raise PatientError("no weight", None)
        return SimpleNamespace(warnings=(), exit_code=ExitCode.OK)

    monkeypatch.setattr(rendered_answers, "REMEMBERED", most)
    monkeypatch.setattr(rendered_answers.RowInput, "read", lambda cells, day: cells)
    answers = RenderedAnswers(answer, Lines(), SimpleNamespace(overlays=()), "2026-12-01")
    found = []
    for number in range(7):
        answers.to(COLUMNS, (number,))
        found.append(len(answers._known))
    assert found == kept
