"""The output rules, over every page that people read; quotes and titles of works are free."""

from __future__ import annotations

import re

import pytest

from .conftest import COMMANDS, FORMS, without
from .output_rules import RULES

#: A posology that is wrapped inside its column cannot be told from a sentence.
PAIRS = [
    pytest.param(rule, form, id=f"{rule.name}: {form}")
    for rule in RULES
    for form in FORMS
    if not (rule.sentences_only and form.endswith("columns"))
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_finds_what_breaks_it_and_nothing_else(rule):
    assert [text for text in rule.breaks if not rule.offences(text)] == []
    assert [text for text in rule.keeps if rule.offences(text)] == []


@pytest.mark.parametrize(("rule", "form"), PAIRS)
def test_no_page_breaks_a_rule(pages, quoted, posologies, rule, form):
    exempt = (*quoted, *posologies) if rule.sentences_only else quoted
    found = {
        offence: page.command
        for page in pages[form]
        for offence in rule.offences(without(page.words, exempt))
    }
    some = [f"{text!r} in: {command}" for text, command in found.items()][:12]
    assert not found, f"{len(found)} offences\n" + "\n".join(some)


@pytest.mark.parametrize("form", FORMS)
def test_every_page_ends_with_the_disclaimer(pages, form):
    for page in pages[form]:
        end = page.words[-300:]
        for words in (
            "Opinion of the cited authors, not approved everywhere;",
            "the prescriber decides and consults the package insert.",
            ". dmcalc 0.",
            ", table 20",
        ):
            assert words in end, page.command


#: Commands without a page: what they print is for programs. A batch has rows alone.
NO_PAGE = {"batch", "completion", "man", "schema", "sql"}


def test_no_command_escapes_the_rules(root):
    files = {file.stem for file in (root / "src" / "dmcalc" / "cli").glob("[!_]*.py")}
    assert {args[0] for args in COMMANDS} == files - NO_PAGE


# No rule is proved by pages that show nothing.
@pytest.mark.parametrize("form", FORMS)
def test_the_pages_are_worth_a_look(pages, form):
    texts = {page.command: page.words for page in pages[form]}
    assert len(texts) == len(COMMANDS) > 50
    assert all(len(text) > 250 for text in texts.values())
    together = " ".join(texts.values())
    for words in ("1,050 mg", "0.075 mg/kg/day", "52.4 to 69.8 mg", "0.04 mL/kg/min", "980 to"):
        assert words in together


@pytest.mark.parametrize("form", FORMS)
def test_methotrexate_is_weekly_wherever_it_has_a_dose(pages, quoted, form):
    found = [page for page in pages[form] if page.command.split()[1:2] == ["methotrexate"]]
    dosed = [page for page in found if re.search(r"\d mg\b", page.words)]
    assert len(dosed) >= 4
    for page in found:
        # a check repeats the order in quotation marks, and a warning may name the danger:
        # "... once a week and never daily: daily use ..."
        text = re.sub(r"“[^”]*”", "", without(page.words, quoted).lower())
        text = re.sub(r"[^.]*never daily[^.]*\.", "", text)
        hits = re.finditer(r"daily|/day|a day\b", text)
        assert [text[max(0, hit.start() - 60) :][:90] for hit in hits] == [], page.command
    # its blood tests and their limits hold no dose
    for page in dosed:
        assert "once a week" in page.words.lower() or "mg/week" in page.words, page.command


# in a narrow terminal the words of a dose are in one column, and others stand between them
@pytest.mark.parametrize("form", ["pipe", "markdown"])
def test_methotrexate_doses_are_followed_by_once_a_week(pages, form):
    texts = [p.words for p in pages[form] if p.command.startswith("dose methotrexate --sev")]
    assert len(texts) == 1
    for dose in ("10 mg by mouth", "20 to 25 mg by mouth", "15 to 25 mg by mouth"):
        assert texts[0].count(dose) == texts[0].count(f"{dose} ONCE A WEEK") == 1


# 60 / 85 = 0.70588 and 80 / 85 = 0.94118 mg/kg: the cap changed both
@pytest.mark.parametrize(
    ("weight", "per_kg"),
    [
        ("70", ["0.75 to 1 mg/kg", "2 to 2.5 mg/kg", "2 g/kg", "1 to 2 g/kg", "0.1 to 0.2 mg/kg"]),
        ("85", ["0.706 to 0.941 mg/kg", "2.5 to 5 mg/kg"]),
        ("120", ["0.5 to 0.667 mg/kg"]),
    ],
)
@pytest.mark.parametrize("form", ["table", "markdown"])
def test_a_dose_per_kg_stands_beside_the_amount(call, weight, per_kg, form):
    options = ("--weight", weight, "--format", form, "--width", "250")
    text = " ".join(call("dose", *options).stdout.split())
    for words in per_kg:
        assert words in text


def test_every_rounded_figure_says_what_it_was(call):
    text = " ".join(call("dose", "prednisone", "--weight", "154lb", "--explain").stdout.split())
    assert "69.85322498 mg is shown as 69.8 mg, rounded by 0.05322498 mg" in text
    assert "52.389918735 mg is shown as 52.4 mg, rounded by 0.010081265 mg" in text


@pytest.mark.parametrize("form", ["pipe", "markdown"])
def test_dates_of_a_schedule(pages, form):
    command = "taper prednisone --weight 70 --severity severe --start 2026-12-01"
    text = next(page.words for page in pages[form] if page.command == command)
    for day in ("2026-12-01", "2026-12-28", "2026-12-29", "2027-01-25"):
        assert day in text


ERRORS = [
    ("dose",),
    ("dose", "--weight", "700"),
    ("dose", "--weight", "29"),
    ("dose", "prednison"),
    ("dose", "prednisolone"),
    ("dose", "rituximab", "--bsa", "40"),
    ("taper", "prednisone", "--from", "101mg"),
    ("taper", "prednisone", "--from", "1500mg"),
    ("taper", "prednisone", "--from", "80mg", "--protocol", "etg"),
    ("taper", "prednisone", "--from", "60mg", "--hold", "9w"),
    ("taper", "prednisone", "--from", "60mg", "--interval", "52w"),
    ("taper", "prednisone", "--from", "60mg", "--decrement", "50mg"),
    ("taper", "ivig", "--weeks", "9999"),
    ("dose", "--weight", "70", "--format", "csv"),
    ("taper", "prednisone", "--from", "90mg", "--format", "csv"),
    ("taper", "prednisone", "--from", "60mg", "-p", "ese-es-2024", "--format", "csv"),
    ("check", "prednisone", "60 mg daily"),
    ("check", "prednisone", "60 mg", "--weight", "70"),
    ("check", "prednisone", "60 daily", "--weight", "70"),
    ("check", "prednisone", "60 mg daily nightly", "--weight", "70"),
    ("check", "prednisone", "62.3 mg daily", "--weight", "70", "--format", "csv"),
    ("check", "azathioprine", "60 mg daily", "--weight", "70", "--phase", "pulse"),
    ("replay", "no-such-receipt.json"),
    ("dose", "rituximab", "--receipt", "-"),
]
#: An error shows how an option is typed: 70kg, 154lb, 60mg, 28d, 4w.
AS_TYPED = ("a space between number and unit", "for 3 days, never x3d")


@pytest.mark.parametrize("args", ERRORS, ids=" ".join)
def test_no_error_or_warning_breaks_a_rule(call, args):
    stderr = call(*args).stderr
    assert stderr.startswith("dmcalc: ")
    for rule in RULES:
        if rule.name not in AS_TYPED:
            assert rule.offences(" ".join(stderr.split())) == [], rule.name
