"""The text of a dosage against its structure: two tellings of one thing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.fhir import sig
from dmcalc.fhir.checks.clock import check_clock
from dmcalc.fhir.resource.quantity import Measure, same
from dmcalc.fhir.resource.timing import WEEKDAYS
from dmcalc.quantities.arithmetic import to_decimal
from dmcalc.quantities.base import format_plain
from dmcalc.text.numbers import plural
from dmcalc.text.timing import how_often

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.fhir.findings import Findings, Path
    from dmcalc.fhir.resource.medication import OrderedProduct
    from dmcalc.fhir.resource.reading import Dosage, FhirOrder
    from dmcalc.fhir.resource.timing import Timing
    from dmcalc.fhir.sig import Sig, SigStep


#: Words that say how often alone are read as those of some dose.
_SOME = "1 mg"
_TEXT, _CODE = "the text", "the code of the timing"


def check_texts(order: FhirOrder, findings: Findings) -> None:
    """Compare each text that is understood with the structure of its dosage."""
    product = order.medication.product
    coded = [d for d in order.dosages if not d.of_text and (d.timing or d.high)]
    texts = {dosage.text: dosage.sig for dosage in coded}
    whole = next(iter(texts.values())) if len(texts) == 1 else None
    if whole is not None and len(whole.steps) == len(coded):  # each says all the steps
        _check_all(coded, whole, (*coded[0].path, "text"), product, findings)
    else:
        for dosage in coded:
            if dosage.sig is not None:
                _check_one(dosage, dosage.sig, product, findings)
    routed = {one.path: one for one in order.dosages if one.routes is not None}
    for dosage in routed.values():  # once for all steps of a text
        _check_route(dosage, findings)
    for dosage in coded:
        if dosage.timing is not None and dosage.timing.words:
            _check_code(dosage.path, dosage.timing, findings)
        if dosage.instruction is not None and dosage.instruction != dosage.text:
            _check_instruction(dosage, dosage.instruction, product, findings)
    if order.rendered is not None:
        path, rendered = ("renderedDosageInstruction",), sig.read(order.rendered)
        if len(rendered.steps) == len(coded):
            _check_all(coded, rendered, path, product, findings)
        elif rendered.problem is not None:
            _not_compared(rendered, path, findings)
        else:
            steps = f"{len(rendered.steps)} {plural(len(rendered.steps), 'step')}"
            message = f"the text is not compared: it has {steps}, the structure {len(coded)}"
            findings.add("text-not-compared", path, message)


def _check_route(dosage: Dosage, findings: Findings) -> None:
    """Find routes of the element that differ, and a text that says all steps by itself."""
    routes = dosage.routes or ()
    if len(routes) > 1:
        message = f"the route is {' and '.join(routes)}: one of them is wrong"
        findings.add("route-differs", (*dosage.path, "route"), message)
    if dosage.of_text and dosage.sig is not None:
        said = [step for step in dosage.sig.steps if step.route is not None]
        for step in said[:1]:
            _compare_route(dosage, step, (*dosage.path, "text"), findings)


def _compare_route(dosage: Dosage, step: SigStep, path: Path, findings: Findings) -> None:
    routes = dosage.routes
    if step.route is None or routes is None or len(routes) > 1 or step.route in routes:
        return
    if not routes:
        message = f"the route is not compared: the text says {step.route}, the other is not known"
        findings.add("text-not-compared", path, message)
        return
    findings.add(
        "text-route",
        path,
        f"the text says {step.route}, the structure {routes[0]}",
        expected=routes[0],
        got=step.route,
    )


def _check_code(path: Path, when: Timing, findings: Findings) -> None:
    """Hold what the code of a timing says in words against its figures."""
    where = (*path, "timing", "code")
    for words in when.words:
        read = sig.read(f"{_SOME} {words}")
        if read.problem is not None:
            at = max((read.at or 1) - len(_SOME) - 1, 1)
            _not_compared(read._replace(at=at), where, findings, _CODE)
            continue
        if not when.single:  # one dose in all is of any frequency
            _compare_often(read.steps[0], when, where, findings, _CODE)
        check_clock(read.steps[0], when, where, findings, _CODE)


def _check_instruction(
    dosage: Dosage, text: str, product: OrderedProduct, findings: Findings
) -> None:
    """Compare what the patient reads, where it says a dose."""
    path, read = (*dosage.path, "patientInstruction"), sig.read(text)
    if read.problem is None:
        _compare(dosage, read.steps[0], path, product, findings)
    elif any(sign.isdigit() for sign in text):  # else it says how to take it
        _not_compared(read, path, findings)


def _not_compared(read: Sig, path: Path, findings: Findings, who: str = _TEXT) -> None:
    message = f"{who} is not compared: {read.problem}, at character {read.at}"
    findings.add("text-not-compared", path, message)


def _check_all(
    dosages: Sequence[Dosage], read: Sig, path: Path, product: OrderedProduct, findings: Findings
) -> None:
    for dosage, step in zip(dosages, read.steps, strict=True):
        _compare(dosage, step, path, product, findings)


def _check_one(dosage: Dosage, read: Sig, product: OrderedProduct, findings: Findings) -> None:
    path = (*dosage.path, "text")
    if read.problem is not None:
        _not_compared(read, path, findings)
        return
    if not _compare(dosage, read.steps[0], path, product, findings):
        return
    if len(read.steps) > 1:
        findings.add(
            "text-dose", path, f"the text goes on with {read.steps[1].dose}, the structure does not"
        )


def _compare(
    dosage: Dosage, step: SigStep, path: Path, product: OrderedProduct, findings: Findings
) -> bool:
    """Compare one step of a text; tell whether the doses agree."""
    when, dose = dosage.timing, dosage.high
    _compare_route(dosage, step, path, findings)
    if when is not None:
        check_clock(step, when, path, findings)
    if dose is None:
        return False
    pair = _comparable(step.dose, dose, product)
    if pair is None:
        findings.add(
            "text-not-compared",
            path,
            f"the text is not compared: it says {step.dose}, "
            f"the structure {dose}, and the strength is not stated",
        )
        return False
    in_text, coded = pair
    assert dosage.low is not None  # it is there where the high end is
    if step.low is not None or dosage.low != dose:
        low = _comparable(step.low or step.dose, dosage.low, product)
        if low is not None and low[0] != low[1]:
            findings.add(
                "text-dose",
                path,
                f"the text begins at {step.low or step.dose}, the structure at {dosage.low}",
                expected=to_decimal(low[1]),
                got=to_decimal(low[0]),
            )
            return False
    agrees = True
    if in_text != coded and not _same_in_all(in_text, step.rate, coded, when and when.per_day):
        findings.add(
            "text-dose",
            path,
            f"the text says {_amount(step.dose, in_text, dose)}, the structure {dose}",
            expected=dose.value,
            got=to_decimal(in_text),
        )
        agrees = False
    if when is not None and not _compare_often(step, when, path, findings):
        agrees = False
    if when is not None:
        if (step.times is None) == when.single:
            _compare_days(step, when, path, findings)
        _compare_dates(step, when, path, findings)
    return agrees


def _same_in_all(
    in_text: Fraction, often: Fraction | None, coded: Fraction, coded_often: Fraction | None
) -> bool:
    """Tell whether doses that differ come to the same in all, since their frequencies differ."""
    if often is None or coded_often is None:
        return False
    return in_text * often == coded * coded_often


def _compare_often(
    step: SigStep, when: Timing, path: Path, findings: Findings, who: str = _TEXT
) -> bool:
    """Compare how often; tell whether it agrees."""
    if not _differs(step, when):
        return True
    said, coded_as = (
        "a single dose" if times is None else how_often(int(times), days)
        for times, days in ((step.times, step.every_days), (when.times, when.every_days))
    )
    findings.add(
        "text-frequency",
        path,
        f"{who} says {said}, the structure {coded_as}",
        expected=coded_as,
        got=said,
    )
    return False


def _differs(step: SigStep, when: Timing) -> bool:
    """Tell whether a text is of another frequency; a dose daily for a day is a single dose."""
    if (step.times is None) == when.single:
        return step.rate != when.per_day
    daily = (when.times, when.every_days, when.days) if step.times is None else step[1:4]
    return daily != (1, 1, 1)


def _comparable(
    in_text: Measure, coded: Measure, product: OrderedProduct
) -> tuple[Fraction, Fraction] | None:
    """Bring the amount of a text and that of the structure to the unit of the structure."""
    amount = _in_kind(in_text, coded, product)
    if amount is None:
        return None
    in_base = Measure(Decimal(1), coded.unit, coded.kind).in_base
    return amount / Fraction(in_base), Fraction(coded.value)


def _in_kind(in_text: Measure, coded: Measure, product: OrderedProduct) -> Fraction | None:
    """Return the amount of a text in mg, mL or units, whichever the structure has.

    Units of a known strength have become a mass in the structure before.
    """
    if same(in_text, coded):
        return Fraction(in_text.in_base)
    factor = product.per(in_text.kind, coded.kind)
    return None if factor is None else Fraction(in_text.in_base) * factor


def _amount(written: Measure, in_text: Fraction, dose: Measure) -> str:
    if same(written, dose):
        return str(written)
    return f"{written}, which is {format_plain(to_decimal(in_text))} {dose.unit}"


def _compare_days(step: SigStep, when: Timing, path: Path, findings: Findings) -> None:
    if step.days is None or step.days == when.days or when.single:
        return
    days = f"{step.days} {plural(step.days, 'day')}"
    findings.add(
        "text-days",
        path,
        f"the text says {days}, the structure {when.days or 'no end'}",
        expected=None if when.days is None else Decimal(when.days),
        got=Decimal(step.days),
        severity="warning" if when.days is None else None,  # the missing end is a finding itself
    )


def _compare_dates(step: SigStep, when: Timing, path: Path, findings: Findings) -> None:
    if step.start is not None and when.start is not None and step.start != when.start:
        findings.add(
            "text-start",
            path,
            f"the text starts on {step.start}, the structure on {when.start}",
            expected=str(when.start),
            got=str(step.start),
        )
    known = all(day in WEEKDAYS for day in when.weekdays)
    if step.weekday and when.weekdays and known and step.weekday[:3] not in when.weekdays:
        findings.add(
            "text-frequency",
            path,
            f"the text says {step.weekday.capitalize()}, the structure {', '.join(when.weekdays)}",
        )
