import { expect } from "chai";
import { modelOf, packages, type Shape, versionIn } from "../../../refresh/packages";
import { folderOf } from "../../helpers/aws/pythonPackages";
import { differences } from "./compare";
import type { Limit } from "./limit";
import { type Bounds, ourLimits } from "./ours";
import { limits } from "./table";

/** The entry of the table for a path: its own, or one for any type or any property. */
function entryOf(path: string): string | undefined {
  const [type = "", property] = path.split(".");
  return [path, `${type}.*`, `*.${property}`].find((key) => key in limits);
}

describe("the limits of arguments and policies", () => {
  const ours = ourLimits();
  const folder = folderOf("botocore") ?? "";
  const models = new Map<string, Record<string, Shape>>();

  function shapes(service: string): Record<string, Shape> {
    const known = models.get(service) ?? modelOf(folder, service).shapes;
    models.set(service, known);
    return known;
  }

  it("are all in the table, and the table has no others", () => {
    expect([...ours.keys()].filter((path) => entryOf(path) === undefined)).to.deep.equal([]);
    const used = new Set([...ours.keys()].map(entryOf));
    expect(Object.keys(limits).filter((key) => !used.has(key))).to.deep.equal([]);
    expect(Object.entries(limits).filter(([, { model, because }]) => !model && !because)).to.deep.equal([]);
  });

  it("agree with AWS's newest model, or have a reason", function () {
    const version = folder && versionIn(folder, "botocore");
    const wanted = packages.botocore.version;
    if (!version || version.localeCompare(wanted, "en", { numeric: true }) < 0) {
      console.log(`      needs botocore ${wanted} or later; here is ${version || "none"}`);
      this.skip();
    }
    const wrong = [...ours].flatMap(([path, bounds]) => {
      const limit = limits[entryOf(path) ?? ""];
      return limit?.model === undefined ? [] : mistakes(bounds, limit).map((mistake) => `${path} ${mistake}`);
    });
    expect(wrong).to.deep.equal([]);
  });

  /** What is wrong with a limit, unless the table says why it is another. */
  function mistakes(bounds: Bounds, { model = "", says, because }: Limit): string[] {
    const [service = "", place = ""] = model.split(" ");
    const [shape = "", name = ""] = place.split(".");
    const { members = {}, member, value } = shapes(service)[shape] ?? {};
    const found = name === "[]" ? member : name === "{}" ? value : members[name];
    if (found === undefined) return [`${model} does not exist`];
    const theirs = shapes(service)[found.shape] ?? { type: "" };
    if (says === undefined) {
      const differing = differences(bounds, theirs);
      if (because === undefined) return differing;
      return differing.length > 0 ? [] : ["is the model's own, and needs no reason"];
    }
    const text = `${found.documentation ?? theirs.documentation}`.replace(/<[^>]+>/g, "").replace(/\s+/g, " ");
    if (!text.includes(says)) return [`the documentation no longer says "${says}"`];
    return because
      ? []
      : numbersOf(bounds)
          .filter((number) => !says.replace(/,(?=\d)/g, "").includes(String(number)))
          .map((number) => `${number} is not in "${says}"`);
  }
});

/** The numbers that a limit's documentation must contain: not 0 and 1, with which most begin. */
function numbersOf({ minimum = 0, maximum = 0, maxItems = 0, choices = [] }: Bounds): (number | string)[] {
  return [minimum, maximum, maxItems, ...choices].filter((number) => number !== 0 && number !== 1);
}
