import { expect } from "chai";
import { GravitonBatch } from "../../../components/batch/gravitonBatch";
import { inputsOf, resources, startMocks } from "../../helpers/components/mocks";
import { batchArgs, withJob } from "./batchArgs";

describe("GravitonBatch's identities", () => {
  beforeEach(startMocks);

  it("encrypt the log with a key, and are roles with a boundary that only tasks and instances can assume", async () => {
    new GravitonBatch("main", batchArgs({ kmsKeyArn: "arn:key", permissionsBoundary: "arn:boundary" }));
    expect(await inputsOf("aws:cloudwatch/logGroup:LogGroup")).to.include({ kmsKeyId: "arn:key" });
    const roles = (await resources()).filter(({ type }) => type === "aws:iam/role:Role");
    const trust = roles.map(({ name, inputs }) => {
      expect(inputs.permissionsBoundary, name).to.equal("arn:boundary");
      return [name, JSON.parse(inputs.assumeRolePolicy).Statement[0].Principal.Service];
    });
    expect(Object.fromEntries(trust)).to.deep.equal({
      "main-instance": "ec2.amazonaws.com",
      "main-summarise": "ecs-tasks.amazonaws.com",
      "main-summarise-execution": "ecs-tasks.amazonaws.com",
    });
  });

  it("are assumed by tasks of this account only", async () => {
    new GravitonBatch("main", batchArgs());
    for (const role of ["main-summarise", "main-summarise-execution"]) {
      const { assumeRolePolicy } = await inputsOf("aws:iam/role:Role", role);
      const [{ Condition }] = JSON.parse(assumeRolePolicy).Statement;
      expect(Condition, role).to.deep.equal({ StringEquals: { "aws:SourceAccount": "123456789012" } });
    }
  });

  async function executionPolicy() {
    const { policy } = await inputsOf("aws:iam/rolePolicy:RolePolicy", "main-summarise-execution");
    return JSON.parse(policy).Statement;
  }

  const images: [image: string, repository: string | undefined][] = [
    ["210987654321.dkr.ecr.us-east-1.amazonaws.com/team/a:1", "us-east-1:210987654321:repository/team/a"],
    ["210987654321.dkr.ecr-fips.us-gov-west-1.amazonaws.com/a@sha256:0", "us-gov-west-1:210987654321:repository/a"],
    ["210987654321.dkr-ecr.eu-west-1.on.aws/a", "eu-west-1:210987654321:repository/a"],
    ["210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1", "cn-north-1:210987654321:repository/a"],
    ["public.ecr.aws/docker/library/node:24", undefined],
  ];
  for (const [reference, repository] of images) {
    it(`let the execution role pull ${reference}${repository ? "" : ", as anybody may"}`, async () => {
      new GravitonBatch("main", withJob({ image: reference }));
      const pulls = (await executionPolicy())
        .filter(({ Action }: { Action: string[] }) => Action.includes("ecr:BatchGetImage"))
        .flatMap(({ Resource }: { Resource: string[] }) => Resource);
      expect(pulls).to.deep.equal(repository ? [`arn:aws:ecr:${repository}`] : []);
    });
  }
});
