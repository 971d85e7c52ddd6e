import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { begin } from "../../helpers/offline/cli";
import { until } from "../../helpers/offline/served";
import { shop } from "../../helpers/offline/shop";
import { type Started, startOffline } from "../../helpers/offline/start";
import { temporaryFolder } from "../../helpers/temporaryFolder";

describe("pulumi-offline invoke", function () {
  // Each test starts the command several times.
  this.timeout(60_000);
  let folder: string;
  let started: Started;

  before(async () => {
    folder = shop();
    started = await startOffline([], folder);
  });
  after(() => started.interrupt());

  const invoke = (...parameters: string[]) => begin("invoke", ...parameters).ended;
  const here = () => ["--cwd", folder];

  it("calls a function by its resource's name and prints what it returns", async () => {
    expect(await invoke("main", ...here())).to.deep.equal({ code: 0, out: "{}\n", error: "" });
  });

  it("takes the name in AWS, and the event as JSON or from a file, from a folder below the program", async () => {
    const { endpoint, credentials } = started;
    const sdk = new LambdaClient({ endpoint, credentials, region: "us-east-1" });
    const { FunctionName: name = "" } = (await sdk.send(new ListFunctionsCommand({}))).Functions?.[0] ?? {};
    expect(name).to.match(/^main-[0-9a-f]{7}$/);
    const below = path.join(folder, "events");
    fs.mkdirSync(below);
    const file = path.join(below, "event.json");
    fs.writeFileSync(file, '{ "from": "a file" }');
    const [json, read] = await Promise.all([
      invoke(name, "--event", '{"é":1}', ...here()),
      invoke(name, "--event", file, "--cwd", below),
    ]);
    expect(json.out).to.equal('{"é":1}\n');
    expect(read.out).to.equal('{"from":"a file"}\n');
  });

  it("prints the error of a function and exits with 1", async () => {
    const { code, out, error } = await invoke("main", "--event", '{"message":"no such lamp"}', ...here());
    expect({ code, out }).to.deep.equal({ code: 1, out: "" });
    expect(error).to.match(/^error: main: TypeError: no such lamp\n {4}at exports.handler/);
  });

  it("has its log printed by logs, from now on with --follow", async () => {
    const running = begin("logs", "main", "--follow", ...here());
    await invoke("main", "--event", '{"message":"no such shelf"}', ...here());
    await until(() => running.printed.out.includes("no such shelf"));
    running.child.kill("SIGINT");
    const { out } = await begin("logs", "main", "--filter", "shelf", ...here()).ended;
    expect(out.trimEnd().split("\n")[0]).to.match(/^\d{4}-\d{2}-\d{2}T\S+Z .*no such shelf/);
    expect(out).not.to.contain("START RequestId");
  });

  it("names the nearest function, and says what is wrong with an event", async () => {
    const [name, event, stdin] = await Promise.all([
      invoke("mian", ...here()),
      invoke("main", "--event", "event.jsn", ...here()),
      invoke("main", "--event", "-", ...here()),
    ]);
    expect(name.error).to.equal("error: The program has no function mian. Did you mean main?\n");
    expect(event.error).to.contain("error: --event: event.jsn is neither a file nor JSON: ");
    expect(stdin.error).to.contain("error: --event: standard input is not JSON: ");
    expect([name, event, stdin].map(({ code }) => code)).to.deep.equal([1, 1, 1]);
  });

  it("names what is running elsewhere, and asks which is meant if there are two", async () => {
    const another = await startOffline(["--stack", "test"], folder);
    try {
      const [elsewhere, ambiguous] = await Promise.all([
        invoke("main", "--cwd", temporaryFolder()),
        invoke("main", ...here()),
      ]);
      expect(elsewhere).to.deep.include({ code: 1, out: "" });
      expect(elsewhere.error).to.contain("run pulumi-offline start in another terminal").and.contain(folder);
      expect(ambiguous.error).to.contain("Several are running. Choose one with --stack:\n");
    } finally {
      await another.interrupt();
    }
    expect(await invoke("main", ...here())).to.deep.include({ code: 0 });
  });

  it("names only the options that tell several apart", async () => {
    const twice = (directory: string) => Promise.all([startOffline([], directory), startOffline([], directory)]);
    const withApi = shop();
    fs.appendFileSync(
      path.join(withApi, "index.js"),
      `const paths = { "/": { get: { "x-amazon-apigateway-integration": { type: "mock" } } } };
       const body = JSON.stringify({ openapi: "3.0.1", info: { title: "", version: "" }, paths });
       const restApi = new aws.apigateway.RestApi("api", { body }).id;
       const deployment = new aws.apigateway.Deployment("api", { restApi }).id;
       new aws.apigateway.Stage("api", { restApi, deployment, stageName: "Prod" });`,
    );
    const withoutApi = shop();
    const running = [...(await twice(withApi)), ...(await twice(withoutApi))];
    try {
      const [port, none] = await Promise.all([withApi, withoutApi].map((cwd) => invoke("main", "--cwd", cwd)));
      expect(port?.error).to.contain("Several are running. Choose one with --port:\n");
      expect(none?.error).to.contain("Several are running. No option tells them apart; end all but one:\n");
    } finally {
      await Promise.all(running.map(({ interrupt }) => interrupt()));
    }
  });

  it("calls a function that an edit has added", async () => {
    fs.appendFileSync(
      path.join(folder, "index.js"),
      `new aws.lambda.Function("second", { role: "arn:aws:iam::123456789012:role/main", runtime: "nodejs22.x",
         handler: "index.handler", code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(
         "exports.handler = async () => 'second'") }) });`,
    );
    let answer = await invoke("second", ...here());
    while (answer.code !== 0) answer = await invoke("second", ...here());
    expect(answer.out).to.equal('"second"\n');
  });

  describe("with what else may be in the folder of the running sessions", () => {
    const { TMPDIR } = process.env;
    let session: string;
    beforeEach(() => {
      process.env.TMPDIR = temporaryFolder();
      const sessions = path.join(process.env.TMPDIR, `pulumi-offline-${os.userInfo().uid}`);
      fs.mkdirSync(sessions, { mode: 0o700 });
      session = path.join(sessions, `${process.pid}.json`);
    });
    afterEach(() => {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    });

    it("finds no session in a file that is half-written or has just been deleted", async () => {
      fs.writeFileSync(session, '{ "pid": ');
      expect((await invoke("main", ...here())).error).to.match(/^error: Nothing is served in /);
      fs.rmSync(session);
      fs.symlinkSync("gone.json", session);
      expect((await invoke("main", ...here())).error).to.match(/^error: Nothing is served in /);
    });

    it("prints an answer that is not JSON as it is", async () => {
      const server = http.createServer((_, response) => response.writeHead(502).end("Bad gateway"));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const credentials = { accessKeyId: "a", secretAccessKey: "s" };
      const resources = [{ kind: "function", urn: "urn", resource: "main", name: "main" }];
      const directory = fs.realpathSync(folder);
      fs.writeFileSync(session, JSON.stringify({ directory, apis: [], region: "x", endpoint, credentials, resources }));
      const { error } = await invoke("main", ...here());
      server.close();
      expect(error).to.equal("error: main: Bad gateway\n");
    });
  });
});
