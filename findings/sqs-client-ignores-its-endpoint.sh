#!/usr/bin/env bash
# The JavaScript SDK sends an SQS request to the queue URL's host, although the client has an endpoint of its own.
#
# Versions: @aws-sdk/client-sqs 3.1175.0
# Expected: AWS_ENDPOINT_URL_SQS sends the requests of all clients of SQS to that address, as "Service-specific
#           endpoints" in the AWS SDKs and Tools Reference Guide says.
# Seen:     ListQueues goes there. SendMessage goes to the host in its QueueUrl, with a warning and nothing else. Only
#           `useQueueUrlAsEndpoint: false`, an option of the client's code, keeps it from that.
# Why it matters: whoever points a program at an emulator or a proxy by the environment alone sends its messages to the
#           real queue, if the URL that it is given is AWS's. That is what an infrastructure tool's output says.
# Source:   the reference guide, https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund @aws-sdk/client-sqs@3.1175.0 >/dev/null

cat > try.cjs <<'EOF'
const { SQS } = require("@aws-sdk/client-sqs");
const http = require("node:http");
const serve = (name, seen) =>
  new Promise((resolve) => {
    const server = http.createServer((request, response) => {
      request.resume();
      seen.push(`${request.headers["x-amz-target"].replace(/.*\./, "")} reaches ${name}`);
      response.end("{}");
    });
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
const addressOf = (server) => `http://127.0.0.1:${server.address().port}`;
(async () => {
  const seen = [];
  const [configured, queue] = [await serve("the endpoint", seen), await serve("the queue URL's host", seen)];
  process.env.AWS_ENDPOINT_URL_SQS = addressOf(configured);
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  const send = async (options) => {
    const client = new SQS({ region: "eu-west-1", credentials, md5: false, logger: undefined, ...options });
    await client.listQueues({});
    await client.sendMessage({ QueueUrl: `${addressOf(queue)}/123456789012/orders`, MessageBody: "hello" });
    client.destroy();
  };
  await send({});
  await send({ useQueueUrlAsEndpoint: false });
  console.log(seen.join("\n"));
  for (const server of [configured, queue]) server.close();
})();
EOF
seen=$(node --no-warnings try.cjs 2>/dev/null | grep reaches)
diff - <(echo "$seen") <<'EOF'
ListQueues reaches the endpoint
SendMessage reaches the queue URL's host
ListQueues reaches the endpoint
SendMessage reaches the endpoint
EOF
echo "as described"
