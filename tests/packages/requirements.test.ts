import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { packed, run, write } from "../helpers/packages/consumer";
import { temporaryFolder } from "../helpers/temporaryFolder";

const library = "node_modules/pulumi-graviton";
const sdk = "node_modules/@pulumi/pulumi";
const aws = "node_modules/@pulumi/aws";

describe("a package that is not installed as it needs", function () {
  this.timeout(60_000);

  /** Requires pulumi-graviton in a project that has these versions of packages, by folder. */
  async function use(versions: Record<string, string>, change = (manifest: string) => manifest) {
    const folder = temporaryFolder();
    const { "pulumi-graviton": tarball = "" } = await packed();
    const built = path.join(path.dirname(tarball), "pulumi-graviton");
    const read = (file: string) => fs.readFileSync(path.join(built, file), "utf8");
    write(folder, {
      [`${library}/index.js`]: read("index.js"),
      [`${library}/requirements.js`]: read("requirements.js"),
      [`${library}/package.json`]: change(read("package.json")),
    });
    for (const [name, version] of Object.entries(versions)) {
      write(folder, { [`${name}/package.json`]: JSON.stringify({ version }) });
    }
    const script = `try { require("pulumi-graviton"); } catch ({ message, stack, __pulumiRunError }) {
      console.log(message); if (stack !== message || !__pulumiRunError) console.log("with a stack"); }`;
    const { output } = await run(folder, process.execPath, ["-e", script]);
    return output.replaceAll(folder, "APP");
  }

  it("names all peers that are missing or too old, with what to write", async () => {
    expect(await use({ [aws]: "7.2.0" })).to.equal(
      `pulumi-graviton cannot be used as it is installed in APP/${library}:
  It needs @pulumi/aws ^7.48.0, but 7.2.0 (in APP/${aws}) is installed: write npm install @pulumi/aws@^7.48.0
  It needs @pulumi/pulumi ^3.270.0, which is not installed: write npm install @pulumi/pulumi@^3.270.0
`,
    );
  });

  it("names a major version that is too new, and an optional peer that is too old", async () => {
    const output = await use({ [sdk]: "4.0.0", [aws]: "7.48.0", "node_modules/@pulumi/awsx": "2.22.0" });
    expect(output).to.contain("It needs @pulumi/pulumi ^3.270.0, but 4.0.0 (in APP/node_modules/@pulumi/pulumi)");
    expect(output).to.contain("It needs @pulumi/awsx ^3.9.0, but 2.22.0 (in APP/node_modules/@pulumi/awsx)");
  });

  it("names two copies of the SDK", async () => {
    const output = await use({ [sdk]: "3.271.0", [aws]: "7.50.1", [`${aws}/${sdk}`]: "3.270.0" });
    expect(output).to.contain(
      "@pulumi/pulumi is installed more than once, and the resources of one copy mean nothing to another: " +
        `3.271.0 (in APP/${sdk}) and 3.270.0 (in APP/${aws}/${sdk}). Write the same version of it everywhere, ` +
        "npm install @pulumi/pulumi@^3.270.0, and then npm dedupe\n",
    );
    expect(output).to.not.contain("with a stack");
  });

  it("says which Node it needs, before anything that an older one lacks", async () => {
    const newer = (manifest: string) => manifest.replace(">=20.19", ">=99.5");
    expect(await use({}, newer)).to.contain(`  It needs Node 99.5 or later; this is Node ${process.versions.node}.\n`);
  });

  it("names a TypeScript that has no JavaScript interface when a function is compiled", async () => {
    const folder = temporaryFolder();
    write(folder, {
      "node_modules/typescript/package.json": JSON.stringify({ version: "7.0.2" }),
      "node_modules/typescript/index.js": `exports.version = "7.0.2";`,
      [`${sdk}/closure.js`]: `const ts = require("typescript"); try { ts.SyntaxKind; } catch ({ message }) { console.log(message); }`,
    });
    const preload = path.resolve("offline/engine/program/preload.cjs");
    const { output } = await run(folder, process.execPath, ["--require", preload, `${sdk}/closure.js`]);
    expect(output).to.contain(
      "the installed TypeScript 7.0.2 does not have. Write TypeScript below 7: npm install --save-dev typescript@5",
    );
  });
});
