import { expect } from "chai";
import type { Properties } from "../../../../../offline/engine/values";
import { invoke, resultOf, serveFunction } from "../../../../helpers/offline/functions";
import { closeServers } from "../../../../helpers/offline/served";

const OLD = { runtime: "nodejs22.x" };
const NEW = { runtime: "nodejs24.x" };

const answer = "async () => 'answer'";

describe("How the code of a Lambda function is loaded", () => {
  afterEach(closeServers);

  const handlers: Record<string, [files: Record<string, string>, handler: string]> = {
    "a file in a folder": [{ "src/app.js": `exports.main = ${answer}` }, "src/app.main"],
    "a nested export": [{ "index.js": `exports.api = { items: { get: ${answer} } }` }, "index.api.items.get"],
    "a property of a function": [
      { "index.js": `module.exports = () => {}; module.exports.get = ${answer}` },
      "index.get",
    ],
    "a folder with an index.js": [{ "app/index.js": `exports.main = ${answer}` }, "app.main"],
    "an installed package": [
      {
        "node_modules/wrapped/package.json": '{"main":"x.js"}',
        "node_modules/wrapped/x.js": `exports.main = ${answer}`,
      },
      "wrapped.main",
    ],
    "a .js file rather than an .mjs next to it": [
      { "index.js": `exports.main = ${answer}`, "index.mjs": "export const main = async () => 'other'" },
      "index.main",
    ],
    "a .cjs file": [{ "index.cjs": `exports.main = ${answer}` }, "index.main"],
    "an ES module by its extension": [{ "index.mjs": `export const main = ${answer}` }, "index.main"],
    "an ES module with top-level await": [
      { "index.mjs": "const text = await 'answer'; export const main = async () => text" },
      "index.main",
    ],
    "an ES module by its package.json": [
      { "src/app.js": `export const main = ${answer}`, "package.json": '{"type":"module"}' },
      "src/app.main",
    ],
  };
  for (const runtime of [OLD, NEW]) {
    for (const [what, [files, handler]] of Object.entries(handlers)) {
      it(`finds ${what} on ${runtime.runtime}`, async () => {
        expect(await resultOf(files, { ...runtime, handler })).to.equal("answer");
      });
    }
  }

  it("looks into a default export from nodejs24.x on only", async () => {
    const files = { "index.mjs": `export default { handler: ${answer} }` };
    expect(await resultOf(files, NEW)).to.equal("answer");
    expect((await resultOf(files, OLD)).errorType).to.equal("Runtime.HandlerNotFound");
  });

  it("fails when a top-level await never settles, which ends the process", async () => {
    const files = { "index.mjs": `await new Promise(() => {}); export const handler = ${answer}` };
    expect((await resultOf(files, OLD)).errorMessage).to.match(/Runtime exited with error: exit status 13$/);
    expect((await resultOf(files, NEW)).errorMessage).to.match(/Runtime exited without providing a reason$/);
  });

  describe("does without what Lambda turns off in Node.js before nodejs24.x", () => {
    const modules = { "esm/package.json": '{"type":"module"}', "esm/index.js": "export const text = 'answer'" };
    const requiring = { ...modules, "index.js": "exports.handler = async () => require('./esm/index.js').text" };
    const detected = { "index.js": `export const handler = ${answer}` };

    it("such as require() of ES modules", async () => {
      expect((await resultOf(requiring, OLD)).errorMessage).to.match(
        /^require\(\) of ES Module .*index\.js .*not supported/,
      );
      expect(await resultOf(requiring, NEW)).to.equal("answer");
    });

    it("such as detecting ES modules by their syntax", async () => {
      expect(await resultOf(detected, OLD)).to.deep.include({
        errorType: "Runtime.UserCodeSyntaxError",
        errorMessage: "SyntaxError: Unexpected token 'export'",
      });
      expect(await resultOf(detected, NEW)).to.equal("answer");
    });

    it("unless NODE_OPTIONS turns it on again", async () => {
      const options = (NODE_OPTIONS: string) => ({ ...OLD, environment: { variables: { NODE_OPTIONS } } });
      expect(await resultOf(requiring, options("--experimental-require-module"))).to.equal("answer");
      const both = "--experimental-detect-module --experimental-require-module --max-old-space-size=1";
      expect(await resultOf(detected, options(both))).to.equal("answer");
    });
  });

  const stack = "\nRequire stack:\n";
  const failures: Record<
    string,
    [code: string | Record<string, string>, error: [type: string, message: string | RegExp], Properties?, log?: RegExp]
  > = {
    "a handler that is not exported": [
      "exports.other = 1; exports.second = 2",
      ["Runtime.HandlerNotFound", "index.handler is undefined or not exported"],
      {},
      /index\.handler is not among the exports: other, second/,
    ],
    "a handler that is not a function": [
      "exports.handler = 1",
      ["Runtime.HandlerNotFound", "index.handler is not a function"],
    ],
    "a module that is missing": [
      "\nrequire('./nowhere')",
      [
        "Runtime.ImportModuleError",
        new RegExp(`^Error: Cannot find module './nowhere'${stack}- /.*/index\\.js\n- /var/runtime/index\\.mjs$`),
      ],
      {},
      / at .*index\.js:2:1/,
    ],
    "a package that an ES module cannot find": [
      { "index.mjs": "import 'nowhere'" },
      ["Error", /^Cannot find package 'nowhere' imported from .*index\.mjs$/],
    ],
    "a file that is missing": [
      "",
      ["Runtime.ImportModuleError", `Error: Cannot find module 'app'${stack}- /var/runtime/index.mjs`],
      { handler: "src/app.handler" },
      /there is no app\.js, app\.mjs or app\.cjs in .*src/,
    ],
    "a syntax error": [
      "exports.handler = async () => {",
      ["Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected end of input"],
      {},
      /index\.js:1/,
    ],
    "an exception while loading": ["throw new RangeError('no configuration')", ["RangeError", "no configuration"]],
    "a handler name without an export": [
      "",
      ["Runtime.MalformedHandlerName", "Bad handler"],
      { handler: "index" },
      /"index" names no export: write FILE\.EXPORT/,
    ],
    "a handler name that leads out of the code": [
      "",
      [
        "Runtime.MalformedHandlerName",
        "'../index.handler' is not a valid handler name. Use absolute paths when specifying root directories in handler names.",
      ],
      { handler: "../index.handler" },
    ],
  };
  for (const runtime of [OLD, NEW]) {
    for (const [what, [code, [type, message], inputs, log = /./]] of Object.entries(failures)) {
      it(`reports ${what} on ${runtime.runtime} in Lambda's words`, async () => {
        const server = await serveFunction(code, { ...runtime, ...inputs });
        const { result } = await invoke(server);
        expect(result.errorType).to.equal(type);
        if (message instanceof RegExp) expect(result.errorMessage).to.match(message);
        else expect(result.errorMessage).to.equal(message);
        expect(server.lines.join("\n")).to.match(log);
      });
    }
  }
});
