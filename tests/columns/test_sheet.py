"""A table of distinct values: as wide as its numbers, and empty only where it says nothing."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from dmcalc.batch.answers import Doses, Orders, RowInput
from dmcalc.batch.columns import PLACES
from dmcalc.columns.cases import CODE_FOR_ROWS, Reader
from dmcalc.columns.orders import read_order_of
from dmcalc.columns.questions import Questions
from dmcalc.columns.sheet import NUMBER, WORD, Sheet
from dmcalc.columns.standing import decisive
from dmcalc.columns.tree import Tree
from dmcalc.quantities.amount import Rate

from .proof import GUIDE, LOADED

D = Decimal
TREE = Tree()


@pytest.fixture
def sheet():
    sheet = Sheet("s")
    sheet.add("id", "BIGINT", range(3))
    sheet.add("kg", NUMBER, [D("70.50"), D(-100), None])
    sheet.add("none", NUMBER, [None, None, None])
    sheet.add("no", "BOOLEAN", [False, None, False])
    sheet.add("yes", "BOOLEAN", [True, True, True])
    sheet.add("word", WORD, ["mild", None, "mild"])
    sheet.add("nought", "INTEGER", [0, 0, 0])
    return sheet


def test_a_column_is_as_wide_as_its_numbers(sheet):
    kg, none = sheet.number("kg"), sheet.number("none")
    assert (kg.name, kg.places, kg.most) == ("s.kg", 1, 100)
    assert (none.places, none.most) == (0, 0)
    assert sheet.types["kg"] == "DECIMAL(4, 1)"
    assert sheet.types["none"] == "DECIMAL(1, 0)"
    assert (sheet.types["id"], sheet.types["word"]) == ("BIGINT", WORD)


def test_what_a_column_says_in_some_rows_and_in_all(sheet):
    said = {name: (sheet.some(name), sheet.all(name)) for name in sheet.types}
    assert said == {
        "id": (True, True),  # a nought is a number
        "kg": (True, False),
        "none": (False, False),
        "no": (False, False),
        "yes": (True, True),
        "word": (True, False),
        "nought": (True, True),
    }
    assert sheet.different("nought") == [0]
    assert sheet.different("id") == [0, 1, 2]
    assert len(sheet) == 3
    assert list(sheet.rows)[1] == ["1", "-100", None, None, "True", None, "0"]


def asked(answerer, *rows, weights):
    """Ask about rows, each its facts but for a weight, with all of some weights."""
    names = ["weight", *rows[0]]
    used = {name: SimpleNamespace(name=name) for name in names}

    def input_of(cells):
        texts = [None] * len(PLACES)
        for name, cell in zip(names, cells, strict=True):
            texts[PLACES[name]] = cell
        return tuple(texts)

    columns = SimpleNamespace(used=used, input_of=input_of)
    questions = Questions(Reader(LOADED, answerer, "duckdb"), answerer, columns, names)
    facts = [tuple(row[name] for name in questions.facts) for row in rows]
    list(questions.classes([(number, *values) for number, values in enumerate(facts)]))
    questions.weigh([(number, weight, None) for number, weight in enumerate(weights)])
    return questions


def test_the_largest_patient_says_how_large_each_dose_can_be():
    """Too small a width, and a dose would be an error of the engine; the cap bounds it, too."""

    def most(check, *drugs, weights):
        order = {"order": "10 mg daily"} if check else {}
        rows = [{"drug": drug, **order} for drug in drugs]
        answerer = Orders(LOADED, GUIDE, None) if check else Doses(LOADED, GUIDE, ())
        return asked(answerer, *rows, weights=weights).sheets().most

    assert most(False, "prednisone", weights=["40", "50", None]) == ((D("37.5"), 50),)
    assert most(False, "prednisone", weights=["50", "300"]) == ((60, 80),)
    assert most(False, "prednisone", weights=[None]) == ((0, 0),)
    assert most(False, "mycophenolate", weights=[None]) == ((2, 3),)
    assert most(False, "cyclophosphamide", weights=["50"]) == ((0, 0),)
    assert most(False, "prednisone", "mycophenolate", weights=["2", "40"]) == ((30, 40),)
    # in a check each posology has its own
    assert most(True, "azathioprine", "methotrexate", weights=["100"]) == (*((50, 50), (200, 250)),)


def prednisone(rate):
    """Return the table with another rate of prednisone."""
    drug = LOADED.table.drugs["prednisone"]
    regimen = drug.regimens[0]._replace(dose=Rate.parse(rate))
    drugs = {**LOADED.table.drugs, "prednisone": drug._replace(regimens=(regimen,))}
    return LOADED._replace(table=LOADED.table._replace(drugs=drugs))


#: 1 lb is 0.45359237 kg: a weight in pounds has 8 decimals more.
@pytest.mark.parametrize(
    ("rate", "check", "weight", "fits"),
    [
        # 14 decimals of a dose less 2 of the rate
        ("0.75-1 mg/kg/day", False, "154.1234 lb", True),
        ("0.75-1 mg/kg/day", False, "154.12341 lb", False),
        ("0.755-1 mg/kg/day", False, "154.123 lb", True),
        ("0.755-1 mg/kg/day", False, "154.1234 lb", False),
        # a weight has 12 in any case, and the amounts of a check have room for more
        ("1-2 mg/kg/day", False, "154.12341 lb", False),
        ("0.755-1 mg/kg/day", True, "154.1234 lb", True),
        ("0.755-1 mg/kg/day", True, "154.12341 lb", False),
    ],
)
def test_a_weight_of_more_decimals_than_there_is_room_for_is_for_rows(rate, check, weight, fits):
    loaded = prednisone(rate)
    answerer = Orders(loaded, GUIDE, None) if check else Doses(loaded, GUIDE, ())
    order = {"order": "60 mg daily"} if check else {}
    (size,) = asked(answerer, {"drug": "prednisone", **order}, weights=[weight]).sizes
    if fits:
        assert size.kg == D(weight.removesuffix(" lb")) * D("0.45359237")
        assert size.last is None
    else:
        assert size.kg is None
        assert size.last.code == CODE_FOR_ROWS
        assert "more digits than a column" in size.last.reason


@pytest.mark.parametrize(
    ("order", "fits"),
    [
        ("1.123456 mg/kg daily", True),
        ("1.1234567 mg/kg daily", False),
        ("1.1234567 mg daily", True),
        ("0.123456789012345678 mg daily", True),
        ("0.1234567890123456789 mg daily", False),
        ("999999 g/kg daily", True),
        ("500000 g/kg twice daily", False),
        ("999999 g/kg twice daily", False),
    ],
)
def test_an_order_of_more_decimals_than_there_is_room_for_is_for_rows(order, fits):
    answerer = Orders(LOADED, GUIDE, None)
    row = RowInput.read([{"drug": "prednisone", "order": order}.get(name) for name in PLACES])
    reader = Reader(LOADED, answerer, "duckdb")
    read = read_order_of(reader, answerer, row, answerer.ready("prednisone", child=False))
    assert read.first is None
    assert (read.last is None) is fits
    if not fits:
        assert read.last.code == CODE_FOR_ROWS


def literals(term):
    """Yield the figures of a term."""
    if term.op == "number":
        yield D(term.name)
    for part in term.parts:
        yield from literals(part)


@pytest.mark.parametrize("most", ["9.99", "99999.99", "999999.99", "0"])
def test_a_posology_that_decides_nothing_is_further_off_than_any(most):
    """Else its verdict would be that of an order that is far off the posology that decides."""
    numbers = SimpleNamespace(truth=lambda name: TREE.truth_column(f"a.{name}"))
    percent = TREE.column("p", 2, D(most))
    rows = [{"deviation_percent": percent, "verdict": TREE.text_column(name)} for name in "vw"]
    assert max(literals(decisive(SimpleNamespace(numbers=numbers), rows))) > D(most)
