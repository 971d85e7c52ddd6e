#!/usr/bin/env bash
# In moto's PartiQL `<>` means equal, a number in the statement equals none, and IN looks at its first value only.
#
# Versions: moto 5.2.5 with py-partiql-parser 0.6.3, boto3 1.44.5
# Expected: `WHERE` selects the items for which the condition holds, as in DynamoDB. INSERT of a key that exists is a
#           DuplicateItemException.
# Seen:     `<>` finds the items that are equal. NOT, BETWEEN, and `=` with a number find nothing; with the number as a
#           parameter, `=` does. IN finds the items with its first value. INSERT replaces the whole item and reports
#           success.
# Why it matters: none of it is an error. A test that nobody but the owner finds a thing passes because nobody does,
#           and code that relies on INSERT to detect a duplicate overwrites it in the test without a trace.
# Source:   "PartiQL operators", "PartiQL select statements" and "PartiQL insert statements" in the DynamoDB Developer
#           Guide, ql-operators.html. Of conditions, moto has had more than equality of texts since
#           https://github.com/getmoto/moto/pull/6939
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check \
  'moto[dynamodb]==5.2.5' py-partiql-parser==0.6.3 boto3==1.44.5 botocore==1.44.5

cat > try.py <<'EOF'
import boto3
from moto import mock_aws

with mock_aws():
    dynamodb = boto3.client("dynamodb", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
    dynamodb.create_table(
        TableName="rooms",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    a = {"id": {"S": "a"}, "lamps": {"N": "1"}, "colour": {"S": "red"}}
    b = {"id": {"S": "b"}, "lamps": {"N": "2"}, "colour": {"S": "blue"}}
    for item in (a, b, {"id": {"S": "c"}, "colour": {"S": "red"}}):
        dynamodb.put_item(TableName="rooms", Item=item)
    for condition in (
        "colour = 'red'",
        "colour <> 'red'",
        "NOT colour = 'red'",
        "lamps = 1",
        "lamps BETWEEN 1 AND 2",
        "id IN ['a', 'b']",
    ):
        found = dynamodb.execute_statement(Statement=f"SELECT id FROM rooms WHERE {condition}")["Items"]
        print(f"{condition}:", *sorted(item["id"]["S"] for item in found))
    found = dynamodb.execute_statement(Statement="SELECT id FROM rooms WHERE lamps = ?", Parameters=[{"N": "1"}])["Items"]
    print("lamps = ?:", *(item["id"]["S"] for item in found))
    dynamodb.execute_statement(Statement="INSERT INTO rooms VALUE {'id': 'a', 'colour': 'green'}")
    print("INSERT makes a", dynamodb.get_item(TableName="rooms", Key={"id": {"S": "a"}})["Item"])
EOF
seen=$(venv/bin/python try.py)
diff - <(echo "$seen") <<'EOF'
colour = 'red': a c
colour <> 'red': a c
NOT colour = 'red':
lamps = 1:
lamps BETWEEN 1 AND 2:
id IN ['a', 'b']: a
lamps = ?: a
INSERT makes a {'id': {'S': 'a'}, 'colour': {'S': 'green'}}
EOF
echo "as described"
