#!/usr/bin/env bash
# moto stores items and runs updates that DynamoDB refuses with a ValidationException.
#
# Versions: moto 5.2.5, boto3 1.44.5
# Expected: DynamoDB refuses an attribute whose type is not that of an index's key, a set with the same element twice,
#           a batch that puts and deletes one item, an update of two paths of which one contains the other, and a
#           number with more than 38 digits.
# Seen:     moto accepts all five, although it checks some of it: index keys that are null or empty, two puts of one
#           item.
# Why it matters: each is a usual mistake that the test should find: the batch that replaces an item, the order number
#           that one service writes as text and another as number. The first sign of it is an error in production.
# Source:   the references of PutItem, BatchWriteItem and UpdateItem in the DynamoDB API Reference; "Update
#           expressions"
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check 'moto[dynamodb]==5.2.5' boto3==1.44.5 botocore==1.44.5

cat > try.py <<'EOF'
import boto3
from moto import mock_aws

with mock_aws():
    dynamodb = boto3.client("dynamodb", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
    index = {"KeySchema": [{"AttributeName": "order", "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}
    dynamodb.create_table(
        TableName="items",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "order")],
        GlobalSecondaryIndexes=[{"IndexName": "by-order", **index}],
    )
    key = {"id": {"S": "1"}}
    put = {"TableName": "items", "Item": {**key, "list": {"L": []}}}
    both = [{"PutRequest": {"Item": put["Item"]}}, {"DeleteRequest": {"Key": key}}]
    update = {"TableName": "items", "Key": key, "UpdateExpression": "SET #l = :new, #l[0] = :one"}
    values = {":new": {"L": []}, ":one": {"N": "1"}}
    calls = {
        "a number as an index's text key": lambda: dynamodb.put_item(TableName="items", Item={**key, "order": {"N": "12"}}),
        "a set with an element twice": lambda: dynamodb.put_item(TableName="items", Item={**key, "tags": {"SS": ["a", "a"]}}),
        "a number of 39 digits": lambda: dynamodb.put_item(TableName="items", Item={**key, "count": {"N": "1" * 39}}),
        "a put and a delete of one item": lambda: dynamodb.batch_write_item(RequestItems={"items": both}),
        "an item with a list": lambda: dynamodb.put_item(**put),
        "an update of the list and of its first element": lambda: dynamodb.update_item(
            **update, ExpressionAttributeNames={"#l": "list"}, ExpressionAttributeValues=values
        ),
    }
    for what, call in calls.items():
        print(f"{what}: {call()['ResponseMetadata']['HTTPStatusCode']}")
EOF
seen=$(venv/bin/python try.py)
diff - <(echo "$seen") <<'EOF'
a number as an index's text key: 200
a set with an element twice: 200
a number of 39 digits: 200
a put and a delete of one item: 200
an item with a list: 200
an update of the list and of its first element: 200
EOF
echo "as described"
