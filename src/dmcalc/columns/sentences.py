"""What is constant in the answers, once: the words of posologies and of rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from dmcalc.columns.sheet import TEXT
from dmcalc.dosing.regimen import prepare_regimen
from dmcalc.results.base import source_keys

if TYPE_CHECKING:
    from dmcalc.columns.drafts import Drafts
    from dmcalc.columns.engine import Engine
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import LoadedTable, Table

REGIMENS = ("regimen", "drug", "name", "class", "phase", "population", "posology", "text")
LISTS = ("sources", "effects", "side_effects")
RULES = ("rule", "effect", "text", "strength", "population", "sources")


def write_sentences(
    engine: Engine,
    loaded: LoadedTable,
    guide: LoadedGuideline,
    output: str,
    drafts: Drafts,
) -> None:
    """Write ``NAME.regimens`` and ``NAME.rules`` next to the answers, in their form, as drafts."""
    tables = {
        "regimens": ((*REGIMENS, *LISTS), _regimens(loaded.table)),
        "rules": (RULES, _rules(guide)),
    }
    for name, (columns, rows) in tables.items():
        engine.load(name, dict.fromkeys(columns, TEXT), rows)
        target = str(Path(output).with_suffix(f".{name}{Path(output).suffix}"))
        drafts.open(target, private=False)
        drafts.write(f"SELECT * FROM {name}", target)


def _regimens(table: Table) -> Iterator[list[str | None]]:
    for key, drug in table.drugs.items():
        for child, regimens in (
            (False, (*drug.leading, *drug.alternatives)),
            (True, drug.juvenile),
        ):
            for regimen in dict.fromkeys(regimens):
                row = prepare_regimen(table, key, regimen, base=not child, child=child).blank
                yield [
                    *(row.regimen, row.drug, row.name, row.class_, row.phase, row.population),
                    *(row.posology, row.text),
                    *("; ".join(getattr(row, name)) for name in LISTS),
                ]


def _rules(guide: LoadedGuideline) -> Iterator[list[str | None]]:
    for rule in guide.guideline.rules.rules:
        sources = "; ".join(source_keys(rule.cite))
        yield [rule.id, rule.then, rule.text, rule.strength, rule.population, sources]
