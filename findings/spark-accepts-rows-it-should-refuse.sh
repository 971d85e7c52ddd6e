#!/usr/bin/env bash
# Spark's FAILFAST lets bad rows pass, and its count of a DataFrame differs from the rows in it.
#
# Version:  pyspark 3.5.9, the Spark line of EMR 7; 4.0.1 does the same. Needs Java 17.
# Expected: a reader with mode FAILFAST fails at a row that does not fit the schema, DROPMALFORMED drops the row, and
#           count() is the number of rows that collect() returns.
# Seen:     Spark converts only the columns that a query needs, and judges a row by those. FAILFAST counts three rows,
#           and selects their ids, where collect() fails; DROPMALFORMED counts three rows and returns two.
# Why it matters: a step that compares `df.count()` with a manifest, or fails fast on purpose, passes with bad rows. One
#           more column in a later select changes how many rows there are.
# Source:   for CSV, SPARK-28058 and the SQL migration guide for 2.4 (spark.sql.csv.parser.columnPruning.enabled). JSON
#           is not mentioned there, and does the same.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pyspark==3.5.9

printf 'id,n\n1,10\n2,many\n3,30\n' > rows.csv
printf '{"id":1,"n":10}\n{"id":2,"n":"many"}\n{"id":3,"n":30}\n' > rows.json
cat > try.py <<'EOF'
from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")


def outcome(ask):
    try:
        return ask()
    except Exception:
        return "refused"


for kind in ("csv", "json"):
    for mode in ("FAILFAST", "DROPMALFORMED"):
        rows = spark.read.load(f"rows.{kind}", kind, "id int, n int", mode=mode, header=True)
        found = [rows.count, lambda: len(rows.select("id").collect()), lambda: len(rows.collect())]
        print(kind, mode, *(f"{name} {outcome(ask)}" for name, ask in zip(("count", "ids", "rows"), found)))
EOF
seen=$(venv/bin/python try.py 2>/dev/null)
diff - <(echo "$seen") <<'EOF'
csv FAILFAST count 3 ids 3 rows refused
csv DROPMALFORMED count 3 ids 3 rows 2
json FAILFAST count 3 ids 3 rows refused
json DROPMALFORMED count 3 ids 3 rows 2
EOF
echo "as described"
