import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { createPolicies } from "../../policies/policies";
import { createConsumer, run, write } from "../helpers/packages/consumer";
import { addTypeScript, isolate } from "../helpers/packages/isolate";
import { projects } from "../helpers/packages/projects";
import { otherNode } from "../helpers/packages/tools";

describe("the packages in a project of", function () {
  this.timeout(120_000);
  let folder: string;

  before(async () => {
    folder = await createConsumer({});
    isolate(folder);
    for (const [name, files] of Object.entries(projects)) write(path.join(folder, name), files);
  });

  const offline = (node: string, project: string, ...args: string[]) =>
    run(path.join(folder, project), node, [path.join(folder, "node_modules/pulumi-offline/bin.js"), ...args]);
  const preview = (project: string, ...args: string[]) => offline(process.execPath, project, "preview", ...args);
  /** Under the SDK's own runner without its type check, which takes seconds for the declarations of @pulumi/aws. */
  const transpiled = (project: string, ...args: string[]) => {
    const bin = path.join(folder, "node_modules/pulumi-offline/bin.js");
    const words = [bin, "preview", "--runner", "sdk", ...args];
    return run(path.join(folder, project), process.execPath, words, { PULUMI_NODEJS_TRANSPILE_ONLY: "true" });
  };

  describe("somebody without a typescript", () => {
    // That this compiler can check the packages' declarations, too, is tested in consumer.test.ts.
    it("run in Pulumi's older template, compiled by the SDK's own", async () => {
      expectTemplate(await transpiled("olderTemplate"));
    });

    it("run in Pulumi's template of today, which the SDK's own cannot compile", async () => {
      const { status, output } = await preview("template", "--runner", "sdk");
      expect(output)
        .to.match(/error TS6046: .*--module/)
        .and.contain("npm install --save-dev typescript@5\n");
      expect(status).to.equal(1);
      expectTemplate(await preview("template"));
    });
  });

  describe("somebody with TypeScript 7", () => {
    const compiler = "node_modules/typescript";

    before(() =>
      write(folder, {
        [`${compiler}/package.json`]: JSON.stringify({ version: "7.0.2", main: "lib/version.cjs" }),
        [`${compiler}/lib/version.cjs`]: `exports.version = "7.0.2";`,
      }),
    );
    after(() => fs.rmSync(path.join(folder, compiler), { recursive: true }));

    it("run, with a warning that the SDK could not compile the program", async () => {
      const result = await preview("template");
      expectTemplate(result);
      expect(result.output).to.contain("The Pulumi CLI would compile this program with TypeScript 7.0.2, which fails");
    });

    it("do not run with the SDK's own runner, which is told with what to install", async () => {
      const { status, output } = await preview("template", "--runner", "sdk");
      expect(output).to.contain("The installed TypeScript 7.0.2 lacks the JavaScript interface");
      expect(output)
        .to.contain("npm install --save-dev typescript@5\n")
        .and.not.match(/^\s+at /m);
      expect(status).to.equal(1);
    });
  });

  describe("somebody with a typescript", () => {
    before(() => addTypeScript(folder));

    it("run in Pulumi's template with the SDK's own runner, and so does the policy pack", async () => {
      const pack = path.join(folder, "node_modules/pulumi-graviton-policies");
      const result = await transpiled("template", "--policy-pack", pack);
      expectTemplate(result);
      expect(result.output).to.contain(`1 pack, ${createPolicies().length} policies: 0 mandatory`);
    });

    it("are checked there as the rest of the program, in which nothing but the mistake is found", async () => {
      const text = projects.template?.["index.ts"]?.replace("deletionProtection: true", "deletionProtection: 5");
      write(path.join(folder, "wrong"), { ...projects.template, "index.ts": String(text) });
      const { status, output } = await preview("wrong", "--runner", "sdk");
      const errors = output.match(/^.*error TS.*$/gm);
      expect(errors).to.have.lengthOf(1);
      expect(errors?.[0]).to.contain("index.ts(8,28): error TS2322: Type 'number' is not assignable");
      expect(status).to.equal(1);
    });

    it("serve their functions to a test of that project, which ends by itself", async () => {
      const mocha = path.join(folder, "node_modules/mocha/bin/mocha.js");
      const project = path.join(folder, "javascript");
      const { status, output } = await run(project, process.execPath, [mocha, "--timeout", "60000", "test.js"]);
      expect(output).to.contain("1 passing");
      expect(status).to.equal(0);
    });

    // The SDK's runner is that of the Pulumi CLI: below, it runs on other versions of Node.
    it("run in JavaScript with the SDK's own runner", async () => {
      expectApi(await preview("javascript", "--runner", "sdk"));
    });

    it("run in a program of the Automation API", async () => {
      const result = await preview("inline", "--runner", "sdk");
      expectApi(result);
      expect(result.output).to.contain("run inline");
    });

    for (const major of [Number.parseInt(process.versions.node, 10), 20, 22, 24].filter(isFirst)) {
      describe(`on Node ${major}`, () => {
        let node: string;

        before(function () {
          const found = process.versions.node.startsWith(`${major}.`) ? process.execPath : otherNode(major);
          if (!found) return this.skip();
          node = found;
        });

        it("run in JavaScript", async () => {
          expectApi(await offline(node, "javascript", "preview"));
        });

        it("run in an ES module that awaits at its top level", async () => {
          const { status, output } = await offline(node, "esModule", "preview");
          expect(output).to.contain(`entry: "index.ts"`).and.not.contain("rror: ");
          expect(status).to.equal(0);
        });

        it("run there with --runner sdk, where Node compiles it", async () => {
          const { output } = await offline(node, "esModule", "preview", "--runner", "sdk");
          expect(output).to.contain(major >= 22 ? `entry: "index.ts"` : "npm install --save-dev ts-node@10");
        });
      });
    }
  });
});

function expectTemplate({ status, output }: Awaited<ReturnType<typeof run>>): void {
  expect(output).to.contain("graviton:index:ItemsTable").and.contain("aws:s3:Bucket");
  expect(output).to.contain("bucketName: ").and.not.contain("rror: ");
  expect(status).to.equal(0);
}

function expectApi({ status, output }: Awaited<ReturnType<typeof run>>): void {
  expect(output).to.contain("aws:apigateway:Stage").and.contain(`type: "m7g.large"`).and.contain(`url : "https://`);
  expect(output).to.not.contain("rror: ");
  expect(status).to.equal(0);
}

function isFirst<Value>(value: Value, index: number, all: Value[]): boolean {
  return all.indexOf(value) === index;
}
