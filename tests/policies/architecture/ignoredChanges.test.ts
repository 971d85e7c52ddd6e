import { expect } from "chai";
import { ignoredArchitecture } from "../../../policies/architecture/ignoredChanges";
import { architectureProperties } from "../../../policies/architecture/rules";
import { exemption, violations } from "../../helpers/policies/policies";

async function messages(type: string, ignoreChanges: string[], settings = {}): Promise<string[]> {
  const found = await violations([ignoredArchitecture], { type, props: {}, opts: { ignoreChanges } }, settings);
  return found.map(({ level, message }) => `${level}: ${message}`);
}

/** Whether the rule reports an ignored property of a type. */
async function isNoticed(type: string, ignored: string): Promise<boolean> {
  return (await messages(type, [ignored])).length > 0;
}

const lambda = "aws:lambda/function:Function";
const fleet = "aws:ec2/fleet:Fleet";
const group = "aws:autoscaling/group:Group";
const job = "aws:batch/jobDefinition:JobDefinition";

describe("ignored changes to an architecture", () => {
  it("are violations that name what is hidden", async () => {
    expect(await messages(lambda, ["architectures"])).to.deep.equal([
      'mandatory: ignoreChanges contains "architectures", which hides architectures[]: remove it.',
    ]);
  });

  it("are detected for every row of the table, by its top-level property and by its path", async () => {
    const unnoticed: string[] = [];
    for (const { type, path } of architectureProperties) {
      const [root = ""] = path.split(/[.[{]/);
      const inside = path.replace(/\{\}.*/, "");
      const ways = [
        root,
        inside.replaceAll("[]", "[0]"),
        inside.replaceAll("[]", "[*]"),
        inside.replaceAll("[]", ".*"),
      ];
      for (const way of ways) if (!(await isNoticed(type, way))) unnoticed.push(`${type} ${way}`);
    }
    expect(unnoticed).to.deep.equal([]);
  });

  it("are detected in every notation of a path", async () => {
    const path = "launchTemplateConfigs[0].overrides[12].instanceType";
    for (const way of [
      path,
      '["launchTemplateConfigs"][0].overrides[12]["instanceType"]',
      "*",
      "launchTemplateConfigs[*]",
    ]) {
      expect(await isNoticed(fleet, way), way).to.equal(true);
    }
    for (const way of [
      "*.launchTemplate",
      "mixedInstancesPolicy.*.overrides",
      "mixedInstancesPolicy[*].overrides[*].instanceType",
    ]) {
      expect(await isNoticed(group, way), way).to.equal(true);
    }
    expect(await isNoticed(job, "containerProperties")).to.equal(true);
  });

  it("are not reported if other properties are ignored", async () => {
    const others = [
      "code",
      "architecture",
      "architecturesOfOthers",
      "environment.variables.architectures",
      "tags",
      "tags.architectures",
    ];
    expect(await messages(lambda, others)).to.deep.equal([]);
    expect(await isNoticed(fleet, "launchTemplateConfigs[*].overrides[*].maxPrice")).to.equal(false);
    expect(await isNoticed(fleet, "launchTemplateConfigs[0].launchTemplateSpecification")).to.equal(false);
    expect(await isNoticed("aws:s3/bucket:Bucket", "*")).to.equal(false);
  });

  it("are reported separately, each with everything that it hides", async () => {
    expect(await messages("aws:ec2/dedicatedHost:DedicatedHost", ["instanceType", "tags", "*"])).to.deep.equal([
      'mandatory: ignoreChanges contains "instanceType", which hides instanceType: remove it.',
      'mandatory: ignoreChanges contains "*", which hides instanceFamily, instanceType: remove it.',
    ]);
  });

  it("can be exempt", async () => {
    const settings = { "ignored-architecture": { exemptions: [exemption()] } };
    const [found] = await messages(lambda, ["architectures"], settings);
    expect(found).to.match(/^advisory: Exempt until 2999-12-31 /);
  });
});
