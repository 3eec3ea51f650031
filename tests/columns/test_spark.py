"""``batch --engine spark``, as far as it goes without Spark; ``make spark`` runs it on one."""

import sys

import pytest
import sqlglot
from sqlglot import exp

from dmcalc.columns import answers, asking
from dmcalc.columns import run as columns_run
from dmcalc.columns.dialect import SPARK
from dmcalc.columns.tree import Tree
from dmcalc.errors import TableError

from . import proof

#: What writes a statement of a run, by the names under which the run knows it.
WRITERS = ("classes_of", "asked_of", "weights_of", "kinds_of", "outcomes", "rejects", "answers")


@pytest.fixture
def by_spark(call, tmp_path, monkeypatch):
    """Ask the engine spark where pyspark is not installed; return stderr."""
    for name in ("pyspark", "py4j"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "dmcalc.columns.spark_engine", raising=False)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.parquet").write_bytes(b"PAR1")
    (tmp_path / "in" / "a.csv").write_text("weight\n70\n")

    def by_spark(source="in/a.parquet", *more, output="out", code=2):
        words = ("batch", source, "--engine", "spark", "-o", output, *more)
        done = call(*words, cwd=tmp_path)
        assert done.code == code, done.stderr
        there = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))
        assert there == ["in", "in/a.csv", "in/a.parquet"]
        return " ".join(done.stderr.split())

    return by_spark


@pytest.mark.parametrize("source", ["in/a.parquet", "in", "in/*.parquet"])
def test_without_pyspark_it_says_what_to_install_and_writes_nothing(by_spark, source):
    said = by_spark(source, "--master", "local[2]", "--rejects", "no")
    assert 'pip install "dmcalc[spark]"' in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--memory", "2GB"), "--memory is not for the engine spark"),
        (("--resume",), "--resume is not for the engine spark"),
        (("--input-format", "csv"), "--input-format is not for the engine spark"),
        (("--columns", "low"), "need the engine rows"),
        (("--raw-cells",), "need the engine rows"),
        (("--receipt", "r.json"), "need the engine rows"),
        (("--stock", "5 mg"), "the engine spark counts no whole units"),
        (("--format", "csv"), "with the engine spark the name gives the format"),
        (("--rejects", "out"), "--output out is the file of --rejects"),
        (("--rejects", "hdfs://a/no"), "that this computer sees too"),
        (("--master", "local", "--remote", "sc://a"), "--master or --remote"),
    ],
)
def test_an_option_that_spark_would_not_honour_is_refused(by_spark, words, said):
    assert said in by_spark("in/a.parquet", *words)


@pytest.mark.parametrize(
    ("source", "output", "said", "code"),
    [
        ("in/a.csv", "out", "the engine spark reads Parquet", 2),
        ("-", "out", "reads and writes files", 2),
        ("in/a.parquet", "-", "reads and writes files", 2),
        ("in", "in/out", "the answers would be among the inputs", 2),
        ("in/*.parquet", "in/out", "the answers would be among the inputs", 2),
        ("none.parquet", "out", "there is no such file", 7),
        ("in/a.parquet", "none/out", "there is no folder", 7),
    ],
)
def test_what_is_read_and_written_is_looked_at_first(by_spark, source, output, said, code):
    assert said in by_spark(source, output=output, code=code)


def test_the_address_of_spark_is_for_spark(call):
    done = call("batch", "a.csv", "--master", "local[2]")
    assert done.code == 2
    assert "Use --engine spark" in done.stderr


def test_a_limit_of_memory_is_for_duckdb(call):
    done = call("batch", "a.csv", "--memory", "banana")
    assert done.code == 2
    assert "Use --engine duckdb" in done.stderr


@pytest.mark.parametrize("way", proof.USUAL)
def test_statements_for_spark_are_those_for_duckdb_but_for_casts_and_quotients(
    tmp_path, monkeypatch, way
):
    """A quotient that DuckDB has for whole numbers of any width is one of a multiple on Spark."""
    pairs = []
    for name in WRITERS:
        write = getattr(answers if hasattr(answers, name) else asking, name)

        def both(asks, *more, write=write):
            pairs.append((write(asks, *more), write(asks._replace(dialect=SPARK), *more)))
            return pairs[-1][0]

        monkeypatch.setattr(columns_run, name, both)
    source = tmp_path / "rows.csv"
    proof.write(source, way, proof.questions(2026, 0, 60))
    proof.by_columns(source, way)
    assert len(pairs) >= len(WRITERS) - 1  # no kinds in doses
    for duckdb, spark in pairs:
        assert '"' not in spark
        one, other = sqlglot.parse_one(duckdb, read="duckdb"), sqlglot.parse_one(spark, "spark")
        kinds = {kind.this.name for kind in other.find_all(exp.DataType)}
        assert kinds <= {"DECIMAL", "BIGINT", "INT", "TEXT", "BOOLEAN"}
        assert bare(other).sql("duckdb") == bare(one).sql("duckdb")


def bare(statement):
    """Return a statement without casts and parentheses, its quotients written in one way."""
    for node in list(statement.find_all(exp.Cast, exp.Paren)):
        node.replace(node.this)
    for node in list(statement.find_all(exp.Identifier)):
        node.set("quoted", True)
    for node in list(statement.find_all(exp.Ordered)):
        node.set("nulls_first", None)
    for node in list(statement.find_all(exp.Div)):
        whole, divisor = node.this.this, node.expression
        assert node.this == exp.Sub(this=whole, expression=exp.Mod(this=whole, expression=divisor))
        node.replace(exp.IntDiv(this=whole, expression=divisor))
    return statement


@pytest.mark.parametrize(
    ("digits", "spark"),
    [(18, "(BIGINT DIV BIGINT)"), (32, "((WIDE - WIDE % WIDE) / WIDE)"), (33, None)],
)
def test_a_quotient_on_spark_is_exact_or_an_error_while_it_is_written(digits, spark):
    tree = Tree()
    number = tree.column("a", 0, 10**digits - 1)
    term = tree.whole_quotient(number, tree.column("b", 0, 10**digits - 1))
    if spark is None:
        with pytest.raises(TableError, match="quotient of 33 digits"):
            SPARK.expression(term)
        return
    text = SPARK.expression(term)
    for name in "ab":
        text = text.replace(f"CAST({name} AS BIGINT)", "BIGINT")
        text = text.replace(f"CAST({name} AS DECIMAL(38, 0))", "WIDE")
    assert text == f"CAST({spark} AS DECIMAL({digits}, 0))"
