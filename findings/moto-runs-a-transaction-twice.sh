#!/usr/bin/env bash
# moto runs a DynamoDB transaction again when it is repeated with the same token.
#
# Versions: moto 5.2.5, boto3 1.44.5
# Expected: within ten minutes, a TransactWriteItems with a ClientRequestToken that has succeeded before succeeds
#           without any effect, and one with other content is an IdempotentParameterMismatchException.
# Seen:     moto does not look at the token. Each call is carried out, whatever the token was used for before.
# Why it matters: code that is right on AWS, such as a payment that a queue delivers twice, books twice in the test.
#           Code that uses one token for two different transactions passes, and on AWS the second one is refused.
# Source:   ClientRequestToken in the reference of TransactWriteItems, API_TransactWriteItems.html
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
    dynamodb.create_table(
        TableName="accounts",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    account = {"TableName": "accounts", "Key": {"id": {"S": "1"}}}
    for amount in ("10", "10", "500"):
        values = {":amount": {"N": amount}}
        update = {**account, "UpdateExpression": "ADD balance :amount", "ExpressionAttributeValues": values}
        dynamodb.transact_write_items(TransactItems=[{"Update": update}], ClientRequestToken="payment-7")
        print("after", amount, "the balance is", dynamodb.get_item(**account)["Item"]["balance"]["N"])
EOF
seen=$(venv/bin/python try.py)
diff - <(echo "$seen") <<'EOF'
after 10 the balance is 10
after 10 the balance is 20
after 500 the balance is 520
EOF
echo "as described"
