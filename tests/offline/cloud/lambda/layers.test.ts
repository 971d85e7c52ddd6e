import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { buildSync } from "esbuild";
import { Archive, Asset, type Properties } from "../../../../offline/engine/values";
import { invoke } from "../../../helpers/offline/functions";
import { graphOf, lambda, lambdaOf, resource } from "../../../helpers/offline/graph";
import { needsPython } from "../../../helpers/offline/python";
import { closeServers, serveGraph } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const arnOf = (name: string) => `arn:aws:lambda:eu-west-1:123456789012:layer:${name}:1`;

/** A layer with these files. */
function layer(name: string, files: Record<string, string>) {
  const assets = Object.fromEntries(Object.entries(files).map(([file, text]) => [file, new Asset({ text })]));
  return layerOf(name, { code: new Archive({ assets }) });
}

function layerOf(name: string, inputs: Properties) {
  return resource("aws:lambda/layerVersion:LayerVersion", name, { layerName: name, ...inputs }, { arn: arnOf(name) });
}

/** The files of a package that exports a text. */
const packaged = (folder: string, name: string, text: string) => ({
  [`${folder}/${name}/package.json`]: JSON.stringify({ main: "index.js" }),
  [`${folder}/${name}/index.js`]: `exports.text = ${JSON.stringify(text)}`,
});

const requiring = (...names: string[]) =>
  `exports.handler = async () => [${names.map((name) => `require("${name}").text`)}]`;

describe("The layers of a Lambda function", () => {
  afterEach(closeServers);

  /** Calls `main`, which has all of the layers. */
  async function resultWith(
    layers: ReturnType<typeof layer>[],
    code: string | Record<string, string>,
    inputs: Properties = {},
  ) {
    const main = lambda("main", code, { layers: layers.map(({ outputs }) => outputs.arn ?? ""), ...inputs });
    const server = await serveGraph(graphOf(temporaryFolder(), ...layers, main));
    expect(server.problems).to.deep.equal([]);
    return (await invoke(server)).result;
  }

  const shared = layer("shared", packaged("nodejs/node_modules", "shared", "layer"));

  it("give require() and import their packages", async () => {
    expect(await resultWith([shared], requiring("shared"))).to.deep.equal(["layer"]);
    const module = { "index.mjs": 'import { text } from "shared"; export const handler = async () => text;' };
    expect(await resultWith([shared], module)).to.equal("layer");
    const typed = { "package.json": '{"type":"module"}', "index.js": module["index.mjs"] };
    expect(await resultWith([shared], typed)).to.equal("layer");
  });

  it("come after the function's own packages", async () => {
    const code = { "index.js": requiring("shared"), ...packaged("node_modules", "shared", "own") };
    expect(await resultWith([shared], code)).to.deep.equal(["own"]);
  });

  it("have packages for a version of Node.js, which come first", async () => {
    const versions = layer("versions", {
      ...packaged("nodejs/node_modules", "shared", "any"),
      ...packaged("nodejs/node_modules", "other", "any"),
      ...packaged("nodejs/node20/node_modules", "shared", "20"),
      ...packaged("nodejs/node22/node_modules", "shared", "22"),
    });
    expect(await resultWith([versions], requiring("shared", "other"))).to.deep.equal(["22", "any"]);
    const old = { runtime: "nodejs20.x" };
    expect(await resultWith([versions], requiring("shared", "other"), old)).to.deep.equal(["20", "any"]);
  });

  it("replace files of the layers before them, and leave the others", async () => {
    const first = layer("first", {
      ...packaged("nodejs/node_modules", "shared", "first"),
      ...packaged("nodejs/node_modules", "other", "first"),
    });
    expect(await resultWith([first, shared], requiring("shared", "other"))).to.deep.equal(["layer", "first"]);
    expect(await resultWith([shared, first], requiring("shared", "other"))).to.deep.equal(["first", "first"]);
  });

  it("do not turn the function's code into ES modules", async () => {
    const files = { "nodejs/package.json": '{"type":"module"}', ...packaged("nodejs/node_modules", "shared", "layer") };
    expect(await resultWith([layer("typed", files)], requiring("shared"))).to.deep.equal(["layer"]);
  });

  it("may use the packages of each other", async () => {
    const user = layer("user", { "nodejs/node_modules/user/index.js": "exports.text = require('shared').text" });
    expect(await resultWith([user, shared], requiring("user"))).to.deep.equal(["layer"]);
  });

  it("are /opt to require() and to the functions of node:fs", async () => {
    const files = { "nodejs/tools.js": "exports.text = 'tools'", "settings/a.txt": "set" };
    const code = `const fs = require("node:fs");
      exports.handler = async () => [
        require("/opt/nodejs/tools").text,
        fs.readFileSync("/opt/settings/a.txt", "utf8"),
        (await fs.promises.readdir("/opt")).sort(),
        fs.existsSync("/optional"),
      ]`;
    expect(await resultWith([layer("tools", files)], code)).to.deep.equal([
      "tools",
      "set",
      ["nodejs", "package.json", "settings"],
      false,
    ]);
  });

  it("leave stack traces that point to the sources", async () => {
    const directory = temporaryFolder();
    const source = path.join(directory, "src/handler.ts");
    fs.mkdirSync(path.dirname(source));
    fs.writeFileSync(
      source,
      "interface Event {}\nexport const handler = async () => {\n  throw new Error('far');\n};\n",
    );
    const outfile = path.join(directory, "out/index.js");
    buildSync({ entryPoints: [source], outfile, minify: true, format: "cjs", platform: "node", sourcemap: "linked" });
    const code = new Archive({ assets: { "index.js": new Asset({ path: outfile }) } });
    const main = lambdaOf("main", code, { layers: [arnOf("shared")] });
    const server = await serveGraph(graphOf(directory, shared, main));
    const { trace } = (await invoke(server)).result;
    expect(trace[1]).to.include(`${source}:3:9`);
  });

  /** Answers what a layer's folder contains, before and after an edit of one of its files. */
  async function answersAround(
    file: string,
    textOf: (version: string) => string,
    code: Record<string, string>,
    inputs = {},
  ) {
    const directory = temporaryFolder();
    const target = path.join(directory, "layer", file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    const shared = layerOf("shared", { code: new Archive({ path: "layer" }) });
    const graph = graphOf(directory, shared, lambda("main", code, { layers: [arnOf("shared")], ...inputs }));
    fs.writeFileSync(target, textOf("one"));
    const server = await serveGraph(graph);
    const first = (await invoke(server)).result;
    fs.writeFileSync(target, textOf("two"));
    expect(await server.reconcile(graph)).to.deep.equal([{ action: "updated", kind: "function", name: "main" }]);
    return [first, (await invoke(server)).result];
  }

  it("follow edits of their folder", async () => {
    const code = { "index.js": "exports.handler = async () => require('shared').text" };
    const textOf = (version: string) => `exports.text = '${version}'`;
    const answers = await answersAround("nodejs/node_modules/shared/index.js", textOf, code);
    expect(answers).to.deep.equal(["one", "two"]);
  });

  it("are named where they are not the program's or cannot be read, and the function runs without them", async () => {
    const foreign = "arn:aws:lambda:eu-west-1:017000801446:layer:Powertools:7";
    const broken = layerOf("broken", { code: new Archive({ path: "nowhere" }) });
    const main = lambda("main", requiring("shared"), { layers: [foreign, arnOf("broken"), arnOf("shared")] });
    const server = await serveGraph(graphOf(temporaryFolder(), broken, shared, main));
    expect(server.problems).to.have.lengthOf(2);
    expect(server.problems[0]).to.equal(
      `function main runs without the layer ${foreign}: it is not one of the program's; put what it contains into the code`,
    );
    expect(server.problems[1]).to.match(
      /^function main runs without the layer \S+:broken:1: .*nowhere does not exist$/,
    );
    expect((await invoke(server)).result).to.deep.equal(["layer"]);
  });

  describe("in Python", () => {
    needsPython();
    const PYTHON = { runtime: "python3.9" };

    it("give it modules, those for its version first, after its own", async () => {
      const files = {
        "python/one.py": "text = 'any'",
        "python/two.py": "text = 'any'",
        "python/three.py": "text = 'any'",
        "python/lib/python3.9/site-packages/two.py": "text = '3.9'",
        "python/lib/python3.9/site-packages/three.py": "text = '3.9'",
        "python/lib/python3.8/site-packages/one.py": "text = '3.8'",
      };
      const code = {
        "index.py": "import one, two, three\nhandler = lambda event, context: [one.text, two.text, three.text]",
        "three.py": "text = 'own'",
      };
      expect(await resultWith([layer("modules", files)], code, PYTHON)).to.deep.equal(["any", "3.9", "own"]);
    });

    it("follow edits of their folder", async () => {
      const code = { "index.py": "import shared\nhandler = lambda event, context: shared.text" };
      const answers = await answersAround("python/shared.py", (version) => `text = '${version}'`, code, PYTHON);
      expect(answers).to.deep.equal(["one", "two"]);
    });

    it("come after the folders that the function's own PYTHONPATH names", async () => {
      const directory = temporaryFolder();
      fs.writeFileSync(path.join(directory, "one.py"), "text = 'path'");
      const code = { "index.py": "import one\nhandler = lambda event, context: one.text" };
      const settings = { ...PYTHON, environment: { variables: { PYTHONPATH: directory } } };
      const modules = layer("modules", { "python/one.py": "text = 'layer'" });
      expect(await resultWith([modules], code, settings)).to.equal("path");
      expect(await resultWith([modules], code, PYTHON)).to.equal("layer");
    });
  });
});
