import { expect } from "chai";
import { runProgram, Secret, Unknown } from "pulumi-offline";
import { repository } from "../../helpers/offline/start";
import { type Checked, unknown } from "../../helpers/policies/policies";
import { check } from "./said";

async function findingsOn(stack: string, unknowns: boolean): Promise<string[]> {
  const { resources } = await runProgram({ directory: repository, stack, unknowns });
  const custom = resources.filter((resource) => resource.custom);
  const checked = custom.map(({ type, name, inputs }): Checked => ({ type, name, props: asGiven(inputs) }));
  const required = { required: stack === "prod" };
  const settings = { "api-authorization": required, "dynamodb-deletion-protection": required };
  const found = await check(checked, settings);
  return found.map(({ message, policy, urn }) => `${policy}: ${urn}: ${message}`);
}

/** Inputs as a policy receives them: a string for each unknown value, and secrets in plain text. */
function asGiven(inputs: unknown): object {
  const convert = (value: unknown) => {
    if (value instanceof Unknown) return unknown;
    return value instanceof Secret ? value.value : value;
  };
  return JSON.parse(JSON.stringify(inputs, (_, value) => convert(value)));
}

describe("the program and the quality rules", () => {
  for (const stack of ["dev", "prod"]) {
    it(`agree on the stack ${stack}`, async () => {
      expect(await findingsOn(stack, false)).to.deep.equal([]);
    });
  }

  it("agree on a first preview, in which many values are unknown", async () => {
    expect(await findingsOn("prod", true)).to.deep.equal([]);
  });
});
