#!/usr/bin/env bash
# In dynalite, a map or a list is never equal to another, not even to the one that was just stored.
#
# Versions: dynalite 4.0.0, @aws-sdk/client-dynamodb 3.1164.0
# Expected: `=` holds between maps with equal entries and between lists with equal elements, so that a write can depend
#           on a document being what the caller has read.
# Seen:     `=` and IN are false for every map, and for every list that is not empty; `<>` is true. Sets and texts are
#           compared as they should be.
# Why it matters: an optimistic update ("only if the address is still what I read") always fails locally, with the
#           exception that means a competing write. The opposite condition, "only if it has changed", always passes.
# Source:   "= : a is equal to b" for all types in "Condition and filter expressions, operators, and functions",
#           Expressions.OperatorsAndFunctions.html. dynoxide had this mistake and mended it:
#           https://github.com/nubo-db/dynoxide/issues/103
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
  const TableName = "people";
  await client.createTable({
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  });
  while ((await client.describeTable({ TableName })).Table.TableStatus !== "ACTIVE");
  const values = { map: { M: { street: { S: "Elm" } } }, list: { L: [{ S: "a" }] }, set: { SS: ["a"] }, text: { S: "a" } };
  for (const [type, value] of Object.entries(values)) {
    const Item = { id: { S: "1" }, value };
    await client.putItem({ TableName, Item });
    for (const condition of ["#value = :same", "#value IN (:same)", "#value <> :same"]) {
      const names = { ExpressionAttributeNames: { "#value": "value" }, ExpressionAttributeValues: { ":same": value } };
      const write = client.putItem({ TableName, Item, ConditionExpression: condition, ...names });
      console.log(`${type}: ${condition}:`, await write.then(() => "written", (error) => error.name));
    }
  }
  server.close();
});
EOF
seen=$(node --no-warnings try.cjs)
diff - <(echo "$seen") <<'EOF'
map: #value = :same: ConditionalCheckFailedException
map: #value IN (:same): ConditionalCheckFailedException
map: #value <> :same: written
list: #value = :same: ConditionalCheckFailedException
list: #value IN (:same): ConditionalCheckFailedException
list: #value <> :same: written
set: #value = :same: written
set: #value IN (:same): written
set: #value <> :same: ConditionalCheckFailedException
text: #value = :same: written
text: #value IN (:same): written
text: #value <> :same: ConditionalCheckFailedException
EOF
echo "as described"
