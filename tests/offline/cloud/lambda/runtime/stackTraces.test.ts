import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { type BuildOptions, buildSync } from "esbuild";
import { resultOf } from "../../../../helpers/offline/functions";
import { closeServers } from "../../../../helpers/offline/served";
import { temporaryFolder } from "../../../../helpers/temporaryFolder";

const source = `interface Event { a: string }

function refuse(text: string): never {
  throw new RangeError(text);
}
export const handler = async (event: Event): Promise<void> => {
  await 0;
  refuse("far");
};
`;

/** The files of a bundle and, unless that is inline, of its source map. */
function bundle(options: BuildOptions): { files: Record<string, string>; folder: string } {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, "handler.ts"), source);
  const out = path.join(folder, "out");
  const entryPoints = { index: path.join(folder, "handler.ts") };
  buildSync({ entryPoints, outdir: out, bundle: true, minify: true, platform: "node", ...options });
  const files = fs.readdirSync(out).map((file) => [file, fs.readFileSync(path.join(out, file), "utf8")]);
  return { files: Object.fromEntries(files), folder };
}

describe("The stack traces of a Lambda function", () => {
  afterEach(closeServers);

  const bundles: Record<string, BuildOptions> = {
    "a file of its own": { sourcemap: "linked" },
    "the bundle itself": { sourcemap: "inline" },
    "a file next to an ES module": { sourcemap: "linked", format: "esm", outExtension: { ".js": ".mjs" } },
  };
  for (const [where, options] of Object.entries(bundles)) {
    it(`point to the sources and have their names, with a map in ${where}`, async () => {
      const [first, thrown, called] = (await resultOf(bundle(options).files)).trace;
      expect(first).to.equal("RangeError: far");
      expect(thrown).to.match(/^ {4}at refuse \(.*handler\.ts:4:9\)$/);
      expect(called).to.match(/handler\.ts:8:3\)$/);
    });
  }

  it("have the names that a map gives where functions begin", async () => {
    const map = { version: 3, sources: ["handler.ts"], names: ["refuse"], mappings: "AAAAA,gCACE" };
    const code = "exports.handler=async()=>{throw new RangeError('far')}\n//# sourceMappingURL=index.js.map";
    const { trace } = await resultOf({ "index.js": code, "index.js.map": JSON.stringify(map) });
    expect(trace[1]).to.match(/^ {4}at refuse \(.*handler\.ts:2:3\)$/);
  });

  it("leave out the frames of the runtime", async () => {
    const { trace } = await resultOf("exports.handler = async () => { throw new RangeError('far') }");
    expect(trace.filter((line: string) => line.includes("offline/cloud/lambda"))).to.deep.equal([]);
  });

  const others: Record<string, Record<string, string>> = {
    "without a map": { "index.js": "exports.handler = async () => {\n  throw new RangeError('far') }" },
    "whose map is missing": {
      "index.js": "exports.handler = async () => {\n  throw new RangeError('far') }\n//# sourceMappingURL=no.map\n",
    },
  };
  for (const [which, files] of Object.entries(others)) {
    it(`point to the code ${which}`, async () => {
      const { trace } = await resultOf(files);
      expect(trace[0]).to.equal("RangeError: far");
      expect(trace[1]).to.match(/^ {4}at .*handler.*index\.js:2:9\)$/);
    });
  }

  it("begin with the code of Node.js's own errors", async () => {
    const { trace } = await resultOf("exports.handler = async () => Buffer.from(1)");
    expect(trace[0]).to.match(/^TypeError \[ERR_INVALID_ARG_TYPE\]: The first argument/);
  });
});
