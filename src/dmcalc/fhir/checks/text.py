"""The text of a dosage against its structure: two tellings of one thing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from dmcalc.fhir import sig
from dmcalc.fhir.resource.quantity import Measure, same
from dmcalc.fhir.resource.timing import WEEKDAYS
from dmcalc.quantities.arithmetic import to_decimal
from dmcalc.quantities.base import format_plain
from dmcalc.text.timing import how_often

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dmcalc.fhir.findings import Findings, Path
    from dmcalc.fhir.resource.medication import OrderedProduct
    from dmcalc.fhir.resource.reading import Dosage, FhirOrder
    from dmcalc.fhir.resource.timing import Timing
    from dmcalc.fhir.sig import Sig, SigStep


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
    if order.rendered is not None:
        rendered = sig.read(order.rendered)
        if len(rendered.steps) == len(coded):
            _check_all(coded, rendered, ("renderedDosageInstruction",), product, findings)


def _check_all(
    dosages: Sequence[Dosage], read: Sig, path: Path, product: OrderedProduct, findings: Findings
) -> None:
    for dosage, step in zip(dosages, read.steps, strict=True):
        _compare(dosage, step, path, product, findings)


def _check_one(dosage: Dosage, read: Sig, product: OrderedProduct, findings: Findings) -> None:
    path = (*dosage.path, "text")
    if read.problem is not None:
        findings.add(
            "text-not-compared",
            path,
            f"the text is not compared: {read.problem}, at character {read.at}",
        )
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
    low = _comparable(step.low or step.dose, dosage.low, product)
    if low is not None and low[0] != low[1] and (step.low is not None or dosage.low != dose):
        findings.add(
            "text-dose",
            path,
            f"the text begins at {step.low or step.dose}, the structure at {dosage.low}",
            expected=to_decimal(low[1]),
            got=to_decimal(low[0]),
        )
        return False
    rates = (step.rate, when.per_day if when else None)
    often = None not in rates and rates[0] != rates[1]
    whole_differs = rates[0] and rates[1] and in_text * rates[0] != coded * rates[1]
    agrees = True
    if in_text != coded and not (often and not whole_differs):
        findings.add(
            "text-dose",
            path,
            f"the text says {_amount(step.dose, in_text, dose)}, the structure {dose}",
            expected=dose.value,
            got=to_decimal(in_text),
        )
        agrees = False
    if often and when is not None and when.times is not None:
        findings.add(
            "text-frequency",
            path,
            f"the text says {how_often(step.times, step.every_days)}, "
            f"the structure {how_often(int(when.times), when.every_days)}",
            expected=how_often(int(when.times), when.every_days),
            got=how_often(step.times, step.every_days),
        )
        agrees = False
    if when is not None:
        _compare_days(step, when, path, findings)
    return agrees


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
    kinds = (in_text.kind, coded.kind)
    if kinds == ("form", "mass") and product.strength is not None:
        return Fraction(in_text.value) * Fraction(product.strength.in_base)
    if kinds == ("volume", "mass") and product.per_ml:
        return Fraction(in_text.in_base) * Fraction(product.per_ml)
    if kinds == ("mass", "volume") and product.per_ml:
        return Fraction(in_text.in_base) / Fraction(product.per_ml)
    return None


def _amount(written: Measure, in_text: Fraction, dose: Measure) -> str:
    if same(written, dose):
        return str(written)
    return f"{written}, which is {format_plain(to_decimal(in_text))} {dose.unit}"


def _compare_days(step: SigStep, when: Timing, path: Path, findings: Findings) -> None:
    if (
        step.days is not None
        and when.days is not None
        and step.days != when.days
        and not when.single
    ):
        findings.add(
            "text-days",
            path,
            f"the text says {step.days} days, the structure {when.days}",
            expected=Decimal(when.days),
            got=Decimal(step.days),
        )
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
