import type { Policy } from "@pulumi/policy";
import { expect } from "chai";
import { createPolicies, rules } from "../../policies/policies";

/** The problems of the pack's policies, as `name: problem`. */
function problems(judge: (policy: Policy) => (string | false | undefined)[]): string[] {
  return createPolicies().flatMap((policy) =>
    judge(policy).flatMap((problem) => (problem ? [`${policy.name}: ${problem}`] : [])),
  );
}

const isSentence = (text: string) => /^[A-Z`].*[^.\s]\.$/s.test(text);

describe("the pack's policies", () => {
  it("are the rules, followed by the policy on exemptions", () => {
    const names = createPolicies().map(({ name }) => name);
    expect(names).to.deep.equal([...rules.map(({ name }) => name), "valid-exemptions"]);
    expect(names.length).to.be.greaterThan(20);
  });

  it("have unique names in kebab case", () => {
    const names = createPolicies().map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).to.deep.equal([]);
    expect(
      problems(({ name }) => [(!/^[a-z][a-z\d]*(-[a-z\d]+)*$/.test(name) || name === "all") && "its name"]),
    ).to.deep.equal([]);
  });

  it("are advisory or mandatory, and remediate only if configured to", () => {
    const found = problems(({ enforcementLevel = "" }) => [
      !["advisory", "mandatory"].includes(enforcementLevel) && enforcementLevel,
    ]);
    expect(found).to.deep.equal([]);
  });

  it("have descriptions and remediation steps in sentences", () => {
    const found = problems(({ description, remediationSteps = "" }) => [
      !isSentence(description) && `description: ${description}`,
      description.includes("\n") && "description of several lines",
      !isSentence(remediationSteps) && `remediationSteps: ${remediationSteps}`,
    ]);
    expect(found).to.deep.equal([]);
  });

  it("have unique descriptions", () => {
    const descriptions = createPolicies().map(({ description }) => description);
    expect(descriptions.filter((text, index) => descriptions.indexOf(text) !== index)).to.deep.equal([]);
  });

  it("have a severity and tags", () => {
    const found = problems(({ severity = "", tags = [] }) => [
      !["low", "medium", "high", "critical"].includes(severity) && `severity: ${severity}`,
      tags.length === 0 && "no tags",
      tags.some((tag) => !/^[a-z\d]+(-[a-z\d]+)*$/.test(tag)) && `tags: ${tags}`,
      new Set(tags).size < tags.length && `tags: ${tags}`,
    ]);
    expect(found).to.deep.equal([]);
  });

  it("name a best practice of AWS's framework", () => {
    const found = problems(({ name, framework }) => [
      name !== "valid-exemptions" && !/^[A-Z]{3,4}\d\d-BP\d\d$/.test(framework?.reference ?? "") && "no practice",
      framework && !framework.specification && "a practice without a name",
    ]);
    expect(found).to.deep.equal([]);
  });

  it("link to a page of AWS's or Pulumi's documentation", () => {
    const found = problems(({ url }) => [
      !/^https:\/\/(docs\.aws\.amazon\.com|www\.pulumi\.com)\/\S+$/.test(url ?? "") && `url: ${url}`,
    ]);
    expect(found).to.deep.equal([]);
  });

  it("have settings, each with a type and a default of that type", () => {
    const found = problems(({ configSchema }) =>
      Object.entries(configSchema?.properties ?? {}).flatMap(([name, setting]) => {
        if (typeof setting !== "object") return [`setting ${name} is ${setting}`];
        const { type, default: value, description } = setting;
        const found = Array.isArray(value) ? "array" : typeof value;
        return [
          name === "enforcementLevel" && "setting enforcementLevel is reserved",
          value === undefined && `setting ${name} has no default`,
          type !== found &&
            !(type === "integer" && Number.isInteger(value)) &&
            `setting ${name}: ${type}, but ${found}`,
          description !== undefined && !isSentence(description) && `setting ${name}: ${description}`,
        ];
      }),
    );
    expect(found).to.deep.equal([]);
  });

  it("require no settings", () => {
    expect(problems(({ configSchema }) => [configSchema?.required && "required settings"])).to.deep.equal([]);
  });

  it("accept exemptions, all in the same form", () => {
    const found = problems(({ name, configSchema }) => [
      name !== "valid-exemptions" && !configSchema?.properties.exemptions && "no exemptions",
    ]);
    expect(found).to.deep.equal([]);
  });
});
