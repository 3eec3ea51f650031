"""HTML: one page to print. Of a schedule it is for the patient, with a part for the pharmacist.

It needs nothing besides itself: no script, no font, no picture, no network.
"""

from __future__ import annotations

import datetime
from functools import cache
from typing import TYPE_CHECKING, cast

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from dmcalc._version import __version__
from dmcalc.formats.patient_sheet import parents_steps, sheet
from dmcalc.formats.registry import SCHEDULES
from dmcalc.pages.model import build_page, describe_source
from dmcalc.text import timing
from dmcalc.text.numbers import escape_control, format_number
from dmcalc.text.units import halves_text

if TYPE_CHECKING:
    from dmcalc.formats.registry import Style
    from dmcalc.results.base import Result
    from dmcalc.schedules.milestones import MilestoneResult
    from dmcalc.schedules.model import TaperResult


def render(result: Result, style: Style) -> str:
    """Return the page: a sheet for patient or parents, or what people read of the answer.

    Raise RefusedError where there is no sheet that a patient could go by.
    """
    made = style.made or datetime.datetime.now()
    if result.kind in SCHEDULES:
        return _patient(cast("TaperResult", result), made)
    if result.kind == "landmarks":
        return _parents(cast("MilestoneResult", result), made)
    page = build_page(result, "explained")
    return _rendered("page.html", page=page, ending=page.ending)


def _rendered(name: str, **values: object) -> str:
    return _template(name).render(version=__version__, **values) + "\n"


def _patient(result: TaperResult, made: datetime.date) -> str:
    return _rendered(
        "patient.html",
        sheet=sheet(result),
        local=sorted({local.overlay for local in result.steps[0].local}),
        grounds=_grounds(result),
        supply=_supply(result),
        made=timing.date(made),
        **_for_the_pharmacist(result),
    )


def _parents(result: MilestoneResult, made: datetime.date) -> str:
    drug = result.loaded.table.drugs[result.drug]
    return _rendered(
        "parents.html",
        drug=drug.name,
        steps=parents_steps(result),
        made=timing.date(made),
        **_for_the_pharmacist(result),
    )


def _for_the_pharmacist(result: TaperResult | MilestoneResult) -> dict[str, object]:
    """Return the content of the part that keeps everything."""
    loaded = result.loaded
    return {
        "page": build_page(result, "explained"),
        "table": loaded.table,
        "reviewed": timing.date(loaded.table.reviewed),
        "sha256": loaded.sha256,
        "overlays": loaded.overlays,
    }


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("dmcalc.formats"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    return environment.get_template(name)


def _visible(value: object) -> object:
    """Show control characters as text: HTML cannot hold them, escaped or not."""
    return escape_control(value) if type(value) is str else value


def _grounds(result: TaperResult) -> list[tuple[str, str]]:
    """List the sources of the advice to the patient: the quote, and the work."""
    table = result.loaded.table
    drug = table.drugs[result.drug]
    return [
        (cite.quote or "", describe_source(cite.source, table.sources[cite.source]))
        for note in (*drug.patient_notes, *filter(None, (drug.time_of_day,)))
        for cite in note.cite
    ]


def _supply(result: TaperResult) -> list[tuple[str, str]] | None:
    """List what is dispensed in all, a strength and its count; None where a step is not made."""
    products = result.totals.products
    if products is None:
        return None
    return [
        (f"{format_number(handed.strength)} {handed.unit}", halves_text(handed.count))
        for handed in products
    ]
