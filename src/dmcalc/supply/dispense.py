"""``dispense``: from an amount or an order to what leaves the counter, and what was rounded."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from dmcalc.dispensing.other_products import other_product
from dmcalc.dispensing.packs import counts_by_strength, packs_needed
from dmcalc.dispensing.solver import Nearest
from dmcalc.dispensing.stock import (
    CourseDays,
    StockOptions,
    counted_units,
    multiply_units,
    stock_of,
    units_in_all,
)
from dmcalc.dosing.dose import drug_notes, patient_notes, rules_for
from dmcalc.errors import RefusedError, UsageError, read
from dmcalc.patient.inputs import with_unused
from dmcalc.patient.patient import unusual_weight_warning
from dmcalc.quantities.amount import read_amount
from dmcalc.quantities.arithmetic import (
    EXACT,
    deviation_percent,
    divide_inward,
    multiply,
    round_to_step,
)
from dmcalc.quantities.base import format_plain
from dmcalc.results.base import TableResult, local_value_warnings, local_values_for
from dmcalc.results.codes import codes
from dmcalc.results.described import described_by
from dmcalc.results.names import find_drug
from dmcalc.results.trace import PERCENT, noting, quotient, under
from dmcalc.supply import guard
from dmcalc.supply.document import DispenseDaysHead, DispenseDocument, DispenseRow
from dmcalc.supply.label import label_text, refuse_other_route
from dmcalc.supply.largest_dose import largest_doses
from dmcalc.supply.request import DispenseInput, Giving, read_days, read_giving

if TYPE_CHECKING:
    from dmcalc.dispensing.packs import PackCount
    from dmcalc.dispensing.stock import DispensedUnits, Stock, UnitCombination
    from dmcalc.dosing.adjustments import PatientRules
    from dmcalc.dosing.applied_rule import AppliedRule
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.patient.clinical_context import ClinicalContext
    from dmcalc.patient.patient import Patient
    from dmcalc.patient.reader import PatientRequest
    from dmcalc.results.base import ClinicalNote, ClinicalWarning
    from dmcalc.supply.largest_dose import LargestDoses
    from dmcalc.table.model.local_values import LocalValue
    from dmcalc.table.model.table import LoadedTable


#: Notes of the table on how an amount is taken, for every amount.
HOW_TAKEN = ("folic-acid", "course-total", "daily-total")


@described_by(DispenseDocument)
class DispenseResult(NamedTuple):
    """The answer of ``dmcalc dispense``."""

    loaded: LoadedTable
    patient: Patient
    #: The rules for this patient, None where nothing was entered that rules ask about.
    advice: PatientRules | None
    row: DispenseRow
    #: The request, and what it was checked against.
    giving: Giving
    limits: LargestDoses
    warnings: tuple[ClinicalWarning, ...]
    cautions: tuple[ClinicalNote, ...]
    kind: str = "dispense"

    @property
    def rows(self) -> tuple[DispenseRow, ...]:
        """The one row."""
        return (self.row,)

    @property
    def circumstances(self) -> ClinicalContext | None:
        """What rules ask about, None where nothing of it was entered."""
        return self.advice.context if self.advice else None

    @property
    def rules(self) -> tuple[AppliedRule, ...]:
        """The rules for this patient that hold for the drug."""
        return self.advice.applied(self.row.drug) if self.advice else ()

    @property
    def guide(self) -> LoadedGuideline | None:
        """The guide that the rules are from, or the policy on weights."""
        return self.advice.guideline if self.advice else self.patient.guide


def compute_dispensing(
    request: PatientRequest,
    name: str,
    amount: str,
    options: DispenseInput,
    stocked: StockOptions | None = None,
) -> DispenseResult | TableResult[DispenseDaysHead, DispenseRow]:
    """Find the units for an amount or an order, of a course over each of several numbers of days.

    With ``round_to`` a day's dose becomes a multiple of it; with ``direction`` a dose that whole
    units cannot make becomes the next one that they can; with neither a hospital's own rule
    counts, if it has one. ``packs`` are the units in a pack of each strength.

    Raise UsageError for what cannot be read, RefusedError for an amount above the largest dose of
    the patient, where a rule refuses the drug, and where no rounding is chosen and no
    combination makes the dose, and PatientError as ``dose``.
    """
    loaded = request.loaded
    drug = find_drug(loaded.table, name)
    entry = loaded.table.drugs[drug]
    patient = request.read("dispense", (drug,))
    advice = rules_for(patient)
    giving = read_giving(amount, options, entry, patient.of(drug))
    limits = largest_doses(loaded, drug, giving.unit, patient, advice)
    days = read("days", options.days, read_days)
    giving = guard.as_course(entry, giving, limits, days)
    confirmed = tuple(guard.refuse_above(giving, limits, options, once_weekly=entry.once_weekly))
    if advice is not None:
        single = advice.single_dose_maximum(drug, giving.unit, patient.of(drug))
        confirmed += tuple(guard.refuse_single(giving, drug, single, options))
    stock = stock_of(loaded.table, drug, giving.unit, stocked or StockOptions(), giving.per)
    refuse_other_route(giving.read_as, stock.form, entry.name)
    if giving.times > 1:
        stock = stock._replace(times_daily=giving.times)
    counter = Counter(loaded, drug, limits, stock, options, stocked or StockOptions())
    if days is not None and days[0] < days[1]:
        if options.packs is not None:
            raise UsageError("‹pack› is for one number of days", "Name it: ‹days 2›.")
        rows = []
        for number, count in enumerate(range(days[0], days[1] + 1)):
            with under("rows", number):
                rows.append(counter.row(giving._replace(days=count)))
    else:
        rows = [counter.row(giving)]
    drug_warnings, notes = drug_notes(loaded.table, drug, juvenile=patient.child)
    notes = tuple(note for note in notes if note.code in HOW_TAKEN)
    by_weight, cautions = patient_notes(loaded.table, patient, (drug,), notes)
    most = loaded.table.limits.units_at_once
    warnings = (
        *unusual_weight_warning(patient),
        *limits.warnings,
        *by_weight,
        *local_value_warnings(rows[0].local),
        *confirmed,
        *(
            warning
            for row in rows
            for warning in guard.warnings_of(row, stock, entry.divided, most)
        ),
        *(advice.warnings([drug]) if advice else ()),
        *drug_warnings,
    )
    if advice is not None:
        cautions = (*advice.not_addressed([drug]), *cautions)
    result: DispenseResult | TableResult[DispenseDaysHead, DispenseRow]
    if len(rows) > 1:
        head = DispenseDaysHead(drug, giving.amount, giving.unit, *codes(loaded.table, drug))
        result = TableResult(
            "dispense-days",
            loaded,
            tuple(rows),
            head,
            warnings,
            cautions,
            guide=advice.guideline if advice else patient.guide,
        )
    else:
        (row,) = rows
        if options.label and row.instructions is None:
            raise UsageError(
                "‹label› is for an order of tablets or capsules that says how often",
                'Write it: "70 mg daily".',
            )
        result = DispenseResult(loaded, patient, advice, row, giving, limits, warnings, cautions)
    return with_unused(result, patient.unused)


class Counter(NamedTuple):
    """Where one drug is dispensed: its table, what is given at most, stock and options."""

    loaded: LoadedTable
    drug: str
    limits: LargestDoses
    stock: Stock
    options: DispenseInput
    stocked: StockOptions

    def row(self, giving: Giving) -> DispenseRow:
        """Find the units for an amount, an order, or a course over its days."""
        if giving.per == "course" and giving.days is None:
            return self._whole_course(giving)
        course, weekly = giving.per == "course", giving.per == "week"
        count = giving.days if course and giving.days else giving.givings
        made, local = self._made(giving, count if course else 1)
        assert made.dose is not None and made.products is not None
        amount = giving.amount if course else multiply(giving.amount, Decimal(count))
        dispensed, total = multiply(made.dose, Decimal(count)), multiply_units(made.products, count)
        row = self._blank(giving, amount, dispensed)._replace(
            days=None if weekly and giving.order is None else giving.days or 1,
            daily=None if weekly else made.dose,
            products=made.products,
            total_products=total,
            waste=multiply(made.waste, Decimal(count)),
            nearest=made.nearest,
            packs=self._packs(total),
            local=local,
        )
        self._note_roundings(row, count)
        return row if course or giving.order is None else self._of_order(row, giving)

    def _of_order(self, row: DispenseRow, giving: Giving) -> DispenseRow:
        """Add the warnings and notes that concern an order alone."""
        stock, per = self.stock, giving.per
        order = giving.read_as
        return row._replace(
            times_daily=stock.times_daily if per == "day" else None,
            total=row.dispensed,
            units=units_in_all(row.total_products),
            instructions=label_text(
                order, row.products, stock.form, stock.times_daily if per == "day" else 1
            )
            if order
            else None,
        )

    def _whole_course(self, giving: Giving) -> DispenseRow:
        """Find the units of each day for every number of days that the sources give."""
        fewest, most = self.limits.course_days
        rows = [self.row(giving._replace(days=days)) for days in range(fewest, most + 1)]
        by_days = tuple(
            CourseDays(row.days, row.daily, row.products)
            for row in rows
            if row.days is not None and row.daily is not None
        )
        blank = self._blank(giving, giving.amount, giving.amount)
        return blank._replace(products_by_days=by_days, local=rows[0].local)

    def _made(self, giving: Giving, days: int) -> tuple[UnitCombination, tuple[LocalValue, ...]]:
        """Make one dose of whole units, rounded as the user chooses or by the hospital's rule."""
        stock, drug, direction = self.stock, self.drug, self.options.direction
        step = read("round_to", self.options.round_to, read_amount)
        dose = divide_inward(giving.amount, days, up=False) if days > 1 else giving.amount
        names = stock.names
        if step is None and direction is None and drug in self.loaded.rounding:
            dose = self.loaded.rounding[drug].round(dose, giving.unit)
            names = (*names, f"{drug}.rounding")
        if step is not None:
            dose = round_to_step(dose, step.value_in(giving.unit), direction or "nearest")
        made = stock.make(dose) if direction is None else stock.make_toward(dose, direction)
        most = self.limits.for_rounding(giving.amount)
        if giving.per != "course" and most is not None and (made.nearest.above or 0) > most:
            made = made._replace(nearest=made.nearest._replace(above=None))
        if made.dose is None:
            raise self._no_combination(dose, made.nearest)
        if made.dose == 0:
            raise RefusedError(
                f"{format_plain(giving.amount)} {giving.unit} rounds to nothing",
                "Round to a smaller step.",
            )
        guard.refuse_rounded(
            made.dose, giving, self.limits, always=self.loaded.table.drugs[drug].once_weekly
        )
        return made, local_values_for(self.loaded, *names)

    def _blank(self, giving: Giving, amount: Decimal, dispensed: Decimal) -> DispenseRow:
        """Return a row with nothing made yet."""
        difference = EXACT.subtract(dispensed, amount)
        largest = self.limits.largest
        return DispenseRow(
            drug=self.drug,
            amount=amount,
            unit=giving.unit,
            form=self.stock.form,
            dispensed=dispensed,
            deviation=difference,
            deviation_percent=deviation_percent(difference, amount),
            days=None,
            daily=None,
            products=(),
            total_products=(),
            waste=Decimal(0),
            nearest=Nearest(None, None),
            label=self.stock.label,
            sources=self.stock.sources,
            packs=None,
            local=(),
            per=giving.per,
            largest=largest and self.limits.of(largest),
            largest_regimen=largest and largest.regimen,
        )

    def _packs(self, total: tuple[DispensedUnits, ...]) -> tuple[PackCount, ...] | None:
        sizes = counted_units("pack", self.options.packs)
        return packs_needed(total, counts_by_strength("pack", sizes, self.stock)) if sizes else None

    def _note_roundings(self, row: DispenseRow, count: int) -> None:
        trace = noting()
        if trace is None:
            return
        units = f"to whole {row.form}s, or to the multiple that is asked for"
        what = "in all" if count == 1 else f"in all, over {count} days"
        if count > 1 and row.daily is not None:
            each = quotient(row.amount, count)
            trace.rounded("daily", f"each of {count} days", each, row.daily, row.unit, units)
        trace.rounded("dispensed", what, row.amount, row.dispensed, row.unit, units)
        off, percent = quotient(row.deviation * 100, row.amount), row.deviation_percent
        trace.rounded("deviation_percent", f"{what}: deviation", off, percent, "per cent", PERCENT)

    def _no_combination(self, dose: Decimal, nearest: Nearest) -> RefusedError:
        below, above = (
            f"{format_plain(value)} {self.stock.unit} {word}"
            if value is not None
            else f"none {word}"
            for value, word in ((nearest.below, "below"), (nearest.above, "above"))
        )
        if nearest.below is nearest.above is None:
            return RefusedError(
                f"no {self.stock.form} of {self.stock.strengths()} makes {format_plain(dose)} "
                f"{self.stock.unit} or less",
                "Ask the prescriber, or name other strengths with ‹stock›.",
            )
        single = dose / self.stock.times_daily
        other = other_product(self.loaded.table, self.drug, self.stock.unit, self.stocked, [single])
        way_out = f" ‹product {other[0]}› makes it, {other[1].strengths()}." if other else ""
        divided = f" {self.stock.times_daily} times a day" if self.stock.times_daily > 1 else ""
        return RefusedError(
            f"no whole {self.stock.form}s of {self.stock.strengths()} make "
            f"{format_plain(single)} {self.stock.unit}{divided}",
            f"The nearest doses: {below}, {above}. Round with ‹round›, or name other strengths "
            f"with ‹stock›.{way_out}",
        )
