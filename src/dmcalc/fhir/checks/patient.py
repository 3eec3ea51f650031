"""The first step of an order against the table for one patient: what ``check --fhir`` adds."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from dmcalc.dispensing.stock import StockOptions
from dmcalc.errors import DmcalcError, ExitCode, PatientError, UsageError, as_option
from dmcalc.order.check_input import CheckInput, compute_check
from dmcalc.quantities.amount import converted
from dmcalc.quantities.base import format_plain
from dmcalc.records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.fhir.checks.limits import DrugLimits
    from dmcalc.fhir.checks.steps import DosageGroup
    from dmcalc.fhir.findings import Findings
    from dmcalc.fhir.resource.medication import Medication
    from dmcalc.order.check_row import Verdict
    from dmcalc.order.result import CheckResult
    from dmcalc.patient.reader import PatientRequest


class StepVerdict(Record):
    """The verdict of ``check`` on the first step of an order."""

    order: Annotated[str | None, "The step in the words of an order; null where it has none."]
    verdict: Annotated[
        Verdict | None, "The verdict against the table; null where it was not compared."
    ]
    code: Annotated[str | None, "Why it is refused or of a wrong frequency."]
    regimen: Annotated[str | None, "Name of the posology whose verdict counts."]
    low: Annotated[Decimal | None, "Low end of that for this patient."]
    high: Annotated[Decimal | None, "High end."]
    unit: Annotated[str | None, "Unit of both."]
    per: Annotated[str | None, "Time that they are for."]
    message: Annotated[str, "The verdict and its reasons in words, or why there is none."]
    exit: Annotated[int, "Exit code of the check by itself."]


class PatientCheck:
    """Compares first steps for one patient."""

    def __init__(self, request: PatientRequest, options: CheckInput, stocked: StockOptions) -> None:
        """Keep what was entered of the patient, and which posology is compared with."""
        self._request, self._options, self._stocked = request, options, stocked

    def of(
        self,
        limits: DrugLimits,
        medication: Medication,
        groups: Sequence[DosageGroup],
        findings: Findings,
    ) -> tuple[StepVerdict, DrugLimits]:
        """Return the verdict, and the limits with the cap of this patient.

        What is missing of the patient, or has no words of an order, is no verdict.
        """
        words = None if not groups else _in_words(groups[0], course=limits.course_days is not None)
        if words is None:
            message = "The first step has no words of an order: it was not compared."
            return _none(None, message, ExitCode.PATIENT), limits
        try:
            result = compute_check(
                self._request, medication.drug or "", words, self._options, self._stocked
            )
        except (PatientError, UsageError) as error:
            reason = ". ".join(filter(None, error.named(as_option)))
            return _none(words, reason, _code(error)), limits
        rules = {rule.id: rule for row in result.own for rule in row.dose.rules}
        for rule in rules.values():
            if rule.then == "refuse":
                text = rule.text.rstrip(".")
                findings.add("rule-refuses", medication.path, text, rule=rule.id)
        return _verdict(result, words), _with_cap(limits, result)


def _code(error: DmcalcError) -> ExitCode:
    """Return the exit code of what was not compared: a step that cannot be written as an order."""
    return ExitCode.PATIENT if isinstance(error, UsageError) else error.exit_code


def _none(words: str | None, message: str, code: ExitCode) -> StepVerdict:
    return StepVerdict(words, None, None, None, None, None, None, None, message, code)


def _verdict(result: CheckResult, words: str) -> StepVerdict:
    row = result.decisive
    return StepVerdict(
        order=words,
        verdict=row.verdict,
        code=row.code,
        regimen=row.regimen,
        low=row.dose.low,
        high=row.dose.high,
        unit=row.dose.unit,
        per=row.dose.per,
        message=row.message,
        exit=result.exit_code,
    )


def _with_cap(limits: DrugLimits, result: CheckResult) -> DrugLimits:
    """Take the cap of this patient's rows where each has one, for every step of the order."""
    caps = [(row.dose.cap_high, row.dose.unit) for row in result.own]
    amounts = [converted(cap, unit, "mg") for cap, unit in caps if cap is not None and unit]
    if not amounts or len(amounts) < len(caps) or limits.per is None:
        return limits
    cap = max(amounts)
    return limits._replace(cap=cap if limits.cap is None else min(cap, limits.cap))


def _in_words(group: DosageGroup, *, course: bool) -> str | None:
    """Write a step as ``check`` reads an order: ``40 mg daily``, ``140 g over 2 days``."""
    dosage = group.dosages[0]
    when, dose = dosage.timing, dosage.high
    if len(group.dosages) != 1 or when is None or dose is None or dosage.low != dose:
        return None
    if dose.kind != "mass":
        return None
    if course and when.times == 1 and when.every_days == 1 and group.days:
        return f"{format_plain(dose.value * group.days)} {dose.unit} over {group.days} days"
    amount = f"{format_plain(dose.value)} {dose.unit}"
    if when.times is None:
        return f"{amount} once"
    count = {1: "once", 2: "twice"}.get(int(when.times), f"{when.times} times")
    if when.every_days == 1:
        return f"{amount} daily" if when.times == 1 else f"{amount} {count} daily"
    if when.every_days == 7:
        return f"{amount} {count} a week"
    return f"{amount} every {when.every_days} days" if when.times == 1 else None
