"""``verify``: whether an order agrees with itself and with the table. It repairs nothing."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from dmcalc.errors import ExitCode, UsageError
from dmcalc.fhir.checks.forms import check_forms
from dmcalc.fhir.checks.limits import check_limits, limits_of
from dmcalc.fhir.checks.steps import arrange, by_the_clock
from dmcalc.fhir.checks.supply import check_supply
from dmcalc.fhir.checks.text import check_texts
from dmcalc.fhir.checks.units import check_units
from dmcalc.fhir.findings import NEVER_ACCEPTED, SEVERITIES, Findings, pointer
from dmcalc.fhir.resource import reading, structure
from dmcalc.fhir.resource.medication import DrugIndex
from dmcalc.fhir.resource.reading import in_mass
from dmcalc.fhir.step_rows import as_grammar, step_rows
from dmcalc.records import Record
from dmcalc.results.described import described_by
from dmcalc.text.numbers import plural
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from dmcalc.fhir.checks.limits import DrugLimits
    from dmcalc.fhir.checks.patient import PatientCheck, StepVerdict
    from dmcalc.fhir.checks.supply import OrderTotals
    from dmcalc.fhir.findings import Finding, Path, Severity
    from dmcalc.fhir.resource.reading import FhirOrder
    from dmcalc.fhir.resource.structure import Version
    from dmcalc.fhir.step_rows import Grammar, OrderStep
    from dmcalc.results.base import ClinicalNote, ClinicalWarning
    from dmcalc.results.field_types import Sha256
    from dmcalc.table.model.table import LoadedTable

Verdict = Literal["consistent", "contradicts", "not-judged"]
SourceKind = Literal["fhir", "bundle", "ndjson", "taper", "titrate", "csv", "sig"]


class VerifiedOrder(Record):
    """One order: how it was read, and its findings."""

    order: Annotated[str, "Which order: its type and id, or its place where it has none."]
    pointer: Annotated[str, "JSON pointer of the order in its file or line."]
    drug: Annotated[str | None, "Key of the drug; null where the table has no such drug."]
    drug_from: Annotated[Literal["code", "name", "option"] | None, "How the drug was identified."]
    strength: Annotated[Decimal | None, "What one unit of the product holds; null if not stated."]
    strength_unit: Annotated[str | None, "Unit of that."]
    verdict: Annotated[
        Verdict,
        "contradicts: there is an error; not-judged: something that bears on the dose was not "
        "understood; consistent: neither. No verdict says that an order is safe.",
    ]
    exit: Annotated[int, "Exit code of the order by itself."]
    steps: Annotated[tuple[OrderStep, ...], "The dosages as they were read, in their order."]
    totals: Annotated[OrderTotals | None, "Sums over the steps; null where one has no end."]
    grammar: Annotated[
        Grammar | None, "The same steps in the words of dmcalc taper; null where it has none."
    ]
    findings: Annotated[tuple[Finding, ...], "What was found, in the order of the checks."]
    check: Annotated[
        StepVerdict | None,
        "The verdict of check on the first step; null without check --fhir, or of a drug that the "
        "table has not.",
    ] = None


class SourceFile(Record):
    """The file that the orders come from."""

    name: Annotated[str, "Name of the file without its folder; - for stdin."]
    sha256: Annotated[Sha256, "SHA-256 of its bytes."]
    kind: Annotated[SourceKind, "What it is, recognised by its content."]
    fhir_version: Annotated[
        Literal["R4", "R5"] | None, "Version of FHIR of its first order; null of what is no FHIR."
    ]
    orders: Annotated[int, "How many orders it holds."]


class FindingRow(Record):
    """A finding of an order, or an order without findings: then code is null."""

    source: Annotated[str, "Name of the file."]
    order: Annotated[str, "Which order."]
    drug: Annotated[str | None, "Key of the drug."]
    verdict: Annotated[Verdict, "Verdict on the order."]
    exit: Annotated[int, "Exit code of the order by itself."]
    code: Annotated[str | None, "Code of the finding; null where there is none."] = None
    severity: Annotated[Severity | None, "Its severity."] = None
    rule: Annotated[str | None, "Name of the patient rule that it comes from."] = None
    path: Annotated[str | None, "FHIRPath of the element."] = None
    pointer: Annotated[str | None, "JSON pointer of the element in the file or line."] = None
    expected: Annotated[Decimal | str | None, "What would agree."] = None
    got: Annotated[Decimal | str | None, "What is there."] = None
    message: Annotated[str | None, "The finding in words."] = None


class VerifyDocument:
    """The document of ``verify``."""

    source: Annotated[SourceFile | None, "The file; null where there are several."]
    sources: Annotated[tuple[SourceFile, ...], "All files, in the order in which they were named."]
    accepted: Annotated[tuple[str, ...], "Codes that were accepted, and so count as information."]
    orders: Annotated[tuple[VerifiedOrder, ...], "The orders, in the order of the files."]


@described_by(VerifyDocument)
class VerifyResult(Record):
    """The answer of ``dmcalc verify``."""

    loaded: LoadedTable
    sources: tuple[SourceFile, ...]
    accepted: tuple[str, ...]
    orders: tuple[VerifiedOrder, ...]
    warnings: tuple[ClinicalWarning, ...] = ()
    cautions: tuple[ClinicalNote, ...] = ()
    kind: str = "verify"

    @property
    def source(self) -> SourceFile | None:
        """The file, where there is one."""
        return self.sources[0] if len(self.sources) == 1 else None

    @property
    def rows(self) -> tuple[VerifiedOrder, ...]:
        """The orders."""
        return self.orders

    @property
    def sheet(self) -> tuple[FindingRow, ...]:
        """The rows of a spreadsheet: one for each finding, and one for each order without any."""
        names = [source.name for source in self.sources for _ in range(source.orders)]
        return tuple(
            row for name, order in zip(names, self.orders, strict=True) for row in rows(name, order)
        )

    @property
    def exit_code(self) -> ExitCode:
        """The worst of the orders: an error, then what was not understood, then nothing."""
        return worst(order.exit for order in self.orders)


#: Exit codes of orders, the worst first; 3 is of ``check --fhir`` alone.
_WORST = (ExitCode.REFUSED, ExitCode.PATIENT, ExitCode.UNKNOWN, ExitCode.WARNINGS)


def worst(codes: Iterable[int]) -> ExitCode:
    """Return the exit code of several orders: the first of 5, 4, 3, 6 and 0 that occurs."""
    present = set(codes)
    return next((code for code in _WORST if code in present), ExitCode.OK)


def rows(source: str, order: VerifiedOrder) -> list[FindingRow]:
    """Return the rows of an order: one for each finding, or one where there is none."""
    head = (source, order.order, order.drug, order.verdict, order.exit)
    if not order.findings:
        return [FindingRow(*head)]
    return [
        FindingRow(
            *head, f.code, f.severity, f.rule, f.path, f.pointer, f.expected, f.got, f.message
        )
        for f in order.findings
    ]


class Verifier:
    """Holds orders against themselves and a table; made once for many orders."""

    def __init__(
        self,
        loaded: LoadedTable,
        *,
        accepted: Sequence[str] = (),
        version: Version | None = None,
        drug: str | None = None,
        strict: bool,
        patient: PatientCheck | None = None,
    ) -> None:
        """Make ready; raise UsageError for a code that cannot be accepted.

        ``drug`` is the drug of an order that does not name one, by its key; with ``strict``
        warnings have an exit code. ``patient`` compares first steps for one patient.
        """
        for code in accepted:
            if code not in SEVERITIES:
                raise UsageError(
                    f"there is no finding {code!r}{near(code, SEVERITIES)}",
                    "Take the code of a finding as verify prints it.",
                )
            if code in NEVER_ACCEPTED:
                raise UsageError(
                    f"{code} cannot be accepted", f"Never: {', '.join(sorted(NEVER_ACCEPTED))}."
                )
        self.loaded, self.accepted, self._strict = loaded, tuple(accepted), strict
        self._version, self._drug, self._patient = version, drug, patient
        self._limits: dict[str, DrugLimits] = {}

    @cached_property
    def index(self) -> DrugIndex:
        """The drugs of the table by name and code."""
        return DrugIndex(self.loaded.table)

    def version_of(self, resource: dict[str, object]) -> Version:
        """Return the version of FHIR that a resource is read as."""
        return self._version or structure.version_of(resource)

    def resource(
        self,
        resource: dict[str, object],
        prefix: Path = (),
        root: str | None = None,
        others: Mapping[str, object] | None = None,
        *,
        partial: bool = False,
    ) -> VerifiedOrder:
        """Verify one resource; ``prefix`` and ``root`` are its path in its file.

        ``partial`` is one of several orders that make the doses together.
        """
        kind = str(resource["resourceType"])
        version = self.version_of(resource)
        name = _name(resource, prefix)
        findings = Findings(root or kind, prefix, name if prefix else "")
        structure.check(resource, version, findings)
        order = reading.read(resource, version, self.index, others or {}, findings)
        order = order._replace(partial=partial)
        return self.order(order, name, prefix, findings)

    def order(self, order: FhirOrder, name: str, prefix: Path, findings: Findings) -> VerifiedOrder:
        """Verify an order that was read."""
        medication = order.medication
        if self._drug is not None:
            if medication.drug not in (None, self._drug):
                findings.add(
                    "not-valid-order",
                    medication.path,
                    f"the order is for {medication.drug}, and {self._drug} was named",
                    expected=self._drug,
                    got=medication.drug,
                )
            medication = medication._replace(drug=self._drug, drug_from="option")
            order = order._replace(medication=medication)
        check_forms(order, findings)
        met = by_the_clock(order.dosages)
        order = order._replace(dosages=tuple(in_mass(d, medication.product) for d in met))
        key = medication.drug
        called = "a dose" if key is None else self.loaded.table.drugs[key].name.lower()
        dosages = [dosage for dosage in order.dosages if dosage.timing or dosage.high]
        limits = None if key is None else self._limits_of(key)
        apart = order.partial or (limits is not None and limits.course_days is not None)
        groups = arrange(dosages, called, findings, apart=apart)
        self._as_needed(order, len(groups), findings)
        check_texts(order, findings)
        check_units(dosages, medication.product, findings)
        totals = check_supply(order, groups, findings)
        bounded = bool(groups) and all(group.days for group in groups)
        if order.repeats and bounded:
            findings.add(
                "repeats-on-course",
                (*order.supply_path[:-2], "numberOfRepeatsAllowed"),
                f"{order.repeats} {plural(order.repeats, 'repeat')} of steps that have an end",
            )
        step: StepVerdict | None = None
        if limits is None:
            findings.add(
                "drug-unknown",
                medication.path,
                "the table has no posology of this drug; the order was checked by itself alone",
            )
        else:
            if self._patient is not None:
                step, limits = self._patient.of(limits, medication, groups, findings)
            check_limits(limits, medication, groups, findings)
        self._accept(findings)
        verdict, code = self._verdict(findings.entries)
        if self._patient is not None:
            code = worst((code, ExitCode.UNKNOWN if step is None else step.exit))
        strength = medication.product.strength
        return VerifiedOrder(
            name,
            pointer(prefix),
            key,
            medication.drug_from,
            strength and strength.value,
            strength and strength.unit,
            verdict,
            code,
            step_rows(groups, prefix),
            totals,
            as_grammar(groups),
            tuple(findings.entries),
            step,
        )

    def _limits_of(self, key: str) -> DrugLimits:
        if key not in self._limits:
            self._limits[key] = limits_of(self.loaded.table, key)
        return self._limits[key]

    def _as_needed(self, order: FhirOrder, steps: int, findings: Findings) -> None:
        for dosage in order.dosages:
            if dosage.as_needed and (order.medication.drug is not None or steps > 1):
                findings.add(
                    "as-needed",
                    (*dosage.path, dosage.as_needed),
                    "a dose of a schedule is not taken as needed",
                )

    def _accept(self, findings: Findings) -> None:
        for code in self.accepted:
            places = [n for n, finding in enumerate(findings.entries) if finding.code == code]
            for number in places:
                mild = findings.entries[number]._replace(severity="information")
                findings.entries[number] = mild
            if places:
                findings.add("accepted", (), f"{code} was accepted: it is listed as information")

    def _verdict(self, findings: Sequence[Finding]) -> tuple[Verdict, int]:
        severities = {finding.severity for finding in findings}
        if "error" in severities:
            return "contradicts", ExitCode.REFUSED
        if "unclear" in severities:
            return "not-judged", ExitCode.PATIENT
        warned = self._strict and "warning" in severities
        return "consistent", ExitCode.WARNINGS if warned else ExitCode.OK


def _name(resource: dict[str, object], prefix: Path) -> str:
    """Name an order by its type and id; by its position where it has no id."""
    kind, own = resource["resourceType"], resource.get("id")
    if isinstance(own, str) and len(own) <= 64 and own.replace("-", "").replace(".", "").isalnum():
        return f"{kind}/{own}"
    return f"{kind}{pointer(prefix)}"
