"""Counts the words of text files: count.py INPUT OUTPUT."""

import sys

from pyspark.sql import SparkSession
from pyspark.sql.functions import col, explode, split

spark = SparkSession.builder.appName("count").getOrCreate()
words = spark.read.text(sys.argv[1]).select(explode(split(col("value"), r"\s+")).alias("word"))
words.groupBy("word").count().write.mode("overwrite").parquet(sys.argv[2])
