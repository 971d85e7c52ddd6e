import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { createConsumer, offline, run, write } from "../helpers/packages/consumer";
import { projects } from "../helpers/packages/projects";
import { otherNode } from "../helpers/packages/tools";

describe("packages in a project", function () {
  this.timeout(60_000);
  let folder: string;
  let shop: string;
  const installed = (...names: string[]) => path.join(folder, "node_modules", ...names);

  before(async () => {
    folder = await createConsumer({});
    shop = path.join(folder, "shop");
    write(shop, projects.javascript ?? {});
    write(path.join(folder, "module"), {
      "Pulumi.yaml": "name: shop\nruntime: nodejs\nmain: index.mjs\n",
      "index.mjs": `import "pulumi-graviton";\n`,
    });
  });

  describe("that cannot work there", () => {
    /** What is printed for CommonJS and for ES modules is the same. */
    async function refusal(): Promise<string> {
      const [script, module] = await Promise.all([shop, path.join(folder, "module")].map(previewIn));
      expect(module).to.equal(script);
      return String(script).replaceAll(folder, "APP");
    }

    async function previewIn(directory: string): Promise<string> {
      const { status, output } = await offline(folder, "preview", "--cwd", directory);
      expect(status).to.equal(1);
      return output.replace(/^warning: No AWS region.*\n/m, "");
    }

    it("say in one message, without a stack trace, that a peer is missing", async () => {
      const peer = installed("@pulumi/aws");
      fs.renameSync(peer, `${peer}.moved`);
      const output = await refusal().finally(() => fs.renameSync(`${peer}.moved`, peer));
      expect(output).to.equal(`error: The program failed: ${refused}
  It needs @pulumi/aws ^7.48.0, which is not installed: write npm install @pulumi/aws@^7.48.0\n`);
    });

    it("say so if there are two copies of the SDK", async () => {
      const nested = installed("pulumi-graviton/node_modules");
      fs.cpSync(installed("@pulumi/pulumi/package.json"), path.join(nested, "@pulumi/pulumi/package.json"));
      const output = await refusal().finally(() => fs.rmSync(nested, { recursive: true }));
      const lines = output.split("\n");
      expect(lines).to.have.lengthOf(3);
      expect(lines[0]).to.equal(`error: The program failed: ${refused}`);
      expect(lines[1]).to.match(/^ {2}@pulumi\/pulumi is installed more than once, .*, and then npm dedupe$/);
    });

    const refused = "pulumi-graviton cannot be used as it is installed in APP/node_modules/pulumi-graviton:";
  });

  it("say which Node they need", async function () {
    const node = otherNode(18);
    if (!node) return this.skip();
    const ran = await run(folder, node, [installed("pulumi-offline/bin.js"), "preview"]);
    expect(ran.output).to.match(/^error: pulumi-offline needs Node 20\.19 or later; this is 18\.[\d.]+\.\n$/);
    expect(ran.status).to.equal(1);
    for (const name of ["pulumi-graviton", "pulumi-offline"]) {
      const { output } = await run(folder, node, ["-e", `require("${name}")`]);
      expect(output)
        .to.contain(`${name} cannot be used as it is installed`)
        .and.contain("It needs Node 20.19 or later");
      expect(output).to.not.match(/^\s+at /m);
    }
  });

  it("run as somebody edited them, whatever an earlier run kept", async () => {
    const pack = installed("pulumi-graviton-policies");
    const preview = async () => (await offline(folder, "preview", "--cwd", shop, "--policy-pack", pack)).output;
    expect(await preview())
      .to.contain("Previewing shop")
      .and.contain("pulumi-graviton@v0.1.0");
    edit(installed("pulumi-offline/index.js"), "`Previewing $", "`Looking at $");
    edit(path.join(pack, "index.js"), `PolicyPack("pulumi-graviton"`, `PolicyPack("edited"`);
    expect(await preview())
      .to.contain("Looking at shop")
      .and.contain("edited@v0.1.0");
  });

  describe("that is read-only", () => {
    const nobody = 65534;

    before(function () {
      if (process.platform === "win32") return this.skip();
      fs.rmSync(path.join(shop, ".cache"), { recursive: true, force: true });
      fs.chmodSync(folder, 0o755);
      fs.chmodSync(shop, 0o555);
    });
    after(() => fs.chmodSync(shop, 0o755));

    /** Previews it as a user who can write neither there nor at home. For root, modes mean nothing. */
    function preview(): Promise<string> {
      const env = { ...process.env, HOME: "/nonexistent", XDG_CACHE_HOME: "" };
      const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
      const bin = installed("pulumi-offline/bin.js");
      return new Promise((resolve) => {
        execFile(process.execPath, [bin, "preview"], { cwd: shop, env, ...user }, (_, stdout, stderr) =>
          resolve(stdout + stderr),
        );
      });
    }

    it("say what needs to be writable", async () => {
      const output = await preview();
      expect(output).to.contain("in .cache in the program's folder, which this user cannot write to (EACCES");
      expect(output)
        .to.contain("make it writable, or create a writable .cache in it\n")
        .and.not.match(/^\s+at /m);
    });

    it("run once that is", async () => {
      fs.chmodSync(shop, 0o755);
      fs.mkdirSync(path.join(shop, ".cache"));
      if (process.getuid?.() === 0) fs.chownSync(path.join(shop, ".cache"), nobody, nobody);
      fs.chmodSync(shop, 0o555);
      expect(await preview())
        .to.contain("aws:apigateway:Stage")
        .and.not.contain("rror: ");
    });
  });
});

function edit(file: string, found: string, replacement: string): void {
  const text = fs.readFileSync(file, "utf8");
  expect(text).to.contain(found);
  fs.writeFileSync(file, text.replace(found, replacement));
}
