"""How the posologies of a row, and its order, stand: the formulas over columns of the sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.columns.posology import DoseTerms, Figures, limits, over_cap, verdict_terms
from dmcalc.columns.tree import NOTHING, Tree
from dmcalc.dosing.dose import NO_SIZE
from dmcalc.quantities import formulas

if TYPE_CHECKING:
    from dmcalc.columns.sheet import Sheet
    from dmcalc.columns.sheets import Sheets
    from dmcalc.columns.tree import Layers, Term
    from dmcalc.quantities.amount import SizeBasis

TREE = Tree()
BASES: tuple[SizeBasis, ...] = ("kg", "m2")
MISSED = ("below", "above", "over-cap")


def posology_terms(layers: Layers, sheets: Sheets, mark: int) -> dict[str, Term]:
    """Return the dose of a posology, and in a check the verdict of the order against it."""
    numbers, orders = sheets.numbers, sheets.orders

    def size(basis: SizeBasis) -> Term | None:
        if basis == "kg":
            return sheets.sizes.number("kg")
        return sheets.cases.number("bsa") if sheets.cases.some("bsa") else None

    def sized(by: Sheet, ending: str, amount: Term, each: Term) -> Term:
        """Return an amount, which for a patient's size is what is for each kg or m2, times it."""
        ways = []
        for basis in BASES:
            column, known = f"by_{basis}{ending}", size(basis)
            if by.some(column) and known is not None:
                whole = TREE.multiply(each, known)
                if by.all(column):
                    return whole
                ways.append((by.truth(column), whole))
        return TREE.first(ways, amount)

    one = TREE.number(1)
    by = sized(numbers, f"_{mark}", one, one)
    cap = numbers.number(f"most_low_{mark}"), numbers.number(f"most_high_{mark}")
    capped = numbers.some(f"most_high_{mark}")
    rules = []
    for number, (rule, unit) in enumerate(sheets.rules):
        truths = [numbers.truth(f"rule{number}_{mark}")]
        if rule.max is not None and rule.max.basis is not None:
            known = size(rule.max.basis)
            truths += [] if known is None else [TREE.known(known)]
        if numbers.some(f"rule{number}_{mark}"):
            rules.append((rule, unit, TREE.all_of(truths)))
    rate = numbers.number(f"rate_low_{mark}"), numbers.number(f"rate_high_{mark}")
    refused = numbers.truth(f"refused_{mark}")
    figures = Figures(
        rate,
        by,
        cap if capped else None,
        refused if numbers.some(f"refused_{mark}") else None,
        uncapped=not numbers.all(f"most_high_{mark}"),
        most=sheets.most[mark - 1],
    )
    low, high = limits(layers, figures, rules, size, str(mark))
    if orders is None:
        return {"low": low, "high": high}
    ordered = sized(
        orders, "", orders.number(f"ordered_{mark}"), orders.number(f"ordered_each_{mark}")
    )
    dose = DoseTerms(low, high, NOTHING, cap[1] if capped else NOTHING, NOTHING, NOTHING)
    standing, off, percent = verdict_terms(dose, ordered)
    stop, wrong = orders.text(f"stop_{mark}"), orders.text(f"wrong_{mark}")
    of_order, text = orders.text(f"refused_{mark}"), TREE.text
    unknown = TREE.negated(TREE.known(low))
    lacking = [
        (numbers.truth(f"by_{basis}_{mark}"), text(NO_SIZE[basis]))
        for basis in BASES
        if numbers.some(f"by_{basis}_{mark}")
    ]
    codes = [
        (TREE.known(stop), stop),
        (refused, text("rule")),
        (TREE.known(of_order), of_order),
        (unknown, TREE.first(lacking, text("no-dose"))),
    ]
    refusing = TREE.any_of([when for when, _ in codes])
    verdict = TREE.first(
        [(refusing, text("refused")), (TREE.known(wrong), text("wrong-frequency"))], standing
    )
    free = TREE.negated(refusing)
    ordered = TREE.first([(free, ordered)], None)
    if numbers.some(f"single_{mark}"):
        once = sized(orders, "", orders.number(f"once_{mark}"), orders.number(f"once_each_{mark}"))
        parts = TREE.column("o.parts", 0, max(orders.different("parts")))
        single = TREE.first(
            [
                (
                    TREE.all_of((free, TREE.known(ordered), TREE.equal(parts, TREE.number(n)))),
                    TREE.divide_inward(once, n, up=False),
                )
                for n in orders.different("parts")
            ],
            None,
        )
        named = layers.add(f"single{mark}", {"verdict": verdict, "amount": single})
        verdict = over_cap(named["verdict"], named["amount"], numbers.number(f"single_{mark}"))
    values = {"low": low, "high": high, "ordered": ordered, "deviation": off}
    values |= {
        "deviation_percent": percent,
        "code": TREE.first([*codes, (TREE.known(wrong), wrong)], None),
    }
    matched = {}
    if sheets.matches is not None:
        known = TREE.known(TREE.text_column("m.key"))
        of_match = sheets.matches.text(f"verdict_{mark}")
        verdict = TREE.first([(TREE.all_of((known, TREE.known(of_match))), of_match)], verdict)
        matched = {
            name: TREE.text_column(f"m.{name}_{mark}") for name in ("matched", "protocol", "step")
        }
    values = layers.add(f"row{mark}", {"verdict": verdict, **values})
    return values | matched


def decisive(sheets: Sheets, rows: list[dict[str, Term]]) -> Term:
    """Return the verdict on an order: that of the posology that it is nearest to."""
    most = max(row["deviation_percent"].most for row in rows)
    far = TREE.number(10 ** len(str(int(most))))
    ranked = []
    for mark, row in enumerate(rows, 1):
        decides, verdict = sheets.numbers.truth(f"decides_{mark}"), row["verdict"]
        percent = row["deviation_percent"]
        missed = TREE.any_of([_is(verdict, name) for name in MISSED])
        off = TREE.first([(TREE.known(percent), TREE.size(percent))], TREE.number(0))
        within = TREE.all_of((decides, _is(verdict, "within")))
        distance = formulas.distance(TREE, within, TREE.all_of((decides, missed)), off, far)
        ranked.append((verdict, distance))
    return formulas.nearest(TREE, ranked)


def later(sheets: Sheets, rows: list[dict[str, Term]]) -> Term:
    """Return 1 where an order is within posologies of a later week alone, else 0."""
    within, early = [], []
    for mark, row in enumerate(rows, 1):
        decides = sheets.numbers.truth(f"decides_{mark}")
        within.append(TREE.all_of((decides, _is(row["verdict"], "within"))))
        early.append(TREE.all_of((within[-1], TREE.negated(sheets.numbers.truth(f"later_{mark}")))))
    later = TREE.all_of((TREE.any_of(within), TREE.negated(TREE.any_of(early))))
    return TREE.first([(later, TREE.number(1))], TREE.number(0))


def _is(text: Term, word: str) -> Term:
    return TREE.holds(TREE.equal(text, TREE.text(word)))
