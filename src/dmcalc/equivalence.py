"""``convert``: an amount of one glucocorticoid as what sources call equivalent of another."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from dmcalc.errors import RefusedError, TableError, UnknownNameError
from dmcalc.quantities.arithmetic import round_half_up
from dmcalc.quantities.base import format_plain
from dmcalc.quantities.exact import exact_number
from dmcalc.results.base import ClinicalWarning, source_keys, split_notes
from dmcalc.results.described import described_by
from dmcalc.results.names import advice_on_unknown
from dmcalc.results.trace import noting, used
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from dmcalc.quantities.amount import Amount, Mass
    from dmcalc.results.base import ClinicalNote
    from dmcalc.results.field_types import Sources
    from dmcalc.table.model.drug import Route
    from dmcalc.table.model.equivalence import Equivalence, Equivalent
    from dmcalc.table.model.local_values import LocalValue
    from dmcalc.table.model.table import LoadedTable, Table

#: All amounts are dispensed in this unit.
UNIT: Literal["mg"] = "mg"
PLACES = 6


class ConvertRow(NamedTuple):
    """An amount, and what sources call equivalent to it."""

    amount: Annotated[
        Decimal,
        "The equivalent amount; rounded half up to 0.000001 where it has no end as a decimal "
        "number.",
    ]
    unit: Annotated[Literal["mg"], "Unit of amount."]
    drug: Annotated[str, "Key of the drug that it is of."]
    exact: Annotated[
        Decimal | str,
        "The equivalent amount without rounding: a number, or a fraction as text, 20/3.",
    ]
    from_amount: Annotated[Decimal, "The amount that was given."]
    from_unit: Annotated[Mass, "Its unit."]
    from_drug: Annotated[str, "Key of the drug that it is of."]
    factor: Annotated[
        Decimal | str, "What one mg given is equivalent to: a number, or a fraction as text."
    ]
    route: Annotated[Route | None, "How it is given; null where that was not entered."]
    routes: Annotated[tuple[Route, ...], "Routes that the sources cover."]
    sources: Sources


class ConvertDocument:
    """The document of ``convert``: its one row, and what there is to say of it."""

    row: ConvertRow
    readings: Annotated[tuple[str, ...], "How the table reads the sources of the two drugs."]
    rounded: Annotated[tuple[str, ...], "What was rounded, and how."]


@described_by(ConvertDocument)
class ConvertResult(NamedTuple):
    """The answer of ``dmcalc convert``."""

    loaded: LoadedTable
    #: The request: an amount of one drug, in the unit that was entered.
    from_amount: Decimal
    from_unit: Mass
    from_drug: str
    #: What is equivalent to it, in mg; where it has no end as a decimal number it is rounded.
    amount: Decimal
    drug: str
    #: The same as a fraction, and the factor from one amount to the other.
    exact: Fraction
    factor: Fraction
    route: Route | None
    rounded: tuple[str, ...]
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    kind: str = "convert"

    @property
    def readings(self) -> tuple[str, ...]:
        """How the table reads the sources of the two drugs."""
        return tuple(equivalent.reading for equivalent in self.both if equivalent.reading)

    @property
    def row(self) -> ConvertRow:
        """The one row."""
        return ConvertRow(
            amount=self.amount,
            unit=UNIT,
            drug=self.drug,
            exact=exact_number(self.exact),
            from_amount=self.from_amount,
            from_unit=self.from_unit,
            from_drug=self.from_drug,
            factor=exact_number(self.factor),
            route=self.route,
            routes=self.equivalence.routes,
            sources=source_keys(cite for equivalent in self.both for cite in equivalent.cite),
        )

    @property
    def rows(self) -> tuple[ConvertRow, ...]:
        """The one row."""
        return (self.row,)

    @property
    def equivalence(self) -> Equivalence:
        """The equivalents as the table holds them."""
        return _equivalence(self.loaded.table)

    @property
    def both(self) -> tuple[Equivalent, Equivalent]:
        """The two drugs as the table holds them: from and to."""
        drugs = self.equivalence.drugs
        return drugs[self.from_drug], drugs[self.drug]

    @property
    def local(self) -> tuple[LocalValue, ...]:
        """No local figure bears on it: published equivalents are not changed locally."""
        return ()


def convert(
    loaded: LoadedTable, amount: Amount, from_name: str, to_name: str, *, route: str | None = None
) -> ConvertResult:
    """Return the amount of a glucocorticoid that sources call equivalent to one of another.

    The ratio is exact; a result without an end as a decimal number is rounded half up to 0.000001
    mg. Raise UnknownNameError for a drug without equivalents, RefusedError for a route that the
    sources do not speak of, and for a pulse.
    """
    table = _equivalence(loaded.table)
    from_drug, to_drug = _find(loaded.table, from_name), _find(loaded.table, to_name)
    route_key = _route(table, route)
    mg = Fraction(amount.value_in(UNIT))
    _refuse_pulse(table, from_drug, mg, f"{format_plain(amount.value)} {amount.unit}")
    factor = _parts(table, to_drug) / _parts(table, from_drug)
    exact = mg * factor
    rounded = round_half_up(exact, PLACES)
    if rounded == 0:
        raise RefusedError(
            f"{format_plain(amount.value)} {amount.unit} of {from_drug} is too little to be "
            "converted",
            "Check the amount and its unit.",
        )
    equivalent_amount = _decimal(exact, rounded)
    if trace := noting():
        what = f"equivalent of {to_drug}"
        trace.rounded("amount", what, exact, equivalent_amount, UNIT, "half up to 0.000001")
    notes = [
        split_notes(table.drugs[key].notes, key) for key in dict.fromkeys((from_drug, to_drug))
    ]
    notes.append(split_notes(table.notes, None))
    return ConvertResult(
        loaded=loaded,
        from_amount=amount.value,
        from_unit=amount.unit,
        from_drug=from_drug,
        amount=equivalent_amount,
        drug=to_drug,
        exact=exact,
        factor=factor,
        route=route_key,
        rounded=_rounded(exact, rounded),
        warnings=tuple(warning for warnings, _ in notes for warning in warnings),
        cautions=tuple(caution for _, cautions in notes for caution in cautions),
    )


def _decimal(exact: Fraction, rounded: Decimal) -> Decimal:
    """Return the fraction itself where it ends as a decimal number, else what was kept of it."""
    decimal = exact_number(exact)
    return decimal if isinstance(decimal, Decimal) else rounded


def _rounded(exact: Fraction, rounded: Decimal) -> tuple[str, ...]:
    decimal = exact_number(exact)
    if isinstance(decimal, Decimal):
        return ()
    return (
        f"{decimal} {UNIT} has no end as a decimal number: it is rounded half up to "
        f"{format_plain(rounded)} {UNIT}.",
    )


def _equivalence(table: Table) -> Equivalence:
    if table.equivalence is None:
        raise TableError(
            "this table has no equivalents of glucocorticoids", "Leave ‹table› out, or add them."
        )
    return table.equivalence


def _find(table: Table, name: str) -> str:
    """Return the key of the drug with a name or alias; raise UnknownNameError."""
    drugs = _equivalence(table).drugs
    absent = _equivalence(table).absent or {}
    spelling = " ".join(name.lower().split())
    for key, drug in drugs.items():
        if spelling in (key, drug.name.lower(), *drug.aliases):
            return key
    hint = f"Equivalents are given for: {', '.join(drugs)}."
    if spelling in absent:
        raise UnknownNameError(
            f"the table has no equivalent of {spelling}. {absent[spelling]}", hint
        )
    for key, listed in table.drugs.items():
        if spelling in (key, listed.name.lower(), *listed.aliases):
            raise UnknownNameError(f"the table has no equivalent of {key}", hint)
    advice = advice_on_unknown(name, drugs)
    if advice is not None:
        raise UnknownNameError(f"unknown drug {name!r}: {advice}", hint)
    known = {called for key, drug in drugs.items() for called in (key, *drug.aliases)}
    raise UnknownNameError(f"unknown drug {name!r}{near(spelling, known)}", hint)


def _parts(table: Equivalence, key: str) -> Fraction:
    """Return how many mg of a drug the table compares with those of the others."""
    used(key, "equivalence", "drugs", key)
    used(table.to, "equivalence", "drugs", table.to)
    amount = table.drugs[key].amount
    return Fraction(amount.value_in(UNIT))


def _route(table: Equivalence, route: str | None) -> Route | None:
    if route is None:
        return None
    spelling = " ".join(route.lower().split())
    match = next((known for known in table.routes if known == spelling), None)
    if match is None:
        raise RefusedError(
            f"no source in the table gives equivalents for the route {route!r}",
            f"They are for what is given so: {' or '.join(table.routes)}.",
        )
    return match


def _refuse_pulse(table: Equivalence, from_drug: str, mg: Fraction, entered: str) -> None:
    """Refuse an amount that is, or is equivalent to, at least one of the pulses."""
    for number, pulse in enumerate(table.pulses):
        used(pulse.drug, "equivalence", "pulses", number)
        least = Fraction(pulse.amount.value_in(UNIT))
        if mg / _parts(table, from_drug) >= least / _parts(table, pulse.drug):
            relation = "" if pulse.drug == from_drug else "equivalent to "
            raise RefusedError(
                f"{entered} of {from_drug} is a pulse: "
                f"{relation}at least {pulse.amount} of {pulse.drug}",
                "No source in the table gives equivalents for pulses.",
            )
