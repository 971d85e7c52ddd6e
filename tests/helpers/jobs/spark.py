"""Runs the daily summary or reads Parquet for each line of JSON on standard input, in a single JVM."""

import json
import sys

import daily_summary
from pyspark.sql import SparkSession


def run(arguments):
    sys.argv = ["daily_summary.py", *arguments]
    try:
        return daily_summary.main()
    except SystemExit as end:
        return end.code


def read(folder):
    rows = SparkSession.builder.getOrCreate().read.parquet(folder).orderBy("date", "category")
    return [json.loads(row) for row in rows.toJSON().collect()]


for line in sys.stdin:
    operation, value = json.loads(line)
    answer = {"run": run, "read": read}[operation](value)
    print(json.dumps({"answer": answer}), flush=True)
