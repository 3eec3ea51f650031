"""Which drug an order is for, by code and by whole words, and the strength of its product."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from dmcalc.fhir.findings import Findings
from dmcalc.fhir.resource import quantity
from dmcalc.fhir.resource.json_text import list_of
from dmcalc.fhir.resource.quantity import Measure
from dmcalc.quantities.arithmetic import EXACT
from dmcalc.records import Record
from dmcalc.remembered import Remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dmcalc.fhir.findings import Path
    from dmcalc.fhir.resource.quantity import Measured
    from dmcalc.table.model.table import Table

ATC = "http://www.whocc.no/atc"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
#: Characters of a name that are read.
MAX_NAME = 500
#: Texts whose drugs are remembered: those of orders repeat.
MAX_KNOWN = 10_000

_NUMBER = r"([0-9]{1,6}(?:\.[0-9]{1,4})?)"
_STRENGTH = re.compile(rf"(?<![0-9.,/]){_NUMBER} ?(mg|mcg|g)\b(?! ?/)", re.IGNORECASE)
_PER_VOLUME = re.compile(
    rf"{_NUMBER} ?(mg|mcg|g) ?/ ?(?:{_NUMBER} ?)?(mL|L)\b", re.IGNORECASE | re.ASCII
)
Form = Literal["tablet", "capsule"]
_FORMS: dict[Form, re.Pattern[str]] = {
    "tablet": re.compile(r"\b\w*(?:tablets?|tabl|tabs?|caplets?|tabletten?)\b", re.IGNORECASE),
    "capsule": re.compile(r"\b\w*(?:capsules?|caps?|kapseln?)\b", re.IGNORECASE),
}


class OrderedProduct(Record):
    """What one unit holds, or one mL, as far as the order says it."""

    strength: Measure | None = None
    #: mg in one mL.
    per_ml: Decimal | None = None
    form: Form | None = None

    def per(self, kind: Measured, other: Measured) -> Fraction | None:
        """Return how much of another kind is in one of a kind, both in their base units.

        None where the product does not say it: ``per("form", "mass")`` is the mg in one tablet.
        """
        of_form = None if self.strength is None else self.strength.in_base
        mg: dict[Measured, Decimal | None]
        mg = {"mass": Decimal(1), "form": of_form, "volume": self.per_ml}
        over, under = mg.get(kind), mg.get(other)
        return Fraction(over) / Fraction(under) if over and under and kind != other else None


class Medication(Record):
    """The drug of an order: its key in the table, how it was identified, and the product."""

    drug: str | None
    drug_from: Literal["code", "name", "option"] | None
    product: OrderedProduct
    #: The path of the drug in the order.
    path: Path = ()


class DrugIndex:
    """The drugs of a table by their codes and names, made once for many orders."""

    def __init__(self, table: Table) -> None:
        """Index keys, names, aliases, ATC codes and RxNorm ingredients."""
        self._codes = {
            (system, entry.code): drug
            for drug, known in table.drugs.items()
            for system, entry in ((ATC, known.atc), (RXNORM, known.rxnorm))
            if entry is not None and entry.code is not None
        }
        self._names = tuple(
            (f" {_words(name)} ", drug)
            for drug, known in table.drugs.items()
            for name in (drug, known.name, *known.aliases)
        )
        self._known: Remembered[str, frozenset[str]] = Remembered(MAX_KNOWN)

    def by_code(self, coding: Mapping[str, object]) -> str | None:
        """Return the drug that a code is of."""
        system, code = coding.get("system"), coding.get("code")
        if not isinstance(system, str) or not isinstance(code, str):
            return None
        return self._codes.get((system, code))

    def named_in(self, text: str) -> frozenset[str]:
        """Name the drugs that a text names in whole words: methylprednisolone is one word."""
        if text not in self._known:
            padded = f" {_words(text)} "
            self._known[text] = frozenset(drug for name, drug in self._names if name in padded)
        return self._known[text]

    def identify(
        self, resource: Mapping[str, object], others: Mapping[str, object], findings: Findings
    ) -> Medication:
        """Find drug and product; ``others`` are the resources of a bundle by their references.

        A code of one drug and the name of another are an error; then no drug is known.
        """
        path, concepts, ingredient = _concepts(resource, others)
        codes: set[str] = set()
        names: list[frozenset[str]] = []
        texts: list[str] = []
        for concept in concepts:
            codings = [part for part in list_of(concept.get("coding")) if isinstance(part, dict)]
            codes |= {drug for part in codings if (drug := self.by_code(part))}
            for text in (concept.get("text"), *(part.get("display") for part in codings)):
                if isinstance(text, str):
                    texts.append(text[:MAX_NAME])
                    names.append(self.named_in(text[:MAX_NAME]))
        named = frozenset().union(*names)
        ways = {way for way in (frozenset(codes), *names) if way}
        product = _product(texts, ingredient)
        _check_names(texts, ingredient, path, findings)
        if len(codes) > 1 or any(not way & other for way in ways for other in ways):
            both = " and ".join(sorted(codes | named))
            message = f"text and code name different drugs: {both}"
            findings.add("not-valid-order", path, message)
            return Medication(None, None, product, path)
        known = codes or (named if len(named) == 1 else frozenset())
        if not known:
            return Medication(None, None, product, path)
        return Medication(min(known), "code" if codes else "name", product, path)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _concepts(
    resource: Mapping[str, object], others: Mapping[str, object]
) -> tuple[Path, list[dict[str, object]], object]:
    """Return the path of the drug, what has its codes and names, and its one ingredient."""
    concepts: list[dict[str, object]] = []
    path: Path = ()
    reference: object = None
    if isinstance(concept := resource.get("medicationCodeableConcept"), dict):
        path, concepts = ("medicationCodeableConcept",), [concept]
    elif isinstance(both := resource.get("medication"), dict):
        path = ("medication",)
        if isinstance(concept := both.get("concept"), dict):
            path, concepts = ("medication", "concept"), [concept]
        reference = both.get("reference")
    elif "medicationReference" in resource:
        path, reference = ("medicationReference",), resource["medicationReference"]
    medication: object = None
    if isinstance(reference, dict):
        target = reference.get("reference")
        if isinstance(target, str) and target.startswith("#"):
            medication = next(
                (
                    part
                    for part in list_of(resource.get("contained"))
                    if isinstance(part, dict) and part.get("id") == target[1:]
                ),
                None,
            )
        elif isinstance(target, str):
            medication = others.get(target)
    if isinstance(medication, dict):
        concepts += [medication["code"]] if isinstance(medication.get("code"), dict) else []
        ingredients = list_of(medication.get("ingredient"))
        if len(ingredients) == 1:
            concepts += list(_ingredient_names(ingredients[0]))
            return path, concepts, ingredients[0]
    elif isinstance(reference, dict) and isinstance(reference.get("display"), str):
        concepts.append({"text": reference["display"]})
    return path, concepts, None


def _ingredient_names(ingredient: object) -> Iterator[dict[str, object]]:
    if isinstance(ingredient, dict):
        item = ingredient.get("itemCodeableConcept") or ingredient.get("item")
        concept = item.get("concept", item) if isinstance(item, dict) else None
        if isinstance(concept, dict):
            yield concept


def _check_names(texts: Sequence[str], ingredient: object, path: Path, findings: Findings) -> None:
    """Find names of a product that have one strength each, and not the same; so with its forms."""
    if len(set(texts)) < 2 and ingredient is None:
        return
    each = [_product([text], None) for text in texts]
    if ingredient is not None:
        each.append(_product([], ingredient))
    strengths = {one.strength.in_base: str(one.strength) for one in each if one.strength}
    forms = {form for text in texts if (form := _only_form(text))}
    for what, named in (("strengths", sorted(strengths.values())), ("forms", sorted(forms))):
        if len(named) > 1:
            both = " and ".join(named)
            findings.add("not-valid-order", path, f"the product has different {what}: {both}")


def _only_form(text: str) -> Form | None:
    forms = [form for form, words in _FORMS.items() if words.search(text)]
    return forms[0] if len(forms) == 1 else None


def _product(texts: Sequence[str], ingredient: object) -> OrderedProduct:
    """Read the strength of the one ingredient, else the one "N mg" of the name."""
    forms = (form for form, words in _FORMS.items() for text in texts if words.search(text))
    form = next(forms, None)
    if isinstance(ingredient, dict):
        ratio = ingredient.get("strength", ingredient.get("strengthRatio"))
        product = _of_ratio(ratio, form) if isinstance(ratio, dict) else None
        if product is not None:
            return product
    strengths: dict[Decimal, Measure] = {}
    for text in texts:
        plain = _PER_VOLUME.sub(" ", text)
        for value, unit in _STRENGTH.findall(plain):
            one = Measure(Decimal(value), unit.lower(), "mass")
            if one.value:
                strengths[one.in_base] = one
    volumes = {_concentration(match) for text in texts for match in _PER_VOLUME.findall(text)}
    strength = next(iter(strengths.values())) if len(strengths) == 1 and not volumes else None
    return OrderedProduct(strength, volumes.pop() if len(volumes) == 1 else None, form)


def _of_ratio(ratio: Mapping[str, object], form: Form | None) -> OrderedProduct | None:
    aside = Findings(None)  # what is wrong in a product is not the order's
    over, under = (quantity.read(ratio.get(end), (), aside) for end in ("numerator", "denominator"))
    if over is None or under is None or over.kind != "mass" or not (over.value and under.value):
        return None
    if under.kind == "volume":
        return OrderedProduct(None, _quotient(over.in_base, under.in_base), form)
    if under.value != 1:
        return None
    return OrderedProduct(
        over, None, next((one for one in _FORMS if one in under.unit.lower()), form)
    )


def _concentration(parts: tuple[str, str, str, str]) -> Decimal | None:
    amount, unit, volume, per = parts
    ml = Decimal(volume or 1) * (1000 if per == "L" else 1)
    return _quotient(Measure(Decimal(amount), unit.lower(), "mass").in_base, ml) if ml else None


def _quotient(amount: Decimal, volume: Decimal) -> Decimal | None:
    """Return mg in one mL; None where that has no end."""
    strength = amount / volume
    return strength if EXACT.multiply(strength, volume) == amount else None
