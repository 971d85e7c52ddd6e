import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { createConsumer, offline, write } from "../helpers/packages/consumer";

describe("init of an installed pulumi-offline", function () {
  this.timeout(60_000);
  const own = ["pulumi-graviton", "pulumi-graviton-policies", "pulumi-offline"];
  let folder: string;
  let manifest: string;

  before(async () => {
    folder = await createConsumer({});
    manifest = fs.readFileSync(path.join(folder, "package.json"), "utf8");
  });
  /** Says in package.json that pulumi-offline came from elsewhere. */
  const cameFrom = (specifier: string | undefined) =>
    write(folder, { "package.json": JSON.stringify({ devDependencies: { "pulumi-offline": specifier } }) });
  const specifiersIn = (project: string) => {
    const { dependencies, devDependencies } = JSON.parse(
      fs.readFileSync(path.join(folder, project, "package.json"), "utf8"),
    );
    return own.map((name) => ({ ...dependencies, ...devDependencies })[name]);
  };

  it("copies the packages from the folder of the tarball that it was installed from", async () => {
    const { status, output } = await offline(folder, "init", "shop");
    expect(status, output).to.equal(0);
    const { dependencies } = JSON.parse(manifest);
    for (const [index, specifier] of specifiersIn("shop").entries()) {
      expect(specifier).to.match(/^file:vendor\/.*\.tgz$/);
      const copy = fs.readFileSync(path.join(folder, "shop", specifier.slice("file:".length)));
      const original = fs.readFileSync(dependencies[own[index] ?? ""].slice("file:".length));
      expect(copy.equals(original), specifier).to.equal(true);
    }
  });

  it("keeps exact versions if it was installed from a registry", async () => {
    cameFrom("^0.1.0");
    const { status, output } = await offline(folder, "init", "registry");
    expect(status, output).to.equal(0);
    expect(specifiersIn("registry")).to.deep.equal(["0.1.0", "0.1.0", "0.1.0"]);
    expect(fs.existsSync(path.join(folder, "registry/vendor"))).to.equal(false);
  });

  for (const specifier of [
    undefined,
    "https://example.com/pulumi-offline-0.1.0.tgz",
    "github:somebody/pulumi-offline",
  ]) {
    it(`asks for a folder if it came from ${specifier ?? "nowhere that a package.json names"}`, async () => {
      cameFrom(specifier);
      const { status, output } = await offline(folder, "init", "unknown");
      expect(output).to.equal(
        `error: No package.json above says where to find ${own.map((name) => `${name}-0.1.0.tgz`).join(", ")}: ` +
          "name a folder that contains them with --packages.\n",
      );
      expect(status).to.equal(1);
      expect(fs.existsSync(path.join(folder, "unknown"))).to.equal(false);
    });
  }
});
