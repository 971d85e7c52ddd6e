#!/usr/bin/env bash
# A class without a constructor of its own loses its arguments and its base class in Pulumi's serialized functions.
#
# Version:  @pulumi/pulumi 3.270.0
# Expected: the code that becomes the Lambda function (CallbackFunction, bucket.onObjectCreated, a dynamic provider)
#           behaves as the function it was made from: `class NotFound extends Error {}` passes its message on, and its
#           instances are errors.
# Seen:     the message is undefined, an instance is neither an Error nor an instance of its base class, and the
#           base class's methods are missing. The generated constructor is `__super.call(this)`, which drops
#           the arguments and, as Error returns a new object, the result. With `constructor(m) { super(m); }` written
#           out, an ordinary base class gets its argument, but Error's message is still undefined.
# Why it matters: previews, updates and unit tests that call the function directly pass. On Lambda, `instanceof Error`
#           is false, and the log shows an error with neither message nor stack.
# Source:   a part of it (methods of the base class): https://github.com/pulumi/pulumi/issues/10974
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --prefix . --silent --no-audit --no-fund --ignore-scripts @pulumi/pulumi@3.270.0 >/dev/null

cat > try.cjs <<'EOF'
const { runtime } = require("@pulumi/pulumi");
class NotFound extends Error {}
class Named extends Error { constructor(message) { super(message); } }
class Base { constructor(size) { this.size = size; } }
class Derived extends Base {}
const handler = () => {
  const [lost, named, derived] = [new NotFound("no such item"), new Named("no such item"), new Derived(5)];
  return JSON.stringify([lost.message, lost instanceof Error, named.message, derived.size, derived instanceof Base]);
};
(async () => {
  const { text } = await runtime.serializeFunction(handler);
  const bundle = { exports: {} };
  new Function("exports", "require", "module", text)(bundle.exports, require, bundle);
  console.log(`program ${handler()}\nLambda  ${bundle.exports.handler()}`);
})();
EOF
seen=$(node try.cjs)
diff - <(echo "$seen") <<'EOF'
program ["no such item",true,"no such item",5,true]
Lambda  [null,false,null,null,false]
EOF
echo "as described"
