"""``body``: body size and kidney function, by published formulas with their limits."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, NamedTuple

from dmcalc.errors import PatientError, as_option, name_inputs
from dmcalc.patient import formulas
from dmcalc.patient.anthropometry import MICROMOL_PER_MG_DL
from dmcalc.patient.document import BodyDocument, BodyRow
from dmcalc.patient.measures import NAMES, OF_CHILDREN, BodyCalculator, default_formulas
from dmcalc.patient.patient import aged, unusual_weight_warning
from dmcalc.results.base import (
    local_value_warnings,
    local_values_for,
    source_keys,
    split_notes,
)
from dmcalc.results.described import described_by
from dmcalc.results.trace import FORMULA, noting
from dmcalc.table.model.formula import MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dmcalc.patient.anthropometry import Anthropometry
    from dmcalc.patient.document import WeightKind
    from dmcalc.patient.measures import Missing
    from dmcalc.patient.patient import Patient
    from dmcalc.results.base import ClinicalNote, ClinicalWarning
    from dmcalc.results.field_types import Sources
    from dmcalc.table.model.local_values import LocalValue
    from dmcalc.table.model.table import LoadedTable

_HINT = (
    "Give ‹weight› and ‹height›, or ‹height› and ‹sex›; for the kidneys ‹age›, ‹sex› and "
    "‹creatinine›."
)


class Used(NamedTuple):
    """A formula that was used: what it computed, how it is written, and where it comes from."""

    measure: Annotated[str, "Key of the value that it computes."]
    formula: Annotated[str, "Key of the formula."]
    name: Annotated[str, "Its name, for people."]
    text: Annotated[str, "The formula in words, with its numbers."]
    reading: Annotated[str | None, "How the table reads its sources."]
    sources: Sources
    quotes: Annotated[tuple[str, ...], "The words that contain its numbers."]


@described_by(BodyDocument)
class BodyResult(NamedTuple):
    """The answer of ``dmcalc body``. What is None was not computed; ``missing`` says why."""

    loaded: LoadedTable
    patient: Patient
    physique: Anthropometry
    values: dict[str, Decimal]
    formulas: tuple[Used, ...]
    missing: tuple[Missing, ...]
    #: Which weight the clearance was computed with.
    crcl_weight: WeightKind | None
    crcl_weight_kg: Decimal | None
    rounded: tuple[str, ...]
    local: tuple[LocalValue, ...]
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    kind: str = "body"

    @property
    def row(self) -> BodyRow:
        """The one row."""
        formula_of = {used.measure: used.formula for used in self.formulas}
        creatinine = self.physique.creatinine
        micromol = None if creatinine is None else creatinine * Fraction(MICROMOL_PER_MG_DL)
        return BodyRow(
            weight_kg=self.patient.weight_kg,
            height_cm=self.physique.height_cm,
            sex=self.physique.sex,
            age_years=self.patient.age_years,
            creatinine_mg_dl=_rounded(creatinine),
            creatinine_umol_l=_rounded(micromol),
            **{name: self.values.get(name) for name in MEASURES},
            bsa_formula=formula_of.get("bsa_m2"),
            crcl_weight=self.crcl_weight,
            crcl_weight_kg=self.crcl_weight_kg,
            local=self.local,
        )

    @property
    def rows(self) -> tuple[BodyRow, ...]:
        """The one row."""
        return (self.row,)

    def why_null(self, field: str) -> str | None:
        """Return why a value was not computed, None where nothing is known of that."""
        return next((one.reason for one in self.missing if one.measure == field), None)


def body(
    loaded: LoadedTable,
    patient: Patient,
    physique: Anthropometry,
    *,
    formula: str | None = None,
    crcl_weight: WeightKind = "actual",
) -> BodyResult:
    """Compute what can be computed from what is known; for a child that is the body surface area.

    Rounded half up to 15 significant digits. Raise UnknownNameError for an unknown formula of body
    surface area, and PatientError where nothing can be computed.
    """
    work = BodyCalculator(
        loaded.table, patient, physique, default_formulas(loaded.table, formula), crcl_weight
    )
    work.run()
    if not work.values:
        raise PatientError(
            f"nothing can be computed from what is given: {_first_reason(work, patient)}",
            f"This is a child aged {aged(patient)}, and the other formulas are for adults. Give "
            "‹weight› and ‹height›."
            if patient.child
            else _HINT,
        )
    _note(work, physique)
    local = local_values_for(loaded, *_limits(patient, physique))
    notes = [split_notes(one.notes, None) for one in work.used.values()]
    return BodyResult(
        loaded=loaded,
        patient=patient,
        physique=physique,
        values={name: formulas.significant(value) for name, value in work.values.items()},
        formulas=tuple(_used(work, name) for name in work.values),
        missing=tuple(m._replace(reason=name_inputs(m.reason, as_option)) for m in work.missing),
        crcl_weight=work.crcl_weight if "crcl_ml_min" in work.values else None,
        crcl_weight_kg=_rounded(work.crcl_kg) if "crcl_ml_min" in work.values else None,
        rounded=tuple(_says_rounded(work.values)),
        local=local,
        warnings=(
            *unusual_weight_warning(patient),
            *local_value_warnings(local),
            *work.warnings,
            *dict.fromkeys(warning for warnings, _ in notes for warning in warnings),
        ),
        cautions=tuple(dict.fromkeys(caution for _, cautions in notes for caution in cautions)),
    )


def _first_reason(work: BodyCalculator, patient: Patient) -> str:
    """Return why the first measure that the patient can have was not computed."""
    return next(m.reason for m in work.missing if not patient.child or m.measure in OF_CHILDREN)


def _note(work: BodyCalculator, physique: Anthropometry) -> None:
    """Note the formulas, and what of the answer is rounded."""
    trace = noting()
    if trace is None:
        return
    for name in work.values:
        trace.used(FORMULA, "formulas", work.chosen[name])
    figures: dict[str, Fraction | Decimal] = {}
    if physique.creatinine is not None:
        figures["creatinine_mg_dl"] = physique.creatinine
        figures["creatinine_umol_l"] = physique.creatinine * Fraction(MICROMOL_PER_MG_DL)
    figures |= work.values
    if work.crcl_kg is not None:
        figures["crcl_weight_kg"] = work.crcl_kg
    for name, exact in figures.items():
        what, after = name.replace("_", " "), formulas.significant(exact)
        root = isinstance(exact, Decimal)
        trace.rounded(name, what, exact, after, None, formulas.SIGNIFICANT, root=root)


def _rounded(value: Fraction | None) -> Decimal | None:
    return None if value is None else formulas.significant(value)


def _says_rounded(values: dict[str, Fraction | Decimal]) -> Iterator[str]:
    names = [NAMES[name] for name, value in values.items() if formulas.significant(value) != value]
    if names:
        text = ", ".join(names)
        yield f"Rounded half up to {formulas.DIGITS} significant digits: {text}."


def _limits(patient: Patient, physique: Anthropometry) -> Iterator[str]:
    """Name the limits that the patient was checked against."""
    whose = "juvenile_" if patient.child else ""
    if patient.weight_kg is not None:
        yield from (f"limits.{whose}weight", "limits.confirmed_weight")
    if physique.height_cm is not None:
        yield f"limits.{whose}height"
    if physique.creatinine is not None:
        yield "limits.creatinine"


def _used(work: BodyCalculator, name: str) -> Used:
    formula = work.used[name]
    return Used(
        measure=name,
        formula=work.chosen[name],
        name=formula.name,
        text=formulas.written(formula),
        reading=formula.reading,
        sources=source_keys(formula.cite),
        quotes=tuple(cite.quote for cite in formula.cite if cite.quote),
    )
