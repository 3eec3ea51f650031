"""``dmcalc sql``: the doses of a drug, or the check of its orders, as one statement of SQL."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from dmcalc._version import __version__
from dmcalc.columns.dialect import Dialect, dialect
from dmcalc.columns.facts import (
    AGE,
    FactColumns,
    PatientTerms,
    not_checked,
    number_column,
    read_patient,
)
from dmcalc.columns.posology import DoseTerms, dose_terms, verdict_terms
from dmcalc.columns.tree import NOTHING, Layers, Term, Tree
from dmcalc.dosing.dose import regimens_of
from dmcalc.dosing.regimen import PreparedRegimen, prepare_regimen
from dmcalc.errors import UsageError
from dmcalc.results.names import find_drug

if TYPE_CHECKING:
    from dmcalc.columns.dialect import Name
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.guideline.patient_rules import Rule
    from dmcalc.sources.cite import Cite
    from dmcalc.table.model.table import LoadedTable

TREE = Tree()
#: Effects of rules that change a dose; the others warn, and a statement prints no warnings.
CHANGING = ("refuse", "withhold", "scale", "cap")
#: The digits of an ordered amount before and behind the point.
AMOUNT_DIGITS = (9, 6)
_TABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*){0,2}", re.ASCII)
_WIDTH = 118


class StatementRequest(NamedTuple):
    """The request: a drug, the engine, the table and the columns of facts that it has."""

    drug: str
    dialect: Name
    #: Name of the table, None for the usual one.
    source: str | None
    given: tuple[str, ...]
    check: bool


def statement(loaded: LoadedTable, guide: LoadedGuideline, request: StatementRequest) -> str:
    """Write the statement.

    Raise UnknownNameError for a drug that there is not, and UsageError for a column that gives no
    fact or a name that is none of a table.
    """
    table, rules = loaded.table, guide.guideline.rules
    key = find_drug(table, request.drug)
    source = request.source or ("orders" if request.check else "patients")
    if _TABLE_NAME.fullmatch(source) is None:
        raise UsageError(f"‹from›: {source!r} is no name of a table", "Write schema.table.")
    columns = FactColumns.read(request.given, rules, table)
    own = [rule for rule in rules.of(key) if rule.then in CHANGING]
    engine = dialect(request.dialect)
    juvenile = bool(table.drugs[key].juvenile) and AGE in columns.measures
    selects: list[str] = []
    lacking: dict[str, tuple[str, ...]] = {}
    for child in (False, True) if juvenile else (False,):
        own_regimens = list(regimens_of(table.drugs[key], alternatives=False, juvenile=child))
        weighed = any(r.dose is not None and r.dose.basis == "kg" for r, _ in own_regimens)
        for regimen, base in own_regimens:
            ready = prepare_regimen(table, key, regimen, base=base, child=child)
            layers = Layers()
            patient = read_patient(layers, columns, table, juvenile=juvenile)
            listed, lacking = not_checked(patient, own)
            holding = [] if child else _holding(layers, patient, own)
            dose = dose_terms(
                layers,
                ready,
                patient.size,
                patient.severity,
                holding,
                patient.fault,
                weighed=weighed,
            )
            rows = patient.child if juvenile else None
            if rows is not None and not child:
                rows = TREE.negated(rows)
            outputs = _outputs(layers, ready, dose, listed, check=request.check)
            notes = _notes(ready, own, holding)
            selects.append(_select(engine, source, notes, layers, outputs, rows))
    open_rules = tuple(
        f"NOT CHECKED: {rule.id} ({rule.then}), by {', '.join(lacking[rule.id])}"
        for rule in own
        if rule.id in lacking
    )
    heading = _heading(loaded, guide, request, key, source, open_rules)
    return heading + "\nUNION ALL\n".join(selects)


def _holding(
    layers: Layers, patient: PatientTerms, rules: Iterable[Rule]
) -> list[tuple[Rule, Term]]:
    """Name when each rule holds; one whose facts no column gives never does."""
    truths = [(rule, patient.holds(rule.when)[0]) for rule in rules]
    known = {rule.id.replace("-", "_"): truth for rule, truth in truths if truth is not None}
    named = layers.add("rules", known)
    return [(rule, named[rule.id.replace("-", "_")]) for rule, truth in truths if truth is not None]


def _outputs(
    layers: Layers, ready: PreparedRegimen, dose: DoseTerms, listed: Term, *, check: bool
) -> dict[str, Term]:
    row = ready.blank
    outputs = {
        "drug": TREE.text(row.drug),
        "regimen": TREE.text(row.regimen),
        "low": dose.low,
        "high": dose.high,
        "cap_low": dose.cap_low,
        "cap_high": dose.cap_high,
        "suggested": dose.suggested,
        "unit": NOTHING if row.unit is None else TREE.text(row.unit),
        "per": NOTHING if row.per is None else TREE.text(row.per),
    }
    code = dose.code
    if check:
        verdict, deviation, code = _checked(layers, dose)
        outputs |= {"verdict": verdict, "deviation": deviation}
    return {**outputs, "code": code, "not_checked": listed}


def _checked(layers: Layers, dose: DoseTerms) -> tuple[Term, Term, Term]:
    """Return verdict, deviation and code of an order in the column amount."""
    read = number_column("amount", *AMOUNT_DIGITS, "implausible-amount")
    amount = layers.add("orders_read", {"amount": read.value})["amount"]
    positive = TREE.holds(TREE.below(TREE.number(0), amount))
    code = TREE.first(
        [
            *([(TREE.known(dose.code), dose.code)] if dose.code is not NOTHING else []),
            (TREE.negated(TREE.known(read.raw)), TREE.text("no-amount")),
            (TREE.negated(positive), TREE.text(read.code)),
        ],
        None,
    )
    code = layers.add("checked", {"code": code})["code"]
    if dose.low is NOTHING:
        return _refused(code), NOTHING, code
    free = TREE.negated(TREE.known(code))
    verdict, deviation, _ = verdict_terms(dose, amount)
    verdict = TREE.first([(free, verdict)], _refused(code))
    return verdict, TREE.first([(free, deviation)], None), code


def _refused(code: Term) -> Term:
    """Return the verdict of an order that a rule refuses, or that has no dose to compare with."""
    refused = [
        TREE.equal(code, TREE.text(name)) for name in ("rule", "no-dose-genotype", "no-dose")
    ]
    return TREE.first([(TREE.any_of(refused), TREE.text("refused"))], None)


def _select(
    engine: Dialect,
    source: str,
    notes: dict[str, list[str]],
    layers: Layers,
    outputs: dict[str, Term],
    rows: Term | None,
) -> str:
    lines = [*_comment(notes["posology"]), "SELECT", "  t.*,"]
    width = len(outputs)
    for number, (name, term) in enumerate(outputs.items(), 1):
        written = engine.expression(term)
        if term is NOTHING:
            kind = engine.text if name not in _AMOUNTS else "DECIMAL(18, 6)"
            written = f"CAST(NULL AS {kind})"
        lines.append(f"  {written} AS {name}{',' if number < width else ''}")
    lines.append(f"FROM {source} AS t")
    for name, terms in layers.layers:
        lines += _comment(notes.get(name, ()))
        each = ",\n  ".join(f"{engine.expression(term)} AS {key}" for key, term in terms.items())
        lines.append(f"CROSS JOIN LATERAL (SELECT\n  {each}\n) AS {name}")
    if rows is not None:
        lines.append(f"WHERE {engine.expression(rows)}")
    return "\n".join(lines) + "\n"


_AMOUNTS = ("low", "high", "cap_low", "cap_high", "suggested", "deviation")


def _notes(
    ready: PreparedRegimen, rules: Iterable[Rule], holding: list[tuple[Rule, Term]]
) -> dict[str, list[str]]:
    """Say by layer what it does, and for each figure its source."""
    ids = {rule.id for rule, _ in holding}
    return {
        "posology": list(_figures(ready)),
        "facts": ["What is read strictly: what is not a number, or has more decimals, is NULL."],
        "fault": ["Why a row has no dose, whatever the drug: limits of the program."],
        "rules": [
            "Which rules apply to the patient; one whose fact is missing does not.",
            *(line for rule in rules if rule.id in ids for line in _cited(rule)),
        ],
        "whole": ["The rate times the size, up to the cap."],
        "dose": ["No dose where there is a code, else the smallest that a rule leaves."],
        **{f"left_{rule.id.replace('-', '_')}": list(_cited(rule)) for rule in rules},
    }


def _cited(rule: Rule) -> Iterator[str]:
    """Yield a rule and its sources."""
    figure = rule.share or rule.max
    times = f", {rule.times} times a day" if rule.times else ""
    yield f"{rule.id}: {rule.then}{f' {figure}' if figure else ''}{times}"
    yield from map(_source, rule.cite)


def _figures(ready: PreparedRegimen) -> Iterator[str]:
    """Yield the figures of a posology, each with its source and quote."""
    row = ready.blank
    yield f"{row.regimen}: {row.posology}"
    yield from map(_source, ready.regimen.cite)
    if ready.paediatric_cap is not None:
        cap = ready.paediatric_cap
        yield f"the cap, {cap.rate}, which {cap.name} gives for children"
        yield from map(_source, cap.cite)
    if row.reading:
        yield row.reading


def _source(cite: Cite) -> str:
    return f"{cite.source}: {quoted_words(cite.quote)}" if cite.quote else cite.source


def quoted_words(text: str) -> str:
    """Write a quote in one line."""
    return f'"{" ".join(text.split())}"'


def _heading(
    loaded: LoadedTable,
    guide: LoadedGuideline,
    request: StatementRequest,
    key: str,
    source: str,
    rules: tuple[str, ...],
) -> str:
    given = request.given
    ages = f"under {loaded.table.limits.adult_age} years"
    whom = (
        f"For adults and, by {AGE}, for children: {ages} without a paediatric posology is NULL."
        if AGE in given
        else f"FOR ADULTS ALONE: no column gives the age, and a child would get an adult's dose. "
        f"With --given {AGE} those {ages} are distinguished."
    )
    what, besides = "its doses", " and whole units"
    if request.check:
        what = "the check of its orders, by amount in unit per per,"
        besides = ", whole units and the steps of tapers and titrations"
    lines = [
        whom,
        f"dmcalc {__version__}: {key}, {what} for {request.dialect}.",
        f"table {loaded.table.version}, sha256 {loaded.sha256}",
        f"guide sha256 {guide.sha256}",
        *(f"overlay sha256 {overlay.sha256}" for overlay in loaded.overlays),
        f"options: {_options(request)}",
        f"It reads {source}: weight_kg, severity{', amount' if request.check else ''}"
        f"{''.join(f', {name}' for name in given)}.",
        "A weight has at most 3 decimals; outside its limits, and NULL, it gives no dose.",
        f"Rules that only warn{besides} are not in it: dmcalc batch has them.",
        *(("Rules that change a dose, whose facts no column gives:", *rules) if rules else ()),
        "Opinion of the cited authors, not approved everywhere; the prescriber decides and "
        "consults the package insert.",
    ]
    return "\n".join(_comment(lines)) + "\n"


def _options(request: StatementRequest) -> str:
    options = [f"--dialect {request.dialect}"]
    options += [f"--from {request.source}"] if request.source else []
    options += [f"--given {','.join(request.given)}"] if request.given else []
    return " ".join([*options, *(["--check"] if request.check else [])])


def _comment(lines: Iterable[str]) -> list[str]:
    """Write lines as comments; what ends a comment elsewhere cannot stand in them."""
    return [
        f"-- {part}"
        for line in lines
        for part in textwrap.wrap(
            " ".join(line.split()), _WIDTH, subsequent_indent="  ", break_long_words=False
        )
    ]
