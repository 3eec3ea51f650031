"""What the engine spark asks of pyspark, which stands in here; ``make spark`` runs a real one."""

from __future__ import annotations

import importlib
import json
import sys
from types import ModuleType
from unittest.mock import MagicMock, call

import pytest

from dmcalc.columns.inputs import ColumnsRequest
from dmcalc.columns.sheet import WORD
from dmcalc.errors import FileError, UsageError

NAME = "dmcalc.columns.spark_engine"


class StandInError(Exception):
    """An error of pyspark."""


@pytest.fixture
def session():
    return MagicMock()


@pytest.fixture
def spark(monkeypatch, session):
    """The module of the engine; its session is one that notes what it is asked."""
    builder = MagicMock()
    for name in ("appName", "remote", "config", "master"):
        getattr(builder, name).return_value = builder
    builder.getOrCreate.return_value = session
    content = {
        "py4j.protocol": {"Py4JError": StandInError},
        "pyspark.errors": {"PySparkException": StandInError},
        "pyspark.sql": {"SparkSession": MagicMock(builder=builder)},
    }
    for name in ("py4j", "pyspark", *content):
        module = ModuleType(name)
        module.__dict__.update(content.get(name, {}))
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.delitem(sys.modules, NAME, raising=False)
    yield importlib.import_module(NAME)
    del sys.modules[NAME]


def request(**address):
    return ColumnsRequest("in", "out", engine="spark", **address)


def test_every_row_reaches_spark_as_a_line_with_the_types_of_its_columns(spark, session, tmp_path):
    rows = [["1", None], ["2", 'a "b"\nc']]
    spark.Spark(session, tmp_path).load("keys", {"a b": "BIGINT", "said": WORD}, rows)
    lines = (tmp_path / "keys.json").read_text().splitlines()
    assert [list(json.loads(line).items()) for line in lines] == [
        [("a b", "1"), ("said", None)],
        [("a b", "2"), ("said", 'a "b"\nc')],
    ]
    schema = session.read.schema
    schema.assert_called_once_with("`a b` STRING, `said` STRING")
    option = schema.return_value.option
    option.assert_called_once_with("mode", "FAILFAST")  # no row is passed over
    option.return_value.json.assert_called_once_with(str(tmp_path / "keys.json"))
    chosen = option.return_value.json.return_value.selectExpr
    chosen.assert_called_once_with(
        "CAST(`a b` AS BIGINT) AS `a b`", "CAST(`said` AS STRING) AS `said`"
    )
    chosen.return_value.createOrReplaceTempView.assert_called_once_with("keys")


def test_only_weights_of_single_precision_are_doubled_and_only_texts_are_texts(
    spark, session, tmp_path
):
    read = session.read.option.return_value.parquet.return_value
    read.dtypes = [("weight kg", "float"), ("height", "double"), ("severity", "string")]
    read.columns = [name for name, _ in read.dtypes]
    opened = spark.Spark(session, tmp_path).open("in", None)
    assert (opened.names, opened.texts) == (["weight kg", "height", "severity"], {"severity"})
    assert (opened.faults, opened.decimal_comma) == (False, False)
    read.selectExpr.assert_called_once_with(
        "CAST(CAST(`weight kg` AS STRING) AS DOUBLE) AS `weight kg`",
        "`height`",
        "`severity`",
        "_metadata.row_index + 1 AS `dmcalc line`",  # the first row is 1
        "CAST(NULL AS STRING) AS `dmcalc fault`",
    )


def test_what_is_kept_is_computed_once_in_the_folder_of_the_run(spark, session, tmp_path):
    spark.Spark(session, tmp_path).keep("classes", "SELECT 1")
    path = str(tmp_path / "classes")
    session.sql.assert_called_once_with("SELECT 1")
    session.sql.return_value.write.parquet.assert_called_once_with(path)
    session.read.parquet.assert_called_once_with(path)


@pytest.mark.parametrize("whole", [True, False])
def test_answers_that_are_not_to_be_seen_here_are_an_error(spark, session, tmp_path, whole):
    draft = MagicMock(handle=str(tmp_path / "parquet"))
    table = session.sql.return_value
    table.columns = ["low", "warnings"]
    session.read.parquet.return_value.count.return_value = 12
    if whole:
        (tmp_path / "parquet").mkdir()
        (tmp_path / "parquet" / "_SUCCESS").touch()
    engine = spark.Spark(session, tmp_path)
    if whole:
        assert engine.write("SELECT 1", "out", draft, {"dmcalc": "1"}) == 12
        table.withMetadata.assert_called_once_with("warnings", {"dmcalc": "1"})
    else:
        with pytest.raises(FileError, match="is not to be seen from here"):
            engine.write("SELECT 1", "out", draft, {})


@pytest.mark.parametrize(
    ("address", "asked", "not_asked"),
    [
        ({}, {"config"}, {"remote", "master"}),
        ({"master": "local[2]"}, {"config", "master"}, {"remote"}),
        ({"remote": "sc://ward"}, {"remote"}, {"config", "master"}),
    ],
)
def test_a_session_is_where_it_is_asked_for_and_overflows_nowhere(
    spark, session, tmp_path, address, asked, not_asked
):
    builder = spark.SparkSession.builder
    with spark.connected(request(**address), tmp_path, shown=True):
        session.stop.assert_not_called()
    for name in asked:
        assert getattr(builder, name).called, name
    for name in not_asked:
        assert not getattr(builder, name).called, name
    for name, value in address.items():
        getattr(builder, name).assert_called_once_with(value)
    set_ = [call(name, value) for name, value in spark.SETTINGS.items()]
    assert session.conf.set.call_args_list == set_
    assert call("spark.sql.ansi.enabled", "true") in set_
    session.stop.assert_called_once_with()


@pytest.mark.parametrize(
    ("address", "hint"),
    [({"remote": "sc://ward"}, "pyspark[connect]"), ({"master": "local"}, "needs Java 17")],
)
def test_where_spark_does_not_start_its_first_line_and_a_way_out_are_said(
    spark, tmp_path, address, hint
):
    spark.SparkSession.builder.getOrCreate.side_effect = StandInError("\nno port\n  at Java.line")
    with (
        pytest.raises(UsageError, match=r"^Spark does not start: no port$") as refused,
        spark.connected(request(**address), tmp_path, shown=False),
    ):
        pass
    assert hint in refused.value.hint


def test_an_error_of_a_run_is_one_of_a_file_and_the_session_is_stopped(spark, session, tmp_path):
    with (
        pytest.raises(FileError, match=r"^Spark: StandInError$"),
        spark.connected(request(), tmp_path, shown=False),
    ):
        raise StandInError("  ")
    session.stop.assert_called_once_with()
