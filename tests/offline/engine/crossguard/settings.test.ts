import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { type GivenSettings, mergeSettings, type Policy } from "../../../../offline/engine/crossguard/settings";
import { readSettings } from "../../../../offline/engine/crossguard/settingsFile";
import { judge, packDirectory, packResult } from "../../../helpers/offline/packs";
import { temporaryFolder } from "../../../helpers/temporaryFolder";

const policies: Policy[] = [
  {
    name: "limits",
    level: "advisory",
    schema: {
      properties: {
        max: { type: "integer", minimum: 1, default: 3 },
        names: { type: "array", items: { type: "string" } },
        who: { type: "string", default: "nobody" },
      },
      required: ["max"],
    },
  },
  { name: "plain", level: "mandatory" },
];
const names = policies.map(({ name }) => name);

function file(text: string): string {
  const written = path.join(temporaryFolder(), "config.json");
  fs.writeFileSync(written, text);
  return written;
}

function read(content: string | object) {
  const written = file(typeof content === "string" ? content : JSON.stringify(content));
  const settings = readSettings(written, names);
  return { ...settings, mistakes: settings.mistakes.map(({ message }) => message.replace(`${written}: `, "")) };
}

function merge(content: object, author = new Map<string, GivenSettings>()) {
  const written = file(JSON.stringify(content));
  const { settings, mistakes } = mergeSettings(policies, author, readSettings(written, names));
  const told = mistakes.map(({ policy, message }) => ({ policy, message: message.replace(`${written}: `, "") }));
  return { settings: Object.fromEntries(settings), mistakes: told };
}

describe("the configuration of a policy pack", () => {
  it("starts from the policies' levels and the defaults of their schemas", () => {
    const { settings, mistakes } = mergeSettings(policies, new Map(), readSettings(undefined, names));
    expect(Object.fromEntries(settings)).to.deep.equal({
      limits: { level: "advisory", properties: { max: 3, who: "nobody" } },
      plain: { level: "mandatory", properties: {} },
    });
    expect(mistakes).to.deep.equal([]);
  });

  it("is overridden by the author, then by the file; in each, the policy overrides all", () => {
    const author = new Map<string, GivenSettings>([
      ["all", { level: "disabled", properties: {} }],
      ["limits", { level: "mandatory", properties: { max: 5, who: "author" } }],
    ]);
    expect(merge({}, author).settings.plain?.level).to.equal("disabled");
    expect(merge({}, author).settings.limits).to.deep.equal({
      level: "mandatory",
      properties: { max: 5, who: "author" },
    });
    const { settings } = merge({ all: "advisory", limits: { who: "file" } }, author);
    expect(settings.plain?.level).to.equal("advisory");
    expect(settings.limits, "all in the file overrides one by the author").to.deep.equal({
      level: "advisory",
      properties: { max: 5, who: "file" },
    });
    expect(merge({ all: "advisory", plain: "remediate" }).settings.plain?.level).to.equal("remediate");
  });

  it("drops what a schema refuses, naming each key, and keeps the level", () => {
    const { settings, mistakes } = merge({ limits: { enforcementLevel: "mandatory", max: 0, names: ["a", 2] } });
    expect(mistakes).to.deep.equal([
      { policy: "limits", message: `"limits": "max" must be >= 1.` },
      { policy: "limits", message: `"limits": "names.1" must be string.` },
    ]);
    expect(settings.limits).to.deep.equal({ level: "mandatory", properties: { max: 3, who: "nobody" } });
  });

  it("must have the required properties", () => {
    const strict: Policy = { name: "strict", level: "advisory", schema: { properties: {}, required: ["owner"] } };
    const { mistakes } = mergeSettings([strict], new Map(), readSettings(undefined, ["strict"]));
    expect(mistakes).to.deep.equal([
      { policy: "strict", message: `"strict": its configuration must have required property 'owner'.` },
    ]);
  });

  it("fails when the schema of a configured policy is invalid", () => {
    const broken: Policy = {
      name: "broken",
      level: "advisory",
      schema: { properties: { a: { type: 7 } }, required: [] },
    };
    const given = new Map([["broken", { properties: { a: 1 } }]]);
    const { mistakes } = mergeSettings([broken], given, readSettings(undefined, ["broken"]));
    expect(mistakes[0]?.message).to.match(/^"broken": the pack's schema for its configuration is invalid: /);
  });

  it("must be a JSON object, or the line of the mistake is named", () => {
    expect(read(`{\n  "plain": "advisory",\n  plain\n}`).mistakes[0]).to.match(/^it is not JSON: line 3: /);
    expect(read("[]").mistakes).to.deep.equal([`it must be an object: write {"all": "mandatory"}.`]);
  });

  it("must not begin with an invisible byte order mark", () => {
    expect(read(`\uFEFF{}`).mistakes[0]).to.match(/^it begins with a byte order mark/);
  });

  it("may be empty", () => {
    expect(read(" \n")).to.deep.include({ mistakes: [], policies: new Map() });
  });

  it("fails when its file does not exist", () => {
    const [mistake] = readSettings("/nowhere/config.json", names).mistakes;
    expect(mistake?.message).to.match(/^\/nowhere\/config\.json: it cannot be read: ENOENT/);
  });

  it("reports all mistakes at once, and applies the rest", () => {
    const { mistakes, policies: taken } = read({
      plian: "advisory",
      plain: "mandatry",
      limits: { enforcementLevel: 1, max: 4 },
      all: { enforcementLevel: "advisory", max: 2 },
    });
    expect(mistakes).to.deep.equal([
      `"plian" is not a policy of this pack. Its policies are: limits, plain.`,
      `"plain" has the level "mandatry": write one of advisory, disabled, mandatory, remediate.`,
      `"limits" has the level 1: write one of advisory, disabled, mandatory, remediate.`,
      `"all" takes only a level: give max to single policies.`,
    ]);
    expect(taken.get("limits")).to.deep.equal({ properties: { max: 4 } });
    expect(read({ plain: 3 }).mistakes).to.deep.equal([
      `"plain" is 3: write a level, or an object with "enforcementLevel".`,
    ]);
  });

  it("warns that environments are ignored", () => {
    const { mistakes, warnings } = read({ environments: ["prod"] });
    expect(mistakes).to.deep.equal([]);
    expect(warnings).to.have.lengthOf(1);
  });

  it("reaches the policies, and its mistakes become failures", async () => {
    const config = file(JSON.stringify({ configured: { max: 9 }, mandatory: "advisory", disabled: "none", nope: "x" }));
    const result = packResult(await judge([{ directory: packDirectory("levels"), config }]));
    const said = (policy: string) => result.violations.find((violation) => violation.policy === policy);
    expect(said("configured")?.message).to.contain(`"max":9`);
    expect(said("mandatory")?.level).to.equal("advisory");
    expect(result.config).to.equal(config);
    expect(result.failures.map(({ policy }) => policy)).to.deep.equal(["disabled", undefined]);
    expect(result.violations.length, "the pack still runs").to.be.greaterThan(5);
  });
});
