#!/usr/bin/env bash
# DynamoDB's sums have at most 38 digits. dynalite keeps more, and moto rounds decimals to 28.
#
# Versions: dynalite 4.0.0 with @aws-sdk/client-dynamodb 3.1164.0; moto 5.2.5 with boto3 1.44.5
# Expected: an update computes with 38 digits, as DynamoDB's numbers have, and one whose result needs more is refused.
# Seen:     of a decimal with 30 digits moto keeps 28, so that small amounts are lost; a whole number of 39 digits it
#           keeps. dynalite adds exactly, and keeps results of 39 and 40 digits that its PutItem would refuse.
# Why it matters: amounts with 18 decimals, as tokens have, reach 30 digits at a trillion. A sum that is wrong in moto
#           is right on AWS, and one that is right in dynalite is an error on AWS.
# Source:   "Number" in the DynamoDB Developer Guide, HowItWorks.NamingRulesDataTypes.html: "Exceeding this results in
#           an exception"
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund dynalite@4.0.0 @aws-sdk/client-dynamodb@3.1164.0 >/dev/null
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check 'moto[dynamodb]==5.2.5' boto3==1.44.5 botocore==1.44.5

cat > sums.json <<'EOF'
[["123456789012.123456789012345678", "0.000000000000000001"],
 ["99999999999999999999999999999999999999", "2"],
 ["99999999999999999999999999999999999999", "1.1"]]
EOF
cat > try.cjs <<'EOF'
const { DynamoDB } = require("@aws-sdk/client-dynamodb");
const server = require("dynalite")({ createTableMs: 0 });
server.listen(0, "127.0.0.1", async () => {
  const client = new DynamoDB({
    endpoint: `http://127.0.0.1:${server.address().port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  });
  const TableName = "accounts";
  await client.createTable({
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  });
  while ((await client.describeTable({ TableName })).Table.TableStatus !== "ACTIVE");
  const Key = { id: { S: "1" } };
  for (const [balance, amount] of require("./sums.json")) {
    await client.putItem({ TableName, Item: { ...Key, balance: { N: balance } } });
    const UpdateExpression = "ADD balance :amount";
    const ExpressionAttributeValues = { ":amount": { N: amount } };
    await client.updateItem({ TableName, Key, UpdateExpression, ExpressionAttributeValues });
    console.log("dynalite:", (await client.getItem({ TableName, Key })).Item.balance.N);
  }
  server.close();
});
EOF
cat > try.py <<'EOF'
import json

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
    key = {"id": {"S": "1"}}
    for balance, amount in json.load(open("sums.json")):
        dynamodb.put_item(TableName="accounts", Item={**key, "balance": {"N": balance}})
        values = {":amount": {"N": amount}}
        add = {"UpdateExpression": "ADD balance :amount", "ExpressionAttributeValues": values}
        dynamodb.update_item(TableName="accounts", Key=key, **add)
        print("moto:", dynamodb.get_item(TableName="accounts", Key=key)["Item"]["balance"]["N"])
EOF
seen=$(node --no-warnings try.cjs && venv/bin/python try.py)
diff - <(echo "$seen") <<'EOF'
dynalite: 123456789012.123456789012345679
dynalite: 100000000000000000000000000000000000001
dynalite: 100000000000000000000000000000000000000.1
moto: 123456789012.1234567890123457
moto: 100000000000000000000000000000000000001
moto: 1.000000000000000000000000000E+38
EOF
echo "as described"
