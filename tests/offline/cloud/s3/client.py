"""Uses S3, and signatures, as Python programs do, and stops at the first difference from S3."""

import io
import urllib.error
import urllib.request

import boto3
from botocore.config import Config
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


def status_of(url, method="GET", data=None):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, method=method)) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


for version in ("s3", "s3v4"):
    presigning = boto3.client("s3", config=Config(signature_version=version))
    get = presigning.generate_presigned_url("get_object", Params={"Bucket": "raw", "Key": ODD})
    assert [status_of(get, method) for method in ("GET", "PUT", "DELETE")] == [200, 403, 403], get
    place = {"Bucket": "raw", "Key": "presigned", "ContentType": "text/plain"}
    put = presigning.generate_presigned_url("put_object", Params=place)
    assert status_of(put, "PUT", b"text") == 403
    request = urllib.request.Request(put, b"text", {"Content-Type": "text/plain"}, method="PUT")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    assert status_of(presigning.generate_presigned_url("get_object", {"Bucket": "raw", "Key": "a"}, -1)) in (400, 403)
    s3.delete_object(Bucket="raw", Key="presigned")

sts = boto3.client("sts")
with urllib.request.urlopen(sts.generate_presigned_url("get_caller_identity", HttpMethod="GET")) as answer:
    assert b"user/offline" in answer.read()
assert sts.get_caller_identity()["Arn"].endswith(":user/offline")
invoke = {"FunctionName": "arn:aws:lambda:eu-west-1:123456789012:function:a b", "Payload": b"{}"}
assert code_of(boto3.client("lambda").invoke, **{**invoke, "FunctionName": "none"}) == "ResourceNotFoundException"
assert code_of(boto3.client("lambda").invoke, **invoke) == "ValidationException"

assert code_of(s3.get_object, Bucket="raw", Key="nowhere") == "NoSuchKey"
assert code_of(s3.head_object, Bucket="raw", Key="nowhere") == "404"
assert code_of(s3.head_bucket, Bucket="nowhere") == "404"
assert code_of(s3.get_object, Bucket="raw", Key="large", IfNoneMatch="*") == "304"
assert code_of(s3.get_bucket_policy, Bucket="raw") == "NotEmulated"

deleted = s3.delete_objects(Bucket="raw", Delete={"Objects": [{"Key": ODD}, {"Key": "large"}]})
assert {one["Key"] for one in deleted["Deleted"]} == {ODD, "large"}, deleted
assert s3.list_objects_v2(Bucket="raw")["KeyCount"] == 0
print("everything is as in S3")
