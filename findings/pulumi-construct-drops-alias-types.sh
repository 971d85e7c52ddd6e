#!/usr/bin/env bash
# A component that a program in another language creates loses the type of its aliases.
#
# Version:  @pulumi/pulumi 3.270.0, the same in 3.276.0
# Expected: `aliases: [{ type: "shop:index:Shop" }]` in a Python or YAML program reaches a component written in
#           TypeScript, as an alias's name, project, stack and parent do.
# Seen:     the SDK's provider server does not read the type. An alias with a type only arrives as {}, and one with a
#           name and a type as the name alone. Nothing reports it. The server of the SDK for Python does read it.
# Why it matters: an alias with the old type is how a component's type is renamed without replacing what is in it. It
#           works in a TypeScript program that creates the component itself. From another language the component
#           registers without the old type, so the engine takes it and its children, such as a table, for new ones.
# Source:   construct in @pulumi/pulumi's provider/server.js, which https://github.com/pulumi/pulumi/pull/21050 taught
#           to read such aliases
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts @pulumi/pulumi@3.270.0 >/dev/null

cat > provider.cjs <<'EOF'
const construct = async (name, type, inputs, options) => {
  console.log(JSON.stringify(options.aliases));
  return { urn: `urn:pulumi:dev::shop::${type}::${name}`, state: {} };
};
require("@pulumi/pulumi").provider.main({ version: "1.0.0", construct }, ["127.0.0.1:1"]);
EOF
cat > try.cjs <<'EOF'
const { credentials } = require("@grpc/grpc-js");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");
const { Alias } = require("@pulumi/pulumi/proto/alias_pb");
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const { ConstructRequest } = require("@pulumi/pulumi/proto/provider_pb");
const request = new ConstructRequest();
request.setProject("shop");
request.setStack("dev");
request.setType("shop:index:Store");
request.setName("store");
request.setInputs(new Struct());
for (const [name, type] of [["", "shop:index:Shop"], ["old", ""], ["old", "shop:index:Shop"]]) {
  const spec = new Alias.Spec();
  spec.setName(name);
  spec.setType(type);
  const alias = new Alias();
  alias.setSpec(spec);
  request.addAliases(alias);
}
const options = { stdio: ["ignore", "pipe", "inherit"] };
const provider = require("node:child_process").spawn(process.execPath, ["provider.cjs"], options);
provider.stdout.once("data", (port) => {
  provider.stdout.pipe(process.stdout);
  const client = new ResourceProviderClient(`127.0.0.1:${`${port}`.trim()}`, credentials.createInsecure());
  client.construct(request, (error) => {
    if (error) console.log(error.message);
    provider.kill();
  });
});
EOF
seen=$(node try.cjs)
diff - <(echo "$seen") <<'EOF'
[{},{"name":"old"},{"name":"old"}]
EOF
echo "as described"
