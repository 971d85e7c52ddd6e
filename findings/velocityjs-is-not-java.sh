#!/usr/bin/env bash
# velocityjs answers a template's calls of Java methods with silence, so conditions come out false.
#
# Version:  velocityjs 2.1.7
# Expected: what Apache Velocity does, which API Gateway's mapping templates run on. A string is a Java string: equals
#           compares, length() counts, and replaceAll takes a regular expression. Lists have isEmpty() and contains().
#           A division of two integers is an integer.
# Seen:     `equals` and `isEmpty` make #if false although they are true, `length()` and `contains` stay in the output
#           as they stand in the template, replaceAll looks for the text of the expression, and 7 / 2 is 3.5.
# Why it matters: a template that works on AWS takes its other branch locally, with no error and no warning. A request
#           mapped with `/` gets a fraction locally and an integer on AWS.
# Source:   the Velocity User Guide, "Math": "the result will be an integer, as the fractional portion is discarded".
#           serverless-offline has had to add Java's methods itself: https://github.com/dherault/serverless-offline/pull/46
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund velocityjs@2.1.7 >/dev/null

cat > try.cjs <<'EOF'
const { render } = require("velocityjs");
const values = { method: "GET", version: "1.2.3", none: [], roles: ["admin"] };
for (const template of [
  '#if($method.equals("GET"))read#{else}write#end',
  "#if($none.isEmpty())nothing#{else}something#end",
  "$method.length()",
  '$roles.contains("admin")',
  '$version.replaceAll("\\.", "-")',
  "#set($pages = 7 / 2)$pages",
]) {
  console.log(`${template} => ${render(template, values)}`);
}
EOF
seen=$(node try.cjs)
diff - <(echo "$seen") <<'EOF'
#if($method.equals("GET"))read#{else}write#end => write
#if($none.isEmpty())nothing#{else}something#end => something
$method.length() => $method.length()
$roles.contains("admin") => $roles.contains("admin")
$version.replaceAll("\.", "-") => 1.2.3
#set($pages = 7 / 2)$pages => 3.5
EOF
echo "as described"
