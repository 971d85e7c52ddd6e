"""Uses S3 as Python programs do, and stops at the first thing that is other than it should be."""

import io
import urllib.request

import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3")
ODD = "a b/ü+%2F/../<x>&/"


def code_of(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "none"


put = s3.put_object(Bucket="raw", Key=ODD, Body=b"text", ContentType="text/plain", Metadata={"a": "1"})
got = s3.get_object(Bucket="raw", Key=ODD)
assert (got["Body"].read(), got["ContentType"], got["Metadata"]) == (b"text", "text/plain", {"a": "1"}), got
assert got["ETag"] == put["ETag"], got

data = bytes(range(256)) * 36 * 1024
s3.upload_fileobj(io.BytesIO(data), "raw", "large")
s3.copy({"Bucket": "raw", "Key": "large"}, "results", "large")
copied = io.BytesIO()
s3.download_fileobj("results", "large", copied)
assert copied.getvalue() == data, len(copied.getvalue())

pages = s3.get_paginator("list_objects_v2").paginate(Bucket="raw", PaginationConfig={"PageSize": 1})
assert [one["Key"] for page in pages for one in page["Contents"]] == [ODD, "large"]
assert [one.key for one in boto3.resource("s3").Bucket("raw").objects.all()] == [ODD, "large"]

url = s3.generate_presigned_url("get_object", Params={"Bucket": "raw", "Key": ODD, "ResponseContentType": "text/html"})
with urllib.request.urlopen(url) as answer:
    assert (answer.read(), answer.headers["Content-Type"]) == (b"text", "text/html")

assert code_of(s3.get_object, Bucket="raw", Key="nowhere") == "NoSuchKey"
assert code_of(s3.head_object, Bucket="raw", Key="nowhere") == "404"
assert code_of(s3.head_bucket, Bucket="nowhere") == "404"
assert code_of(s3.get_object, Bucket="raw", Key="large", IfNoneMatch="*") == "304"
assert code_of(s3.get_bucket_policy, Bucket="raw") == "NotEmulated"

deleted = s3.delete_objects(Bucket="raw", Delete={"Objects": [{"Key": ODD}, {"Key": "large"}]})
assert {one["Key"] for one in deleted["Deleted"]} == {ODD, "large"}, deleted
assert s3.list_objects_v2(Bucket="raw")["KeyCount"] == 0
print("all is as with S3")
