import { expect } from "chai";
import { architectureRules } from "../../../policies/architecture/rules";
import { exemption, unknown, violations } from "../../helpers/policies/policies";

const type = "aws:lambda/function:Function";
const insights = "arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension";

async function said(props: object, settings = {}): Promise<string[]> {
  const found = await violations(architectureRules, { type, props }, settings);
  return found.map(({ level, policy, message }) => `${level} ${policy}: ${message}`);
}

describe("the layers of a function", () => {
  it("are violations if their names say x86_64 and the function is arm64", async () => {
    const layers = [`${insights}-Arm64:20`, `${insights}:53`, unknown, `${insights}:54`];
    const message = (index: number, version: number) =>
      `mandatory lambda-arm64: layers[${index}] is LambdaInsightsExtension:${version}, which is not arm64: write ` +
      "LambdaInsightsExtension-Arm64 instead (its versions are numbered separately).";
    expect(await said({ architectures: ["arm64"], layers })).to.deep.equal([
      message(1, 53),
      message(3, 54),
      "advisory lambda-arm64: layers[2] is known only after deployment, so it cannot be checked yet.",
    ]);
  });

  it("are not judged if the function is for x86_64, exempt or not, or for an unknown architecture", async () => {
    const layers = [`${insights}:53`];
    const settings = { "lambda-arm64": { exemptions: [exemption()] } };
    for (const architectures of [["x86_64"], undefined, unknown, [unknown]]) {
      const found = [...(await said({ architectures, layers })), ...(await said({ architectures, layers }, settings))];
      expect(found.filter((finding) => finding.includes("layers"))).to.deep.equal([]);
    }
  });

  it("pass if they are missing or for both architectures", async () => {
    const neutral = "arn:aws:lambda:eu-west-1:094274105915:layer:AWSLambdaPowertoolsTypeScriptV2:41";
    for (const layers of [[], undefined, [neutral], [`${insights}-Arm64:20`]]) {
      expect(await said({ architectures: ["arm64"], layers })).to.deep.equal([]);
    }
  });

  it("can be exempt", async () => {
    const props = { architectures: ["arm64"], layers: [`${insights}:53`] };
    const [found] = await said(props, { "lambda-arm64": { exemptions: [exemption()] } });
    expect(found).to.match(/^advisory lambda-arm64: Exempt until .*: layers\[0\] is /);
  });
});
