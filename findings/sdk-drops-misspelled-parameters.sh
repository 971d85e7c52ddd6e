#!/usr/bin/env bash
# The AWS SDK for JavaScript leaves out parameters that it does not know, where the one for Python refuses the call.
#
# Versions: @aws-sdk/client-batch 3.1138.0, typescript 5.9.3, botocore 1.44.5
# Expected: both SDKs are made from one model of the API, and a call with a misspelled parameter fails in both.
# Seen:     botocore names the unknown parameter. The SDK for JavaScript sends the request without it, and TypeScript
#           finds nothing either once the overrides are a variable: a wrong name is an error in literals only.
# Why it matters: the job runs with the job definition's environment, not with the one that was asked for, such as the
#           production database instead of the test one; and Batch reports success.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund @aws-sdk/client-batch@3.1138.0 typescript@5.9.3 @types/node@20.19.0 >/dev/null
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check botocore==1.44.5

cat > try.ts <<'EOF'
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Batch } from "@aws-sdk/client-batch";

const server = createServer(async (request, response) => {
  console.log("JavaScript sends", Buffer.concat(await request.toArray()).toString());
  response.end("{}");
});
server.listen(0, "127.0.0.1", async () => {
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  const batch = new Batch({ endpoint: `http://127.0.0.1:${port}`, region: "eu-west-1", credentials });
  const containerOverrides = { command: ["run"], enviroment: [{ name: "DATABASE", value: "test" }] };
  await batch.submitJob({ jobName: "j", jobQueue: "q", jobDefinition: "d", containerOverrides });
  server.close();
});
EOF
cat > try.py <<'EOF'
import botocore.session
from botocore.validate import ParamValidator

overrides = {"command": ["run"], "enviroment": [{"name": "DATABASE", "value": "test"}]}
call = {"jobName": "j", "jobQueue": "q", "jobDefinition": "d", "containerOverrides": overrides}
model = botocore.session.get_session().get_service_model("batch")
print(ParamValidator().validate(call, model.operation_model("SubmitJob").input_shape).generate_report().split(",")[0])
EOF
npx --no-install tsc --strict --skipLibCheck --target es2022 --module commonjs try.ts
seen=$(node --no-warnings try.js && venv/bin/python try.py)
diff - <(echo "$seen") <<'EOF'
JavaScript sends {"jobName":"j","jobQueue":"q","jobDefinition":"d","containerOverrides":{"command":["run"]}}
Unknown parameter in containerOverrides: "enviroment"
EOF
echo "as described"
