#!/usr/bin/env bash
# The DynamoDB document client rounds decimals that it reads, so that keys it has read find nothing.
#
# Versions: @aws-sdk/lib-dynamodb and @aws-sdk/client-dynamodb 3.1164.0, dynalite 4.0.0
# Expected: a number that JavaScript cannot hold comes back in another form or as an error: large whole numbers become
#           a BigInt, and writing an imprecise one fails ("greater than Number.MAX_SAFE_INTEGER").
# Seen:     a decimal is silently rounded to what a JavaScript number holds. A scan returns an item whose sort key is a
#           time in seconds with nanoseconds, and get and delete with the key that was just read do not find it.
# Why it matters: DeleteItem of an item that does not exist succeeds, so a clean-up reports success and deletes
#           nothing. An item that is read and written again has other amounts than before. `unmarshallOptions: {
#           wrapNumbers: true }` keeps all digits, and is off by default.
# Source:   the guards against imprecise numbers are discussed in https://github.com/aws/aws-sdk-js-v3/issues/6571
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund \
  dynalite@4.0.0 @aws-sdk/client-dynamodb@3.1164.0 @aws-sdk/lib-dynamodb@3.1164.0 >/dev/null

cat > try.cjs <<'EOF'
const { DynamoDB } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocument } = require("@aws-sdk/lib-dynamodb");
const server = require("dynalite")({ createTableMs: 0 });
server.listen(0, "127.0.0.1", async () => {
  const client = new DynamoDB({
    endpoint: `http://127.0.0.1:${server.address().port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  });
  const TableName = "readings";
  await client.createTable({
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [
      { AttributeName: "device", KeyType: "HASH" },
      { AttributeName: "at", KeyType: "RANGE" },
    ],
    AttributeDefinitions: [
      { AttributeName: "device", AttributeType: "S" },
      { AttributeName: "at", AttributeType: "N" },
    ],
  });
  while ((await client.describeTable({ TableName })).Table.TableStatus !== "ACTIVE");
  const Item = { device: { S: "d" }, at: { N: "1790000000.123456789" }, ticks: { N: "9007199254740993" } };
  await client.putItem({ TableName, Item });
  const documents = DynamoDBDocument.from(client);
  const [{ ticks, ...Key }] = (await documents.scan({ TableName })).Items;
  console.log("read:", Key.at, `${typeof ticks} ${ticks}`);
  console.log("get:", (await documents.get({ TableName, Key })).Item);
  const { $metadata } = await documents.delete({ TableName, Key });
  console.log("delete:", $metadata.httpStatusCode, "left:", (await documents.scan({ TableName })).Count);
  server.close();
});
EOF
seen=$(node --no-warnings try.cjs)
diff - <(echo "$seen") <<'EOF'
read: 1790000000.1234567 bigint 9007199254740993
get: undefined
delete: 200 left: 1
EOF
echo "as described"
