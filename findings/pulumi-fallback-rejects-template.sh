#!/usr/bin/env bash
# The compiler that Pulumi's SDK falls back to rejects the tsconfig.json that `pulumi new aws-typescript` writes.
#
# Version:  @pulumi/pulumi 3.270.0, the same in 3.276.0
# Expected: a program that finds no typescript in its node_modules is compiled by the TypeScript that the SDK brings, or
#           the SDK says that it needs a later one.
# Seen:     the SDK brings TypeScript 3.8.3, and the template has asked for the module system nodenext of 4.7 since
#           March 2026. The run ends with TS6046 about options of a file nobody has touched. That typescript is missing,
#           or that 3.8.3 is at work, appears in debug logs only. With the tsconfig.json of the template before, or with
#           typescript installed, the SDK goes on to connect to the engine, which is not there in this script.
# Why it matters: the template lists typescript among its devDependencies, and after `pnpm install --prod` it is not
#           there; npm's `--omit=dev` keeps it, as an optional peer of the SDK. A program from the years when the
#           fallback was enough breaks when it takes over the new tsconfig.json, as four of Pulumi's own examples did.
# Source:   typeScriptRequireStrings in @pulumi/pulumi's tsutils.js, https://github.com/pulumi/templates/pull/1080 and
#           https://github.com/pulumi/examples/pull/3006
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
install() { npm install --prefix . --silent --no-audit --no-fund --ignore-scripts "$@" >/dev/null; }
echo '{"name": "shop", "main": "index.ts"}' > package.json
cat > index.ts <<'EOF'
import * as pulumi from "@pulumi/pulumi";

export const stack = pulumi.getStack();
EOF
# Takes module and moduleResolution, the two lines in which the template and the one before it differ.
run() {
  cat > tsconfig.json <<EOF
{
    "compilerOptions": {
        "strict": true,
        "outDir": "bin",
        "target": "es2020",
        "module": "$1",
        "moduleResolution": "$2",
        "sourceMap": true,
        "experimentalDecorators": true,
        "pretty": true,
        "noFallthroughCasesInSwitch": true,
        "noImplicitReturns": true,
        "forceConsistentCasingInFileNames": true
    },
    "files": [
        "index.ts"
    ]
}
EOF
  local runner=(node node_modules/@pulumi/pulumi/cmd/run --monitor=127.0.0.1:1 --pwd=. .)
  { PULUMI_NODEJS_TYPESCRIPT=true "${runner[@]}" 2>&1 || true; } |
    grep -oE "TS[0-9]+: Argument for '--[a-zA-Z]+'|ECONNREFUSED 127.0.0.1:1" | sort -u
}
seen=$(
  install @pulumi/pulumi@3.270.0
  echo "no typescript, the template before:" && run commonjs node
  echo "no typescript, the template:" && run nodenext nodenext
  install typescript@5.9.3
  echo "typescript 5.9.3, the template:" && run nodenext nodenext
)
diff - <(echo "$seen") <<'EOF'
no typescript, the template before:
ECONNREFUSED 127.0.0.1:1
no typescript, the template:
TS6046: Argument for '--module'
TS6046: Argument for '--moduleResolution'
typescript 5.9.3, the template:
ECONNREFUSED 127.0.0.1:1
EOF
echo "as described"
