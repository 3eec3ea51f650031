"""The words that completion offers are those that the command can answer."""

from __future__ import annotations

import pytest

import dmcalc
from dmcalc.cli._command_model import CommandOption, commands

PROTOCOLS = ("hhe-2018", "etg", "ese-es-2024", "base-page", "hinze-2018", "printo-2019")


@pytest.fixture(scope="session")
def words():
    """The words that a command takes, by its name and that of an option or argument."""
    return {
        (command.name, taken.long if isinstance(taken, CommandOption) else taken.name): taken.words
        for command in commands(dmcalc.load_table())
        for taken in (*command.options, *command.arguments)
    }


@pytest.mark.parametrize(
    ("command", "parameter", "has", "has_not"),
    [
        ("taper", "--protocol", PROTOCOLS, ("prometheus",)),
        ("plan", "--protocol", PROTOCOLS, ("prometheus",)),
        ("titrate", "--protocol", ("prometheus",), ("etg",)),
        ("taper", "DRUG", ("prednisone", "prednisolone", "ivig"), ("methotrexate",)),
        ("infusion", "DRUG", ("methylprednisolone", "ivig", "rituximab"), ("prednisone",)),
        ("titrate", "DRUG", ("methotrexate", "azathioprine"), ("prednisone", "ivig")),
        ("plan", "--with", ("methotrexate", "ivig"), ()),
        ("plan", "--not-tolerated", ("methotrexate",), ()),
        ("plan", "--condition", ("lung", "ild"), ()),
        ("check", "--drug", ("prednisone",), ()),
        ("refs", "KEYS", ("goyal-2019", "etg"), ()),
        ("rules", "DRUG", ("azathioprine", "allopurinol", "pregnancy"), ()),
    ],
)
def test_what_a_command_can_answer_is_offered(words, command, parameter, has, has_not):
    known = words[command, parameter]
    assert set(has) <= set(known)
    assert not set(has_not) & set(known)
