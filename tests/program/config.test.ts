import { expect } from "chai";
import { runProgram } from "pulumi-offline";
import { failureOf } from "../helpers/offline/program";
import { repository } from "../helpers/offline/start";

describe("the program's configuration", () => {
  const run = (config: Record<string, string>) => runProgram({ directory: repository, stack: "dev", config });
  const reasonOf = async (config: Record<string, string>) => (await failureOf(run(config))).message;

  const cases: [what: string, config: Record<string, string>, reason: RegExp][] = [
    [
      "a misspelt key",
      { "graviton:apiAut": "none" },
      /graviton:apiAut is not a setting .* did you mean graviton:apiAuth\?/,
    ],
    ["half an endpoint name", { "graviton:interfaceEndpoints": '["ecr"]' }, /interfaceEndpoints\[0\].*"ecr.api"/],
    [
      "an unknown compute type",
      { "graviton:jobsRunOn": '["FARGTE"]' },
      /environments\[0\].type: is "FARGTE"; write "EC2"/,
    ],
  ];
  for (const [what, config, reason] of cases) {
    it(`rejects ${what}`, async () => expect(await reasonOf(config)).to.match(reason));
  }

  it("reports all mistakes at once", async () => {
    const reason = await reasonOf({ "graviton:nats": "None", "graviton:alarmMail": "a@b.c" });
    for (const meant of ["graviton:nat?", "graviton:alarmEmail?"]) expect(reason).to.include(meant);
  });

  it("accepts everything that Pulumi.yaml declares, keys of other namespaces, and any AWS region", async () => {
    const { resources } = await run({ "aws:profile": "mine", "aws:region": "ap-southeast-7" });
    expect(resources).to.not.be.empty;
  });
});
