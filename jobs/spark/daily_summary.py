"""Summarises item events day by day and category by category, from JSON lines into Parquet.

    spark-submit daily_summary.py --events s3://raw/events/ --summaries s3://results/daily/ --date 2026-01-31
    spark-submit daily_summary.py --events … --summaries … --key events/date=2026-01-31/first.json
    spark-submit daily_summary.py --events … --summaries … --from 2026-01-01 --to 2026-01-31

An event is {"eventId", "type": "created" | "updated" | "deleted", "at": RFC 3339, "item": {"id", "name", "category",
"price", "quantity"}}; of the item only the id is required. Files may be at any depth. An event in a folder
date=YYYY-MM-DD belongs to that day, so that only the files of the requested days are read; any other event belongs to
the day of its `at` in UTC. An eventId counts once a day.

A day's summary covers only that day's events. Per category it has the number of events of each type, the number of
items that they are about, and the quantity and value (price × quantity) of these items as the day's last event left
each; a deleted item adds nothing, and one that changed its category adds to its last. Summarising a day again replaces
its summary; a day without events is left as it was.

Lines that are not events are counted and kept in SUMMARIES/_malformed, which readers of the summaries ignore; if no
line is an event, the job fails. Those of a day stay there until another run of that day finds some.

Exit codes: 0 done, 1 failed, 2 wrong arguments.
"""

import argparse
import json
import re
import sys
from datetime import datetime
from typing import NamedTuple

from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F

EVENT_SCHEMA = (
    "eventId STRING, type STRING, at STRING, "
    "item STRUCT<id: STRING, category: STRING, price: DECIMAL(18, 6), quantity: BIGINT>, malformed STRING"
)
TYPES = ["created", "updated", "deleted"]
# The largest price or quantity, as in the items API.
LARGEST = 1_000_000_000
RFC_3339 = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$"


class Arguments(NamedTuple):
    events: str
    summaries: str
    first: str
    """The first day, YYYY-MM-DD."""
    last: str


def read_arguments(values: list[str]) -> Arguments:
    """Exits with 2 and a line on standard error if the arguments are wrong."""
    parser = argparse.ArgumentParser(description="Summarises item events day by day.")
    parser.add_argument("--events", required=True, help="folder of the events, JSON lines")
    parser.add_argument("--summaries", required=True, help="folder of the summaries, Parquet")
    parser.add_argument("--date", type=day, help="the single day, YYYY-MM-DD; give this, or --from and --to")
    parser.add_argument("--key", type=day_of_key, dest="date", help="or the key of an object in a day's folder, date=YYYY-MM-DD/")
    parser.add_argument("--from", type=day, dest="first", help="the first day")
    parser.add_argument("--to", type=day, dest="last", help="the last day")
    given = parser.parse_args(values)
    days = [given.date, given.date] if given.date else [given.first, given.last]
    if None in days or (given.date and (given.first or given.last)):
        parser.error("give --date or --key, or both --from and --to")
    if days[1] < days[0]:
        parser.error(f"--to {days[1]} is before --from {days[0]}")
    return Arguments(given.events, given.summaries.rstrip("/"), *days)


def day_of_key(key: str) -> str:
    found = re.search(r"(?:^|/)date=([^/]*)/", key)
    if not found:
        raise argparse.ArgumentTypeError(f"{key} is not in the folder of a day, such as events/date=2026-01-31/")
    return day(found[1])


def day(text: str) -> str:
    try:
        return datetime.strptime(text, "%Y-%m-%d").strftime("%Y-%m-%d")
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day; write YYYY-MM-DD") from None


def read_lines(spark: SparkSession, folder: str, first: str, last: str) -> DataFrame:
    """The lines that may be of these days: `line`, `file`, and `folder_date` if the file is in a day's folder."""
    folder_date = F.regexp_extract("_metadata.file_path", r"/date=(\d{4}-\d{2}-\d{2})/", 1)
    return (
        spark.read.option("recursiveFileLookup", True)
        .text(folder)
        # Spark applies conditions on the file alone before it opens the file.
        .where((folder_date == "") | folder_date.between(first, last))
        .select(
            F.col("value").alias("line"),
            F.col("_metadata.file_path").alias("file"),
            F.nullif(folder_date, F.lit("")).alias("folder_date"),
        )
        .where(F.trim("line") != "")
    )


def parse(lines: DataFrame, first: str, last: str) -> DataFrame:
    """Adds `event`, `at`, `date` and whether the line is an event; drops lines of other days, keeps those of no day."""
    options = {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": "malformed"}
    at = F.when(F.col("event.at").rlike(RFC_3339), F.try_to_timestamp("event.at"))
    return (
        lines.withColumn("event", F.from_json("line", EVENT_SCHEMA, options))
        .withColumn("at", at)
        .withColumn("date", F.coalesce("folder_date", F.date_format("at", "yyyy-MM-dd")))
        .where(F.col("date").isNull() | F.col("date").between(first, last))
        .withColumn("is_event", F.coalesce(is_event(), F.lit(False)))
    )


def is_event() -> Column:
    has_ids = (F.col("event.eventId") != "") & (F.col("event.item.id") != "")
    is_known = F.col("event.type").isin(TYPES) & F.col("at").isNotNull()
    has_numbers = in_range("event.item.price") & in_range("event.item.quantity")
    return F.col("event.malformed").isNull() & has_ids & is_known & has_numbers


def in_range(number: str) -> Column:
    return F.coalesce(number, F.lit(0)).between(0, LARGEST)


def events_of(parsed: DataFrame) -> DataFrame:
    """The events, flattened, each once."""
    copies = Window.partitionBy("date", "eventId").orderBy("at", "id", "type")
    return (
        parsed.where("is_event")
        .select("date", "at", "event.eventId", "event.type", "event.item.*")
        .withColumn("copy", F.row_number().over(copies))
        .where("copy = 1")
    )


def summarise(events: DataFrame) -> DataFrame:
    """One row per day and category."""
    newest_first = Window.partitionBy("date", "id").orderBy(F.desc("at"), F.desc("eventId"))
    is_left = (F.col("age") == 1) & (F.col("type") != "deleted")
    value = F.col("price") * F.col("quantity").cast("DECIMAL(10, 0)")
    counts = [F.count_if(F.col("type") == kind).alias(kind) for kind in TYPES]
    return (
        events.withColumn("age", F.row_number().over(newest_first))
        .groupBy("date", "category")
        .agg(
            *counts,
            F.countDistinct("id").alias("items"),
            F.coalesce(F.sum(F.when(is_left, F.col("quantity"))), F.lit(0)).alias("quantity"),
            F.coalesce(F.sum(F.when(is_left, value)), F.lit(0).cast("DECIMAL(38, 6)")).alias("value"),
        )
    )


def replace_days(rows: DataFrame, write_format: str, folder: str) -> None:
    """Replaces the days that are among the rows, with one file each; other days stay."""
    (
        rows.repartition("date")
        .write.mode("overwrite")
        .option("partitionOverwriteMode", "dynamic")
        .partitionBy("date")
        .format(write_format)
        .save(folder)
    )


def run(spark: SparkSession, arguments: Arguments) -> int:
    """Runs the whole job and returns the exit code."""
    events_folder, summaries_folder, first, last = arguments
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    try:
        parsed = parse(read_lines(spark, events_folder, first, last), first, last).persist()
    except AnalysisException as error:
        log("ERROR", f"Cannot read {events_folder}: {error}")
        return 1
    counts = parsed.agg(F.count_if("is_event").alias("good"), F.count("*").alias("all")).first()
    good, malformed = counts["good"], counts["all"] - counts["good"]
    if malformed:
        kept = parsed.where("NOT is_event").select("line", "file", F.col("folder_date").alias("date"))
        replace_days(kept, "json", f"{summaries_folder}/_malformed")
    log("WARN" if malformed else "INFO", "Read the events", events=good, malformed=malformed)
    if malformed and not good:
        log("ERROR", f"No line in {events_folder} is an event; see {summaries_folder}/_malformed")
        return 1
    summaries = summarise(events_of(parsed))
    replace_days(summaries, "parquet", summaries_folder)
    parsed.unpersist()
    log("INFO", "Done", first=first, last=last)
    return 0


def log(level: str, message: str, **fields: object) -> None:
    """One line of JSON, which EMR keeps as the step's output."""
    print(json.dumps({"level": level, "message": message, **fields}), flush=True)


def main() -> int:
    arguments = read_arguments(sys.argv[1:])
    spark = SparkSession.builder.appName(f"daily-summary {arguments.first} {arguments.last}").getOrCreate()
    try:
        return run(spark, arguments)
    finally:
        spark.stop()


if __name__ == "__main__":
    sys.exit(main())
