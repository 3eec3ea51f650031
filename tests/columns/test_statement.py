"""The statements of ``dmcalc sql``: run on DuckDB, they answer as the row path does."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from decimal import Decimal

import duckdb
import pytest
import sqlglot

from dmcalc import guideline, table
from dmcalc.columns import tree
from dmcalc.columns.dialect import DIALECTS
from dmcalc.columns.statement import CHANGING, StatementRequest, statement
from dmcalc.dosing.dose import dose
from dmcalc.errors import DmcalcError, UsageError
from dmcalc.order.parse import Order
from dmcalc.order.verdict import compare_with_posology
from dmcalc.patient.inputs import USES, PatientInput
from dmcalc.patient.patient import Patient
from dmcalc.patient.reader import read_patient
from dmcalc.quantities.amount import Rate

LOADED, GUIDE = table.load(), guideline.load()
DRUGS = tuple(LOADED.table.drugs)
ALL = (
    *("age_years", "bsa_m2", "egfr_ml_min_173m2", "crcl_ml_min", "tpmt", "nudt15"),
    *("taking_allopurinol", "taking_febuxostat", "condition_pregnancy"),
    *("condition_severe_renal_impairment", "condition_mild_renal_impairment"),
    "condition_no_renal_risk",
)
TYPES = {"tpmt": "VARCHAR", "nudt15": "VARCHAR", "severity": "VARCHAR"}
INPUTS = {
    "weight_kg": "weight",
    "age_years": "age",
    "bsa_m2": "bsa",
    "egfr_ml_min_173m2": "egfr",
    "crcl_ml_min": "crcl",
}


def asked(drug, *, dialect="duckdb", given=(), check=False, source=None):
    return statement(LOADED, GUIDE, StatementRequest(drug, dialect, source, tuple(given), check))


def answers(drug, patients, given, *, check=False):
    """Run the statement on patients, each a dict, and return its rows by patient and regimen."""
    names = ["weight_kg", "severity", *given, *(["amount"] if check else [])]
    kinds = [
        "BOOLEAN"
        if name.startswith(("taking_", "condition_"))
        else TYPES.get(name, "DECIMAL(12, 6)")
        for name in names
    ]
    with duckdb.connect() as engine:
        columns = ", ".join(f"{n} {k}" for n, k in zip(names, kinds, strict=True))
        source = "orders" if check else "patients"
        engine.execute(f"CREATE TABLE {source} (n INTEGER, {columns})")
        rows = [(n, *(who.get(name) for name in names)) for n, who in enumerate(patients)]
        lines = ",".join(f"({', '.join(map(literal, row))})" for row in rows)
        engine.execute(f"INSERT INTO {source} VALUES {lines}")
        result = engine.execute(asked(drug, given=given, check=check))
        heads = [head[0] for head in result.description]
        found = [dict(zip(heads, row, strict=True)) for row in result.fetchall()]
    return {(row["n"], row["regimen"]): row for row in found}


def literal(value):
    return (
        "NULL" if value is None else repr(str(value)) if not isinstance(value, bool) else str(value)
    )


def by_patient(rows):
    """Return the rows of each patient, by regimen."""
    grouped = defaultdict(dict)
    for (number, regimen), row in rows.items():
        grouped[number][regimen] = row
    return grouped


def entered(who):
    facts = {INPUTS.get(name, name): value for name, value in who.items() if value is not None}
    taking = [n.removeprefix("taking_") for n in who if n.startswith("taking_") and who[n]]
    stated = [
        n.removeprefix("condition_").replace("_", "-")
        for n in who
        if n.startswith("condition_") and who[n]
    ]
    return PatientInput(
        taking=taking or None,
        condition=stated or None,
        **{
            name: str(value)
            for name, value in facts.items()
            if not name.startswith(("taking_", "condition_")) and name != "amount"
        },
    )


def by_rows(drug, who):
    """Return the doses of the row path by regimen, None where it rejects the patient."""
    try:
        patient = read_patient(LOADED, entered(who), USES["dose"], (drug,), GUIDE)
        return {row.regimen: row for row in dose(LOADED, patient, (drug,)).rows}
    except DmcalcError:
        return None


def grid():
    """Each weight beside the limits and caps and at ties, each fact beside the edges of rules."""
    weights = [None, "29.999", "29.9", "30", "59.9", "70.125", "76.8"]
    weights += ["79.999", "80", "80.001", "102.4", "106.667", "300", "300.001", "999.999"]
    facts = [
        {},
        *({"severity": s} for s in ("mild", "moderate", "severe", "dire")),
        *(
            {"egfr_ml_min_173m2": v}
            for v in (0, "24.9999", 25, "29.9", 30, "59.9", 60, 300, "300.1")
        ),
        *({"crcl_ml_min": v} for v in ["9.9999", "10", "50", "50.9", "51", "30", "59.99", "60"]),
        *(
            {"tpmt": t, "nudt15": n}
            for t, n in itertools.product(
                (None, "normal", "intermediate", "poor", "odd"), (None, "intermediate", "poor")
            )
        ),
        {"taking_allopurinol": True},
        {"taking_allopurinol": False},
        {"taking_allopurinol": True, "crcl_ml_min": "38"},
        {"taking_febuxostat": True},
        {"condition_severe_renal_impairment": True},
        {"condition_mild_renal_impairment": True, "severity": "severe"},
        {"egfr_ml_min_173m2": "50", "condition_no_renal_risk": True},
        {"bsa_m2": "1.85"},
        {"bsa_m2": "4.0001"},
        *({"age_years": age} for age in (18, 59, 60, 70, 71, 130, 131)),
        *({"age_years": age, "bsa_m2": "1.2"} for age in range(18)),
        {"age_years": 12, "taking_allopurinol": True},
        {"age_years": 12, "tpmt": "poor"},
    ]
    return [{"weight_kg": w, **f} for w in weights for f in facts]


PATIENTS = grid()


@pytest.mark.parametrize("drug", DRUGS)
def test_a_statement_gives_the_doses_of_the_row_path(drug):
    rows = by_patient(answers(drug, PATIENTS, ALL))
    for n, who in enumerate(PATIENTS):
        expected = by_rows(drug, who)
        mine = rows[n]
        if expected is None:  # rejected or refused: no dose, and a code that says why
            assert mine, who
            assert all(row["low"] is row["high"] is None for row in mine.values()), who
            assert all(row["code"] for row in mine.values()), who
            continue
        assert set(mine) == set(expected), who
        for regimen, row in expected.items():
            for name in ("low", "high", "suggested", "unit", "per"):
                assert mine[regimen][name] == getattr(row, name), (who, regimen, name)
            if row.low is not None:
                assert mine[regimen]["cap_high"] == row.cap_high
            assert (mine[regimen]["code"] is None) == (row.low is not None)


@pytest.mark.parametrize("drug", DRUGS)
def test_a_statement_checks_amounts_as_the_row_path_does(drug):
    facts = [
        {},
        {"severity": "mild"},
        {"taking_allopurinol": True},
        {"crcl_ml_min": "30"},
        {"egfr_ml_min_173m2": "20"},
        {"tpmt": "poor"},
    ]
    patients = []
    for who in ({"weight_kg": w, **f} for w in ("40", "76.8", "102.4", "250") for f in facts):
        limits = {Decimal(0), Decimal(60)}
        for row in (by_rows(drug, who) or {}).values():
            limits |= {end for end in (row.low, row.high, row.cap_high) if end is not None}
        near = {end + step for end in limits for step in map(Decimal, ("-0.0001", "0", "0.0001"))}
        patients += [{**who, "amount": amount} for amount in sorted(near) if amount > 0]
    patients += [{"weight_kg": "70", "amount": amount} for amount in (None, "0")]
    patients += [{"amount": "60"}, {"weight_kg": "301", "amount": "60"}]
    rows = by_patient(answers(drug, patients, ALL, check=True))
    compared = 0
    for n, who in enumerate(patients):
        expected = by_rows(drug, who)
        for regimen, mine in rows[n].items():
            row = expected and expected[regimen]
            if row is None or row.low is None or not float(who.get("amount") or 0):
                assert mine["verdict"] in (None, "refused"), who
                assert mine["code"], who
                continue
            order = Order("", Decimal(who["amount"]), row.unit, None, row.per, days=row.days_low)
            order = order._replace(parts=row.times_daily or 1, doses=row.doses)
            weight = who.get("weight_kg")
            patient = Patient(None if weight is None else Decimal(weight))
            checked = compare_with_posology(row, order, patient)
            assert (mine["verdict"], mine["code"]) == (checked.verdict, checked.code), who
            assert mine["deviation"] == checked.deviation, who
            compared += 1
    leading = LOADED.table.drugs[drug].leading
    assert compared > 50 or leading[0].dose is None


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("drug", DRUGS)
def test_a_statement_is_one_of_its_dialect(drug, dialect):
    for given, orders in itertools.product(((), ALL), (False, True)):
        text = asked(drug, dialect=dialect, given=given, check=orders, source="ward.data")
        (parsed,) = sqlglot.parse(text, read=dialect)
        assert parsed.key in ("select", "union")
        bare = re.sub(r"--.*", "", text)
        assert not re.search(r",\s*(?:FROM\b|\))", bare)  # other engines refuse it
        kinds = {kind.sql() for kind in parsed.find_all(sqlglot.exp.DataType)}
        assert not any(word in kind for kind in kinds for word in ("DOUBLE", "FLOAT", "REAL"))


def numbers(text):
    """Return the numbers of a statement, without comments, texts and the widths of types."""
    text = re.sub(r"--.*|DECIMAL\(\d+, \d+\)|'(?:[^']|'')*'", "", text)
    return set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?", text))


@pytest.mark.parametrize("drug", DRUGS)
def test_every_number_and_rule_of_a_statement_came_through_the_tree(drug, monkeypatch):
    made = set()
    build = tree._number

    def recorded(op, parts, places, most, name=""):
        made.add(name)
        return build(op, parts, places, most, name)

    monkeypatch.setattr(tree, "_number", recorded)
    text = asked(drug, given=ALL, check=True)
    digits_read = {"3"} if "SUBSTRING" in text else set()  # the place after what parts a list
    assert numbers(text) <= made | digits_read
    rules = [r for r in GUIDE.guideline.rules.of(drug) if r.then in CHANGING]
    assert all(rule.id in text for rule in rules)


def test_no_figure_of_a_statement_stands_in_the_program():
    """With another rate, cap and share the statement holds those, and nothing of the old ones."""
    old = LOADED.table.drugs["prednisone"]
    regimen = old.regimens[0]._replace(
        dose=Rate.parse("0.31-1.7 mg/kg/day"), max=Rate.parse("37-91 mg/day")
    )
    drugs = {**LOADED.table.drugs, "prednisone": old._replace(regimens=(regimen,))}
    other = LOADED._replace(table=LOADED.table._replace(drugs=drugs))
    request = StatementRequest("prednisone", "duckdb", None, (), check=True)
    found = numbers(statement(other, GUIDE, request))
    assert {"0.31", "1.7", "37", "91"} <= found
    assert not {"0.75", "60", "80"} & found


def test_a_weight_that_is_null_or_implausible_gives_no_dose_and_not_the_cap():
    weights = [None, "29", "301", "70.1234"]
    rows = answers("prednisone", [{"weight_kg": w, "severity": "severe"} for w in weights], ())
    for row in rows.values():
        assert row["low"] is row["high"] is row["suggested"] is None
    codes = [rows[n, "prednisone.induction"]["code"] for n in range(4)]
    assert codes == ["no-body-weight", *["implausible-weight"] * 3]


def test_a_binary_weight_is_read_by_its_shortest_decimal():
    with duckdb.connect() as engine:
        engine.execute(
            "CREATE TABLE patients AS SELECT * FROM (VALUES (70.1::DOUBLE, 'mild'),"
            " (1/3::DOUBLE, 'mild'), (30.1::DOUBLE, NULL)) AS v(weight_kg, severity)"
        )
        rows = engine.execute(asked("prednisone")).fetchall()
    # 0.75 mg/kg of 70.1 kg are 52.575 mg, of 30.1 kg 22.575: exactly, as no product of doubles is
    assert [row[4] for row in rows] == [Decimal("52.575"), None, Decimal("22.575")]


def test_the_first_lines_say_for_whom_it_is_and_what_it_is_made_from():
    lines = asked("prednisone").splitlines()
    assert lines[0].startswith("-- FOR ADULTS ALONE")
    assert any(LOADED.sha256 in line for line in lines[:6])
    assert any(GUIDE.sha256 in line for line in lines[:7])
    assert '-- managedermatomyositis: "0.75–1 mg/kg/day (Max. 60–80 mg/day)"' in lines
    assert not asked("prednisone", given=["age_years"]).startswith("-- FOR ADULTS ALONE")


def test_what_was_not_checked_is_named_by_rule_and_by_column():
    text = asked("azathioprine", given=["taking_allopurinol"])
    assert "NOT CHECKED: azathioprine-febuxostat (refuse), by febuxostat" in text
    who = [{"weight_kg": 70}, {"weight_kg": 70, "taking_allopurinol": False}]
    rows = answers("azathioprine", who, ["taking_allopurinol"])
    open_rules = [rows[n, "azathioprine.target"]["not_checked"].split("; ") for n in (0, 1)]
    assert "taking_allopurinol" in open_rules[0]
    assert "taking_allopurinol" not in open_rules[1]
    assert all("azathioprine-febuxostat" in listed for listed in open_rules)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["weight"], "is no fact of a patient"),
        (["taking_nonsense"], "no rule and no list"),
        (["taking_Varivax"], "no rule and no list"),  # a live vaccine is a condition
        (["taking_alopurinol"], "allopurinol"),
        (["taking_allop"], "allopurinol"),
        # FALSE of both would not say of which
        (["taking_ramipril_allopurinol"], "names several medicines"),
    ],
)
def test_a_column_that_gives_no_fact_is_refused(given, said):
    with pytest.raises(DmcalcError, match=said):
        asked("prednisone", given=given)


@pytest.mark.parametrize("name", ["a b", "x; DROP TABLE y", "1a", "a.b.c.d", ""])
def test_a_name_that_is_none_of_a_table_is_refused(name):
    if name:
        with pytest.raises(UsageError, match="no name of a table"):
            asked("prednisone", source=name)
    else:
        assert "FROM patients AS t" in asked("prednisone", source=name)
