#!/usr/bin/env bash
# The JavaScript SDK's client of Kinesis cannot talk to a server of HTTP/1.1, and says that the connection was closed.
#
# Versions: @aws-sdk/client-kinesis 3.1143.0, @aws-sdk/client-firehose 3.1143.0
# Expected: a client with an http:// endpoint speaks HTTP/1.1, as those of all other services of that kind do.
# Seen:     the client of Kinesis begins with HTTP/2 and prior knowledge, for every operation, although only one of them
#           (SubscribeToShard) needs it. A server of HTTP/1.1, such as most emulators and proxies, never sees a request.
#           With `requestHandler: new NodeHttpHandler()` the same client works.
# Why it matters: an emulator that answers the AWS CLI and boto3 fails for Node.js alone, and the error does not say why.
# Source:   the client's default request handler; AWS's own endpoints speak both versions
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund \
  @aws-sdk/client-kinesis@3.1143.0 @aws-sdk/client-firehose@3.1143.0 @smithy/node-http-handler@4 >/dev/null

cat > try.cjs <<'EOF'
const { Kinesis } = require("@aws-sdk/client-kinesis");
const { Firehose } = require("@aws-sdk/client-firehose");
const { NodeHttpHandler } = require("@smithy/node-http-handler");
let requests = 0;
const server = require("node:http").createServer((request, response) => {
  requests++;
  request.resume();
  response.setHeader("content-type", "application/x-amz-json-1.1");
  response.end("{}");
});
server.listen(0, "127.0.0.1", async () => {
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  const common = { endpoint, region: "eu-west-1", credentials: { accessKeyId: "x", secretAccessKey: "x" }, maxAttempts: 1 };
  const call = async (name, client, send) => {
    requests = 0;
    const outcome = await send(client).then(() => "an answer", () => "an error");
    console.log(`${name}: ${outcome}, ${requests} requests seen`);
    client.destroy();
  };
  await call("Firehose", new Firehose(common), (client) => client.listDeliveryStreams({}));
  await call("Kinesis", new Kinesis(common), (client) => client.listStreams({}));
  const requestHandler = new NodeHttpHandler();
  await call("Kinesis over HTTP/1.1", new Kinesis({ ...common, requestHandler }), (client) => client.listStreams({}));
  server.closeAllConnections();
  server.close();
});
EOF
seen=$(node --no-warnings try.cjs 2>/dev/null)
diff - <(echo "$seen") <<'EOF'
Firehose: an answer, 1 requests seen
Kinesis: an error, 0 requests seen
Kinesis over HTTP/1.1: an answer, 1 requests seen
EOF
echo "as described"
