"""What Python's verbs take by keyword, and how it becomes the text that is read strictly."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypedDict, TypeVar, cast

from dmcalc.dispensing.stock import Direction, StockOptions, strengths
from dmcalc.formulary import load as load_table
from dmcalc.guideline import load as load_guideline
from dmcalc.guideline.model import LoadedGuideline
from dmcalc.guideline.patient_rules import Phenotype
from dmcalc.guideline.steps import Response
from dmcalc.patient.anthropometry import Sex
from dmcalc.patient.inputs import PatientInput, PatientRequest
from dmcalc.patient.measures import Weight
from dmcalc.patient.weight_request import Basis
from dmcalc.quantities.base import format_plain
from dmcalc.table.model.drug import Market, Severity
from dmcalc.table.model.table import LoadedTable

T = TypeVar("T")
Group = TypeVar("Group", bound=tuple[Any, ...])
#: Keywords whose field is called otherwise, as an option is.
KEYWORDS = {"conditions": "condition"}
#: Inputs that are lists of names; one name may stand without a list.
LISTS = frozenset({"taking", "unchecked", "condition", "chosen", "not_tolerated", "organs"})
#: A number as text with or without its unit, or exact.
Exact = str | int | Decimal | None


class PatientKeywords(TypedDict, total=False):
    """What is entered of a patient; ``condition`` of a command is ``conditions`` here.

    ``weight`` is in kg and ``height`` in cm if no unit is given, ``bsa`` in m2, ``egfr`` in
    mL/min/1.73 m2, ``crcl`` in mL/min; ``creatinine`` is text with its unit.
    """

    weight: Exact
    confirm_weight: bool
    age: str | int | None
    height: Exact
    sex: Sex | None
    severity: Severity | None
    bsa: Exact
    weight_basis: Basis | None
    weight_policy: str | None
    taking: Sequence[str] | None
    #: Medicines that are meant as they are written, though no list knows them.
    unchecked: Sequence[str] | None
    conditions: Sequence[str] | None
    tpmt: Phenotype | None
    nudt15: Phenotype | None
    egfr: Exact
    crcl: Exact
    creatinine: str | None
    dob: datetime.date | str | None
    #: The day that the date of birth gives the age on: today if none is given.
    as_of: datetime.date | str | None
    #: A file with further facts, YAML or JSON.
    patient: str | None
    #: A guideline of one's own, for its rules and policies; the bundled one if none is given.
    guide: LoadedGuideline | None


class ProductKeywords(TypedDict, total=False):
    """Which tablets, capsules or vials there are; ``stock`` names strengths instead."""

    market: Market
    stock: Sequence[str] | None
    halves: bool
    product: str | None


class DoseKeywords(PatientKeywords, ProductKeywords, total=False):
    """What ``dose`` takes; ``planned`` takes the named drugs as given together."""

    alternatives: bool
    planned: bool


class CheckKeywords(DoseKeywords, total=False):
    """What ``check`` takes; ``phase`` is the only one to compare with."""

    phase: str | None


class TaperKeywords(PatientKeywords, ProductKeywords, total=False):
    """What ``taper`` takes: amounts and lengths with their unit, "60mg", "4w"."""

    protocol: str | None
    start_dose: str | None
    hold: str | None
    interval: str | None
    decrement: str | None
    weeks: str | int | None
    steps: str | None
    max_step: str | None
    on: str | None
    from_date: datetime.date | str | None
    flare: bool
    left: str | None
    packs: str | None
    start: datetime.date | str | None
    direction: Direction | None


class TitrationKeywords(PatientKeywords, ProductKeywords, total=False):
    """What ``titrate`` takes; ``day`` is the weekday of a dose once a week."""

    protocol: str | None
    start_dose: str | None
    target: str | None
    increase: str | None
    hold: str | None
    interval: str | None
    day: str | None
    packs: str | None
    start: datetime.date | str | None


class InfusionKeywords(PatientKeywords, total=False):
    """What ``infusion`` takes; ``dose`` is text like "30g", and ``at`` like "09:00"."""

    planned: bool
    days: int | None
    dose: str | None
    at_risk: bool
    later: bool
    at: str | None
    pump_step: Exact


class DispenseKeywords(PatientKeywords, ProductKeywords, total=False):
    """What ``dispense`` takes; ``days`` may be several, "2..5", and ``for_`` is like "28d"."""

    days: str | int | None
    for_: str | None
    confirm_amount: bool
    label: bool
    round_to: str | None
    direction: Direction | None
    packs: str | None


class BodyKeywords(PatientKeywords, total=False):
    """What ``body`` takes; ``formula`` is the key of a formula of body surface area."""

    formula: str | None
    crcl_weight: Weight


class PlanKeywords(PatientKeywords, total=False):
    """What ``plan`` takes; ``chosen`` and ``not_tolerated`` are names of drugs."""

    market: Market
    chosen: Sequence[str]
    not_tolerated: Sequence[str]
    response: Response | None
    organs: Sequence[str]
    start: datetime.date | str | None
    weeks: str | int | None
    pulse_days: int | None
    protocol: str | None


class MonitorKeywords(PatientKeywords, total=False):
    """What ``monitor`` takes; ``stable`` is when the dose is stable: a date, "8w", or a day."""

    start: datetime.date | str | None
    weeks: str | int | None
    stable: str | int | None


class LabsKeywords(PatientKeywords, total=False):
    """What ``labs`` takes: results by their tests, "3.1" or "3100/uL", and ``bp`` like "128/82"."""

    wcc: Exact
    neutrophils: Exact
    platelets: Exact
    alt: Exact
    ast: Exact
    eosinophils: Exact
    mcv: Exact
    albumin: Exact
    bp: str | None
    baseline_creatinine: str | None


class ConvertKeywords(TypedDict, total=False):
    """What ``convert`` takes."""

    route: str | None


def as_text(name: str, value: object) -> str | None:
    """Return a number or date as text; raise TypeError for a float, which is not exact."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format_plain(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is {type(value).__name__}: give text, int or Decimal")
    return str(value)


class Call:
    """A call of a verb: its keywords are taken group by group, those of the patient first."""

    def __init__(self, table: LoadedTable | None, inputs: Mapping[str, object]) -> None:
        """Keep the keywords, and take those of the patient; load the table if none is given.

        Raise TypeError for a guide that is not loaded: a path would be passed over in silence.
        """
        self._rest = {KEYWORDS.get(name, name): value for name, value in inputs.items()}
        self._loaded = table or load_table()
        self._guide = self._take("guide", cast("LoadedGuideline | None", None))
        if not isinstance(self._guide, LoadedGuideline | None):
            kind = type(self._guide).__name__
            raise TypeError(f"guide is {kind}: give what dmcalc.guideline.load returns")
        self._facts = self.group(PatientInput)

    @property
    def guideline(self) -> LoadedGuideline:
        """The guide that was given, or the bundled one."""
        return self._guide or load_guideline()

    def _take(self, name: str, default: T) -> T:
        return cast(T, self._rest.pop(name, default))

    def group(self, kind: type[Group], *whole: str) -> Group:
        """Take a group of inputs, as text but for flags, lists and ``whole`` numbers."""
        fields: dict[str, object] = kind._field_defaults  # type: ignore[attr-defined]
        values: dict[str, object] = {}
        for name, default in fields.items():
            value = self._take(name, default)
            if name in LISTS:
                values[name] = _names(value)
            elif name in whole or default is False:
                values[name] = value
            else:
                values[name] = as_text(name, value)
        return kind(**values)

    def results(self, tests: Iterable[str]) -> dict[str, str | None]:
        """Take the results of some tests, as text."""
        return {name: as_text(name, self._take(name, None)) for name in tests}

    def stocked(self) -> StockOptions:
        """Take which products there are."""
        text = ",".join(_names(self._take("stock", None)) or ())
        market = self.market()
        halves, product = self._take("halves", False), self._take("product", None)
        return StockOptions(market, strengths(text), halves, product)

    def market(self) -> Market:
        """Take the market whose products there are."""
        market: Market = self._take("market", "US")
        return market

    def request(self) -> PatientRequest:
        """Return what the patient is read from; raise TypeError for a keyword that is left."""
        if self._rest:
            raise TypeError(f"unexpected keyword argument {min(self._rest)!r}")
        return PatientRequest(self._loaded, self._facts.completed(), self._guide)


def _names(value: object) -> tuple[str, ...] | None:
    """Return the names of a list, or of a text that is one name; None where there is none."""
    if isinstance(value, str):
        return (value,)
    return tuple(cast("Iterable[str]", value)) if value else None
