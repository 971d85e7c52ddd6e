#!/usr/bin/env bash
# Pulumi does not find a component that has a base class of its own, and blames the imports.
#
# Version:  @pulumi/pulumi 3.270.0
# Expected: a class is a component if it extends ComponentResource, directly or through a class between them. It runs
#           in a program, and a package offers it to other languages.
# Seen:     the analyzer behind `pulumi package add` looks at the immediate base class only: it must be called
#           ComponentResource, and its file resource.ts or resource.d.ts. The error blames the entry point's imports,
#           although the entry point declares the component.
# Why it matters: a shared base class is the usual way to give components the same tags and names. It works until
#           somebody consumes the package from Python, and the message sends one to look in the wrong place.
# Source:   https://github.com/pulumi/pulumi/issues/20071
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts \
  @pulumi/pulumi@3.270.0 typescript@5.9.3 >/dev/null

echo '{"compilerOptions": {"target": "es2022", "module": "commonjs", "strict": true}}' > tsconfig.json
cat > index.ts <<'EOF'
import { ComponentResource, type Input } from "@pulumi/pulumi";

export interface QueueArgs {
  size: Input<number>;
}
export class Direct extends ComponentResource {
  constructor(name: string, args: QueueArgs) {
    super("queues:index:Direct", name, args);
  }
}
abstract class Base extends ComponentResource {}
export class Derived extends Base {
  constructor(name: string, args: QueueArgs) {
    super("queues:index:Derived", name, args);
  }
}
EOF
cat > try.cjs <<'EOF'
const { Analyzer } = require("@pulumi/pulumi/provider/experimental/analyzer");
for (const name of ["Direct", "Derived"]) {
  try {
    const found = new Analyzer(__dirname, "queues", { name: "queues", main: "index.ts" }, new Set([name])).analyze();
    console.log(name, Object.keys(found.components));
  } catch (error) {
    console.log(name, error.message);
  }
}
EOF
seen=$(node try.cjs)
diff - <(echo "$seen") <<'EOF'
Direct [ 'Direct' ]
Derived Failed to find the following components: Derived.
Please ensure these components are properly imported to your package's entry point.
EOF
echo "as described"
