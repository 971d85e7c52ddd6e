import { type Policies, UnknownValueError } from "@pulumi/policy";
import { expect } from "chai";
import { type Exemption, ExemptionLedger } from "../../../policies/lib/exemptions";
import { toPolicies } from "../../../policies/lib/policy";
import type { ResourceRule, Rule, StackRule } from "../../../policies/lib/rule";
import { read } from "../../../policies/lib/values";
import { createPolicies } from "../../../policies/policies";
import {
  type Checked,
  exemption,
  remediated,
  stackViolations,
  unknown,
  violations,
} from "../../helpers/policies/policies";

const metadata: Rule = {
  name: "no-color",
  description: "Things have no color.",
  severity: "low",
  practice: "SEC03-BP02",
  tags: ["things"],
  url: "https://example.com/colors",
  remediationSteps: "Take the color away.",
};

/** Reports the color of each resource, if it has one. */
const colorless: ResourceRule = {
  ...metadata,
  checkResource: ({ props }) =>
    read(props, "color").flatMap((reading) => {
      if (reading.state === "unknown") return [{ message: "color is unknown.", isUncertain: true }];
      return reading.state === "known" ? [{ message: `color is ${String(reading.value)}.` }] : [];
    }),
};

const few: StackRule = {
  ...metadata,
  name: "few-things",
  checkStack: (resources) => resources.slice(1).map((subject) => ({ subject, message: "It is one too many." })),
};

function failing(error: Error): ResourceRule {
  return {
    ...metadata,
    name: "failing",
    checkResource: () => {
      throw error;
    },
  };
}

const thing = (name: string, props: object = { color: "red" }): Checked => ({ type: "test:index:Thing", name, props });

/** The problems in the ledger after all these resources have been checked. */
async function problemsAfter(
  exemptions: Record<string, Exemption[]>,
  resources: Checked[],
  settings: Record<string, object> = {},
): Promise<string[]> {
  const ledger = new ExemptionLedger();
  const configuration = Object.fromEntries(
    Object.entries(exemptions).map(([name, list]) => [name, { exemptions: list, ...settings[name] }]),
  );
  const policies = toPolicies([colorless, few], ledger);
  await stackViolations(policies, resources, configuration);
  return ledger.problems();
}

describe("a rule as a policy", () => {
  const described = (policies: Policies) => policies.map(({ name, enforcementLevel }) => `${name} ${enforcementLevel}`);

  it("is mandatory unless it says otherwise", () => {
    const rules = [colorless, { ...few, enforcementLevel: "advisory" as const }];
    expect(described(toPolicies(rules, new ExemptionLedger()))).to.deep.equal([
      "no-color mandatory",
      "few-things advisory",
    ]);
  });

  it("has the rule's metadata, and accepts exemptions as well as its settings", () => {
    const settings = { shades: { type: "integer" as const, default: 3 } };
    const [policy] = toPolicies([{ ...colorless, settings }], new ExemptionLedger());
    const { practice, ...others } = metadata;
    expect(policy).to.deep.include(others);
    expect(policy?.framework).to.include({ reference: practice, specification: "Grant least privilege access" });
    expect(policy?.configSchema?.properties).to.have.all.keys("shades", "exemptions");
    expect(policy?.configSchema?.properties.shades).to.deep.equal(settings.shades);
  });

  it("can remediate only if the rule can", () => {
    const [without] = toPolicies([colorless], new ExemptionLedger());
    const [withIt] = toPolicies([{ ...colorless, remediate: () => false }], new ExemptionLedger());
    expect(without).not.to.have.property("remediateResource");
    expect(withIt).to.have.property("remediateResource");
  });

  it("reports each finding on its resource", async () => {
    expect(await violations([colorless], thing("it"))).to.deep.equal([
      {
        policy: "no-color",
        level: "mandatory",
        message: "color is red.",
        urn: "urn:pulumi:dev::project::test:index:Thing::it",
      },
    ]);
  });

  it("reports a stack's findings on the resources that they concern", async () => {
    const policies = toPolicies([few], new ExemptionLedger());
    const found = await stackViolations(policies, [thing("a"), thing("b"), thing("c")]);
    expect(found.map(({ urn }) => urn?.split("::").at(-1))).to.deep.equal(["b", "c"]);
  });

  it("passes the rule its settings", async () => {
    const rule: ResourceRule = { ...colorless, checkResource: (_, { shades }) => [{ message: `${shades} shades.` }] };
    const [found] = await violations([rule], thing("it"), { "no-color": { shades: 5 } });
    expect(found?.message).to.equal("5 shades.");
  });

  it("reports uncertain findings as advisories", async () => {
    const [found] = await violations([colorless], thing("it", { color: unknown }));
    expect(found).to.include({ level: "advisory", message: "color is unknown.", policy: "no-color" });
  });
});

describe("a rule that throws", () => {
  it("is a violation that says so, and does not stop the other rules", async () => {
    const found = await violations([failing(new Error("no such shade")), colorless], thing("it"));
    expect(found.map(({ policy, level, message }) => `${level} ${policy}: ${message}`)).to.deep.equal([
      "mandatory failing: The check failed because of a bug in the policy: no such shade",
      "mandatory no-color: color is red.",
    ]);
  });

  it("is uncertain if it has read an unknown value unchecked", async () => {
    const careless: ResourceRule = { ...colorless, checkResource: ({ props }) => [{ message: `${props.color}` }] };
    const [found] = await violations([careless], thing("it", { color: unknown }));
    expect(found).to.include({ level: "advisory", policy: "no-color" });
    expect(found?.message).to.contain(".color can't be known during preview");
  });

  it("behaves the same for a stack", async () => {
    const fail = (error: Error): StackRule => ({
      ...few,
      checkStack: () => {
        throw error;
      },
    });
    const rules = [fail(new Error("lost count")), fail(new UnknownValueError(unknown, ["size"])), few];
    const policies = toPolicies(rules, new ExemptionLedger());
    const found = await stackViolations(policies, [thing("a"), thing("b")]);
    expect(found.map(({ level, message }) => `${level}: ${message}`)).to.deep.equal([
      "mandatory: The check failed because of a bug in the policy: lost count",
      "advisory: string value at .size can't be known during preview",
      "mandatory: It is one too many.",
    ]);
  });
});

describe("an exemption", () => {
  const levels = async (changes: Partial<Exemption>) => {
    const settings = { "no-color": { exemptions: [exemption(changes)] } };
    return (await violations([colorless], thing("old-thing"), settings)).map(({ level }) => level);
  };

  it("turns a violation into an advisory with the reason and the last day", async () => {
    const settings = { "no-color": { exemptions: [exemption()] } };
    const [found] = await violations([colorless], thing("it"), settings);
    expect(found).to.include({
      level: "advisory",
      message: "Exempt until 2999-12-31 (its vendor is gone): color is red.",
      urn: "urn:pulumi:dev::project::test:index:Thing::it",
    });
  });

  it("covers the names and types that its patterns match completely", async () => {
    const covered = [
      { match: "old-thing" },
      { match: "old-*" },
      { match: "*-thing" },
      { match: "o*d*g" },
      { type: "test:index:Thing" },
      { type: "test:*" },
    ];
    const others = [
      { match: "old" },
      { match: "thing" },
      { match: "old.thing" },
      { match: "Old-thing" },
      { match: "old-thing|x" },
      { match: "" },
      { type: "test:index:Thin" },
      { type: "other:*" },
      { type: "other:*", match: "old-thing" },
    ];
    for (const changes of covered) expect(await levels(changes), JSON.stringify(changes)).to.deep.equal(["advisory"]);
    for (const changes of others) expect(await levels(changes), JSON.stringify(changes)).to.deep.equal(["mandatory"]);
  });

  it("is valid on its last day, but not on the day after", async () => {
    const day = (days: number) => new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    expect(await levels({ expires: day(0) })).to.deep.equal(["advisory"]);
    expect(await levels({ expires: day(-1) })).to.deep.equal(["mandatory"]);
  });

  it("is not valid if its day is not a date", async () => {
    for (const expires of ["2999-02-30", "2999-13-01", "2999-1-1", "2999-01", "2999", "never", ""]) {
      expect(await levels({ expires }), expires).to.deep.equal(["mandatory"]);
    }
  });

  it("is valid even if another one for the same resource has expired", async () => {
    const exemptions = [exemption({ expires: "2020-01-31" }), exemption()];
    const [found] = await violations([colorless], thing("it"), { "no-color": { exemptions } });
    expect(found).to.include({ level: "advisory" });
  });

  it("covers only its own policy", async () => {
    const other: ResourceRule = { ...colorless, name: "no-color-at-all" };
    const found = await violations([colorless, other], thing("it"), { "no-color": { exemptions: [exemption()] } });
    expect(found.map(({ level }) => level)).to.deep.equal(["advisory", "mandatory"]);
  });

  it("covers a stack's findings too", async () => {
    const policies = toPolicies([few], new ExemptionLedger());
    const settings = { "few-things": { exemptions: [exemption({ match: "b" })] } };
    const found = await stackViolations(policies, [thing("a"), thing("b"), thing("c")], settings);
    expect(found.map(({ level }) => level)).to.deep.equal(["advisory", "mandatory"]);
  });

  it("keeps an uncertain finding an advisory", async () => {
    const settings = { "no-color": { exemptions: [exemption()] } };
    const [found] = await violations([colorless], thing("it", { color: unknown }), settings);
    expect(found).to.include({ level: "advisory" });
  });
});

describe("the ledger of exemptions", () => {
  it("does not report one that was needed", async () => {
    const exemptions = { "no-color": [exemption({ match: "a" })], "few-things": [exemption({ match: "b" })] };
    expect(await problemsAfter(exemptions, [thing("a"), thing("b")])).to.deep.equal([]);
  });

  it("reports one that no resource needed", async () => {
    const exemptions = { "no-color": [exemption({ type: "test:*", match: "gone" }), exemption({ match: "plain" })] };
    const resources = [thing("plain", {}), thing("red")];
    expect(await problemsAfter(exemptions, resources)).to.deep.equal([
      'no-color: the exemption of "gone" (test:*) is not needed: no matching resource violates the policy.',
      'no-color: the exemption of "plain" (*) is not needed: no matching resource violates the policy.',
    ]);
  });

  it("reports one that has expired, and one without a valid date, needed or not", async () => {
    const exemptions = {
      "no-color": [exemption({ expires: "2020-01-31" }), exemption({ match: "gone", expires: "2027-02-30" })],
    };
    expect(await problemsAfter(exemptions, [thing("red")])).to.deep.equal([
      'no-color: the exemption of "*" (*) expired on 2020-01-31: fix the resource, or write a later date.',
      'no-color: the exemption of "gone" (*) expires on 2027-02-30, which is not a date: write a date such as 2027-03-31.',
    ]);
  });

  it("distinguishes between policies", async () => {
    const exemptions = { "no-color": [exemption({ match: "b" })], "few-things": [exemption({ match: "b" })] };
    expect(await problemsAfter(exemptions, [thing("a"), thing("b", {})])).to.deep.equal([
      'no-color: the exemption of "b" (*) is not needed: no matching resource violates the policy.',
    ]);
  });

  it("reports nothing about a disabled policy", async () => {
    const exemptions = { "no-color": [exemption({ match: "gone", expires: "2020-01-31" })] };
    const disabled = { "no-color": { enforcementLevel: "disabled" } };
    expect(await problemsAfter(exemptions, [thing("red")], disabled)).to.deep.equal([]);
  });

  it("is evaluated at the end of the pack", async () => {
    const policies = createPolicies();
    const settings = { "lambda-arm64": { exemptions: [exemption({ match: "gone" })] } };
    const found = await stackViolations(policies, [thing("red")], settings);
    expect(found).to.deep.equal([
      {
        policy: "valid-exemptions",
        level: "mandatory",
        message: 'lambda-arm64: the exemption of "gone" (*) is not needed: no matching resource violates the policy.',
      },
    ]);
  });

  it("is empty each time the policies are created", async () => {
    const settings = { "lambda-arm64": { exemptions: [exemption()] } };
    const bad = { type: "aws:lambda/function:Function", props: {} };
    const levels = async (resources: Checked[]) => {
      const found = await stackViolations(createPolicies(), resources, settings);
      return found.filter(({ policy }) => policy === "valid-exemptions").length;
    };
    expect(await levels([bad])).to.equal(0);
    expect(await levels([thing("red")])).to.equal(1);
  });
});

describe("a remediation", () => {
  const mending: ResourceRule = {
    ...colorless,
    remediate: ({ props }, { shade = "gray" }) => {
      if (props.color === undefined) return false;
      props.color = shade;
      return true;
    },
  };

  it("returns all properties, including those that it has not changed", async () => {
    expect(await remediated(mending, thing("it", { color: "red", size: [1] }))).to.deep.equal({
      color: "gray",
      size: [1],
    });
  });

  it("returns nothing if there is nothing to change", async () => {
    expect(await remediated(mending, thing("it", { size: 1 }))).to.equal(undefined);
  });

  it("receives its settings", async () => {
    const settings = { "no-color": { shade: "white" } };
    expect(await remediated(mending, thing("it"), settings)).to.deep.equal({ color: "white" });
  });

  it("does not change protected resources, or exempt ones until the exemption expires", async () => {
    expect(await remediated(mending, { ...thing("it"), opts: { protect: true } })).to.equal(undefined);
    const exempt = { "no-color": { exemptions: [exemption()] } };
    expect(await remediated(mending, thing("it"), exempt)).to.equal(undefined);
    const expired = { "no-color": { exemptions: [exemption({ expires: "2020-01-31" })] } };
    expect(await remediated(mending, thing("it"), expired)).to.deep.equal({ color: "gray" });
  });
});
