"""What a person would write instead: for a wrong option, command, value or word."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from typer._click import exceptions as click

from dmcalc.errors import ECHOED, DmcalcError, UsageError
from dmcalc.text.spelling import distance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from typer._click.core import Context

#: What is meant by an option that no command has. The first that a command knows is offered.
OPTIONS = {
    "--kg": ("--weight 70",),
    "--wt": ("--weight 70",),
    "--lb": ("--weight 154lb",),
    "--body-weight": ("--weight 70",),
    "--ht": ("--height 175",),
    "--cm": ("--height 175",),
    "--gender": ("--sex female",),
    "--gfr": ("--egfr 45",),
    "--ckd": ("--egfr 45: the figure, not the stage",),
    "--crea": ("--creatinine 0.9mg/dL",),
    "--cr": ("--creatinine 0.9mg/dL",),
    "--years": ("--age 45",),
    "--birth": ("--dob 1980-03-01",),
    "--born": ("--dob 1980-03-01",),
    "--with": ("--taking",),
    "--add": ("--with DRUG",),
    "--step": ("--decrement 10mg", "--increase 5mg"),
    "--lft": ("--alt 40",),
    "--yaml": ("--format json, which is YAML too",),
    "--meds": ("--taking",),
    "--interacting": ("--taking",),
    "--organ": ("--condition lung",),
    "--comorbidity": ("--condition",),
    "--pregnant": ("--condition pregnancy",),
    "--drug": ("--with", "the drug without an option, after the command"),
    "--start-dose": ("--from 60mg",),
    "--dose": ("--from 60mg",),
    "--to": ("--steps: a published taper has its own end",),
    "--target": ("--to",),
    "--by": ("--decrement 10mg", "--increase 5mg"),
    "--every": ("--interval 4w",),
    "--duration": ("--interval 4w", "--weeks 26", "--for 28d"),
    "--length": ("--weeks 26", "--for 28d"),
    "--date": ("--start 2026-12-01",),
    "--begin": ("--start 2026-12-01",),
    "--start": ("--at 09:00", "the date where there are dates: dmcalc taper DRUG --start today"),
    "--time": ("--at 09:00",),
    "--rate": ("--pump-step 1: the rates are those of the source",),
    "--speed": ("--pump-step 1: the rates are those of the source",),
    "--taper": ("--protocol",),
    "--schedule": ("--protocol",),
    "--strength": ("--stock 20mg,5mg",),
    "--tablets": ("--stock 20mg,5mg",),
    "--country": ("--market uk",),
    "--html": ("--format html",),
    "--pdf": ("--format html, and print that page as PDF",),
    "--xlsx": ("--format csv, which a spreadsheet opens",),
    "--ics": ("--format ics",),
    "--out": ("--output FILE",),
    "--file": ("--output FILE",),
    "--verbose": ("--explain",),
    "-v": ("--version, or -V",),
    "--hb": ("--wcc, --neutrophils or --platelets: no rule of the guide is on haemoglobin",),
    "--hgb": ("--wcc, --neutrophils or --platelets: no rule of the guide is on haemoglobin",),
}
#: Words that are taken for a command, and what to write.
COMMANDS = {
    **dict.fromkeys(("doses", "calc", "calculate", "compute", "dosing"), "dose"),
    **dict.fromkeys(("list", "medicines", "formulary"), "drugs"),
    **dict.fromkeys(("handout", "leaflet", "sheet"), "taper DRUG -f html"),
    **dict.fromkeys(("interactions", "interaction", "contraindications"), "rules"),
    **dict.fromkeys(("titration", "uptitrate"), "titrate"),
    **dict.fromkeys(("infuse", "infusions", "rates"), "infusion"),
    **dict.fromkeys(("monitoring", "tests"), "monitor"),
    **dict.fromkeys(("supply", "tablets", "vials", "dispensing"), "dispense"),
    **dict.fromkeys(("order", "orders", "verdict"), "check DRUG 60 mg daily"),
    **dict.fromkeys(("bsa", "bmi", "egfr", "crcl"), "body"),
    **dict.fromkeys(("equivalent", "equivalents", "conversion"), "convert"),
    **dict.fromkeys(("references", "sources", "citations"), "refs"),
    **dict.fromkeys(("info", "monograph"), "show"),
    **dict.fromkeys(("version", "ver"), "--version"),
}
#: What helps with a value that is none of those that an option takes.
VALUES = {
    "severity": "How weakness is graded: dmcalc severity",
    "tpmt": "The report of the laboratory says which of the three it is.",
    "market": "Great Britain is uk.",
    "nudt15": "The report of the laboratory says which of the three it is.",
    **dict.fromkeys(
        ("start", "from_date", "as_of"),
        "Write 2026-12-01, 1 Dec 2026, today, tomorrow, +7d or +2w.",
    ),
}
#: What a word more than a command takes may be, by command.
EXTRA = {
    "taper": "The start dose is an option: --from 60mg",
    "titrate": "The start dose is an option: --from 50mg",
    "infusion": "The dose of the infusion is an option: --dose 30g",
    "plan": "A drug to include is an option: --with DRUG",
    "severity": "The scales of weakness, all of them: dmcalc severity",
    "schema": "One kind at a time: dmcalc schema dose",
    "drugs": "One drug in full: dmcalc show DRUG",
}
#: Commands of one drug, offered where a drug is entered instead of a command.
OF_ONE_DRUG = ("dose", "taper", "check", "dispense", "monitor", "show")


@contextmanager
def explained(ctx: Context) -> Iterator[None]:
    """Turn an error of the command line into one of dmcalc, with a hint; raise UsageError."""
    try:
        yield
    except click.UsageError as error:
        raise _explained(error, error.ctx or ctx) from None


def _explained(error: click.UsageError, ctx: Context) -> UsageError:
    more = f"Its help: {ctx.command_path} --help"
    path = ctx.command_path.removeprefix("dmcalc ")
    if isinstance(error, click.NoSuchOption):
        name = error.option_name[:ECHOED]
        return UsageError(f"{path} has no option {name}", _option(error, ctx) or more)
    parameter = getattr(error, "param", None)
    if isinstance(error, click.MissingParameter) and parameter is not None:
        name = (parameter.metavar or parameter.name or "").upper()
        return UsageError(f"{path} needs {name}", ctx.get_usage().replace("Usage: ", "Write: "))
    setting = getattr(parameter, "envvar", None)
    if isinstance(error, click.BadParameter) and setting and getattr(parameter, "is_flag", False):
        # on the command line a flag has no value
        value = os.environ.get(setting, "")
        hint = "Write 1 or 0, or unset it."
        return UsageError(f"{setting} is {value!r}, neither yes nor no", hint)
    if isinstance(error, click.BadParameter) and parameter is not None:
        name = next((n for n in parameter.opts if n.startswith("--")), parameter.name)
        text = error.message.replace("' is not one of ", "\0", 1).rstrip(".")
        value, _, words = text.partition("\0")
        text = f"{value}' is not one of {words.replace(chr(39), '')}" if words else value
        return UsageError(f"{name}: {text}", VALUES.get(parameter.name or "", more))
    extra = re.fullmatch(r"Got unexpected extra argument\(s\) \((.*)\)", error.format_message())
    if extra is not None:
        return UsageError(f"{path} does not take {extra[1]!r} here", EXTRA.get(path, more))
    return UsageError(error.format_message().rstrip("."), more)


def _option(error: click.NoSuchOption, ctx: Context) -> str | None:
    """Return what to write for an option that a command does not have."""
    known = [name for parameter in ctx.command.get_params(ctx) for name in parameter.opts]
    for hint in OPTIONS.get(error.option_name, ()):
        name = hint.split()[0].rstrip(":,")
        if name in known or not name.startswith("-"):
            return f"Write {hint}."
    near = _slips(error.option_name, known)
    return f"Is it {' or '.join(near)}?" if near else None


def _slips(word: str, words: Iterable[str]) -> list[str]:
    """Return at most two words that a word is a slip for, or begins; a short word is near."""
    most = 2 if len(word.strip("-")) > 3 else 1
    far = sorted((0 if name.startswith(word) else distance(word, name), name) for name in words)
    return [name for steps, name in far if steps <= most][:2]


def unknown_command(path: str, words: Sequence[str], commands: Iterable[str]) -> DmcalcError:
    """Return the error for a word that is no command: a drug, another word for one, or a slip."""
    word, *rest = words
    if path == "dmcalc":
        drug = _drug(word)
        if isinstance(drug, DmcalcError):
            return drug
        if drug is not None:
            others = ", ".join(OF_ONE_DRUG[1:])
            return UsageError(
                f"{word!r} is a drug, and a command comes first",
                f"Write: {' '.join(['dmcalc dose', word, *rest])}; or {others} for dose.",
            )
        if word in COMMANDS:
            return UsageError(f"there is no command {word!r}", f"Write: dmcalc {COMMANDS[word]}")
    near = _slips(word, commands)
    hint = f"Is it {' or '.join(near)}?" if near else f"The commands: {path} --help"
    return UsageError(f"there is no command {word!r}", hint)


def _drug(word: str) -> str | DmcalcError | None:
    """Return the drug that a word names, the error that names it, None for another word."""
    from dmcalc.errors import UnknownNameError
    from dmcalc.formulary import load
    from dmcalc.medicines.names import advice_on_drug
    from dmcalc.results.names import find_drug

    table = load().table
    try:
        return find_drug(table, word)
    except UnknownNameError as error:
        known = advice_on_drug(word, table.drugs) or word.lower() in (table.absent or {})
        return error if known else None
