import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { root, workspaces } from "../../packaging/packages";
import { packed, run } from "../helpers/packages/consumer";
import { temporaryFolder } from "../helpers/temporaryFolder";

describe("what npm run pack makes", function () {
  this.timeout(60_000);
  let tarballs: Record<string, string>;

  before(async () => {
    tarballs = await packed();
  });

  it("is the same in every clone, byte for byte", async () => {
    const clone = path.join(temporaryFolder(), "elsewhere");
    const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0");
    for (const file of tracked.filter((name) => name !== "" && fs.existsSync(path.join(root, name)))) {
      fs.cpSync(path.join(root, file), path.join(clone, file));
    }
    fs.symlinkSync(path.join(root, "node_modules"), path.join(clone, "node_modules"));
    const { status, output } = await run(clone, "npm", ["run", "--silent", "pack"]);
    expect(status, output).to.equal(0);
    for (const file of Object.values(tarballs)) {
      const other = path.join(clone, "dist", path.basename(file));
      expect(fs.readFileSync(file).equals(fs.readFileSync(other)), file).to.equal(true);
    }
  });

  it("says nothing of the machine that packed it", () => {
    for (const file of filesOf(tarballs)) expect(fs.readFileSync(file, "utf8"), file).to.not.contain(root);
  });

  it("imports nothing at run time with import(), which would have V8 compile the whole file in each process", () => {
    for (const [name, tarball] of Object.entries(tarballs)) {
      const main = fs.readFileSync(path.join(path.dirname(tarball), name, "index.js"), "utf8");
      expect(main, name).to.not.match(/\bimport\s*\(/);
    }
  });

  it("depends on none of the repository's own names, which a registry may give to somebody else", () => {
    for (const [name, tarball] of Object.entries(tarballs)) {
      const { dependencies, peerDependencies, devDependencies, scripts } = readManifest(tarball, name);
      const names = Object.keys({ ...dependencies, ...peerDependencies });
      expect(names.filter((one) => workspaces.has(one))).to.deep.equal([]);
      expect([devDependencies, scripts]).to.deep.equal([undefined, undefined]);
    }
  });

  it("has all examples as templates, which name files for the repository's own names, and nothing else", () => {
    const templates = fs.readdirSync(path.join(root, "examples"), { withFileTypes: true });
    const folders = templates
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `pulumi-offline/templates/${name}`);
    expect(folders).to.have.length.above(5);
    for (const folder of folders) {
      const { dependencies, devDependencies } = readManifest(tarballs["pulumi-offline"] ?? "", folder);
      const own = Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) => workspaces.has(name));
      const files = own.map(([name]) => [name, `file:vendor/${path.basename(tarballs[name] ?? "")}`]);
      expect(own, folder).to.not.be.empty;
      expect(own, folder).to.deep.equal(files);
    }
  });

  it("contains every file that the manifests name", () => {
    for (const [name, tarball] of Object.entries(tarballs)) {
      const folder = path.join(path.dirname(tarball), name);
      const { main, types, bin = {}, exports, files } = readManifest(tarball, name);
      const targets = [main, types, "README.md", "LICENSE", ...files, ...Object.values(bin), ...leaves(exports)];
      expect(targets.filter((file) => !fs.existsSync(path.join(folder, file)))).to.deep.equal([]);
    }
  });

  it("cannot be had from the sources' folders by mistake", async () => {
    for (const folder of workspaces.values()) {
      const options = ["--dry-run", "--ignore-scripts=false"];
      const { status, output } = await run(path.join(root, folder), "npm", ["pack", ...options]);
      expect(output).to.contain("These are sources: run npm run pack in the repository");
      expect(status).to.equal(1);
    }
  });
});

function filesOf(tarballs: Record<string, string>): string[] {
  return Object.entries(tarballs).flatMap(([name, tarball]) => {
    const folder = path.join(path.dirname(tarball), name);
    const names = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
    return names.map((file) => path.join(folder, file)).filter((file) => fs.statSync(file).isFile());
  });
}

/** The package.json in a folder beside a tarball. */
function readManifest(tarball: string, folder: string) {
  return JSON.parse(fs.readFileSync(path.join(path.dirname(tarball), folder, "package.json"), "utf8"));
}

/** All texts in an object of objects. */
function leaves(value: unknown): string[] {
  return typeof value === "string" ? [value] : Object.values(value as object).flatMap(leaves);
}
