import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { emrSupports } from "../../components/graviton/emr";
import { sizesOf, vcpusOf } from "../../components/graviton/families";
import { isGraviton } from "../../components/graviton/index";
import { lastDays } from "../../policies/quality/lambda/lastDays";
import { generators } from "../../refresh/index";
import { emrReleases, emrTypes, familiesIn } from "../../refresh/machines";
import { enumOf, type Package, packages, versionIn } from "../../refresh/packages";
import { folderOf } from "../helpers/aws/pythonPackages";

const root = path.join(__dirname, "../..");

describe("the data about AWS that `npm run refresh` writes", () => {
  const folder = folderOf("moto") ?? "";

  /** Skips the test, and says why, if one of the packages is not installed. */
  function needs(context: Mocha.Context, ...names: Package[]): void {
    const missing = names.find((name) => folder === "" || versionIn(folder, name) === undefined);
    if (missing === undefined) return;
    console.log(`      needs ${missing}: python3 -m pip install ${missing}==${packages[missing].version}`);
    context.skip();
  }

  /** Whether the installed packages are those that the data was made from. */
  const areThose = (...names: Package[]) => names.every((name) => versionIn(folder, name) === packages[name].version);

  for (const [file, generate] of Object.entries(generators)) {
    it(`is what the packages contain: ${file}`, function () {
      needs(this, "moto", "botocore", "cfn-lint");
      const written = fs.readFileSync(path.join(root, file), "utf8");
      const now = generate(folder);
      if (areThose("moto", "botocore", "cfn-lint")) expect(now).to.equal(written);
      else if (now !== written) report(file, `${changedLines(written, now)} lines would change`);
    });
  }

  it("agrees with the answers of EMR on every release and Graviton type", function () {
    needs(this, "moto", "botocore");
    const types = [...new Set([...typesIn(folder), ...enumOf(folder, "ec2", "InstanceType")])].filter(isGraviton);
    const releases = emrReleases(folder);
    const differ = releases.flatMap((release) => {
      const listed = new Set(emrTypes(folder, release));
      return types
        .filter((type) => emrSupports(`emr-${release}`, type) !== listed.has(type))
        .map((type) => `${release} ${type}`);
    });
    hold("EMR's types", differ, "moto", "botocore");
    if (areThose("moto", "botocore")) expect(releases.length * types.length).to.equal(60_900);
  });

  it("has the sizes of every Graviton family on EC2, and the vCPUs of every type", function () {
    needs(this, "moto");
    const differ = familiesIn(folder).flatMap(({ name, sizes }) =>
      sizes
        .filter(
          ({ size, vcpus }) => vcpusOf(name, size) !== vcpus || (isGraviton(name) && !sizesOf(name).includes(size)),
        )
        .map(({ size }) => `${name}.${size}`),
    );
    hold("EC2's sizes and vCPUs", differ, "moto");
  });

  it("lists only runtimes that Lambda has", function () {
    needs(this, "botocore");
    const names = enumOf(folder, "lambda", "Runtime");
    hold(
      "Lambda's runtimes",
      Object.keys(lastDays).filter((name) => !names.includes(name)),
      "botocore",
    );
  });

  /** Expects no difference from the packages that the data was made from, and only reports those from others. */
  function hold(what: string, differences: string[], ...names: Package[]): void {
    if (areThose(...names)) expect(differences).to.deep.equal([]);
    else if (differences.length > 0) report(what, `${differences.length} differ, such as ${differences[0]}`);
  }

  function report(what: string, difference: string): void {
    const versions = ["moto", "botocore", "cfn-lint"].map((name) => `${name} ${versionIn(folder, name as Package)}`);
    console.log(`      not the data of ${versions.join(", ")}: ${what}: ${difference}; \`npm run refresh\` updates it`);
  }
});

function typesIn(folder: string): string[] {
  return familiesIn(folder).flatMap(({ name, sizes }) => sizes.map(({ size }) => `${name}.${size}`));
}

function changedLines(one: string, other: string): number {
  const lines = new Set(one.split("\n"));
  return other.split("\n").filter((line) => !lines.has(line)).length;
}
