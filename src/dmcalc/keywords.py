"""What Python's verbs take by keyword, and how it becomes the text that is read strictly."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypedDict, TypeVar, cast, get_args

from dmcalc.dispensing.stock import Direction, StockOptions, strengths
from dmcalc.errors import UsageError
from dmcalc.formulary import load as load_table
from dmcalc.guideline import load as load_guideline
from dmcalc.guideline.model import LoadedGuideline
from dmcalc.guideline.patient_rules import Phenotype
from dmcalc.guideline.steps import Response
from dmcalc.patient.document import WeightChoice, WeightKind
from dmcalc.patient.inputs import PatientInput, Sex
from dmcalc.patient.reader import PatientRequest
from dmcalc.quantities.base import format_plain
from dmcalc.table.model.drug import Market, Severity
from dmcalc.table.model.table import LoadedTable

T = TypeVar("T")
Group = TypeVar("Group", bound=tuple[Any, ...])
#: Keywords whose field is called otherwise, as an option is.
KEYWORDS = {"conditions": "condition"}
#: Inputs that are lists of names; one name may stand without a list.
LISTS = frozenset({"taking", "unchecked", "condition", "chosen", "not_tolerated", "organs"})
#: The words of inputs that take one of a few, and that nothing further on reads again.
WORDS: dict[str, tuple[str, ...]] = {
    "market": get_args(Market),
    "direction": get_args(Direction),
    "response": get_args(Response),
    "crcl_weight": get_args(WeightKind),
}
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
    weight_basis: WeightChoice | None
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
    crcl_weight: WeightKind


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
        raise _wrong_type(name, value, "text, int or Decimal")
    return format_plain(Decimal(value))  # Python writes no int of more than 4300 digits


def as_flag(name: str, value: object) -> bool:
    """Return True or False, None being False; raise TypeError: the text "no" is true in Python."""
    if not isinstance(value, bool | None):
        raise _wrong_type(name, value, "True or False")
    return bool(value)


def texts(name: str, *values: object) -> None:
    """Raise TypeError where one of the values of an argument is no text."""
    for value in values:
        if not isinstance(value, str):
            raise _wrong_type(name, value, "text")


def loaded_table(table: LoadedTable | None) -> LoadedTable:
    """Return a table, the bundled one if none is given; raise TypeError for one not loaded."""
    if not isinstance(table, LoadedTable | None):
        raise _wrong_type("table", table, "what dmcalc.load_table returns")
    return load_table() if table is None else table


def loaded_guide(guide: LoadedGuideline | None) -> LoadedGuideline:
    """Return a guide, the bundled one if none is given; raise TypeError for one not loaded."""
    if not isinstance(guide, LoadedGuideline | None):
        raise _wrong_type("guide", guide, "what dmcalc.guideline.load returns")
    return load_guideline() if guide is None else guide


class Call:
    """A call of a verb: its keywords are taken group by group, those of the patient first."""

    def __init__(self, table: LoadedTable | None, inputs: Mapping[str, object]) -> None:
        """Keep the keywords, and take those of the patient; load the table if none is given.

        Raise TypeError for a table or guide that is not loaded.
        """
        self._rest = {KEYWORDS.get(name, name): value for name, value in inputs.items()}
        self._loaded = loaded_table(table)
        self._guide = self._take("guide", cast("LoadedGuideline | None", None))
        if self._guide is not None:
            loaded_guide(self._guide)
        self._facts = self.group(PatientInput)

    @property
    def guideline(self) -> LoadedGuideline:
        """The guide that was given, or the bundled one."""
        return loaded_guide(self._guide)

    def _take(self, name: str, default: T) -> T:
        return cast(T, self._rest.pop(name, default))

    def group(self, kind: type[Group], *whole: str) -> Group:
        """Take a group of inputs, as text but for flags, lists and ``whole`` numbers.

        Raise TypeError for a value of another type, UsageError for a word that is none of a few.
        """
        fields: dict[str, object] = kind._field_defaults  # type: ignore[attr-defined]
        values: dict[str, object] = {}
        for name, default in fields.items():
            value = self._take(name, default)
            if name in LISTS:
                values[name] = _names(name, value)
            elif default is False:
                values[name] = as_flag(name, value)
            elif name in WORDS:
                values[name] = _word(name, value, default)
            elif name in whole:
                values[name] = _whole(name, value)
            else:
                values[name] = as_text(name, value)
        return kind(**values)

    def results(self, tests: Iterable[str]) -> dict[str, str | None]:
        """Take the results of some tests, as text."""
        return {name: as_text(name, self._take(name, None)) for name in tests}

    def stocked(self) -> StockOptions:
        """Take which products there are."""
        text = ",".join(_names("stock", self._take("stock", None)) or ())
        market = self.market()
        halves = as_flag("halves", self._take("halves", False))
        product = as_text("product", self._take("product", None))
        return StockOptions(market, strengths(text), halves, product)

    def market(self) -> Market:
        """Take the market whose products there are."""
        return cast(Market, _word("market", self._take("market", None), "US"))

    def request(self) -> PatientRequest:
        """Return what the patient is read from; raise TypeError for a keyword that is left."""
        if self._rest:
            raise TypeError(f"unexpected keyword argument {min(self._rest)!r}")
        return PatientRequest(self._loaded, self._facts.completed(), self._guide)


def _names(name: str, value: object) -> tuple[str, ...] | None:
    """Return the texts of a list, or a text by itself; None where there is none.

    Raise TypeError for what is no list of texts: nought or False is no empty list.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Iterable) and not isinstance(value, Mapping | bytes):
        names = tuple(value)
        if all(isinstance(each, str) for each in names):
            return names or None
    raise _wrong_type(name, value, "text, or a list of texts")


def _word(name: str, value: object, default: object) -> object:
    """Return one of the words of an input; raise TypeError, or UsageError for another word."""
    word = as_text(name, value)
    if word is not None and word not in WORDS[name]:
        raise UsageError(f"‹{name}›: {word!r} is none of {', '.join(WORDS[name])}")
    return default if word is None else word


def _whole(name: str, value: object) -> int | None:
    """Return a whole number, or None; raise TypeError for all else, True among it."""
    if isinstance(value, bool) or not isinstance(value, int | None):
        raise _wrong_type(name, value, "int")
    return value


def _wrong_type(name: str, value: object, wanted: str) -> TypeError:
    keyword = "conditions" if name == KEYWORDS["conditions"] else name
    return TypeError(f"{keyword} is {type(value).__name__}: give {wanted}")
