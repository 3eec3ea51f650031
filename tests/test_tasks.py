"""A pharmacist's questions are each answered by one command, on one screen (``tasks.yaml``)."""

from __future__ import annotations

import shlex

import yaml

from .conftest import ROOT

TASKS = yaml.load((ROOT / "tests" / "tasks.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
LINES = 36


def missing(call, task):
    """List what the first screen of a task's command does not say; its exit code too."""
    done = call(*shlex.split(task["run"]), columns=80, env={"NO_COLOR": "1"})
    screen = " ".join("\n".join((done.stdout or done.stderr).splitlines()[:LINES]).split())
    wrong = [] if done.code == task.get("exit", 0) else [f"exit {done.code}"]
    return wrong + [text for text in task["answer"] if text not in screen]


def test_each_question_is_answered_on_the_first_screen_of_one_command(call, capsys):
    unanswered = {task["question"]: found for task in TASKS if (found := missing(call, task))}
    with capsys.disabled():
        print(f"\n{len(TASKS) - len(unanswered)} of {len(TASKS)}")
    assert unanswered == {}


def test_there_are_twenty_and_each_says_how_it_was_checked():
    assert len({task["question"] for task in TASKS}) == len(TASKS) == 20
    assert all(task["answer"] and task["how"] for task in TASKS)
