import { expect } from "chai";
import { architectureRules } from "../../../policies/architecture/rules";
import { unknown, violations } from "../../helpers/policies/policies";

async function said(type: string, props: object): Promise<string[]> {
  const found = await violations(architectureRules, { type, props });
  return found.map(({ level, policy, message }) => `${level} ${policy}: ${message}`);
}

describe("an image that is built without a platform", () => {
  const builder = "is missing, which means the architecture of the machine that builds the image: write";
  const repositoryUrl = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/app";

  it("is a violation for each of Pulumi's providers", async () => {
    const build = { context: "." };
    const cases: [string, object, string][] = [
      ["awsx:ecr:Image", { repositoryUrl, context: "." }, `platform ${builder} linux/arm64.`],
      ["awsx:ecr:Image", { repositoryUrl: unknown }, `platform ${builder} linux/arm64.`],
      ["docker-build:index:Image", { push: true }, `platforms ${builder} ["linux/arm64"].`],
      ["docker-build:index:Image", { push: true, platforms: [] }, `platforms ${builder} ["linux/arm64"].`],
      ["docker:index/image:Image", { imageName: "app", build }, `build.platform ${builder} linux/arm64.`],
      ["docker:index/image:Image", { imageName: "app" }, `build.platform ${builder} linux/arm64.`],
      ["docker:index/registryImage:RegistryImage", { build }, `build.platform ${builder} linux/arm64.`],
      ["docker:index/remoteImage:RemoteImage", { name: "app", build }, `build.platform ${builder} linux/arm64.`],
    ];
    for (const [type, props, message] of cases) {
      expect(await said(type, props), type).to.deep.equal([`mandatory container-image-arm64: ${message}`]);
    }
  });

  it("passes if nothing is built, or if a platform is given", async () => {
    for (const [type, props] of [
      ["docker:index/registryImage:RegistryImage", { name: "app" }],
      ["docker:index/remoteImage:RemoteImage", { name: "app" }],
      ["docker-build:index:Image", { platforms: ["linux/amd64", "linux/arm64"] }],
      ["awsx:ecr:Image", { repositoryUrl, platform: "linux/arm64" }],
    ] as const) {
      expect(await said(type, props), type).to.deep.equal([]);
    }
    expect(await said("awsx:ecr:Image", { repositoryUrl, platform: unknown })).to.deep.equal([
      "advisory container-image-arm64: platform is known only after deployment, so it cannot be checked yet.",
    ]);
  });

  it("is left to the component's child if the component shows no inputs, as under the Pulumi CLI", async () => {
    expect(await said("awsx:ecr:Image", {})).to.deep.equal([]);
  });
});
