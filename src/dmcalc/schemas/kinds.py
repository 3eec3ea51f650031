"""The kinds of documents that dmcalc prints for machines, each with the classes that describe it.

A new kind is a line here; ``dmcalc schema`` lists it by itself.
"""

from __future__ import annotations

from typing import NamedTuple

from dmcalc.audit.batch_run import BatchRun
from dmcalc.audit.document import ReceiptDocument, ReplayRow
from dmcalc.audit.replay import ReplayResult
from dmcalc.catalogue import rows
from dmcalc.catalogue.monograph_rows import PosologyRow, ShowHead
from dmcalc.dosing.document import PatientColumns
from dmcalc.dosing.dose import DoseResult
from dmcalc.dosing.dose_row import DoseRow
from dmcalc.equivalence import ConvertResult, ConvertRow
from dmcalc.fhir.verify import FindingRow, VerifiedOrder, VerifyResult
from dmcalc.infusions.rate_steps import InfusionStep
from dmcalc.infusions.result import InfusionResult
from dmcalc.monitoring.document import LabRow, MonitorRow
from dmcalc.monitoring.labs import LabsResult
from dmcalc.monitoring.visits import MonitorResult
from dmcalc.order.check_row import CheckRow
from dmcalc.order.document import OrderColumns
from dmcalc.order.result import CheckResult
from dmcalc.patient.body import BodyResult
from dmcalc.patient.document import BodyRow
from dmcalc.planning.document import PlanRow
from dmcalc.planning.plan import PlanResult
from dmcalc.schedules.document import LandmarkColumns, ScheduleColumns
from dmcalc.schedules.milestones import MilestoneDose, MilestoneResult
from dmcalc.schedules.model import Step, TaperResult
from dmcalc.supply.dispense import DispenseResult
from dmcalc.supply.document import DispenseDaysHead, DispenseRow


class Kind(NamedTuple):
    """A kind of document: what it is, and the classes of its keys."""

    title: str
    description: str
    #: The class of what it says besides header and tail; None where that is its rows alone.
    document: type | None
    #: The class of a row, None where it has none; what each line begins with.
    row: type | None = None
    context: type | None = None
    #: Of a list: what its rows are.
    rows: str | None = None
    #: Whether it comes from the guide too, and says which.
    guide: bool = False
    #: The class of a row of CSV and TSV, where those hold other rows than JSON lines.
    sheet: type | None = None
    #: The kind of the document of a single drug, where it is a list of those, in ``drugs``.
    each: str | None = None
    #: Whether it has a header and a tail of its own.
    whole: bool = False


class Lines(NamedTuple):
    """A kind that is lines of some other kinds, and never a document."""

    title: str
    description: str
    kinds: tuple[str, ...]


KINDS = {
    "about": Kind(
        "What dmcalc is",
        "What dmcalc about prints: what this is, the disclaimer, and versions.",
        None,
        rows.AboutRow,
        rows="The rows.",
        guide=True,
    ),
    "batch-run": Kind(
        "A run of a batch",
        "What the receipt of dmcalc batch --receipt has as its answer: the hashes of the input, "
        "of the answers and of the rejects, and what became of the rows.",
        BatchRun,
        guide=True,
    ),
    "body": Kind(
        "Body size and kidney function",
        "What dmcalc body prints: what can be computed from the facts of an adult, rounded "
        "half up to 15 significant digits. It has one row, which is the document itself but for "
        "formulas, missing and rounded.",
        BodyResult,
        BodyRow,
    ),
    "care": Kind(
        "Non-pharmacological care",
        "What dmcalc care prints: goals, their impact, the team, measures and sentences of the "
        "reference.",
        None,
        rows.CareRow,
        rows="The rows.",
        guide=True,
    ),
    "check": Kind(
        "An order against the table",
        "What dmcalc check prints: one row for each posology that the order was compared with. A "
        "verdict compares one amount with one table and does not judge the order.",
        CheckResult,
        CheckRow,
        context=OrderColumns,
    ),
    "convert": Kind(
        "Equivalent amounts of glucocorticoids",
        "What dmcalc convert prints: what sources call equivalent to an amount. It has one row, "
        "which is the document itself but for readings and rounded.",
        ConvertResult,
        ConvertRow,
    ),
    "dispense": Kind(
        "Whole units for an amount",
        "What dmcalc dispense prints: the fewest units that make an amount. It has one row, which "
        "is the document itself but for what was entered of the patient.",
        DispenseResult,
        DispenseRow,
    ),
    "dispense-days": Kind(
        "Whole units for an amount over each number of days",
        "What dmcalc dispense --days 2..5 prints: a row of dispense for each number of days.",
        DispenseDaysHead,
        DispenseRow,
        rows="One for each number of days.",
    ),
    "dose": Kind(
        "Doses for one patient",
        "What dmcalc dose prints: one row for each posology of each drug. Amounts are exact, in "
        "unit per per; what is null is not known, not given by the source, or was not requested.",
        DoseResult,
        DoseRow,
        context=PatientColumns,
    ),
    "drugs": Kind(
        "The drugs of the table",
        "What dmcalc drugs prints: one row for each drug, in the order of the table.",
        None,
        rows.DrugRow,
        rows="One for each drug.",
    ),
    "infusion": Kind(
        "How one dose is infused",
        "What dmcalc infusion prints: the steps of one infusion. What is null is not computed or "
        "was not requested.",
        InfusionResult,
        InfusionStep,
    ),
    "labs": Kind(
        "Results against limits",
        "What dmcalc labs prints: each limit of the guide for the drugs, with the result that was "
        "entered for it.",
        LabsResult,
        LabRow,
        guide=True,
    ),
    "landmarks": Kind(
        "The milestones of a paediatric taper",
        "What dmcalc taper DRUG prints for a child: the milestones that the source gives. Between "
        "them it states nothing.",
        MilestoneResult,
        MilestoneDose,
        context=LandmarkColumns,
    ),
    "monitor": Kind(
        "Monitoring of some drugs",
        "What dmcalc monitor prints: tests before the first dose, visits in the order of their "
        "days, and limits for results.",
        MonitorResult,
        MonitorRow,
        guide=True,
    ),
    "plan": Kind(
        "The treatment in steps, with a calendar",
        "What dmcalc plan prints: a plan to discuss, not an order. Rows of the part plan are steps "
        "with the posology of their drugs; rows of the part calendar are what is on the calendar, "
        "in the order of its days.",
        PlanResult,
        PlanRow,
        guide=True,
    ),
    "protocols": Kind(
        "The tapers of the table",
        "What dmcalc taper prints without a drug: one row for each taper or schedule of courses.",
        None,
        rows.ProtocolRow,
        rows="One for each taper; population says which are of children.",
    ),
    "receipt": Kind(
        "A receipt",
        "What --receipt FILE writes with an answer: what a later audit needs, and what dmcalc "
        "replay computes again.",
        ReceiptDocument,
        whole=True,
    ),
    "refs": Kind(
        "Works that are cited",
        "What dmcalc refs prints: each work of the table and the guide, the reference's "
        "references first.",
        None,
        rows.ReferenceRow,
        rows="The rows.",
        guide=True,
    ),
    "replay": Kind(
        "A receipt computed again",
        "What dmcalc replay prints: whether the answer is the one in the receipt, and what "
        "changed.",
        ReplayResult,
        ReplayRow,
    ),
    "rules": Kind(
        "Rules for one patient",
        "What dmcalc rules prints: one row for each rule of each drug, and the names that the "
        "options take.",
        rows.RulesHead,
        rows.RuleRow,
        rows="The rules.",
        guide=True,
    ),
    "severity": Kind(
        "How weakness is graded",
        "What dmcalc severity prints: grades of published scales, and features of high risk.",
        rows.SeverityHead,
        rows.SeverityRow,
        rows="The rows.",
        guide=True,
    ),
    "show": Kind(
        "All that the table says of one drug",
        "What dmcalc show prints: the monograph of a drug, with its posologies as rows.",
        ShowHead,
        PosologyRow,
        rows="One for each posology: the base ones, then the alternatives.",
    ),
    "show-drugs": Kind(
        "All that the table says of several drugs",
        "What dmcalc show prints of two drugs or more: the monograph of each.",
        None,
        PosologyRow,
        each="show",
    ),
    "table-check": Kind(
        "What was checked in a drug table",
        "What dmcalc table check prints of a valid table; one that is not valid is an error with "
        "exit code 7. It has one row.",
        rows.TableCheckHead,
        rows.TableCheckRow,
        rows="One, for the table.",
    ),
    "table-diff": Kind(
        "What differs between two drug tables",
        "What dmcalc table diff prints: one row for each value that A has other than B; no row "
        "where nothing differs.",
        rows.DifferenceHead,
        rows.DifferenceRow,
        rows="One for each value that differs.",
    ),
    "taper": Kind(
        "A taper or a schedule of courses",
        "What dmcalc taper DRUG prints: the steps of a schedule, one after the other without a "
        "gap.",
        TaperResult,
        Step,
        context=ScheduleColumns,
    ),
    "titrate": Kind(
        "Dose titration to the target dose",
        "What dmcalc titrate prints: the steps from a start dose to the target, with the keys of "
        "a taper.",
        TaperResult,
        Step,
        context=ScheduleColumns,
    ),
    "verify": Kind(
        "Orders verified",
        "What dmcalc verify prints: each order as it was read, and what in it contradicts itself "
        "or the table, or was not understood. A row of CSV is a finding, or an order without "
        "any; a JSON line is an order.",
        VerifyResult,
        VerifiedOrder,
        sheet=FindingRow,
    ),
    "why": Kind(
        "Where each figure of a drug comes from",
        "What dmcalc why prints: one row for each quote that contains a figure or a statement.",
        rows.WhyHead,
        rows.WhyRow,
        rows="One for each quote.",
    ),
    "why-drugs": Kind(
        "Where each figure of several drugs comes from",
        "What dmcalc why prints of two drugs or more: the figures of each with their quotes.",
        None,
        rows.WhyRow,
        each="why",
    ),
}

LINES = {
    "batch": Lines(
        "One row of a batch",
        "What dmcalc batch writes as JSON lines: before each row of an answer, the columns of the "
        "input that are passed on (with input_ before a name that a row has itself), as they were "
        "given.",
        ("dose", "check"),
    ),
}
