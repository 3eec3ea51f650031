"""Whether product, doses, texts and quantity of an order are of one form: tablets or capsules."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.fhir.findings import Findings, Path
    from dmcalc.fhir.resource.quantity import Measure
    from dmcalc.fhir.resource.reading import FhirOrder


def check_forms(order: FhirOrder, findings: Findings) -> None:
    """Find amounts in another form than the first, and name a product of another form.

    The doses are those that are written: nothing has become a mass before. The name of a product
    is that of its group at times, so that its form alone is a warning.
    """
    amounts = [one for one in _amounts(order) if one[0].kind == "form"]
    if not amounts:
        return
    first, code, path = amounts[0]
    form, named = first.unit, order.medication.product.form
    if named is not None and form != named and form != "vial":
        findings.add(
            code,
            path,
            f"{first} of a product in {named}s",
            expected=named,
            got=form,
            severity="warning",
        )
    for amount, code, path in amounts:
        if amount.unit != form:
            message = f"{amount} where the order has {form}s"
            findings.add(code, path, message, expected=form, got=amount.unit)


def _amounts(order: FhirOrder) -> Iterator[tuple[Measure, str, Path]]:
    """Yield the amounts of an order with the finding of another form, and where each stands."""
    for dosage in order.dosages:
        path = dosage.at("doseAndRate")
        if dosage.high is not None:
            yield dosage.high, "unit-differs", path
        if (
            dosage.low is not None
            and dosage.high is not None
            and dosage.low.unit != dosage.high.unit
        ):
            yield dosage.low, "unit-differs", path
        if dosage.sig is not None and not dosage.of_text:
            for step in dosage.sig.steps:
                yield step.dose, "text-dose", (*dosage.path, "text")
    if order.quantity is not None:
        yield order.quantity, "unit-differs", order.quantity_path
