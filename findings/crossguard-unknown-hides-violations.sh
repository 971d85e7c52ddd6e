#!/usr/bin/env bash
# One unknown value turns a mandatory policy into advice, and hides a violation that is plain to see.
#
# Versions: @pulumi/policy 1.21.0, @pulumi/pulumi 3.270.0
# Expected: a mandatory policy that reads two properties, one known and bad, stops the preview.
# Seen:     a read of the unknown property ends the policy. Its only diagnostic is an advisory "can't run ... during
#           preview", so the preview passes, and whether it does depends on which property the policy reads first.
#           A document made by jsonStringify or interpolate is unknown as a whole as soon as one part of it is.
# Why it matters: almost all values that come from other resources are unknown in a first preview, the one that a pull
#           request shows. A check that relies on the preview is green, and `pulumi up` stops half-way at best.
# Source:   validateResource in @pulumi/policy's server.js, which catches UnknownValueError
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts \
  @pulumi/policy@1.21.0 @pulumi/pulumi@3.270.0 >/dev/null
mkdir pack
echo "runtime: nodejs" > pack/PulumiPolicy.yaml
echo '{"name": "pack", "version": "1.0.0", "main": "index.js"}' > pack/package.json
cat > pack/index.js <<'EOF'
const check = (...names) => ({ props }, report) => names.forEach((name) => props[name] === "*" && report(`${name} is *`));
const policy = (name, ...names) =>
  ({ name, description: name, enforcementLevel: "mandatory", validateResource: check(...names) });
const policies = [policy("known-first", "principal", "resource"), policy("unknown-first", "resource", "principal")];
new (require("@pulumi/policy").PolicyPack)("pack", { policies });
EOF
cat > try.cjs <<'EOF'
const { credentials } = require("@grpc/grpc-js");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");
const { AnalyzerClient } = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
const { AnalyzeRequest, AnalyzerResourceOptions, EnforcementLevel } = require("@pulumi/pulumi/proto/analyzer_pb");
const { unknownValue: resource } = require("@pulumi/pulumi/runtime/rpc");
const cwd = `${__dirname}/pack`;
const runner = [require.resolve("@pulumi/pulumi/cmd/run-policy-pack"), "127.0.0.1:1", cwd];
const options = { cwd, stdio: ["ignore", "pipe", "inherit"] };
const pack = require("node:child_process").spawn(process.execPath, runner, options);
pack.stdout.once("data", (port) => {
  const request = new AnalyzeRequest();
  request.setType("aws:lambda/permission:Permission");
  request.setProperties(Struct.fromJavaScript({ principal: "*", resource }));
  request.setOptions(new AnalyzerResourceOptions());
  new AnalyzerClient(`127.0.0.1:${`${port}`.trim()}`, credentials.createInsecure()).analyze(request, (error, answer) => {
    if (error) throw error;
    for (const found of answer.getDiagnosticsList()) {
      const level = Object.keys(EnforcementLevel).find((name) => EnforcementLevel[name] === found.getEnforcementlevel());
      console.log(found.getPolicyname(), level, found.getMessage().split("\n").pop().replace(/ from .*:/, ":"));
    }
    pack.kill();
  });
});
EOF
seen=$(node try.cjs)
diff - <(echo "$seen") <<'EOF'
known-first MANDATORY principal is *
known-first ADVISORY can't run policy 'known-first': string value at .resource can't be known during preview
unknown-first ADVISORY can't run policy 'unknown-first': string value at .resource can't be known during preview
EOF
echo "as described"
