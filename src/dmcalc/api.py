"""The verbs of the command line, as functions of ``dmcalc``.

What is entered of a patient is given by keyword to each verb that computes for one, as text with
its unit or as an exact number: ``weight="154lb"``, ``height=175``, ``taking=["allopurinol"]``. A
float is refused with TypeError, as it is not exact; a keyword that a verb does not take is too. A
fact that a verb does not use is named in the warnings of its result. The errors are those of
``dmcalc.errors``, raised where the command line would stop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack, get_type_hints

from dmcalc import formulary, guideline
from dmcalc.audit.repeat import Verb, repeat
from dmcalc.audit.replay import ReplayResult
from dmcalc.catalogue import bibliography, guideline_text, monograph, provenance, rows
from dmcalc.catalogue import patient_rules as rules_of_patients
from dmcalc.catalogue.drugs import list_drugs
from dmcalc.catalogue.monograph import Monograph
from dmcalc.dispensing.stock import StockOptions
from dmcalc.dosing.dose import DoseResult
from dmcalc.dosing.dose_input import DoseInput, compute_dose
from dmcalc.equivalence import ConvertResult
from dmcalc.equivalence import convert as compute_equivalent
from dmcalc.errors import UsageError, read
from dmcalc.guideline.model import LoadedGuideline
from dmcalc.infusions.infusion import InfusionInput, compute_infusion
from dmcalc.infusions.result import InfusionResult
from dmcalc.keywords import (
    BodyKeywords,
    Call,
    CheckKeywords,
    ConvertKeywords,
    DispenseKeywords,
    DoseKeywords,
    InfusionKeywords,
    LabsKeywords,
    MonitorKeywords,
    PlanKeywords,
    TaperKeywords,
    TitrationKeywords,
    as_flag,
    as_text,
    loaded_guide,
    loaded_table,
    texts,
)
from dmcalc.monitoring.lab_results import accepted_results
from dmcalc.monitoring.labs import LabsResult
from dmcalc.monitoring.labs_input import compute_labs
from dmcalc.monitoring.monitor_input import MonitorInput, compute_monitoring
from dmcalc.monitoring.visits import MonitorResult
from dmcalc.order.check_input import CheckInput, compute_check
from dmcalc.order.result import CheckResult
from dmcalc.patient import patient as patients
from dmcalc.patient.body import BodyResult
from dmcalc.patient.body_input import BodyInput, compute_body
from dmcalc.planning.plan import PlanResult
from dmcalc.planning.plan_input import PlanInput, compute_plan
from dmcalc.quantities.amount import read_amount
from dmcalc.results.base import TableResult
from dmcalc.schedules.milestones import MilestoneResult
from dmcalc.schedules.model import TaperResult
from dmcalc.schedules.taper import TaperInput, compute_taper
from dmcalc.schedules.titration_input import TitrationInput, compute_titration
from dmcalc.supply.dispense import DispenseResult, compute_dispensing
from dmcalc.supply.document import DispenseDaysHead, DispenseRow
from dmcalc.supply.request import DispenseInput
from dmcalc.table.model.table import LoadedTable


def load_table(path: str | None = None, overlays: Sequence[str] = ()) -> LoadedTable:
    """Load a drug table from a file, or the bundled one; raise FileError or TableError.

    ``overlays`` are files of local figures, put over it in turn; DMCALC_OVERLAY is not read here.
    """
    return formulary.load(path, (overlays,) if isinstance(overlays, str) else overlays)


def dose(
    *names: str, table: LoadedTable | None = None, **inputs: Unpack[DoseKeywords]
) -> DoseResult:
    """Compute the doses of the named drugs, or of all.

    Under 18 years only paediatric posology applies. With ``taking``, ``conditions``, a phenotype
    or a kidney function the rules of the guideline are applied, and with ``weight_policy`` or
    ``weight_basis`` immunoglobulin goes by another weight.
    """
    texts("names", *names)
    call = Call(table, inputs)
    options, stocked = call.group(DoseInput), call.stocked()
    return compute_dose(call.request(), names, options, stocked)


def check(
    name: str, order: str, *, table: LoadedTable | None = None, **inputs: Unpack[CheckKeywords]
) -> CheckResult:
    """Compare an order in plain words ("45 mg twice daily") with the table; facts as for a dose.

    ``verdict`` of the result is the verdict, ``exit_code`` what the command exits with.
    """
    texts("name", name)
    texts("order", order)
    call = Call(table, inputs)
    options, stocked = call.group(CheckInput), call.stocked()
    return compute_check(call.request(), name, order, options, stocked)


def taper(
    name: str, *, table: LoadedTable | None = None, **inputs: Unpack[TaperKeywords]
) -> TaperResult | MilestoneResult:
    """Compute a published taper or schedule of courses; for a child, the milestones of a taper."""
    texts("name", name)
    call = Call(table, inputs)
    options, stocked = call.group(TaperInput), call.stocked()
    return compute_taper(call.request(), name, options, stocked)


def titrate(
    name: str, *, table: LoadedTable | None = None, **inputs: Unpack[TitrationKeywords]
) -> TaperResult:
    """Compute a published titration, from a start dose to the target."""
    texts("name", name)
    call = Call(table, inputs)
    options, stocked = call.group(TitrationInput), call.stocked()
    return compute_titration(call.request(), name, options, stocked)


def infusion(
    name: str, *, table: LoadedTable | None = None, **inputs: Unpack[InfusionKeywords]
) -> InfusionResult:
    """Compute how a dose is infused; a condition or an age may put the patient at risk."""
    texts("name", name)
    call = Call(table, inputs)
    options = call.group(InfusionInput, "days")
    return compute_infusion(call.request(), name, options)


def dispense(
    name: str, amount: str, *, table: LoadedTable | None = None, **inputs: Unpack[DispenseKeywords]
) -> DispenseResult | TableResult[DispenseDaysHead, DispenseRow]:
    """Find the tablets, capsules or vials for an amount, "62.5mg", or an order, "70 mg daily".

    ``for_`` says how long an order is for, "28d", ``days`` over how many days a course is divided;
    over several numbers of them the result has a row for each. ``direction`` and ``round_to`` ask
    for rounding.
    """
    texts("name", name)
    texts("amount", amount)
    call = Call(table, inputs)
    options, stocked = call.group(DispenseInput), call.stocked()
    return compute_dispensing(call.request(), name, amount, options, stocked)


def body(*, table: LoadedTable | None = None, **inputs: Unpack[BodyKeywords]) -> BodyResult:
    """Compute body size and kidney function, as far as what is given allows."""
    call = Call(table, inputs)
    options = call.group(BodyInput)
    return compute_body(call.request(), options)


def convert(
    amount: str,
    given: str,
    wanted: str,
    *,
    route: str | None = None,
    table: LoadedTable | None = None,
) -> ConvertResult:
    """Convert an amount like "40mg" of a glucocorticoid into what sources call equivalent."""
    texts("amount", amount)
    texts("given", given)
    texts("wanted", wanted)
    whole = read("amount", amount, read_amount)
    assert whole is not None
    return compute_equivalent(
        loaded_table(table), whole, given, wanted, route=as_text("route", route)
    )


def plan(*, table: LoadedTable | None = None, **inputs: Unpack[PlanKeywords]) -> PlanResult:
    """Lay out the treatment in steps, with a calendar of what begins and what is chosen."""
    call = Call(table, inputs)
    options, stocked = call.group(PlanInput, "pulse_days"), StockOptions(call.market())
    return compute_plan(call.request(), options, stocked)


def monitor(
    *names: str,
    table: LoadedTable | None = None,
    **inputs: Unpack[MonitorKeywords],
) -> MonitorResult:
    """List the monitoring of some drugs; ``stable`` is the day from which the dose is stable."""
    texts("names", *names)
    call = Call(table, inputs)
    day = () if isinstance(inputs.get("stable"), str) else ("stable",)
    options = call.group(MonitorInput, *day)
    return compute_monitoring(call.request(), names, options)


def labs(
    *names: str, table: LoadedTable | None = None, **inputs: Unpack[LabsKeywords]
) -> LabsResult:
    """Check results against the action thresholds for some drugs: ``wcc="3.1"``, ``alt=40``.

    Creatinine is text with its unit, and needs ``baseline_creatinine``; ``bp`` is ``"128/82"``.
    Raise TypeError for a float and for a result that there is not.
    """
    texts("names", *names)
    call = Call(table, inputs)
    results = call.results(accepted_results(call.guideline.guideline))
    return compute_labs(call.request(), names, results)


def drugs(*, table: LoadedTable | None = None) -> TableResult[None, rows.DrugRow]:
    """List the drugs of the table."""
    return list_drugs(loaded_table(table))


def show(name: str, *, table: LoadedTable | None = None) -> Monograph:
    """Return all that the table says of one drug."""
    texts("name", name)
    return monograph.show(loaded_table(table), name)


def why(name: str, *, table: LoadedTable | None = None) -> TableResult[rows.WhyHead, rows.WhyRow]:
    """Return where each figure of a drug comes from."""
    texts("name", name)
    return provenance.why(loaded_table(table), name)


def rules(
    *names: str, table: LoadedTable | None = None, guide: LoadedGuideline | None = None
) -> TableResult[rows.RulesHead, rows.RuleRow]:
    """List the rules for one patient, of some drugs or of all, and the names that they know."""
    texts("names", *names)
    return rules_of_patients.rules(loaded_table(table), loaded_guide(guide), names)


def care(
    *, table: LoadedTable | None = None, guide: LoadedGuideline | None = None
) -> TableResult[None, rows.CareRow]:
    """List goals of therapy, the team, non-drug measures, and the sentences of the reference."""
    return guideline_text.care(loaded_table(table), loaded_guide(guide))


def about(
    *, table: LoadedTable | None = None, guide: LoadedGuideline | None = None
) -> TableResult[None, rows.AboutRow]:
    """Say what dmcalc is, whose figures it has, and their versions."""
    return guideline_text.about(loaded_table(table), loaded_guide(guide))


def severity(
    *,
    age: str | int | None = None,
    table: LoadedTable | None = None,
    guide: LoadedGuideline | None = None,
) -> TableResult[rows.SeverityHead, rows.SeverityRow]:
    """List how weakness is graded, and features of high risk; for a child those come first."""
    loaded = loaded_table(table)
    who = patients.read(loaded.table.limits, age=as_text("age", age))
    return guideline_text.severity(loaded, loaded_guide(guide), who)


def refs(
    *keys: str,
    page: bool = False,
    table: LoadedTable | None = None,
    guide: LoadedGuideline | None = None,
) -> TableResult[None, rows.ReferenceRow]:
    """List the works cited and where: all, those of some keys or DOIs, or of the reference."""
    texts("keys", *keys)
    loaded = loaded_table(table)
    return bibliography.references(loaded, loaded_guide(guide), keys, page=as_flag("page", page))


def replay(
    path: str,
    *,
    table: str | None = None,
    overlays: Sequence[str] = (),
    guide: str | None = None,
) -> ReplayResult:
    """Compute the request of a receipt again; ``same`` of the result says whether it is the same.

    ``table`` is the file of a drug table, None the bundled one, ``overlays`` files of local figures
    over it, and ``guide`` the file of a guideline; DMCALC_OVERLAY is not read here. Raise FileError
    for a receipt that was changed or is none.
    """
    return replay_with({}, path, table=table, overlays=overlays, guide=guide)


def replay_with(
    more: Mapping[str, Verb],
    path: str,
    *,
    table: str | None,
    overlays: Sequence[str],
    guide: str | None,
) -> ReplayResult:
    """Replay a receipt, also of commands that are no verbs here; all else is as in ``replay``."""
    if table == "-":
        raise UsageError("a replay reads its table from a file", "Name it: ‹table FILE›.")
    own = None if guide is None else guideline.load(guide)
    verbs = {
        command: Verb(globals()[command], places, get_type_hints(kind))
        for command, (places, kind) in _REQUESTS.items()
    }
    return repeat(path, {**verbs, **more}, load_table(table, overlays), own)


#: The commands that write receipts: their arguments by place, and the others.
_REQUESTS: dict[str, tuple[tuple[str, ...], Any]] = {
    "dose": (("drugs",), DoseKeywords),
    "taper": (("drug",), TaperKeywords),
    "titrate": (("drug",), TitrationKeywords),
    "dispense": (("drug", "amount"), DispenseKeywords),
    "infusion": (("drug",), InfusionKeywords),
    "check": (("drug", "order"), CheckKeywords),
    "plan": ((), PlanKeywords),
    "monitor": (("drugs",), MonitorKeywords),
    "labs": (("drugs",), LabsKeywords),
    "body": ((), BodyKeywords),
    "convert": (("amount", "given", "wanted"), ConvertKeywords),
}
