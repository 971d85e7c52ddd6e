#!/usr/bin/env bash
# Dates, maps, sets and buffers that a function captures arrive on Lambda as empty shells.
#
# Version:  @pulumi/pulumi 3.270.0
# Expected: Pulumi serializes what a function captures and refuses what it cannot, at deployment. A captured Map
#           holds its entries on Lambda, or the update fails with the name of the variable.
# Seen:     serialization succeeds. In its result the values are `Object.create(Map.prototype)`: instanceof says that
#           they are maps, dates and sets, and their methods throw "incompatible receiver" at the first request.
# Why it matters: `const allowed = new Set([...])` beside a handler is ordinary code. The update is green, and every
#           invocation fails.
# Source:   https://github.com/pulumi/pulumi/issues/2704 (maps, open)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts @pulumi/pulumi@3.270.0 >/dev/null

cat > try.cjs <<'EOF'
const { runtime } = require("@pulumi/pulumi");
const map = new Map([["a", 1]]);
const set = new Set(["a"]);
const date = new Date(0);
const buffer = Buffer.from("text");
const handlers = {
  map: () => [map instanceof Map, map.get("a")],
  set: () => [set instanceof Set, set.has("a")],
  date: () => [date instanceof Date, date.getTime()],
  buffer: () => [buffer instanceof Uint8Array, buffer.toString()],
};
const outcome = (run) => {
  try {
    return JSON.stringify(run());
  } catch (error) {
    return error.name;
  }
};
(async () => {
  for (const [name, handler] of Object.entries(handlers)) {
    const { text } = await runtime.serializeFunction(handler);
    const bundle = { exports: {} };
    new Function("exports", "require", "module", text)(bundle.exports, require, bundle);
    console.log(`${name}: program ${outcome(handler)}, Lambda ${outcome(bundle.exports.handler)}`);
  }
})();
EOF
seen=$(node try.cjs)
diff - <(echo "$seen") <<'EOF'
map: program [true,1], Lambda TypeError
set: program [true,true], Lambda TypeError
date: program [true,0], Lambda TypeError
buffer: program [true,"text"], Lambda TypeError
EOF
echo "as described"
