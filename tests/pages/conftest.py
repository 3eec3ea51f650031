"""Every page that people read: each command in each human format, made once for all tests."""

from __future__ import annotations

import re
import shlex
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

import dmcalc
import dmcalc.guideline
from dmcalc.formats.registry import Style, render

from ..conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dmcalc.formats.registry import Format
    from dmcalc.results.base import Result

WIDTHS = (60, 80, 200)
#: Wide enough for every line.
WIDEST = 10_000
FORMS = ("usual", "pipe", "markdown", *(f"{width} columns" for width in WIDTHS))

SEVERE = ("--weight", "70", "--severity", "severe")
CHILD = ("--age", "9", "--weight", "45", "--height", "140", "--start", "2026-12-01")
WOMAN = ("--sex", "female", "--age", "45", "--creatinine", "80umol/L")
RULED = ("--taking", "allopurinol", "--sex", "male", "--creatinine", "2mg/dL", "--nudt15", "normal")
LARGE = ("--weight", "187.5lb", "--height", "5ft4in", "--sex", "female")
FHIR = ROOT / "tests" / "fhir"
OVERLAID = ("--overlay", str(ROOT / "examples" / "hospital.yaml"))
COMMANDS = (
    ("dose", *SEVERE),
    ("dose", "--weight", "85", "--severity", "mild"),
    ("dose", "--weight", "120"),
    ("dose", "--weight", "45.5", "--severity", "moderate"),
    ("dose", "--weight", "154lb", "--severity", "mild"),
    ("dose", "--weight", "187.5lb", "--severity", "severe", "--alternatives", "--bsa", "1.85"),
    ("dose", "--weight", "70.07", "--alternatives"),
    ("dose", "--weight", "350", "--confirm-weight", "--bsa", "2.75", "--alternatives"),
    ("dose", "rituximab", "methotrexate"),
    ("dose", "methotrexate", "--severity", "severe", "--alternatives"),
    ("dose", "cyclophosphamide", "--alternatives", "--bsa", "2", "--weight", "99.9"),
    ("taper", "prednisone", *SEVERE),
    ("taper", "prednisone", *SEVERE, "--start", "2026-12-01"),
    ("taper", "prednisone", "--from", "60mg", "--interval", "12w", "--hold", "3w"),
    ("taper", "prednisone", "--from", "90mg"),
    ("taper", "prednisone", "--weight", "154lb", "--severity", "mild"),
    ("taper", "prednisone", "--weight", "85", "--severity", "severe", "--protocol", "etg"),
    ("taper", "prednisone", "--from", "60mg", "--protocol", "etg", "--start", "2026-12-01"),
    ("taper", "prednisone", *SEVERE, "--protocol", "ese-es-2024"),
    ("taper", "prednisone", "--from", "60mg", "--protocol", "ese-es-2024", "--start", "2026-12-01"),
    ("taper", "ivig"),
    ("taper", "ivig", "--weight", "70"),
    ("taper", "ivig", "--weight", "154lb", "--start", "2026-12-01"),
    ("taper", "ivig", "--weight", "45.5", "--weeks", "104"),
    ("taper", "prednisone", "--from", "60mg", "--steps", "hold 4w; -10mg/4w to 20mg; -20%/4w"),
    ("taper", "prednisone", "--on", "35mg", "--from-date", "2027-02-01"),
    ("dose", "--age", "9", "--weight", "28", "--height", "132"),
    ("dose", "methotrexate", "--age", "17", "--bsa", "2.1", "--alternatives"),
    ("dose", "prednisone", "--age", "18 months", "--weight", "22lb"),
    ("check", "methotrexate", "15 mg once a week", "--age", "9", "--bsa", "1.02"),
    ("taper", "prednisone", "--age", "9", "--weight", "28"),
    ("taper", "prednisone", "--age", "9", "--weight", "35", "--start", "2026-12-31"),
    ("taper", "prednisone", "--age", "9", "--weight", "28", "--protocol", "printo-2019"),
    ("taper", "prednisone", "--age", "9", "--from", "50mg"),
    ("taper",),
    ("titrate", "azathioprine", "--weight", "70"),
    ("titrate", "methotrexate", "--day", "monday", "--start", "2026-12-01"),
    ("titrate", "ciclosporin", "--weight", "70", "--interval", "2w"),
    ("dispense", "prednisone", "62.5mg"),
    ("dispense", "prednisone", "62.5mg", "--stock", "20mg,5mg", "--halves"),
    ("dispense", "ivig", "140g", "--days", "2"),
    ("dispense", "ivig", "137.2g", "--days", "2", "--round-to", "5g"),
    ("dispense", "ivig", "137.2g", "--days", "2..5", "--round-to", "5g"),
    ("dispense", "ivig", "140g", "--days", "2..5"),
    ("taper", "prednisone", *SEVERE, "--pack", "20mg:1000,10mg:30", "--left", "20mg:10"),
    ("infusion", "ivig", "--weight", "70", "--at", "09:00"),
    ("infusion", "ivig", "--weight", "154lb", "--days", "2", "--at-risk"),
    ("infusion", "rituximab", "--later", "--at", "13:30"),
    ("check", "prednisone", "90 mg daily", *SEVERE, "--alternatives"),
    ("check", "prednisone", "62.3 mg daily", "--weight", "154lb"),
    ("check", "azathioprine", "1.07 mg/kg/day", "--weight", "70.07", "--severity", "mild"),
    ("check", "methotrexate", "20 mg once a week", "--alternatives"),
    ("check", "methotrexate", "10 mg daily", "--severity", "severe"),
    ("check", "ivig", "140 g daily", "--weight", "70"),
    ("check", "ivig", "600 g over 7 days every 2 weeks", "--weight", "70"),
    ("check", "methylprednisolone", "2 g IV daily", "--alternatives", "--severity", "mild"),
    ("check", "rituximab", "1,000 mg twice, 2 weeks apart", "--bsa", "1.85", "--alternatives"),
    ("check", "cyclophosphamide", "1 g IV every month", "--bsa", "1.85", "--alternatives"),
    ("body", "--weight", "70", "--height", "175"),
    ("body", "--weight", "154lb", "--height", "5ft9in", *WOMAN, "--formula", "haycock"),
    ("body", "--weight", "120", "--height", "160.25", *WOMAN, "--crcl-weight", "adjusted"),
    ("body", "--weight", "50", "--height", "175", *WOMAN, "--crcl-weight", "ideal"),
    ("body", "--weight", "50", "--height", "150", *WOMAN, "--formula", "du-bois"),
    ("body", "--weight", "50", "--height", "1.8m", *WOMAN, "--formula", "gehan-george"),
    ("convert", "40mg", "prednisone", "methylprednisolone"),
    ("convert", "1mg", "dexamethasone", "prednisolone", "--route", "oral"),
    ("convert", "1000mg", "hydrocortisone", "betamethasone"),
    ("about",),
    ("care",),
    ("rules",),
    ("dose", "--weight", "100", "--age", "66", *RULED, "--alternatives", "--bsa", "2.2"),
    ("dose", "azathioprine", "methotrexate", "--weight", "70", "--taking", "febuxostat"),
    ("dose", "cyclophosphamide", "--weight", "70", "--age", "71", "--crcl", "30", "--alternatives"),
    ("check", "methotrexate", "20 mg once a week", "--egfr", "45", "--condition", "ild"),
    ("check", "azathioprine", "100 mg daily", "--weight", "70", "--taking", "allopurinol"),
    ("infusion", "ivig", "--weight", "70", "--age", "70", "--condition", "thrombosis-risk"),
    ("severity",),
    ("severity", "--age", "9"),
    ("refs",),
    ("refs", "--page"),
    ("monitor", "azathioprine", "prednisone", "--start", "2026-12-01", "--stable", "4w"),
    ("monitor", "methotrexate", "ciclosporin", "mycophenolate", "tacrolimus"),
    ("monitor", "rituximab", "cyclophosphamide", "ivig", "--weeks", "100"),
    ("labs", "azathioprine", "--wcc", "4.25", "--platelets", "1050", "--alt", "100"),
    ("labs", "methotrexate", "ciclosporin", "tacrolimus", "--wcc", "3.1", "--ast", "100.5"),
    ("labs", "cyclophosphamide", "ivig", "--neutrophils", "0.5", "--alt", "40"),
    ("labs", "ciclosporin", "--creatinine", "1mg/dL", "--baseline-creatinine", "120umol/L"),
    ("labs", "ciclosporin", "--creatinine", "130umol/L", "--baseline-creatinine", "104umol/L"),
    ("labs", "mycophenolate", *shlex.split("--bp 150/85 --egfr 45.5 --albumin 28 --mcv 110")),
    ("labs", "tacrolimus", "--alt", "1500"),
    ("verify", f"{FHIR}/faults/c01-gap-of-two-days.json"),
    ("verify", *sorted(map(str, (ROOT / "tests" / "fhir" / "faults").glob("ok*r.json")))),
    ("verify", f"{FHIR}/examples/hl7-r5-medrx004-ivig-gammagard.json"),
    ("monitor", "prednisone", "ciclosporin", "--weeks", "110", "--stable", "8w"),
    ("plan", "--weight", "70", "--severity", "mild"),
    ("plan", "--age", "9", "--weight", "28", "--height", "134", "--with", "prednisone"),
    ("plan", "--age", "18 months", "--weight", "10", "--with", "methylprednisolone"),
    ("plan", *CHILD, "--with", "prednisone,methylprednisolone", "--organ", "heart"),
    ("plan", *SEVERE, "--with", "azathioprine", "--start", "2026-12-01"),
    ("plan", *SEVERE, "--response", "partial", "--with", "prednisone,mycophenolate"),
    ("plan", *shlex.split("-w 120 -s moderate --with methotrexate,ivig --weeks 30")),
    (
        "plan",
        *SEVERE,
        "--response",
        "none",
        "--organ",
        "lung,skin",
        "--with",
        "rituximab,tacrolimus",
    ),
    (
        "plan",
        "--weight",
        "154lb",
        "--severity",
        "severe",
        "--not-tolerated",
        "prednisone,azathioprine",
    ),
    ("plan", *SEVERE, "--response", "good", "--start", "2026-12-01", *OVERLAID),
    ("dose", *LARGE, "--weight-policy", "ontario", "--severity", "severe"),
    ("dose", "ivig", *LARGE, "--weight-basis", "ideal"),
    ("dose", "ivig", "--weight", "80.5", "--height", "175", "--weight-policy", "ontario"),
    ("dose", "ivig", *LARGE, "--weight-policy", "nhs-form", "--condition", "thrombosis-risk"),
    ("taper", "ivig", *LARGE, "--weight-policy", "australia", "--start", "2026-12-01"),
    ("infusion", "ivig", *LARGE, "--weight-policy", "ontario", "--days", "2", "--at", "09:00"),
    ("check", "ivig", "1.9 g/kg over 2 days", *LARGE, "--weight-basis", "adjusted"),
    ("check", "methotrexate", "15 mg once a week", "--age", "7", "-w", "20", "--height", "125"),
    ("replay", "RECEIPT"),
    ("replay", "RECEIPT", "--table", "CHANGED"),
    ("drugs",),
    ("table", "check"),
    ("dose", *SEVERE, *OVERLAID),
    ("taper", "prednisone", *SEVERE, "--start", "2026-12-01", *OVERLAID),
    ("infusion", "ivig", "--weight", "70", *OVERLAID),
    ("dispense", "ivig", "28g", *OVERLAID),
    ("dispense", "ivig", "140g", "--days", "2..5", *OVERLAID),
    ("check", "prednisone", "60 mg daily", *SEVERE, *OVERLAID),
    ("show", "prednisone", *OVERLAID),
    ("why", "prednisone", *OVERLAID),
    ("body", "--weight", "90", "--height", "175", *OVERLAID),
    ("drugs", *OVERLAID),
    ("taper", *OVERLAID),
    ("table", "check", *OVERLAID),
    ("table", "diff", "bundled", "bundled", *OVERLAID),
    *(
        (verb, drug)
        for verb in ("show", "why")
        for drug in (
            *("prednisone", "methylprednisolone", "azathioprine", "methotrexate", "ivig"),
            *("cyclophosphamide", "mycophenolate", "ciclosporin", "tacrolimus", "rituximab"),
        )
    ),
)


class Page(NamedTuple):
    """What a command prints for people in one format."""

    command: str
    form: str
    text: str

    @property
    def words(self) -> str:
        """Its words on one line, without colour or Markdown's own signs."""
        return words_of(self.text, markdown=self.form == "markdown")


@cache
def words_of(text: str, *, markdown: bool) -> str:
    """Return the words of a page on one line, without colour or Markdown's own signs."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    # a digest may hold what looks like a number of a computer
    text = re.sub(r"SHA-256\s+[0-9a-f]{12,64}(?:\s+[0-9a-f]+\b)?", "SHA-256", text)
    if markdown:
        text = re.sub(r"\\([\\`*_|<>\[\]#])", r"\1", text.replace("<br>", "\n"))
    return " ".join(text.split())


@pytest.fixture(scope="session")
def files(
    call: Callable, bundled: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """A receipt, and a table with another cap, by what COMMANDS call them."""
    folder = tmp_path_factory.mktemp("replay")
    text = bundled.read_text(encoding="utf-8")
    for old, new in (
        ("max: 60-80 mg/day\n        by_", "max: 50-65 mg/day\n        by_"),
        ("60–80 mg/day)", "50–65 mg/day)"),
        ("at most 60 to 80 mg/day", "at most 50 to 65 mg/day"),
    ):
        assert old in text
        text = text.replace(old, new)
    (folder / "changed.yaml").write_text(text, encoding="utf-8")
    receipt = str(folder / "receipt.json")
    options = ("--weight", "350", "--confirm-weight", "--severity", "severe")
    assert call("dose", *options, "--receipt", receipt, "--receipt-for", "case 17").code == 0
    return {"RECEIPT": receipt, "CHANGED": str(folder / "changed.yaml")}


@pytest.fixture(scope="session")
def results(call: Callable, files: dict[str, str]) -> dict[str, Result]:
    """The answer to each command, computed once."""
    answers: dict[str, Result] = {}
    for args in COMMANDS:
        command = shlex.join(args)

        def keep(result: Result, form: Format, style: Style, command: str = command) -> str:
            answers[command] = result
            return render(result, form, style)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("dmcalc.cli._output.render", keep)
            done = call(*(files.get(arg, arg) for arg in args))
        # what compares is answered whatever it finds
        compares = args[0] in ("check", "replay", "labs", "verify")
        assert done.code in ((0, 4, 5) if compares else (0,)), (args, done.stderr)
    return answers


@pytest.fixture(scope="session")
def pages(results: dict[str, Result]) -> dict[str, list[Page]]:
    """All pages, by format."""
    made: dict[str, list[Page]] = {form: [] for form in FORMS}
    for command, result in results.items():
        for form in FORMS:
            number, _, columns = form.partition(" ")
            detail = "usual" if form == "usual" else "explained"
            style = Style(int(number) if columns else WIDEST, bool(columns), detail=detail)
            text = render(result, "markdown" if form == "markdown" else "table", style)
            made[form].append(Page(command, form, text))
    return made


@cache
def without(text: str, parts: tuple[str, ...]) -> str:
    """Take parts out of a text, the longest first; an address also where it is cut to a width."""
    words, unspaced = {"", *text.split()}, text.replace(" ", "")
    for part, inner in _longest_first(parts):
        if part.startswith("http") and part in unspaced:
            text = re.sub(r"\s?".join(map(re.escape, part)), "“”", text)
        if inner in words:
            text = text.replace(part, "“”")
    return text


@cache
def _longest_first(parts: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the parts, each with its longest inner word: a text without the word has not it."""
    plain = {" ".join(part.split()) for part in parts if part}
    return [
        (part, max(part.split()[1:-1], key=len, default=""))
        for part in sorted(plain, key=len, reverse=True)
    ]


@pytest.fixture(scope="session")
def quoted() -> tuple[str, ...]:
    """What the table takes over word for word: quotes, and how works are called."""
    table = dmcalc.load_table().table
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, dict):
            value = tuple(value.values())
        if isinstance(value, tuple):
            if type(value).__name__ == "Cite":
                found.append(value.quote or "")
            elif type(value).__name__ == "Source":
                found.extend(
                    str(part or "")
                    for part in (
                        value.title,
                        value.authors,
                        value.publication,
                        value.doi,
                        value.url,
                    )
                )
            else:
                for part in value:
                    walk(part)

    walk((*table, *dmcalc.guideline.load().guideline))
    assert len(found) > 100
    return tuple(found)


@pytest.fixture(scope="session")
def posologies(call: Callable) -> tuple[str, ...]:
    """Every posology and figure as its source writes it."""
    found = []
    drugs = call("drugs", "--field", "drug").stdout.split()
    for args in [*((drug,) for drug in drugs), ("prednisone", *OVERLAID)]:
        written = call("show", *args, "--field", "posology").stdout.splitlines()
        found += [*written, *(re.sub(r"\b(\d)(\d{3})\b", r"\1,\2", text) for text in written)]
        found += [
            f"{row['figure']}: {row['value']}"
            for row in call("why", *args, "--format", "json").json["rows"]
        ]
    # a replay beside another table: "then; now", and a posology of that table
    return (*found, "60-80 mg/day; now 50-65 mg/day", "0.75-1 mg/kg/day, max 50-65 mg/day")
