import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as inspector from "node:inspector";
import * as path from "node:path";
import { expect } from "chai";
import { buildSync } from "esbuild";
import { Archive, Asset } from "../../offline/engine/values";
import { serve } from "../../offline/server";
import { graphOf, lambda, lambdaOf, proxy, restApi, table } from "../helpers/offline/graph";
import { closeServers, serveGraph, until } from "../helpers/offline/served";
import { temporaryFolder } from "../helpers/temporaryFolder";

const directory = temporaryFolder();

function program(
  answer: string,
  code = `exports.handler = async () => ({ statusCode: 200, body: ${JSON.stringify(answer)} })`,
) {
  return graphOf(directory, lambda("main", code), ...restApi("api", { paths: { "/": { get: proxy("main") } } }));
}

describe("serve", () => {
  afterEach(closeServers);

  it("names the port and a remedy when the port is in use", async () => {
    const first = await serveGraph(program("one"));
    const port = Number(new URL(first.apis[0]?.url ?? "").port);
    const error = await serve(program("two"), { port, log: () => {} }).catch((reason) => reason);
    expect(error.message).to.match(new RegExp(`Port ${port} is in use: .*--port`));
  });

  it("leaves nothing open: the process ends by itself after close", () => {
    const script = `
      const { serve } = require("./offline/server");
      const { graphOf, lambda, proxy, restApi, table } = require("./tests/helpers/offline/graph");
      (async () => {
        const code = "exports.handler = async () => { setInterval(() => {}, 1000); return { statusCode: 200, body: '' } }";
        const graph = graphOf(${JSON.stringify(directory)}, table("items"), lambda("main", code), ...restApi("api", { paths: { "/": { get: proxy("main") } } }));
        const server = await serve(graph, { port: 0, log: () => {} });
        console.log((await fetch(server.apis[0].url)).status);
        await server.close();
      })();`;
    const root = path.resolve(__dirname, "../..");
    const output = execFileSync(process.execPath, ["-r", "tsx/cjs", "-e", script], { cwd: root, timeout: 10_000 });
    expect(output.toString()).to.equal("200\n");
  });

  describe("given a data folder", () => {
    it("names it when it cannot be one", async () => {
      const data = path.join(directory, "file");
      fs.writeFileSync(data, "");
      const error = await serve(program("one"), { port: 0, data, log: () => {} }).catch((reason) => reason);
      expect(error.message).to.include(`The data folder ${data} cannot be used`);
    });

    it("names it when nothing can be made there, as in the file system of processes", async function () {
      if (process.platform !== "linux") this.skip();
      for (const data of ["/proc/offline", "/proc/offline/data", "/proc/self/fd/offline"]) {
        const error = await serve(program("one"), { port: 0, data, log: () => {} }).catch((reason) => reason);
        expect(error.message).to.include(`The data folder ${data} cannot be used`);
      }
    });

    it("makes new credentials when the kept ones are cut off", async () => {
      const data = temporaryFolder();
      await serveGraph(program("one"), { data });
      await closeServers();
      fs.truncateSync(path.join(data, "credentials.json"), 20);
      const { credentials } = await serveGraph(program("one"), { data });
      expect(credentials.accessKeyId).to.match(/^AKIA[A-Z2-7]{16}$/);
    });
  });

  it("makes other credentials in each run", async () => {
    const [first, second] = [await serveGraph(program("")), await serveGraph(program(""))];
    expect(first.credentials.secretAccessKey).not.to.equal(second.credentials.secretAccessKey);
    expect(first.credentials.accessKeyId).to.match(/^AKIA[A-Z2-7]{16}$/);
  });

  describe("reconcile", () => {
    it("takes over changed functions, new tables and new routes, and says what changed", async () => {
      const server = await serveGraph(program("one"));
      await server.call("/");
      const paths = { "/": { get: proxy("main") }, "/more": { get: proxy("more") } };
      const more = lambda("more", "exports.handler = async () => ({ statusCode: 200, body: 'more' })");
      const next = program("two");
      const [main] = next.resources;
      const changes = await server.reconcile(
        graphOf(directory, ...(main ? [main] : []), more, table("items"), ...restApi("api", { paths })),
      );
      expect(changes).to.deep.equal([
        { action: "added", kind: "table", name: "items" },
        { action: "updated", kind: "function", name: "main" },
        { action: "added", kind: "function", name: "more" },
        { action: "updated", kind: "api", name: "api" },
      ]);
      expect(await (await server.call("/")).text()).to.equal("two");
      expect(await (await server.call("/more")).text()).to.equal("more");
    });

    it("changes nothing when nothing has changed: workers stay warm", async () => {
      const code = "let calls = 0; exports.handler = async () => ({ statusCode: 200, body: String(++calls) })";
      const server = await serveGraph(program("", code));
      await server.call("/");
      expect(await server.reconcile(program("", code))).to.deep.equal([]);
      expect(await (await server.call("/")).text()).to.equal("2");
    });

    it("lets requests in flight end on the old code, while new ones get the new code", async () => {
      const slow =
        "exports.handler = async () => { console.log('began'); await new Promise(r => setTimeout(r, 400)); return { statusCode: 200, body: 'old' } }";
      const server = await serveGraph(program("", slow));
      const inFlight = server.call("/");
      await until(() => server.lines.some((line) => line.endsWith("began")));
      await server.reconcile(program("new"));
      expect(await (await server.call("/")).text()).to.equal("new");
      expect(await (await inFlight).text()).to.equal("old");
    });

    it("keeps serving the old code when the new code does not load, and says why", async () => {
      const server = await serveGraph(program("good"));
      await server.call("/");
      expect(await server.reconcile(program("", "throw new Error('broken edit')"))).to.deep.equal([
        { action: "kept", kind: "function", name: "main" },
      ]);
      expect(server.lines.join("\n")).to.match(/main \| the new code does not load.*broken edit/);
      expect(await (await server.call("/")).text()).to.equal("good");
    });

    it("stops serving what the program no longer has", async () => {
      const server = await serveGraph(program("one"));
      expect(await server.reconcile(graphOf(directory))).to.deep.equal([
        { action: "removed", kind: "function", name: "main" },
        { action: "removed", kind: "api", name: "api" },
      ]);
    });
  });

  describe("code with a source map", () => {
    function built() {
      const folder = temporaryFolder();
      const source = path.join(folder, "handler.ts");
      fs.writeFileSync(
        source,
        "interface Event { a: string }\n\nexport const handler = async (event: Event): Promise<never> => {\n  throw new Error(event.a);\n};\n",
      );
      const outfile = path.join(folder, "out", "index.js");
      buildSync({ entryPoints: [source], outfile, bundle: true, minify: true, platform: "node", sourcemap: "linked" });
      return lambdaOf("main", new Archive({ assets: { "index.js": new Asset({ path: outfile }) } }));
    }
    const document = { paths: { "/": { get: proxy("main") } } };

    it("shows where in the sources a handler failed", async () => {
      const server = await serveGraph(graphOf(directory, built(), ...restApi("api", document)));
      await server.call("/");
      expect(server.lines.join("\n")).to.match(/main [0-9a-f]{8} \| +at .*handler\.ts:4:9/);
    });

    it("lets a debugger find the function's script and its map when asked to inspect", async () => {
      const server = await serveGraph(graphOf(directory, built(), ...restApi("api", document)), { inspect: true });
      expect(server.inspectorUrl).to.match(/^ws:\/\/127\.0\.0\.1:9229\//);
      const scripts = await scriptsOfWorkers(() => server.call("/"));
      expect(scripts.find(({ url }) => url.endsWith("/out/index.js"))).to.include({ sourceMapURL: "index.js.map" });
    });
  });
});

interface Script {
  url: string;
  sourceMapURL: string;
}

/** What a debugger such as VS Code sees of the worker threads, through the inspector's own protocol. */
async function scriptsOfWorkers(use: () => Promise<unknown>): Promise<Script[]> {
  const scripts: Script[] = [];
  const session = new inspector.Session();
  session.connect();
  session.on("NodeWorker.attachedToWorker", ({ params: { sessionId } }) => {
    const message = JSON.stringify({ id: 1, method: "Debugger.enable" });
    session.post("NodeWorker.sendMessageToWorker", { sessionId, message });
  });
  session.on("NodeWorker.receivedMessageFromWorker", ({ params }) => {
    const { method, params: script } = JSON.parse(params.message) as { method?: string; params: Script };
    if (method === "Debugger.scriptParsed") scripts.push(script);
  });
  session.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
  await use();
  session.disconnect();
  return scripts;
}
