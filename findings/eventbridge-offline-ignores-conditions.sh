#!/usr/bin/env bash
# serverless-offline-aws-eventbridge delivers events that their rules exclude.
#
# Version:  serverless-offline-aws-eventbridge 2.2.4
# Expected: as in EventBridge, all keys of a pattern must match, `$or` beside other keys is one more condition,
#           `anything-but` takes a prefix, and wants the field to be there.
# Seen:     with `$or` in `detail`, all other keys of `detail` are ignored. `anything-but` with a prefix matches what
#           it should exclude, and `anything-but` matches an event without the field. `account` is never compared.
# Why it matters: filters are what keeps a handler from events that it must not process. Locally the handler gets
#           them, so a test of "not delivered" fails for no fault of the rule; or a wrong rule is made to fit.
# Source:   "Creating Amazon EventBridge event patterns" in the EventBridge User Guide, eb-create-pattern-operators.html
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps \
  serverless-offline-aws-eventbridge@2.2.4 >/dev/null

cat > try.cjs <<'EOF'
const loaded = require("serverless-offline-aws-eventbridge");
const plugin = Object.create((loaded.default ?? loaded).prototype);
plugin.logDebug = () => {};
const delivered = (pattern, detail) =>
  plugin.verifyIsSubscribed(
    { event: { pattern } },
    { Source: "jobs", DetailType: "changed", Detail: JSON.stringify(detail) },
  );
for (const [pattern, detail] of [
  [{ detail: { state: ["FAILED"] } }, { state: "SUCCEEDED", queue: "spot" }],
  [{ detail: { state: ["FAILED"], $or: [{ queue: ["spot"] }, { queue: ["fargate"] }] } }, { state: "SUCCEEDED", queue: "spot" }],
  [{ detail: { queue: [{ "anything-but": { prefix: "test-" } }] } }, { queue: "test-1" }],
  [{ detail: { queue: [{ "anything-but": "test" }] } }, { state: "FAILED" }],
  [{ account: ["111111111111"], source: ["jobs"] }, {}],
]) {
  console.log(`${JSON.stringify(pattern)} and ${JSON.stringify(detail)}: ${delivered(pattern, detail)}`);
}
EOF
seen=$(node try.cjs)
diff - <(echo "$seen") <<'EOF'
{"detail":{"state":["FAILED"]}} and {"state":"SUCCEEDED","queue":"spot"}: false
{"detail":{"state":["FAILED"],"$or":[{"queue":["spot"]},{"queue":["fargate"]}]}} and {"state":"SUCCEEDED","queue":"spot"}: true
{"detail":{"queue":[{"anything-but":{"prefix":"test-"}}]}} and {"queue":"test-1"}: true
{"detail":{"queue":[{"anything-but":"test"}]}} and {"state":"FAILED"}: true
{"account":["111111111111"],"source":["jobs"]} and {}: true
EOF
echo "as described"
