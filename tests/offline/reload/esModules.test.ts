import * as path from "node:path";
import { expect } from "chai";
import { Archive, Asset } from "../../../offline/engine/values";
import { type Watcher, watchProgram } from "../../../offline/reload/watchProgram";
import { build, leave, program, write } from "../../helpers/components/bundles";
import { invoke } from "../../helpers/offline/functions";
import { graphOf, lambdaOf } from "../../helpers/offline/graph";
import { closeServers, type Served, serveGraph, until } from "../../helpers/offline/served";

const waits = (answer: string) => `const answer = await "${answer}";\nexport const handler = async () => answer;`;

describe("a function that is bundled as an ES module", () => {
  let directory: string;
  let server: Served;
  let watcher: Watcher;
  let runs: number;

  afterEach(async () => {
    await watcher.close();
    await closeServers();
    leave();
  });

  /** The program, as far as it matters here: one bundled function. */
  async function graph() {
    const assets = Object.entries(await build("handler.ts")).map(([name, file]) => [name, new Asset({ path: file })]);
    return graphOf(directory, lambdaOf("main", new Archive({ assets: Object.fromEntries(assets) })));
  }

  async function serve(handler: string) {
    runs = 0;
    directory = program({
      "Pulumi.yaml": "name: project\nruntime: nodejs\n",
      "package.json": '{ "main": "index.ts" }',
    });
    write("index.ts", "export {};");
    write("handler.ts", handler);
    const first = await graph();
    server = await serveGraph(first);
    const rerun = () => {
      runs++;
      return graph();
    };
    watcher = watchProgram({ graph: first, rerun, log: (line) => server.lines.push(line) });
    await watcher.follow(server);
  }

  const answer = async () => (await invoke(server)).result;

  it("runs, and is rebuilt alone when it changes", async () => {
    await serve(waits("first"));
    expect(await answer()).to.equal("first");
    write(path.join(directory, "handler.ts"), waits("second"));
    await until(async () => (await answer()) === "second");
    expect(runs).to.equal(0);
  });

  it("becomes one when it begins to wait, by a run of the program", async () => {
    await serve("export const handler = async () => 'first';");
    expect(await answer()).to.equal("first");
    write(path.join(directory, "handler.ts"), waits("second"));
    await until(async () => (await answer()) === "second");
    expect(runs).to.equal(1);
    expect(server.lines.join("\n")).to.not.contain("not applied");
  });
});
