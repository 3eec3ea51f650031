"""The words of the trade: phrases that no text of ours may use, in table, help and documents.

Quotes and titles of works stay as they are printed. ``PHRASES`` has what is written instead.
"""

from __future__ import annotations

import re

import pytest
import yaml

from dmcalc.cli import COMMANDS

from ..conftest import ROOT

#: What is not written, as a pattern, and what is.
PHRASES = {
    "base page": "the reference, by its name: managedermatomyositis.com",
    "ways? up (to|for|of)": "dose titration",
    "beside (the )?drugs": "non-drug measures; non-pharmacological care",
    "this table's reading": "dmcalc's interpretation",
    "the clinician decides": "the prescriber decides",
    "the stricter counts": "the strictest is used",
    "share of the dose": "dose adjustment",
    "held here": "recorded",
    "the words held": "the text recorded",
    "handed out": "dispensed",
    "the maker": "the manufacturer",
    "(?<!bone )marrow aplasia": "bone marrow aplasia",
    "into a vein": "intravenously",
    "cannot get off the bed": "bed-bound",
    "need of intensive care": "need for intensive care",
    "infusion goes by": "use the lower maximum rate",
    "Say so with": "if it applies, add",
    "an aim": "a target",
    "Signs are limits": "also act on",
    "ulcers of the mouth": "mouth ulcers",
    "psychiatric illness too": "history: psychiatric illness",
    "untested user": "patients who were not tested",
    "Australian topic": "Therapeutic Guidelines (Australia)",
    "teaching text": "a teaching website",
    "runs past the limit": "exceeds the usual limit",
    "how far apart the": "the interval between",
    "worse rash": "worsening of the rash",
    "read alike": "treated alike",
    "right although it is": "accept an unusual",
    "taken too": "concurrent medicines",
    "It flared": "flare",
    "on the shelf": "in stock",
    # British spelling
    "leukop?enia|leukopenia": "leucopenia",
    "(?<!o)estrogen": "oestrogen",
    "[a-z]+proteinemia|leukemia|anemia": "-aemia",
    "randomized|standardized|immobilization|specialized": "-ise",
    "hematolog|hemoly": "haemato-, haemoly-",
}
PATTERNS = {phrase: re.compile(phrase, re.IGNORECASE) for phrase in PHRASES}
#: Keys whose texts are those of other people.
OF_OTHERS = {"quote", "quoted", "title", "publication", "authors", "aliases", "members"}


def texts(value, key=""):
    """Yield the texts of a table that are our own."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from texts(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part, key)
    elif isinstance(value, str) and key not in OF_OTHERS:
        yield " ".join(value.split())


def faults(text):
    """Return the phrases that a text should not have, each with what to write."""
    return [
        f"{phrase}: write {PHRASES[phrase]}" for phrase in PHRASES if PATTERNS[phrase].search(text)
    ]


@pytest.mark.parametrize("file", ["drugs.yaml", "guide.yaml"])
def test_the_words_of_the_table(file):
    table = yaml.load((ROOT / "data" / file).read_text(encoding="utf-8"), yaml.CSafeLoader)
    assert [(text[:80], faults(text)) for text in texts(table) if faults(text)] == []


@pytest.mark.parametrize("command", [*sorted(set(COMMANDS) - {"table"}), "table check"])
def test_the_words_of_help(call, command):
    text = " ".join(call(*command.split(), "--help-all").stdout.split())
    assert faults(text) == []


@pytest.mark.parametrize(
    "text", ["the base page gives none", "severe leukopenia", "as the maker says", "estrogens"]
)
def test_a_phrase_is_found(text):
    assert faults(text)


@pytest.mark.parametrize("text", ["bone marrow aplasia", "oestrogens", "the manufacturer"])
def test_a_good_word_is_none(text):
    assert not faults(text)
