import { expect } from "chai";
import { imageArchitecture } from "../../../policies/architecture/images";
import { ExemptionLedger } from "../../../policies/lib/exemptions";
import { toPolicies } from "../../../policies/lib/policy";
import { type Checked, exemption, stackViolations, unknown } from "../../helpers/policies/policies";

/** The findings about a stack, as `level name: message`. */
async function findings(resources: Checked[], settings = {}): Promise<string[]> {
  const found = await stackViolations(toPolicies([imageArchitecture], new ExemptionLedger()), resources, settings);
  return found.map(({ level, urn, message }) => `${level} ${urn?.split("::").at(-1)}: ${message}`);
}

const undecided = "is known only after deployment, so it cannot be checked yet.";
const x86Image = "al2023-ami-2023.6-x86_64";
const armImage = "al2023-ami-2023.6-arm64";

const instance = (props: object, propertyDependencies = {}): Checked => ({
  type: "aws:ec2/instance:Instance",
  name: "web",
  props,
  propertyDependencies,
});

const image = (props: object): Checked => ({ type: "aws:ec2/ami:Ami", name: "golden", props });

const template = (props: object): Checked => ({ type: "aws:ec2/launchTemplate:LaunchTemplate", name: "base", props });

describe("machine images and their machines", () => {
  it("pass if they have the same architecture", async () => {
    expect(await findings([instance({ instanceType: "m7g.large", ami: armImage })])).to.deep.equal([]);
    expect(await findings([instance({ instanceType: "m5.large", ami: x86Image })])).to.deep.equal([]);
  });

  it("are a violation if the image's name shows another architecture, in either direction", async () => {
    expect(await findings([instance({ instanceType: "m7g.large", ami: x86Image })])).to.deep.equal([
      `mandatory web: ami is ${x86Image}, an image for x86_64, but the machines are arm64.`,
    ]);
    expect(await findings([instance({ instanceType: "m5.large", ami: armImage })])).to.deep.equal([
      `mandatory web: ami is ${armImage}, an image for arm64, but the machines are x86_64.`,
    ]);
  });

  it("are compared in every property that names an image", async () => {
    const cases: [string, object, string][] = [
      ["aws:ec2/launchTemplate:LaunchTemplate", { instanceType: "m7g.large", imageId: x86Image }, "imageId"],
      ["aws:ec2/launchConfiguration:LaunchConfiguration", { instanceType: "m7g.large", imageId: x86Image }, "imageId"],
      ["aws:ec2/spotInstanceRequest:SpotInstanceRequest", { instanceType: "m7g.large", ami: "x-amd64" }, "ami"],
      [
        "aws:emr/cluster:Cluster",
        { masterInstanceGroup: { instanceType: "m7g.xlarge" }, customAmiId: x86Image },
        "customAmiId",
      ],
      [
        "aws:batch/computeEnvironment:ComputeEnvironment",
        { computeResources: { instanceTypes: ["default_arm64"], imageId: x86Image } },
        "computeResources.imageId",
      ],
      [
        "aws:batch/computeEnvironment:ComputeEnvironment",
        {
          computeResources: {
            instanceTypes: ["m7g", "c7g"],
            ec2Configurations: [{ imageIdOverride: armImage }, { imageIdOverride: x86Image }],
          },
        },
        "computeResources.ec2Configurations[].imageIdOverride",
      ],
    ];
    for (const [type, props, path] of cases) {
      const [found, ...others] = await findings([{ type, props }]);
      expect(found, type).to.match(/^mandatory it: .* is .*, an image for x86_64, but the machines are arm64\.$/);
      expect(found, type).to.contain(path);
      expect(others, type).to.deep.equal([]);
    }
  });

  it("are compared if the image is a resource of the stack", async () => {
    const machine = instance({ instanceType: "m7g.large", ami: unknown }, { ami: ["golden"] });
    const message = "mandatory web: ami is golden, an image for x86_64, but the machines are arm64.";
    expect(await findings([image({ architecture: "x86_64" }), machine])).to.deep.equal([message]);
    expect(await findings([image({}), machine])).to.deep.equal([message]);
    expect(await findings([image({ architecture: "arm64" }), machine])).to.deep.equal([]);
    expect(await findings([image({ architecture: unknown }), machine])).to.deep.equal([
      `advisory golden: architecture ${undecided}`,
    ]);
  });

  it("are compared once, even if several properties of a list or map depend on the image", async () => {
    const environment = {
      type: "aws:batch/computeEnvironment:ComputeEnvironment",
      name: "jobs",
      props: { computeResources: { instanceTypes: ["m7g"], imageId: unknown } },
      propertyDependencies: { computeResources: ["golden"] },
    };
    expect(await findings([image({}), environment])).to.deep.equal([
      "mandatory jobs: computeResources.imageId is golden, an image for x86_64, but the machines are arm64.",
    ]);
  });

  it("are not compared if the image's name or the machine's type does not reveal the architecture", async () => {
    for (const props of [
      { instanceType: "m7g.large", ami: "ami-0123456789abcdef0" },
      { instanceType: "toaster", ami: x86Image },
      { instanceType: "m7g.large" },
      { instanceType: 5, ami: x86Image },
    ]) {
      expect(await findings([instance(props)]), JSON.stringify(props)).to.deep.equal([]);
    }
  });

  it("are uncertain if the one that decides is unknown", async () => {
    const of = (props: object) => findings([instance(props)]);
    expect(await of({ instanceType: "m7g.large", ami: unknown })).to.deep.equal([`advisory web: ami ${undecided}`]);
    expect(await of({ instanceType: unknown, ami: x86Image })).to.deep.equal([
      `advisory web: instanceType ${undecided}`,
    ]);
    expect(await of({ instanceType: unknown, ami: "ami-0123456789abcdef0" })).to.deep.equal([]);
  });

  it("pass with an image for either architecture if the machines have both", async () => {
    const type = "aws:batch/computeEnvironment:ComputeEnvironment";
    const props = { computeResources: { instanceTypes: ["m7g", "m5"], imageId: x86Image } };
    expect(await findings([{ type, props }])).to.deep.equal([]);
  });

  it("hide an image's name that does not look like one", async () => {
    expect(await findings([instance({ instanceType: "m7g.large", ami: "x86_64\nhunter2" })])).to.deep.equal([
      "mandatory web: ami is not a name, an image for x86_64, but the machines are arm64.",
    ]);
  });

  it("can be exempt", async () => {
    const settings = { "image-architecture": { exemptions: [exemption({ match: "web" })] } };
    const [found] = await findings([instance({ instanceType: "m7g.large", ami: x86Image })], settings);
    expect(found).to.match(/^advisory web: Exempt until 2999-12-31 \(its vendor is gone\): ami is /);
  });
});

describe("a machine whose type its launch template sets", () => {
  const group = (props: object, propertyDependencies = {}): Checked => ({
    type: "aws:autoscaling/group:Group",
    name: "workers",
    props,
    propertyDependencies,
  });
  const ofTemplate = { launchTemplate: { id: unknown } };
  const inStack = { launchTemplate: ["base"] };
  const nothingNamed =
    "mandatory workers: Neither this nor its launch template base has an instance type, which means x86_64: write one.";

  it("passes if the stack's template has a type, which is judged separately", async () => {
    for (const props of [{ instanceType: "m7g.large" }, { instanceType: "m5.large" }, { instanceType: unknown }]) {
      expect(await findings([template(props), group(ofTemplate, inStack)])).to.deep.equal([]);
    }
  });

  it("is a violation if neither has a type", async () => {
    expect(await findings([template({}), group(ofTemplate, inStack)])).to.deep.equal([nothingNamed]);
  });

  it("passes if the template has instance requirements", async () => {
    const requirements = { vcpuCount: { min: 2 }, memoryMib: { min: 4096 } };
    for (const instanceRequirements of [
      { ...requirements, cpuManufacturers: ["amazon-web-services"] },
      { ...requirements, allowedInstanceTypes: ["m7g.*"] },
      requirements,
    ]) {
      expect(await findings([template({ instanceRequirements }), group(ofTemplate, inStack)])).to.deep.equal([]);
    }
  });

  it("passes if it has a type itself", async () => {
    const override = (override: object) => ({
      mixedInstancesPolicy: {
        launchTemplate: { launchTemplateSpecification: { launchTemplateId: unknown }, overrides: [override] },
      },
    });
    const dependencies = { mixedInstancesPolicy: ["base"] };
    const ownTypes = [{ instanceType: "m7g.large" }, { instanceRequirements: { cpuManufacturers: ["intel"] } }];
    for (const own of ownTypes) {
      expect(await findings([template({}), group(override(own), dependencies)])).to.deep.equal([]);
    }
    expect(await findings([template({}), group(override({ weightedCapacity: "1" }), dependencies)])).to.deep.equal([
      nothingNamed,
    ]);
  });

  it("is an advisory if the template is of another stack", async () => {
    expect(await findings([group({ launchTemplate: { id: "lt-0123456789abcdef0" } })])).to.deep.equal([
      "advisory workers: launchTemplate is a launch template of another stack, which may be for x86_64: write the instance type here.",
    ]);
    const others = [
      "aws:ec2/instance:Instance",
      "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
      "aws:eks/nodeGroup:NodeGroup",
    ];
    for (const type of others) {
      const [found] = await findings([{ type, props: { launchTemplate: { id: unknown } } }]);
      expect(found, type).to.match(/^advisory it: launchTemplate is a launch template of another stack/);
    }
  });

  it("is an advisory if the template or the kind of image cannot be determined", async () => {
    const dependent = group({ launchTemplate: { id: unknown } }, { launchTemplate: ["golden"] });
    const nodes = { type: "aws:eks/nodeGroup:NodeGroup", props: { launchTemplate: { id: "lt-1" }, amiType: "CUSTOM" } };
    const found = await findings([image({ architecture: "arm64" }), dependent, nodes]);
    expect(found.map((finding) => finding.replace(/ template of.*/, ""))).to.deep.equal([
      "advisory workers: launchTemplate is a launch",
      "advisory it: launchTemplate is a launch",
    ]);
  });

  it("is left to the type's own policy if it has no template either", async () => {
    expect(await findings([group({}), instance({})])).to.deep.equal([]);
  });
});
