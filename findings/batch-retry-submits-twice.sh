#!/usr/bin/env bash
# An SDK call that submits one Batch job can start two, and the caller learns of one.
#
# Versions: @aws-sdk/client-batch 3.1138.0, @aws-sdk/client-emr-serverless 3.1164.0
# Expected: the SDK repeats a request by itself, so it repeats only what AWS can recognise as the same request. Where
#           an API has a token for that, the SDK fills it in and keeps it over attempts, as StartJobRun of EMR
#           Serverless shows.
# Seen:     SubmitJob has no token. When the connection breaks after AWS has taken the job, the SDK's default retry
#           submits it again, and the answer names the second job only.
# Why it matters: a job that charges cards, sends mail or appends to a table runs twice, with no error anywhere.
#           Callers need `maxAttempts: 1` for SubmitJob, or jobs that tolerate it.
# Source:   the request members of SubmitJob in the AWS Batch API Reference: there is no client token among them
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund \
  @aws-sdk/client-batch@3.1138.0 @aws-sdk/client-emr-serverless@3.1164.0 >/dev/null

cat > try.cjs <<'EOF'
const { Batch } = require("@aws-sdk/client-batch");
const { EMRServerless } = require("@aws-sdk/client-emr-serverless");
const taken = [];
const server = require("node:http").createServer(async (request, response) => {
  taken.push(JSON.parse(Buffer.concat(await request.toArray())));
  if (taken.length % 2) return request.socket.destroy(); // taken, and the answer is lost
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ jobId: `job-${taken.length}` }));
});
server.listen(0, "127.0.0.1", async () => {
  const options = {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
  };
  const { jobId } = await new Batch(options).submitJob({ jobName: "pay", jobQueue: "q", jobDefinition: "d" });
  const [first, second] = taken.splice(0).map((request) => JSON.stringify(request));
  console.log(`Batch: ${first}, the same again: ${first === second}, known to the caller: ${jobId}`);
  const executionRoleArn = "arn:aws:iam::123456789012:role/r";
  await new EMRServerless(options).startJobRun({ applicationId: "a", executionRoleArn });
  const tokens = taken.map(({ clientToken }) => clientToken);
  console.log(`EMR Serverless: two attempts, one token: ${typeof tokens[0] === "string" && tokens[0] === tokens[1]}`);
  server.close();
});
EOF
seen=$(node --no-warnings try.cjs)
diff - <(echo "$seen") <<'EOF'
Batch: {"jobName":"pay","jobQueue":"q","jobDefinition":"d"}, the same again: true, known to the caller: job-2
EMR Serverless: two attempts, one token: true
EOF
echo "as described"
