"""The measures of a body and its kidneys, in turn: later ones rest on earlier ones."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

from dmcalc.errors import UnknownNameError
from dmcalc.patient import formulas
from dmcalc.patient.patient import aged
from dmcalc.quantities.base import format_plain
from dmcalc.records import Record
from dmcalc.results.base import ClinicalWarning, leading
from dmcalc.table.model.formula import MEASURES, measure
from dmcalc.text.numbers import capitalised, format_measured
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from dmcalc.patient.anthropometry import Anthropometry
    from dmcalc.patient.document import WeightKind
    from dmcalc.patient.patient import Patient
    from dmcalc.table.model.formula import Formula
    from dmcalc.table.model.table import Table

#: What each formula takes.
TAKES = {
    "bmi": ("weight", "height"),
    "bsa_m2": ("weight", "height"),
    "ideal_weight_kg": ("height", "sex"),
    "adjusted_weight_kg": ("weight", "height", "sex"),
    "crcl_ml_min": ("weight", "age", "sex", "creatinine"),
    "egfr_ml_min_173m2": ("age", "sex", "creatinine"),
}
NAMES = {
    "bmi": "body mass index",
    "bsa_m2": "body surface area",
    "ideal_weight_kg": "ideal weight",
    "adjusted_weight_kg": "adjusted weight",
    "crcl_ml_min": "creatinine clearance",
    "egfr_ml_min_173m2": "glomerular filtration rate",
}
#: What a child has too: paediatric posology goes by it.
OF_CHILDREN = frozenset({"bsa_m2"})


class Missing(Record):
    """What was not computed, and why."""

    measure: Annotated[str, "Key of the value."]
    reason: Annotated[str, "Why there is none, for people."]


def default_formulas(table: Table, surface: str | None) -> dict[str, str]:
    """Return the key of the formula for each measure: the default one, or that which is named.

    Raise UnknownNameError for an unknown formula of body surface area.
    """
    formulas_by_measure: dict[str, str] = {}
    for key, formula in table.formulas.items():
        if measure(formula) not in formulas_by_measure or formula.default:
            formulas_by_measure[measure(formula)] = key
    if surface is not None:
        key = " ".join(surface.lower().split())
        known = [k for k, formula in table.formulas.items() if measure(formula) == "bsa_m2"]
        if key not in known:
            raise UnknownNameError(
                f"no formula of body surface area is called {surface!r}{near(key, known)}",
                f"The formulas: {', '.join(known) or 'none'}.",
            )
        formulas_by_measure["bsa_m2"] = key
    return formulas_by_measure


class BodyCalculator:
    """The computation of one answer: measure after measure, with what is missing noted."""

    def __init__(
        self,
        table: Table,
        patient: Patient,
        physique: Anthropometry,
        chosen: dict[str, str],
        crcl_weight: WeightKind,
    ) -> None:
        self.table = table
        self.kg = patient.weight_kg
        self.child_aged = aged(patient) if patient.child else None
        self.cm, self.sex = physique.height_cm, physique.sex
        self.years, self.creatinine = patient.age_years, physique.creatinine
        self.chosen = chosen
        self.crcl_weight: WeightKind = crcl_weight
        self.crcl_kg: Fraction | None = None
        self.used: dict[str, Formula] = {}
        self.values: dict[str, Fraction | Decimal] = {}
        self.missing: list[Missing] = []
        self.warnings: list[ClinicalWarning] = []

    def run(self) -> None:
        """Compute each measure in turn: the later ones use the earlier ones."""
        for name in MEASURES:
            reason = self._lacks(name)
            value = None if reason else getattr(self, f"_{name}")(self._formula(name))
            if reason is None and value is None:
                continue  # it has said itself why
            if value is None:
                self.missing.append(Missing(name, reason or ""))
            else:
                self.values[name] = value
                self.used[name] = self._formula(name)

    def _formula(self, name: str) -> Formula:
        return self.table.formulas[self.chosen[name]]

    def _lacks(self, name: str) -> str | None:
        """Return why a measure cannot be computed: no formula, or something that is not given."""
        if self.child_aged is not None and name not in OF_CHILDREN:
            return (
                f"the formula of the {NAMES[name]} is for adults, and this is a child aged "
                f"{self.child_aged}"
            )
        if name not in self.chosen:
            return f"no source in the table gives the numbers of a formula for the {NAMES[name]}"
        entered = {
            "weight": self.kg,
            "height": self.cm,
            "sex": self.sex,
            "age": self.years,
            "creatinine": self.creatinine,
        }
        takes = set(TAKES[name])
        if name == "crcl_ml_min" and self.crcl_weight != "actual":
            takes |= {"height"}
            takes -= {"weight"} if self.crcl_weight == "ideal" else set()
        absent = [f"‹{fact}›" for fact in entered if fact in takes and entered[fact] is None]
        return f"{NAMES[name]} needs {', '.join(absent)}" if absent else None

    def _bmi(self, formula: Formula) -> Fraction:
        assert self.kg is not None and self.cm is not None
        return formulas.mass_index(self.kg, self.cm)

    def _bsa_m2(self, formula: Formula) -> Decimal:
        assert self.kg is not None and self.cm is not None
        return formulas.surface(formula, self.kg, self.cm)

    def _ideal_weight_kg(self, formula: Formula) -> Fraction | None:
        assert self.cm is not None and self.sex is not None
        least = formulas.least_height(formula)
        if self.cm >= least:
            return formulas.ideal(formula, self.cm, self.sex)
        reason = (
            f"ideal weight is not given below a height of {format_plain(least)} cm, and this is "
            f"{format_plain(self.cm)} cm"
        )
        self.missing.append(Missing("ideal_weight_kg", reason))
        source = formula.cite[-1].source
        message = f"{capitalised(reason)}: neither it nor what follows from it is computed."
        self.warnings.append(ClinicalWarning("height-below-formula", None, message, source))
        return None

    def _adjusted_weight_kg(self, formula: Formula) -> Fraction | None:
        assert self.kg is not None
        ideal = self._of("ideal_weight_kg", "adjusted_weight_kg")
        if ideal is None:
            return None
        value, kg = formulas.adjusted(formula, self.kg, ideal), Fraction(self.kg)
        if value <= kg:
            return value
        self.warnings.append(
            ClinicalWarning(
                "adjusted-above-actual",
                None,
                f"The formula of the adjusted weight gives {format_measured(value, kg)} kg, which "
                f"is above the actual weight of {format_measured(kg, value)} kg: the actual one "
                "is used instead.",
                leading(formula.cite).source,
            )
        )
        return kg

    def _crcl_ml_min(self, formula: Formula) -> Fraction | None:
        assert self.years is not None and self.creatinine is not None and self.sex is not None
        if self.crcl_weight == "actual":
            assert self.kg is not None
            weight: Fraction | None = Fraction(self.kg)
        else:
            weight = self._of(f"{self.crcl_weight}_weight_kg", "crcl_ml_min")
        if weight is None:
            return None
        if self.crcl_weight == "adjusted" and weight == self.kg:
            self.crcl_weight = "actual"
        if self.kg is not None and weight > self.kg:
            self._above_actual(weight)
        self.crcl_kg = weight
        return formulas.clearance(formula, weight, self.years, self.creatinine, self.sex)

    def _egfr_ml_min_173m2(self, formula: Formula) -> Decimal:
        assert self.years is not None and self.creatinine is not None and self.sex is not None
        return formulas.filtration(formula, self.years, self.creatinine, self.sex)

    def _of(self, name: str, key: str) -> Fraction | None:
        """Return a weight that another measure is based on; note that it is missing where it is."""
        value = self.values.get(name)
        if isinstance(value, Fraction):
            return value
        why = next(one.reason for one in self.missing if one.measure == name)
        self.missing.append(Missing(key, f"{NAMES[key]} depends on the {NAMES[name]}: {why}"))
        return None

    def _above_actual(self, weight: Fraction) -> None:
        message = (
            f"The clearance is computed with an ideal weight of {format_measured(weight)} kg, "
            "which is above the actual weight: it comes out higher than with the actual weight."
        )
        self.warnings.append(ClinicalWarning("ideal-above-actual", None, message, None))
