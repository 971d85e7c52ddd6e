import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { runProgram } from "../../../../offline";
import type { Resource } from "../../../../offline/engine/graph";
import type { Properties } from "../../../../offline/engine/values";
import { graphOf, lambda, resource } from "../../../helpers/offline/graph";
import { programDirectory } from "../../../helpers/offline/program";
import { closeServers, type Served, serveGraph, until } from "../../../helpers/offline/served";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const directory = temporaryFolder();

/** Returns what it is called with, or fails on request. */
const echo =
  "exports.handler = async (event) => { if (event.fail) throw new Error(event.fail); return { got: event }; };";

function invocation(name: string, inputs: Properties = {}, changes: Partial<Resource> = {}): Resource {
  const defaults = { functionName: "main", input: "{}" };
  return { ...resource("aws:lambda/invocation:Invocation", name, { ...defaults, ...inputs }), ...changes };
}

function graph(...invocations: Resource[]) {
  return graphOf(directory, lambda("main", echo), ...invocations);
}

/** What the log says about invocations. */
function logged({ lines }: Served): string[] {
  return lines.filter((line) => /^(error: )?invocation /.test(line));
}

async function afterLines(server: Served, count: number): Promise<string[]> {
  await until(() => logged(server).length >= count);
  return logged(server);
}

/** The line of this invocation shows that all earlier ones are over. */
const last = () => invocation("last");

async function beforeLast(server: Served): Promise<string[]> {
  await until(() => logged(server).some((line) => line.startsWith("invocation last ")));
  return logged(server).slice(0, -1);
}

describe("Lambda invocations of a deployment", () => {
  afterEach(closeServers);

  it("calls each function with its input, in the graph's order, and logs the results", async () => {
    const server = await serveGraph(
      graph(invocation("migrate", { input: '{"to":2}' }), invocation("seed", { input: '{"rows":[1]}' })),
    );
    expect(await afterLines(server, 2)).to.deep.equal([
      'invocation migrate of main answered {"got":{"to":2}}',
      'invocation seed of main answered {"got":{"rows":[1]}}',
    ]);
  });

  it("finds a function by its ARN and calls it through the alias", async () => {
    const code = "exports.handler = async (event, context) => context.invokedFunctionArn;";
    const functionName = "arn:aws:lambda:eu-west-1:123456789012:function:main";
    const alias = resource("aws:lambda/alias:Alias", "live", { name: "live", functionName: "main" });
    const server = await serveGraph(
      graphOf(directory, lambda("main", code), alias, invocation("seed", { functionName, qualifier: "live" })),
    );
    expect((await afterLines(server, 1))[0]).to.match(/answered "arn:\S+:function:main:live"$/);
  });

  it("adds the action for the lifecycle scope CRUD, which is always a creation", async () => {
    const server = await serveGraph(
      graph(
        invocation("crud", { input: '{"a":1}', lifecycleScope: "CRUD" }),
        invocation("named", { lifecycleScope: "CRUD", terraformKey: "pulumi" }),
      ),
    );
    expect(await afterLines(server, 2)).to.deep.equal([
      'invocation crud of main answered {"got":{"a":1,"tf":{"action":"create","prev_input":null}}}',
      'invocation named of main answered {"got":{"pulumi":{"action":"create","prev_input":null}}}',
    ]);
  });

  it("calls again when the input or a trigger has changed, and only then", async () => {
    const server = await serveGraph(graph(invocation("seed", { triggers: { version: "1" } })));
    await afterLines(server, 1);
    await server.reconcile(graph(invocation("seed", { triggers: { version: "1" } }), last()));
    expect(await beforeLast(server)).to.have.length(1);
    await server.reconcile(graph(invocation("seed", { triggers: { version: "2" } }), last()));
    await afterLines(server, 3);
    await server.reconcile(graph(invocation("seed", { triggers: { version: "2" }, input: '{"rows":[]}' }), last()));
    expect((await afterLines(server, 4)).at(-1)).to.equal('invocation seed of main answered {"got":{"rows":[]}}');
  });

  it("says why one failed, makes no call that needs it, and tries again with the next graph", async () => {
    const migrate = (input: string) => invocation("migrate", { input });
    const seeds = resource("tests:index:Seeds", "seeds", {});
    const rest = [
      { ...seeds, custom: false, dependencies: [migrate("").urn] },
      invocation("seed", {}, { parent: seeds.urn }),
      last(),
    ];
    const server = await serveGraph(graph(migrate('{"fail":"no such column"}'), ...rest));
    expect(await beforeLast(server)).to.deep.equal([
      "error: invocation migrate of main failed: Error: no such column",
      "invocation seed waits for migrate, which failed",
    ]);
    await server.reconcile(graph(migrate("{}"), ...rest));
    expect((await afterLines(server, 5)).slice(3)).to.deep.equal([
      'invocation migrate of main answered {"got":{}}',
      'invocation seed of main answered {"got":{}}',
    ]);
  });

  const mistakes: [what: string, inputs: Properties, message: RegExp][] = [
    ["a function that the program does not have", { functionName: "other" }, /no such function; it has main$/],
    ["an input that is not JSON", { input: "{" }, /its input is not valid JSON/],
    ["an input that no action can be added to", { input: "[1]", lifecycleScope: "CRUD" }, /must be a JSON object/],
  ];
  for (const [what, inputs, message] of mistakes) {
    it(`reports ${what}, and keeps serving`, async () => {
      const server = await serveGraph(graph(invocation("wrong", inputs), last()));
      const [line] = await beforeLast(server);
      expect(line)
        .to.match(/^error: invocation wrong of /)
        .and.to.match(message);
    });
  }

  it("makes no call for an invocation that the program only reads", async () => {
    const server = await serveGraph(graph(invocation("seed", {}, { external: true }), last()));
    expect(await beforeLast(server)).to.deep.equal([]);
  });

  describe("given a data folder", () => {
    it("repeats in a later run only what failed or has changed", async () => {
      const data = temporaryFolder();
      const first = await serveGraph(
        graph(invocation("done"), invocation("other"), invocation("failing", { input: '{"fail":"no"}' }), last()),
        { data },
      );
      await beforeLast(first);
      await closeServers();
      const changed = invocation("other", { input: '{"a":1}' });
      const second = await serveGraph(
        graph(invocation("done"), changed, invocation("failing", { input: '{"fail":"no"}' })),
        { data },
      );
      expect(await afterLines(second, 2)).to.deep.equal([
        'invocation other of main answered {"got":{"a":1}}',
        "error: invocation failing of main failed: Error: no",
      ]);
    });

    it("makes all calls again if the record is cut off", async () => {
      const data = temporaryFolder();
      fs.writeFileSync(path.join(data, "invocations.json"), '{"urn');
      const server = await serveGraph(graph(invocation("seed")), { data });
      expect(await afterLines(server, 1)).to.have.length(1);
    });

    it("makes no call when it cannot read which were made", async () => {
      const data = temporaryFolder();
      fs.mkdirSync(path.join(data, "invocations.json"));
      const server = await serveGraph(graph(invocation("seed")), { data });
      await until(() =>
        server.lines.some((line) =>
          line.startsWith("error: the record of invocations cannot be read or written: EISDIR"),
        ),
      );
      expect(logged(server)).to.deep.equal([]);
    });
  });

  it("runs the jobs that a program submits when it is deployed, one after the other", async () => {
    const program = await runProgram({ directory: programDirectory("deployed") });
    expect(program.outputs).to.deep.equal({ jobId: "" });
    const server = await serveGraph(program);
    const [migrated, seeded] = await afterLines(server, 2);
    expect(migrated).to.match(/^invocation migrate of migrate-[\da-f]{7} answered .*"status":"SUCCEEDED"/);
    expect(seeded).to.match(/^invocation seed of seed-[\da-f]{7} answered .*"status":"SUCCEEDED"/);
    const printed = server.lines.flatMap((line) => /\| (ran \w+)$/.exec(line)?.[1] ?? []);
    expect(printed).to.deep.equal(["ran migrate", "ran seed"]);
  });
});
