"""The page of ``dmcalc show``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dmcalc.render.page import Grid, Page, Points, References, cautioned

if TYPE_CHECKING:
    from dmcalc.core.catalogue import Monograph


def page(result: Monograph) -> Page:
    """Lay out a monograph: facts, posology, alternatives, effects, cautions, sources."""
    table = result.loaded.table
    entry = result.entry
    references = References(table.sources)
    rows = result.records()
    base = tuple(_row(row, references) for row in rows if row["base"])
    others = tuple(_row(row, references) for row in rows if not row["base"])
    columns = ("Phase", "Posology", "For, and how it is read")
    blocks: list[Grid | Points] = [
        Points("At a glance", tuple(_facts(entry))),
        Grid("Posology of the base page", columns, base, 80, spaced=True),
        *(
            [Grid("Alternatives from other sources", columns, others, 80, spaced=True)]
            if others
            else []
        ),
        Points("Indicated by severity", tuple(_places(entry))),
        Points("Effects", tuple(("", text) for text in entry["effects"])),
        Points("Side effects", tuple(("", text) for text in entry["side_effects"])),
        *cautioned(result.cautions, references),
        *_told(entry, references),
    ]
    references.mark(tuple(source["source"] for source in result.sources))
    blocks.append(references.block())
    return Page(entry["name"], tuple(blocks))


def _told(entry: dict[str, Any], references: References) -> tuple[Points, ...]:
    items = tuple(
        ("", f"{note['text']} {references.mark(note['sources'])}")
        for note in entry["patient_notes"]
    )
    return (Points("What patients are told, on the handout", items),) if items else ()


def _facts(entry: dict[str, Any]) -> list[tuple[str, str]]:
    facts = [
        ("key", entry["drug"]),
        ("also called", ", ".join(entry["aliases"])),
        ("class", entry["class"]),
        ("line", entry["line"]),
        ("route", entry["route"]),
        ("given", "once a week, never daily" if entry["once_weekly"] else ""),
        ("tapers", ", ".join(entry["tapers"])),
        ("figures reviewed", entry["reviewed"].isoformat()),
    ]
    return [(f"{label}:", text) for label, text in facts if text]


def _places(entry: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (f"{severity}:", f"{'yes' if place['indicated'] else 'no'}. {place['reason']}")
        for severity, place in entry["indication"].items()
    ]


def _row(row: dict[str, Any], references: References) -> tuple[str, ...]:
    remarks = [row["population"], row["reading"], row["no_dose"]]
    return (
        row["phase"],
        f"{row['posology']} {references.mark(row['sources'])}",
        " ".join(text for text in remarks if text),
    )
