"""``care``, ``severity`` and ``about``: what the guideline says of care without drugs, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc._version import __version__
from dmcalc.catalogue.rows import AboutRow, CareRow, SeverityHead, SeverityRow
from dmcalc.results.base import TableResult, source_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.catalogue.rows import Part
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.patient.patient import Patient
    from dmcalc.sources.cite import Cite
    from dmcalc.table.model.table import LoadedTable


def care(loaded: LoadedTable, guide: LoadedGuideline) -> TableResult[None, CareRow]:
    """List goals, their impact, the team, measures with benefits, and the page's sentences."""
    known = guide.guideline.care
    rows = [
        *(_row("goal", goal.text, "", goal.cite) for goal in known.goals),
        *(_row("impact", goal.text, "", goal.cite) for goal in known.impact),
        _row("team", ", ".join(known.team.members), known.team.text, known.team.cite),
    ]
    for measure in known.measures:
        cites = (*measure.cite, *(cite for benefit in measure.benefits for cite in benefit.cite))
        benefits = "; ".join(benefit.text for benefit in measure.benefits)
        rows.append(_row("measure", measure.name, benefits, cites))
    rows += [_row("statement", s.topic, s.text, s.cite) for s in known.statements]
    return TableResult("care", loaded, tuple(rows), None, guide=guide)


def _row(part: Part, name: str, text: str, cites: tuple[Cite, ...]) -> CareRow:
    return CareRow(part, name, text, source_keys(cites), quotes_of(cites))


def quotes_of(cites: Iterable[Cite]) -> tuple[str, ...]:
    """List the words of some citations, each once."""
    return tuple(dict.fromkeys(cite.quote for cite in cites if cite.quote))


def severity(
    loaded: LoadedTable, guide: LoadedGuideline, patient: Patient
) -> TableResult[SeverityHead, SeverityRow]:
    """List the scales with their grades, and the features of high risk; a child's come first."""
    known = guide.guideline.severity
    scales = [
        SeverityRow(
            part="grade",
            scale=scale.id,
            name=scale.name,
            severity=grade.severity,
            text=grade.value,
            population=None,
            sources=source_keys(scale.cite),
            quotes=quotes_of(scale.cite),
        )
        for scale in known.scales
        for grade in scale.grades
    ]
    risks = [
        SeverityRow(
            part="high-risk",
            scale=None,
            name="Feature of high risk",
            severity=None,
            text=risk.text,
            population=risk.population,
            sources=source_keys(risk.cite),
            quotes=quotes_of(risk.cite),
        )
        for risk in known.high_risk
    ]
    rows = [*risks, *scales] if patient.child else [*scales, *risks]
    head = SeverityHead(known.text, patient)
    return TableResult("severity", loaded, tuple(rows), head, guide=guide)


def about(loaded: LoadedTable, guide: LoadedGuideline) -> TableResult[None, AboutRow]:
    """Say what dmcalc is, whose figures it has, and which versions they are."""
    table, guideline = loaded.table, guide.guideline
    page = table.sources[table.base]
    audience = "The reference is intended for healthcare professionals in the US only."
    if table.base != guideline.care.page:
        audience = f"That of the works that the table cites, first {page.title}."
    rows = [
        ("what", "A regimen calculator for pharmacists and their scripts."),
        (
            "not",
            "No medical device. No answer says that a dose may be given: that is judged by people.",
        ),
        ("figures", f"Each is in a quote of its source; the reference is {page.title}."),
        ("disclaimer", table.disclaimer),
        ("audience", audience),
        ("program", f"dmcalc {__version__}"),
        ("table", f"{table.version}, reviewed {table.reviewed}, SHA-256 {loaded.sha256}"),
        ("table review", f"by {table.review_by}"),
        ("guide", f"{guideline.version}, reviewed {guideline.reviewed}, SHA-256 {guide.sha256}"),
        ("guide review", f"by {guideline.review_by}"),
        ("overlays", ", ".join(overlay.name for overlay in loaded.overlays) or "none"),
        ("licence", "Apache License 2.0"),
    ]
    about_rows = tuple(AboutRow(name, text) for name, text in rows)
    return TableResult("about", loaded, about_rows, None, guide=guide)
