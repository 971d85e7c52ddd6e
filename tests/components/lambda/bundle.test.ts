import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { expect } from "chai";
import * as esbuild from "esbuild";
import { findBundle } from "../../../components/lambda/bundleCache";
import { Sources } from "../../../components/lambda/bundleSources";
import { arm64, build, failure, leave, program, repository, x86 } from "../../helpers/components/bundles";

describe("bundle", () => {
  afterEach(leave);

  const lib = "export const greeting = 'hello'; export const unused = 'never sent';";
  const handler = "import { greeting } from './lib'; export const handler = async () => greeting;";

  it("builds one CommonJS file that runs, with its source map", async () => {
    const folder = program({ "lib.ts": lib, "a.ts": handler });
    const { "index.js": script = "", ...others } = await build("a.ts");
    expect(others).to.deep.equal({});
    expect(script).to.match(new RegExp(`^${folder}/\\.cache/bundles/[0-9a-f]{32}/index\\.js$`));
    expect(await require(script).handler()).to.equal("hello");
    const text = fs.readFileSync(script, "utf8");
    expect(text).to.match(/\/\/# sourceMappingURL=index\.js\.map\n$/);
    expect(text).to.not.contain("never sent");
    const { sources } = JSON.parse(fs.readFileSync(`${script}.map`, "utf8"));
    const absolute = sources.map((source: string) => path.resolve(path.dirname(script), source));
    expect(absolute).to.have.members([path.join(folder, "a.ts"), path.join(folder, "lib.ts")]);
  });

  it("leaves a recipe with which esbuild builds the same file again", async () => {
    const folder = program({ "lib.ts": lib, "a.ts": handler, "b.ts": "export const handler = async () => 2;" });
    const [{ "index.js": script = "" }] = await Promise.all([build("a.ts"), build("b.ts")]);
    const recipe = JSON.parse(fs.readFileSync(`${script}.build.json`, "utf8"));
    expect(recipe.entryPoint).to.equal(path.join(folder, "a.ts"));
    expect(recipe.inputs).to.have.members([path.join(folder, "a.ts"), path.join(folder, "lib.ts")]);
    const [before, map] = [fs.readFileSync(script, "utf8"), fs.readFileSync(`${script}.map`, "utf8")];
    fs.rmSync(script);
    process.chdir(repository);
    await esbuild.build(recipe.options);
    expect(fs.readFileSync(script, "utf8")).to.equal(before);
    expect(fs.readFileSync(`${script}.map`, "utf8")).to.equal(map);
  });

  it("does not reuse a cached bundle that was built with other options", async () => {
    program({ "lib.ts": lib, "a.ts": handler });
    const files = await build("a.ts");
    const request = { entryPoint: path.resolve("a.ts"), exportName: "handler", architecture: "arm64", options: {} };
    const { outfile: _, ...options } = JSON.parse(fs.readFileSync(`${files["index.js"]}.build.json`, "utf8")).options;
    expect(findBundle(request, options)?.files).to.deep.equal(files);
    expect(findBundle(request, { ...options, target: "node20" })).to.equal(undefined);
  });

  it("reads the sources only if something was written, and once if it was written the same", async () => {
    const pkg = "node_modules/pkg";
    program({ "a.ts": 'export { handler } from "pkg";', [`${pkg}/index.js`]: "exports.handler = () => 1;" });
    fs.writeFileSync(`${pkg}/package.json`, '{ "main": "index.js" }');
    await setTimeout(50);
    const files = await build("a.ts");
    const request = { entryPoint: path.resolve("a.ts"), exportName: "handler", architecture: "arm64", options: {} };
    const { outfile: _, ...options } = JSON.parse(fs.readFileSync(`${files["index.js"]}.build.json`, "utf8")).options;
    const find = () => {
      const sources = new Sources();
      const read: string[] = [];
      const { digest } = sources;
      Object.assign(sources, { digest: (file: string) => read.push(path.basename(file)) && digest(file) });
      return { found: findBundle(request, options, sources)?.files, read };
    };
    expect(find()).to.deep.equal({ found: files, read: [] });

    // As an installation would.
    fs.writeFileSync(`${pkg}/package.json`, '{ "main": "index.js" }');
    await setTimeout(50);
    const { found, read } = find();
    expect(found).to.deep.equal(files);
    expect(read).to.include.members(["a.ts", "index.js", "package.json"]);
    await setTimeout(50);
    expect(find()).to.deep.equal({ found: files, read: [] });

    fs.writeFileSync(`${pkg}/package.json`, '{ "main": "other.js" }');
    expect(find().found).to.equal(undefined);
  });

  it("builds the same bytes in every folder", async () => {
    const contents = [];
    for (let run = 0; run < 2; run++) {
      program({ "lib.ts": lib, "a.ts": handler, "c.cjs": "module.exports = 1", "d.ts": "export * from './c.cjs'" });
      const { "index.js": script = "" } = await build("a.ts");
      contents.push([path.basename(path.dirname(script)), fs.readFileSync(script, "utf8")]);
    }
    expect(contents[0]).to.deep.equal(contents[1]);
  });

  it("keeps a bundle until a source, an option or the bundle itself changes", async () => {
    const folder = program({ "lib.ts": lib, "a.ts": handler });
    const built = async (options = {}) => {
      const { "index.js": script = "" } = await build("a.ts", options);
      return { script, time: fs.statSync(script).mtimeMs };
    };
    const first = await built();
    expect(await built()).to.deep.equal(first);

    const other = await built({ define: { greeting: "1" } });
    expect(other.time).to.not.equal(first.time);

    fs.writeFileSync(path.join(folder, "lib.ts"), lib.replace("hello", "changed"));
    const { script } = await built();
    expect(fs.readFileSync(script, "utf8")).to.contain("changed");

    fs.writeFileSync(script, "edited");
    expect(fs.readFileSync((await built()).script, "utf8")).to.contain("changed");
  });

  it("names every mistake of every function by file, line and column", async () => {
    program({
      "a.ts": "export const handler = ;",
      "b.ts": "\nimport 'missing-package';",
      "c.ts": handler,
      "lib.ts": lib,
    });
    const messages = await Promise.all([failure(build("a.ts")), failure(build("b.ts")), failure(build("c.ts"))]);
    for (const message of messages) {
      expect(message).to.match(/^The functions do not compile:\n/);
      expect(message)
        .to.contain("a.ts:1:24: Unexpected")
        .and.to.contain('b.ts:2:8: Could not resolve "missing-package"');
    }
  });

  it("builds the next functions after some have failed", async () => {
    program({ "a.ts": "export const handler = ;", "b.ts": "export const handler = async () => 1;" });
    await failure(build("a.ts"));
    expect(await build("b.ts")).to.have.property("index.js");
  });

  it("refuses a handler that the file does not export", async () => {
    program({ "a.ts": handler, "lib.ts": lib, "c.js": "module.exports = { handler: 1 }" });
    const [message] = await Promise.all([failure(build("a.ts", {}, "main")), build("a.ts")]);
    expect(message).to.match(/^a\.ts exports handler, but no "main"/);
    expect(await build("c.js"), "a CommonJS file's exports are not known").to.have.property("index.js");
  });

  it("leaves packages out and replaces expressions as told", async () => {
    program({ "a.ts": "import x from 'layered'; export const handler = async () => [x, STAGE];" });
    const { "index.js": script = "" } = await build("a.ts", { external: ["layered"], define: { STAGE: '"dev"' } });
    expect(fs.readFileSync(script, "utf8")).to.contain('require("layered")').and.to.contain('"dev"');
  });

  describe("of native modules", () => {
    const native = "import addon from './addon.node'; export const handler = async () => addon;";

    it("adds those for the function's architecture to the archive", async () => {
      const folder = program({ "a.ts": native, "b.ts": "export const handler = async () => 1", "addon.node": arm64 });
      const [files] = await Promise.all([build("a.ts"), build("b.ts")]);
      const name = Object.keys(files).find((file) => file.endsWith(".node")) ?? "";
      expect(fs.readFileSync(files[name] ?? "")).to.deep.equal(arm64);
      expect(fs.readFileSync(files["index.js"] ?? "", "utf8")).to.contain(`require("./${name}")`);
      const recipe = JSON.parse(fs.readFileSync(`${files["index.js"]}.build.json`, "utf8"));
      expect(recipe.inputs).to.include(path.join(folder, "addon.node"));
      expect(await build("a.ts")).to.deep.equal(files);
    });

    it("refuses those for another, even from the cache", async () => {
      program({ "a.ts": native, "addon.node": x86 });
      const expected = /^addon\.node is built for ELF x86_64, but the function runs on Linux arm64; .*--cpu=arm64/;
      expect(await failure(build("a.ts"))).to.match(expected);
      expect(await build("a.ts", {}, "handler", "x86_64")).to.have.property("index.js");
      expect(await failure(build("a.ts"))).to.match(expected);
    });
  });

  describe("of the AWS SDK", function () {
    this.timeout(60_000);
    const source = `
      import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
      import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
      const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 1 }));
      export const handler = async () => (await client.send(new GetCommand({ TableName: "t", Key: { id: "1" } }))).Item;`;

    async function sdkBundle(options = {}): Promise<string> {
      const folder = program({ "a.ts": source });
      fs.symlinkSync(path.join(repository, "node_modules"), path.join(folder, "node_modules"));
      return (await build("a.ts", options))["index.js"] ?? "";
    }

    /** Calls the bundle's handler in a process of its own, and returns what it printed. */
    async function call(script: string, env: Record<string, string>): Promise<string> {
      const main =
        "require(process.argv[1]).handler().then((x) => console.log(JSON.stringify(x)), (e) => console.log(e.message))";
      const { stdout } = await promisify(execFile)(process.execPath, ["-e", main, script], { env });
      return stdout.trim();
    }

    it("signs with the environment's credentials, for its region and endpoint, and is a third smaller", async () => {
      const script = await sdkBundle();
      const requests: http.IncomingHttpHeaders[] = [];
      const server = http.createServer(({ headers }, response) => {
        requests.push(headers);
        response.setHeader("content-type", "application/x-amz-json-1.0").end('{"Item":{"id":{"S":"1"}}}');
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        const answer = await call(script, {
          AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          AWS_REGION: "eu-south-1",
          AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
          AWS_SECRET_ACCESS_KEY: "secret",
          AWS_SESSION_TOKEN: "the-token",
        });
        expect(answer).to.equal('{"id":"1"}');
      } finally {
        server.close();
      }
      expect(requests[0]?.authorization).to.match(/Credential=AKIDEXAMPLE\/\d{8}\/eu-south-1\/dynamodb\/aws4_request/);
      expect(requests[0]?.["x-amz-security-token"]).to.equal("the-token");

      const whole = await sdkBundle({ defaultCredentialChain: true });
      expect(fs.statSync(script).size).to.be.below(fs.statSync(whole).size * 0.67);
    });

    it("says where it looked if there are no credentials", async () => {
      expect(await call(await sdkBundle(), { AWS_REGION: "eu-west-1" })).to.match(
        /No credentials in AWS_ACCESS_KEY_ID and/,
      );
    });
  });
});
