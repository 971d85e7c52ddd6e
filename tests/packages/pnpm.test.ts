import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { root, workspaces } from "../../packaging/packages";
import { linksOf, offline, packed, run, write } from "../helpers/packages/consumer";
import { type Registry, startRegistry } from "../helpers/packages/registry";
import { tool } from "../helpers/packages/tools";
import { temporaryFolder } from "../helpers/temporaryFolder";

describe("with pnpm", function () {
  this.timeout(60_000);
  let registry: Registry;
  let folder: string;

  beforeEach(async function () {
    if (!tool("pnpm")) return this.skip();
    registry = await startRegistry();
    folder = temporaryFolder();
    write(folder, { ".npmrc": `registry=${registry.url}\nstore-dir=${path.join(folder, "store")}\n` });
  });
  afterEach(() => registry?.close());

  async function pnpm(...args: string[]): Promise<void> {
    const file = String(tool("pnpm", "bin", "pnpm.cjs"));
    // What it keeps between runs stays in the folder, too.
    const env = Object.fromEntries(["DATA", "CACHE", "STATE", "CONFIG"].map((kind) => [`XDG_${kind}_HOME`, folder]));
    const { status, output } = await run(folder, process.execPath, [file, "install", "--ignore-scripts", ...args], env);
    expect(status, output).to.equal(0);
  }

  it("the packages run in a workspace, also from another package of it", async () => {
    const tarballs = await packed();
    const files = Object.fromEntries(Object.entries(tarballs).map(([name, file]) => [name, `file:${file}`]));
    const pulumi = { "@pulumi/pulumi": "^3.270.0", "@pulumi/aws": "^7.48.0" };
    const { "pulumi-graviton": library } = files;
    write(folder, {
      "package.json": JSON.stringify({ private: true }),
      // JSON is YAML.
      "pnpm-workspace.yaml": JSON.stringify({ packages: ["packages/*"], overrides: linksOf(tarballs, "link:") }),
      "packages/tables/package.json": JSON.stringify({
        name: "@shop/tables",
        version: "1.0.0",
        dependencies: { ...pulumi, "pulumi-graviton": library },
      }),
      "packages/tables/index.js": `const { ItemsTable } = require("pulumi-graviton");
exports.createTable = (name) => new ItemsTable(name, { deletionProtection: true });\n`,
      "packages/shop/package.json": JSON.stringify({
        name: "shop",
        dependencies: { ...pulumi, ...files, "@shop/tables": "workspace:*" },
      }),
      "packages/shop/Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "packages/shop/index.js": `require("@shop/tables").createTable("orders");\n`,
    });
    await pnpm();
    expect(registry.asked).to.deep.equal([]);
    const shop = path.join(folder, "packages/shop");
    const pack = path.join(shop, "node_modules/pulumi-graviton-policies");
    const { status, output } = await offline(shop, "preview", "--runner", "sdk", "--policy-pack", pack);
    expect(output).to.contain("graviton:index:ItemsTable  orders").and.contain("1 pack").and.not.contain("rror: ");
    expect(status).to.equal(0);
  });

  it("this repository asks a registry for none of its own packages", async () => {
    const manifests = ["", ...workspaces.values()].map((one) => path.join(one, "package.json"));
    for (const file of [...manifests, "pnpm-workspace.yaml"]) {
      write(folder, { [file]: fs.readFileSync(path.join(root, file), "utf8") });
    }
    await pnpm("--lockfile-only");
    expect(registry.asked).to.include("@pulumi/aws");
    expect(registry.asked.filter((name) => workspaces.has(name))).to.deep.equal([]);
  });
});
