"""From a resource to an order: its drug, its dosages, what is dispensed, and how to take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.fhir import sig
from dmcalc.fhir.findings import quoted
from dmcalc.fhir.resource import quantity, rate, route, structure, timing
from dmcalc.fhir.resource.json_text import list_of
from dmcalc.fhir.resource.medication import Medication, OrderedProduct
from dmcalc.fhir.resource.quantity import Measure
from dmcalc.quantities.arithmetic import EXACT
from dmcalc.records import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dmcalc.fhir.findings import Findings, Path
    from dmcalc.fhir.resource.medication import DrugIndex
    from dmcalc.fhir.resource.rate import Delivered
    from dmcalc.fhir.resource.structure import Version
    from dmcalc.fhir.resource.timing import Timing
    from dmcalc.fhir.sig import Sig

#: States in which nothing may be dispensed or taken.
_NOT_ACTIVE = frozenset(
    {"entered-in-error", "cancelled", "stopped", "ended", "not-taken", "declined"}
)
_AS_NEEDED = ("asNeededBoolean", "asNeeded", "asNeededCodeableConcept", "asNeededFor")


class Maximum(Record):
    """The most in so many days, in one administration (0), or in a lifetime (None)."""

    amount: Measure
    days: int | None
    path: Path


class Dosage(Record):
    """One dosage of an order; what is None is not stated or was not understood."""

    path: Path
    sequence: int | None = None
    text: str | None = None
    #: The text as a sig, where there is one.
    sig: Sig | None = None
    low: Measure | None = None
    high: Measure | None = None
    timing: Timing | None = None
    #: The element that says that it is taken as needed.
    as_needed: str | None = None
    #: The most that the order itself allows.
    maxima: tuple[Maximum, ...] = ()
    #: What the patient reads, besides the text.
    instruction: str | None = None
    #: What its rates give in the time of one administration.
    delivered: tuple[Delivered, ...] = ()
    #: The routes that its element names; None where it has no such element.
    routes: tuple[str, ...] | None = None
    #: Whether the steps are those of the text, which alone says the dose.
    of_text: bool = False

    @property
    def dose(self) -> Measure | None:
        """The dose, of a range its high end."""
        return self.high

    def at(self, *keys: str) -> Path:
        """Return the path of a part of it; its own where the text alone says that part."""
        return self.path if self.of_text else (*self.path, *keys)


class FhirOrder(Record):
    """An order as it was read."""

    kind: str
    medication: Medication
    dosages: tuple[Dosage, ...]
    #: What is dispensed and for how many days, with the paths.
    quantity: Measure | None = None
    quantity_path: Path = ()
    supply_days: int | None = None
    supply_path: Path = ()
    repeats: int = 0
    #: The words of the whole order, where it has some besides its dosages.
    rendered: str | None = None
    #: Whether it is one of several orders that make the doses together: a strength each.
    partial: bool = False


def read(
    resource: dict[str, object],
    version: Version,
    index: DrugIndex,
    others: Mapping[str, object],
    findings: Findings,
) -> FhirOrder:
    """Read an order whose shape was checked; add what is not understood to the findings."""
    kind = str(resource["resourceType"])
    _state(resource, findings)
    medication = index.identify(resource, others, findings)
    key = structure.ORDERS[kind]
    written = resource.get(key)
    dosages = []
    for number, dosage in enumerate(list_of(written)):
        if isinstance(dosage, dict):
            dosages += _dosage(dosage, (key, number), medication.product, findings)
    if not dosages and (key not in resource or isinstance(written, list)):
        findings.add("not-structured", (), "there is no dosage: nothing says the dose")
    for name in ("effectiveDosePeriod", "effectivePeriod"):
        timing.check_period(resource.get(name), (name,), findings)
    rendered = resource.get("renderedDosageInstruction")
    order = FhirOrder(kind, medication, tuple(dosages))
    order = order._replace(rendered=rendered if isinstance(rendered, str) else None)
    return _supply(order, resource, findings)


def in_mass(dosage: Dosage, product: OrderedProduct) -> Dosage:
    """Return a dosage in units of a product as the amount that they hold, where that is known."""
    strength = product.strength
    if strength is None:
        return dosage

    def amount(measure: Measure) -> Measure:
        if measure.kind != "form":
            return measure
        return Measure(EXACT.multiply(measure.value, strength.value), strength.unit, "mass")

    low, high = dosage.low, dosage.high
    return dosage._replace(
        low=None if low is None else amount(low),
        high=None if high is None else amount(high),
        maxima=tuple(most._replace(amount=amount(most.amount)) for most in dosage.maxima),
    )


def _state(resource: dict[str, object], findings: Findings) -> None:
    status = resource.get("status")
    if isinstance(status, str) and status in _NOT_ACTIVE:
        findings.add(
            "not-active",
            ("status",),
            f"the order is not active: its status is {status}",
            got=status,
        )
    if resource.get("doNotPerform") is True:
        findings.add("do-not-perform", ("doNotPerform",), "this asks that the drug is NOT given")
    for key in ("modifierExtension", "implicitRules"):
        if key in resource:
            _modifier((key,), findings)


def _modifier(path: Path, findings: Findings) -> None:
    findings.add(
        "modifier", path, f"{quoted(path[-1])} can change the meaning of all else, and is not known"
    )


def _dosage(
    value: dict[str, object], path: Path, product: OrderedProduct, findings: Findings
) -> list[Dosage]:
    """Read one dosage; a text that alone says the doses gives a dosage for each of its steps."""
    for where in (value, value.get("timing")):
        if isinstance(where, dict) and "modifierExtension" in where:
            _modifier(
                (*path, *(() if where is value else ("timing",)), "modifierExtension"), findings
            )
    if value.get("asNeeded") is False and value.get("asNeededFor"):
        message = "not taken as needed, and for what it is (dos-1)"
        findings.add("as-needed", (*path, "asNeededFor"), message)
    text = words if isinstance(words := value.get("text"), str) else None
    read_text = None if text is None else sig.read(text)
    sequence = value.get("sequence")
    dosage = Dosage(
        path,
        sequence if type(sequence) is int else None,
        text,
        read_text,
        instruction=words if isinstance(words := value.get("patientInstruction"), str) else None,
        routes=route.named(value["route"]) if "route" in value else None,
        as_needed=next((key for key in _AS_NEEDED if value.get(key) not in (None, False)), None),
    )
    has_timing, has_dose = bool(value.get("timing")), bool(_doses(value))
    if not has_timing and not has_dose:
        return _of_text(dosage, findings)
    low, high = _dose(value, path, findings)
    when = timing.read(value["timing"], (*path, "timing"), findings) if has_timing else None
    if not has_timing:
        findings.add("not-understood", path, "a dose without a timing: how often is not coded")
    elif not has_dose:
        findings.add("dose-missing", path, "how often is coded, and no dose is")
    most = tuple(_maxima(value, path, findings))
    given = tuple(rate.delivered(value, path, findings)) if high is not None else ()
    return [dosage._replace(low=low, high=high, timing=when, maxima=most, delivered=given)]


def _doses(value: dict[str, object]) -> dict[int, dict[str, object]]:
    """Return the doses of a dosage by their numbers; a rate alone is none."""
    return {
        number: part
        for number, part in enumerate(list_of(value.get("doseAndRate")))
        if isinstance(part, dict) and part.keys() & {"doseQuantity", "doseRange"}
    }


def _of_text(dosage: Dosage, findings: Findings) -> list[Dosage]:
    """Take the steps of a text that alone says the dose, if it is understood in full."""
    path, read_text = dosage.path, dosage.sig
    if read_text is None:
        findings.add("not-structured", path, "the dosage is empty: nothing says the dose")
        return [dosage]
    where = (*path, "text")
    if read_text.problem is not None:
        findings.add(
            "not-structured",
            where,
            "only the text gives the dose, and it is not "
            f"understood: {read_text.problem}, at character {read_text.at}",
        )
        return [dosage]
    if any(step.days is None for step in read_text.steps):
        findings.add(
            "not-structured",
            where,
            "only the text gives the dose, and it does not say for how long",
        )
    else:
        findings.add(
            "not-structured",
            where,
            "only the text gives the dose; its steps are used",
            severity="information",
        )
    return [
        dosage._replace(
            low=step.low or step.dose,
            high=step.dose,
            of_text=True,
            sequence=dosage.sequence if len(read_text.steps) == 1 else number,
            timing=timing.of_sig(step),
        )
        for number, step in enumerate(read_text.steps, start=1)
    ]


def _dose(
    value: dict[str, object], path: Path, findings: Findings
) -> tuple[Measure | None, Measure | None]:
    """Return both ends of the one absolute dose; with a finding where there is none or several."""
    absolute: dict[tuple[Measure, Measure], None] = {}
    per_size = False
    for number, part in _doses(value).items():
        where = (*path, "doseAndRate", number)
        one = quantity.read(part.get("doseQuantity"), (*where, "doseQuantity"), findings)
        low, high = one, one
        if isinstance(span := part.get("doseRange"), dict):
            low = quantity.read(span.get("low"), (*where, "doseRange", "low"), findings)
            high = quantity.read(span.get("high"), (*where, "doseRange", "high"), findings)
            if low and high and quantity.same(low, high) and low.in_base > high.in_base:
                message = f"the low end, {low}, is above the high end, {high} (rng-2)"
                findings.add("range-reversed", (*where, "doseRange"), message)
                continue
            low, high = low or high, high or low
        if low is None or high is None:
            continue
        if "rate" in (low.kind, high.kind):
            per_size = True
        else:
            absolute[low, high] = None
    if len(absolute) > 1:
        findings.add("not-understood", (*path, "doseAndRate"), "it has two doses that differ")
        return None, None
    if absolute:
        return next(iter(absolute))
    if per_size:
        findings.add(
            "per-kg-only", (*path, "doseAndRate"), "the dose is given by weight or surface alone"
        )
    return None, None


def _maxima(value: dict[str, object], path: Path, findings: Findings) -> Iterator[Maximum]:
    for name, span in (("maxDosePerAdministration", 0), ("maxDosePerLifetime", None)):
        amount = quantity.read(value.get(name), (*path, name), findings)
        if amount is not None:
            yield Maximum(amount, span, (*path, name))
    ratios, where = value.get("maxDosePerPeriod"), (*path, "maxDosePerPeriod")
    several = isinstance(ratios, list)  # in R5
    for number, ratio in enumerate(ratios if isinstance(ratios, list) else [ratios]):
        here = (*where, number) if several else where
        if isinstance(ratio, dict):
            amount = quantity.read(ratio.get("numerator"), (*here, "numerator"), findings)
            days = _days(ratio.get("denominator"), (*here, "denominator"), findings)
            if amount is not None and days is not None:
                yield Maximum(amount, days, here)


def _days(value: object, path: Path, findings: Findings) -> int | None:
    """Read the period of a maximum."""
    period = quantity.read(value, path, findings)
    if period is None:
        return None
    days = 1 if period.unit == "h" and period.value == 24 else quantity.days_of(period)
    if days is None or days < 1:
        findings.add("not-understood", path, "the period of the maximum is not understood")
        return None
    return days


def _supply(order: FhirOrder, resource: dict[str, object], findings: Findings) -> FhirOrder:
    """Add what is dispensed: of a dispense itself, else of the request for it."""
    path: Path = ()
    request, length = resource, "daysSupply"
    if order.kind == "MedicationRequest":
        path, length = ("dispenseRequest",), "expectedSupplyDuration"
        requested = resource.get("dispenseRequest") or {}
        if not isinstance(requested, dict):
            return order
        request = requested
        if "modifierExtension" in request:
            _modifier((*path, "modifierExtension"), findings)
        timing.check_period(request.get("validityPeriod"), (*path, "validityPeriod"), findings)
    repeats = request.get("numberOfRepeatsAllowed")
    supplied = quantity.read(request.get(length), (*path, length), findings)
    days = None
    if supplied is not None:
        days = quantity.days_of(supplied)
        if days is None:
            findings.add(
                "not-understood", (*path, length), "the length of the supply is not understood"
            )
    return order._replace(
        quantity=quantity.read(request.get("quantity"), (*path, "quantity"), findings),
        quantity_path=(*path, "quantity", "value"),
        supply_days=days,
        supply_path=(*path, length, "value"),
        repeats=repeats if type(repeats) is int else 0,
    )
