import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { begin, type Command, copyOfProgram, isRunning } from "../../helpers/offline/cli";
import { until } from "../../helpers/offline/served";

/** A program with one function behind one route, and behind an HTTP API, which is not served. */
const served = (said = "") => `
  import * as aws from "@pulumi/aws";
  import * as pulumi from "@pulumi/pulumi";
  ${said}
  const archive = new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(
    "exports.handler = async () => ({ statusCode: 200, body: 'hello' })") });
  const main = new aws.lambda.Function("main", { role: "arn:aws:iam::123456789012:role/main", runtime: "nodejs22.x",
    handler: "index.handler", code: archive });
  new aws.rds.Cluster("db", { engine: "aurora-postgresql" });
  const auth = new pulumi.Config().get("auth") ?? "NONE";
  const body = main.invokeArn.apply((uri) => JSON.stringify({ openapi: "3.0.1", info: { title: "t", version: "1" },
    paths: { "/greeting": { get: { "x-amazon-apigateway-auth": { type: auth },
      "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri } } } } }));
  const api = new aws.apigateway.RestApi("api", { body });
  const deployment = new aws.apigateway.Deployment("api", { restApi: api.id });
  new aws.apigateway.Stage("api", { restApi: api.id, deployment: deployment.id, stageName: "Prod" });
`;

describe("pulumi-offline start", () => {
  let folder: string;
  let run: Command | undefined;

  const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text);
  const says = (text: string | RegExp) => until(() => run !== undefined && run.printed.error.search(text) >= 0);

  /** Starts a program, waits until it is served, and returns the lines of standard output. */
  async function start(program: string, ...parameters: string[]): Promise<string[]> {
    folder = copyOfProgram("policed");
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\nmain: index.ts\n");
    write("index.ts", program);
    const { printed } = launch(...parameters);
    await until(() => printed.out.includes("ready in") || printed.out.startsWith("{"));
    return printed.out.trimEnd().split("\n");
  }

  function launch(...parameters: string[]): Command {
    run = begin("start", "--port", "0", "--cwd", folder, ...parameters);
    return run;
  }

  afterEach(async () => {
    run?.child.kill("SIGINT");
    await run?.ended;
    run = undefined;
  });

  describe("prints a banner", () => {
    for (const auth of ["NONE", "AWS_IAM"]) {
      it(`with a call that works as it is, for routes with the authorization ${auth}`, async () => {
        const lines = await start(served(), "--config", `auth=${auth}`);
        const [call = ""] = lines.flatMap((line) => /^Try +(curl .*)$/.exec(line)?.[1] ?? []);
        expect(execFileSync("/bin/sh", ["-c", `${call} --silent`]).toString()).to.equal("hello");
      });
    }

    it("with the stack, the routes, the environment, what is not served and, last, that it is ready", async () => {
      const lines = await start(served());
      const port = /127.0.0.1:(\d+)\/Prod/.exec(lines.join())?.[1];
      const text = lines.join("\n").replace(/(AWS.*?127.0.0.1:|_URL=http:..127.0.0.1:)\d+/g, "$1PORT");
      expect(text.replace(/AWS_ACCESS_KEY_ID=AKIA\w{16} AWS_SECRET_ACCESS_KEY=\S{40}/, "KEYS")).to.match(
        new RegExp(`^shop, stack dev, region us-east-1 \\(the default: neither aws:region nor AWS_REGION is set\\)
API       api  http://127.0.0.1:${port}/Prod
            GET  /greeting  open
Try       curl http://127.0.0.1:${port}/Prod/greeting
AWS       http://127.0.0.1:PORT, for the AWS CLI and SDKs:
          export AWS_ENDPOINT_URL=http://127.0.0.1:PORT AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
          export KEYS
warning: 1 database is not emulated \\(db\\): run one on this machine, and give the program its address
ready in \\d+ ms$`),
      );
    });

    it("for a program without an API, and without any resource", async () => {
      const [first, second, third] = await start("export {};");
      expect([first, second]).to.deep.equal([
        "shop, stack dev, region us-east-1 (the default: neither aws:region nor AWS_REGION is set)",
        "API       none: the program has no API that can be served",
      ]);
      expect(third).to.match(/^AWS /);
    });

    it("as one line of JSON with --json", async () => {
      const lines = await start(served(), "--json");
      expect(lines).to.have.lengthOf(1);
      const { project, stack, region, apis, problems } = JSON.parse(lines[0] ?? "");
      expect({ project, stack, region }).to.deep.equal({ project: "shop", stack: "dev", region: "us-east-1" });
      expect(apis[0].routes).to.deep.equal([{ method: "GET", path: "/greeting", auth: "none", required: [] }]);
      expect(problems).to.have.lengthOf(1);
    });
  });

  it("hides encrypted configuration in its warnings and in what functions print", async () => {
    const program = served(`const pin = new pulumi.Config().require("pin");
      new aws.cognito.UserPool("pin-" + pin);`);
    folder = copyOfProgram("secretive");
    write("index.ts", program.replace("body: 'hello'", "body: console.log('pin', 4711) ?? 'hello'"));
    process.env.PULUMI_CONFIG_PASSPHRASE = "correct horse";
    const { printed } = launch();
    delete process.env.PULUMI_CONFIG_PASSPHRASE;
    await until(() => printed.out.includes("ready in"));
    await fetch(/http:\S+Prod\/greeting/.exec(printed.out)?.[0] ?? "");
    await says(/ \| .*pin \[secret\]/);
    expect(printed.out).to.include("1 Cognito user pool is not emulated (pin-[secret])");
  });

  describe("follows edits", () => {
    it("and shows what the program says at each run, whether it fails or not", async () => {
      await start(`console.log("first words");`);
      await says(/^first words$/m);
      write("index.ts", `require("@pulumi/pulumi").log.warn("be careful"); console.error("second words");`);
      await says(/^warning: be careful$/m);
      await says(/^second words$/m);
      write("index.ts", `console.log("third words"); throw new Error("broken edit");`);
      await says(/^third words\n(?:.*\n)*index\.ts changed \| not applied.*\nThe program failed: Error: broken edit$/m);
      expect(run?.printed.error.split("broken edit")).to.have.lengthOf(2);
    });

    for (const [kind, code] of [
      ["an endless loop", "for (;;);"],
      [
        "a promise that is pending while the process lives",
        "setInterval(() => 0, 1000); export const never = new Promise(() => {});",
      ],
    ]) {
      it(`and ends a run with ${kind} as soon as it is mended`, async () => {
        await start("export {};");
        write("index.ts", `require("node:fs").writeFileSync(__dirname + "/.pid", String(process.pid)); ${code}`);
        const file = path.join(folder, ".pid");
        await until(() => fs.existsSync(file) && fs.readFileSync(file, "utf8") !== "");
        const pid = Number(fs.readFileSync(file, "utf8"));
        write("index.ts", `console.log("mended");`);
        await says(/^mended\nindex\.ts changed \| nothing changes in \d+ ms$/m);
        await until(() => !isRunning(pid));
      });
    }

    it("and names new things that are not served, and the addresses of new APIs", async () => {
      await start("export {};");
      write("index.ts", served());
      await says(/^API api is at http:\/\/127\.0\.0\.1:\d+\/Prod$/m);
      await says(/^warning: 1 database is not emulated/m);
    });

    it("and stays on its stack when the stack's file is removed", async () => {
      await start("export {};");
      write("Pulumi.prod.yaml", "config: {}\n");
      await says(/There is no stack "dev"/);
      write("Pulumi.dev.yaml", "config: {}\n");
      await says(/^Pulumi\.dev\.yaml changed \| nothing changes|Pulumi\.prod\.yaml changed \| nothing changes/m);
      write("index.ts", `console.log("stack", require("@pulumi/pulumi").getStack());`);
      await says(/^stack dev$/m);
      fs.rmSync(path.join(folder, "Pulumi.dev.yaml"));
      await says("Waiting for Pulumi.dev.yaml to come back; the stack dev stays as it was.");
      expect(run?.printed.error).not.to.include("stack prod");
    });
  });

  it("ends by itself when nobody reads its log any more", async () => {
    await start("export {};");
    run?.child.stderr?.destroy();
    write("index.ts", `console.log("unread");`);
    expect((await run?.ended)?.code).to.equal(0);
  });
});
