"""Which requests an answer becomes, and the bundle that holds several or their provenance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dmcalc._version import __version__
from dmcalc.errors import UsageError
from dmcalc.fhir.writing.dosages import add_row, add_step, add_units, products_of
from dmcalc.fhir.writing.request import ExportOptions, Json, Request, urn
from dmcalc.quantities.base import format_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dmcalc.dosing.dose import DoseResult
    from dmcalc.dosing.dose_row import DoseRow
    from dmcalc.planning.plan import PlanResult
    from dmcalc.results.base import Result
    from dmcalc.schedules.model import TaperResult
    from dmcalc.table.model.table import LoadedTable

#: The phases that a dose is of if none is asked for, the first that the drug has.
_FIRST_PHASES = ("start", "induction", "pulse", "target")


def export(result: Result, options: ExportOptions) -> Json:
    """Return an answer as a MedicationRequest, or as a bundle of several.

    Raise UsageError for what FHIR cannot say, with what to add.
    """
    answer: Any = result
    if result.kind == "plan":
        requests = list(_of_plan(answer, options))
    elif result.kind == "dose":
        requests = [_of_rows(result.loaded, answer.rows, options)]
        requests[0].notes += _warnings(answer)
    elif options.per_product:
        requests = list(_of_products(answer, options))
    else:
        requests = [_of_schedule(answer, options)]
    resources = [request.resource() for request in requests]
    if options.bundle or options.per_product or result.kind == "plan":
        return _bundle(result.loaded, resources, options)
    return resources[0]


def _warnings(result: DoseResult | TaperResult) -> list[str]:
    return [warning.message for warning in result.warnings]


def _notes(result: TaperResult) -> list[str]:
    return [f"{result.name} ({result.protocol}). {result.ends}".strip(), *_warnings(result)]


def _of_schedule(result: TaperResult, options: ExportOptions) -> Request:
    request = Request(result.loaded, result.drug, options)
    steps = result.steps
    if steps and steps[0].per == "course" and len(steps) > 1 and steps[0].start is None:
        raise UsageError(
            "without dates FHIR cannot say the weeks between courses",
            "Give the first day: ‹start 2026-12-01›.",
        )
    for step in steps:
        add_step(request, step, result.day or options.weekday)
    request.notes += _notes(result)
    days = [step.days for step in steps]
    if steps and steps[0].per != "course" and None not in days:
        request.days = sum(filter(None, days))
    return request


def _of_products(result: TaperResult, options: ExportOptions) -> Iterator[Request]:
    form = result.totals.form
    group = urn([result.drug, result.protocol, result.loaded.sha256, result.steps])
    for strength, unit, taken in products_of(result.steps, form):
        request = Request(result.loaded, result.drug, options)
        request.group = group
        words = f"{format_plain(strength)} {unit}"
        add_units(request, words, form or "", taken, result.day or options.weekday)
        request.notes += _notes(result)
        yield request


def _of_rows(loaded: LoadedTable, rows: Sequence[DoseRow], options: ExportOptions) -> Request:
    """Return the request for one phase of one drug."""
    drugs = dict.fromkeys(row.drug for row in rows)
    if len(drugs) != 1:
        raise UsageError(
            "a request is for one drug", "Name it: dmcalc dose DRUG with ‹format fhir›."
        )
    own = [row for row in rows if row.base] or list(rows)
    phases = dict.fromkeys(row.phase for row in own)
    phase = options.phase or next((p for p in _FIRST_PHASES if p in phases), next(iter(phases)))
    chosen = next((row for row in own if row.phase == phase), None)
    if chosen is None:
        raise UsageError(
            f"{own[0].drug} has no phase {phase!r}", f"Its phases: {', '.join(phases)}."
        )
    request = Request(loaded, chosen.drug, options)
    add_row(request, chosen)
    request.notes.append(f"{chosen.regimen}: {chosen.posology}.")
    return request


def _of_plan(result: PlanResult, options: ExportOptions) -> Iterator[Request]:
    """Yield a request for each drug that begins now."""
    begun: set[str] = set()
    for placed in result.steps:
        for option in placed.options:
            begins = placed.status in ("now", "begin") and option.chosen and option.tolerated
            if begins and option.rows and option.drug not in begun:
                begun.add(option.drug)
                yield _of_rows(result.loaded, option.rows, options)
    if not begun:
        raise UsageError("no drug begins now in this plan", "Choose one with ‹with›.")


def _bundle(loaded: LoadedTable, resources: list[Json], options: ExportOptions) -> Json:
    entries = [{"fullUrl": r["identifier"][0]["value"], "resource": r} for r in resources]
    if options.bundle:
        targets = [{"reference": entry["fullUrl"]} for entry in entries]
        provenance = _provenance(loaded, targets, options)
        entries.append({"fullUrl": urn(provenance), "resource": provenance})
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _provenance(loaded: LoadedTable, targets: list[Json], options: ExportOptions) -> Json:
    """Return who made the requests: dmcalc, a device.

    ``recorded`` is the day of the table's review, not that of the run: the same request gives the
    same bytes, as in calendars.
    """
    names = [{"type": "user-friendly-name"}]
    names[0]["value" if options.version == "R5" else "name"] = "dmcalc"
    device: Json = {
        "resourceType": "Device",
        "id": "dmcalc",
        "name" if options.version == "R5" else "deviceName": names,
        "version": [{"value": __version__}],
    }
    table = {"value": f"urn:sha256:{loaded.sha256}"}
    what = {"identifier": table, "display": f"drug table of dmcalc, {loaded.table.version}"}
    return {
        "resourceType": "Provenance",
        "contained": [device],
        "target": targets,
        "recorded": f"{loaded.table.reviewed.isoformat()}T00:00:00Z",
        "agent": [{"who": {"reference": "#dmcalc"}}],
        "entity": [{"role": "source", "what": what}],
    }
