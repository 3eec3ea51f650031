"""The words of the trade: phrases that no text of ours may use, wherever a person reads it.

Table, guideline, help, pages, warnings, errors, descriptions in schemas, completion, sheets,
README, docs and the newest part of the changelog. Quotes and titles stay as they are printed.
``PHRASES`` has what is written instead.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
import yaml

from dmcalc.cli import COMMANDS

from ..conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: What is not written, as a pattern, and what is.
PHRASES = {
    "base page": "the reference, by its name: managedermatomyositis.com",
    "ways? up (to|for|of)": "dose titration",
    "beside (the |its )?(drugs|posology)": "non-drug measures; non-pharmacological care",
    "known of the patient": "Entered:",
    "(is|was) said of (a|the) patient": "what was entered",
    "(rules? (here )?(is|are)|not|none is) held (for|on)": "no rule; do not cover",
    "not said to be harmless": "no rule does not mean no risk",
    "it goes on as": "continue at this dose",
    "not by severity(?! alone)": "not indicated by severity alone",
    "left in opened vials": "waste",
    "not made from whole|made from whole": "cannot be made up with whole tablets",
    "tests under": "monitoring",
    "hold results|held against": "check against; compare with",
    "not crossed|is crossed|limit is crossed": "threshold reached, not reached, not entered",
    "marks of the calendar|these marks": "dates to act on; calendar notes",
    "were the last dose": "if the last dose is on",
    "comes? into question": "consider",
    "(posolog(y|ies)|tapers?) of children": "paediatric dosing; paediatric tapers",
    r"(?!^landmarks$)(?<!`)\blandmarks?\b(?! and plan|\"|/)": "milestones",
    "on what it depends": "condition",
    "weight that (a|the) dose goes by|doses goes? by": "dosing weight",
    "filtration rate \\(": "eGFR",
    "body surface(?! area)": "body surface area (BSA)",
    r"make it anew|print it anew|put it into": "regenerate it; save it in",
    r"\(read: ": "(full text), (via another source)",
    "was not said from when|as was said": "no stable-dose date entered",
    "sources speak of": "population of the sources",
    "plan to discuss,? (and )?no order": "plan to discuss, not an order",
    "patients? (is|are) told": "patient counselling points",
    "this table's reading": "dmcalc's interpretation",
    "the clinician decides": "the prescriber decides",
    "stricter (of which )?counts": "the strictest is used",
    "share of the dose": "dose adjustment",
    "held here": "recorded",
    "the words held": "the text recorded",
    "hand(s|ed)? out": "dispensed",
    "the maker\\b": "the manufacturer",
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
    "(?<!be )taken too": "concurrent medicines",
    "It flared": "flare",
    "on (the|your) shelf": "in stock",
    r"(is|are|words|cells|cell) parted (by|otherwise)": "separated by",
    r"\bheeded": "used",
    "asked something else|asks anything": "had other options; no column is used",
    "to go on with": "to continue",
    "is for rows|are of rows|found by rows": "the engine duckdb does not; needs the engine rows",
    "written over": "overwritten",
    "told (from|apart)": "read from; distinguished",
    # British spelling
    "leukop?enia|leukopenia": "leucopenia",
    "(?<!o)estrogen": "oestrogen",
    "[a-z]+proteinemia|leukemia|anemia": "-aemia",
    "randomized|standardized|immobilization|specialized": "-ise",
    r"\b(recogn|organ|normal|optim|minim|maxim|summar|general|stabil|metabol)iz": "-ise",
    "hematolog|hemoly": "haemato-, haemoly-",
    "pediatric(?<!paediatric)|diarrhea|(?<!o)edema|(?<!o)esophag": "paediatric, diarrhoea, oedema",
    "tumor|behavior|labeled|fiber|anesthe": "tumour, behaviour, labelled, fibre, anaesthe-",
}
PATTERNS = {phrase: re.compile(phrase, re.IGNORECASE) for phrase in PHRASES}
#: Keys whose texts are those of other people.
OF_OTHERS = {"quote", "quoted", "publication", "authors", "aliases", "members", "url"}


def texts(value, key=""):
    """Yield the texts of a table that are our own."""
    if isinstance(value, dict):
        for name, part in value.items():
            if not (name == "title" and "read" in value):  # the title of a work
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


def literals(module: Path) -> Iterator[str]:
    """Yield the sentences of a module: docstrings, texts, and texts with values in braces."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    parts = {
        id(part)
        for text in ast.walk(tree)
        if isinstance(text, ast.JoinedStr)
        for part in ast.walk(text)
        if part is not text
    }
    for node in ast.walk(tree):
        if id(node) in parts:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(p.value if isinstance(p, ast.Constant) else "{}" for p in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if " " in text.strip():
            yield " ".join(text.split())


@cache
def documents() -> dict[str, str]:
    """Return the documents by name, the changelog up to its newest release."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    texts = {page.name: page.read_text(encoding="utf-8") for page in pages}
    texts["CHANGELOG.md"] = texts["CHANGELOG.md"].partition("\n## [0")[0]
    return texts


MODULES = [path for path in sorted((ROOT / "src").rglob("*.py")) if path.name != "_bundled.py"]
TEMPLATES = sorted((ROOT / "src").rglob("*.html"))


def test_the_words_of_pages_warnings_errors_and_descriptions():
    wrong = {
        (module.relative_to(ROOT / "src").as_posix(), text[:80], *found)
        for module in MODULES
        for text in literals(module)
        if (found := faults(text))
    }
    assert wrong == set()
    assert len(MODULES) > 300


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_the_words_of_sheets(template):
    assert faults(" ".join(template.read_text(encoding="utf-8").split())) == []


@pytest.mark.parametrize("page", sorted(documents()))
def test_the_words_of_documents(page):
    paragraphs = (" ".join(part.split()) for part in documents()[page].split("\n\n"))
    assert [(part[:80], faults(part)) for part in paragraphs if faults(part)] == []


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
