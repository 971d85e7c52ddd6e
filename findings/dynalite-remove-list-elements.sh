#!/usr/bin/env bash
# dynalite removes the wrong list elements when an update removes two of them.
#
# Versions: dynalite 4.0.0, @aws-sdk/client-dynamodb 3.1164.0
# Expected: the indexes in `REMOVE l[0], l[1]` mean positions in the list as it was before the update, as in
#           DynamoDB, whose guide removes two elements of one list this way. Of [a, b, c], [c] remains.
# Seen:     [b] remains. dynalite removes l[0], the rest moves up, and l[1] is then the former third element.
# Why it matters: nothing fails. Code that is right on AWS loses the wrong data in a local test, and code that was
#           made to pass locally (each index reduced by one) loses the wrong data on AWS.
# Source:   "Removing Elements from a List" in the DynamoDB Developer Guide, Expressions.UpdateExpressions.html.
#           moto had the same mistake and mended it: https://github.com/getmoto/moto/issues/5748
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund dynalite@4.0.0 @aws-sdk/client-dynamodb@3.1164.0 >/dev/null

cat > try.cjs <<'EOF'
const { DynamoDB } = require("@aws-sdk/client-dynamodb");
const server = require("dynalite")({ createTableMs: 0 });
server.listen(0, "127.0.0.1", async () => {
  const client = new DynamoDB({
    endpoint: `http://127.0.0.1:${server.address().port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  });
  const TableName = "lists";
  await client.createTable({
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  });
  while ((await client.describeTable({ TableName })).Table.TableStatus !== "ACTIVE");
  const id = { S: "1" };
  await client.putItem({ TableName, Item: { id, l: { L: [{ S: "a" }, { S: "b" }, { S: "c" }] } } });
  const { Attributes } = await client.updateItem({
    TableName,
    Key: { id },
    UpdateExpression: "REMOVE l[0], l[1]",
    ReturnValues: "ALL_NEW",
  });
  console.log(JSON.stringify(Attributes.l));
  server.close();
});
EOF
seen=$(node --no-warnings try.cjs)
diff - <(echo "$seen") <<'EOF'
{"L":[{"S":"b"}]}
EOF
echo "as described"
