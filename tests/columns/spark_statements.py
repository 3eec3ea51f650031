"""Runs statements on a local Spark, in an environment that has pyspark and no dmcalc.

SPARK_ENVIRONMENT/bin/python spark_statements.py ASKED.json ANSWERS.json
"""

import json
import sys
from decimal import Decimal
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql.types import (
    BooleanType,
    DecimalType,
    IntegerType,
    StringType,
    StructField,
    StructType,
)


def kind(name):
    if name.startswith(("taking_", "condition_")):
        return BooleanType()
    if name in ("tpmt", "nudt15", "severity"):
        return StringType()
    return DecimalType(12, 6)


def main(asked, answers):
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    results = []
    for one in json.loads(Path(asked).read_text()):
        names = one["names"]
        schema = StructType(
            [StructField("n", IntegerType()), *(StructField(name, kind(name)) for name in names)]
        )
        rows = [
            (
                n,
                *(
                    Decimal(str(who[name]))
                    if who.get(name) is not None and isinstance(kind(name), DecimalType)
                    else who.get(name)
                    for name in names
                ),
            )
            for n, who in enumerate(one["patients"])
        ]
        spark.createDataFrame(rows, schema).createOrReplaceTempView(one["table"])
        found = spark.sql(one["statement"])
        results.append(
            [
                {
                    name: format(value, "f") if isinstance(value, Decimal) else value
                    for name, value in row.asDict().items()
                }
                for row in found.collect()
            ]
        )
    Path(answers).write_text(json.dumps(results))
    spark.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
