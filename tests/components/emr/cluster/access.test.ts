import { expect } from "chai";
import type { FunctionAccess } from "../../../../components/access";
import { policyDocument } from "../../../../components/access";
import { EmrCluster } from "../../../../components/emr/cluster/emrCluster";
import { inputsOf, resolved, startMocks } from "../../../helpers/components/mocks";
import { emrArgs } from "./emrArgs";

const cluster = "arn:aws:emr:eu-west-1:123456789012:main-1234567";
const daily = "arn:aws:iam:eu-west-1:123456789012:main-runtime-daily-1234567";
const emr = (...actions: string[]) => actions.map((action) => `elasticmapreduce:${action}`);

describe("EmrCluster.access", () => {
  beforeEach(startMocks);

  async function statementsOf({ statements }: FunctionAccess) {
    return JSON.parse((await resolved(policyDocument(statements))) as string).Statement;
  }

  function withRoles(...names: string[]): EmrCluster {
    const runtimeRoles = Object.fromEntries(names.map((name) => [name, []]));
    return new EmrCluster("main", emrArgs({ security: { runtimeRoles } }));
  }

  function failure(create: () => unknown): string {
    try {
      create();
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  }

  it("lets a function add, follow and cancel steps of this cluster only", async () => {
    const access = new EmrCluster("main", emrArgs()).access("addSteps");
    expect(await resolved(access.environment)).to.deep.equal({ CLUSTER_ID: "main-id" });
    expect(await statementsOf(access)).to.deep.equal([
      { Effect: "Allow", Action: emr("AddJobFlowSteps"), Resource: [cluster] },
      {
        Effect: "Allow",
        Action: emr("DescribeCluster", "DescribeStep", "ListSteps", "CancelSteps"),
        Resource: [cluster],
      },
    ]);
  });

  it("lets a function read the cluster, or terminate it too", async () => {
    const main = new EmrCluster("main", emrArgs());
    const reading = emr("DescribeCluster", "DescribeStep", "ListSteps", "ListInstances");
    expect(await statementsOf(main.access("read"))).to.deep.equal([
      { Effect: "Allow", Action: reading, Resource: [cluster] },
    ]);
    expect((await statementsOf(main.access("terminate")))[0].Action).to.deep.equal([
      ...reading,
      ...emr("TerminateJobFlows"),
    ]);
  });

  it("combines several levels, with each action once and the given names", async () => {
    const access = new EmrCluster("main", emrArgs()).access(["addSteps", "terminate"], { environmentName: "SPARK" });
    expect(await resolved(access.environment)).to.deep.equal({ SPARK: "main-id" });
    const [, { Action }] = await statementsOf(access);
    expect(Action).to.have.members([
      ...emr("DescribeCluster", "DescribeStep", "ListSteps", "CancelSteps", "ListInstances", "TerminateJobFlows"),
    ]);
  });

  it("lets steps be added that run as the only runtime role, and as no other", async () => {
    const access = withRoles("daily").access("addSteps");
    expect(await resolved(access.environment)).to.deep.equal({ CLUSTER_ID: "main-id", EXECUTION_ROLE_ARN: daily });
    expect((await statementsOf(access))[0].Condition).to.deep.equal({
      StringEquals: { "elasticmapreduce:ExecutionRoleArn": daily },
    });
  });

  it("requires a choice among several runtime roles", async () => {
    const main = withRoles("daily", "hourly");
    const access = main.access("addSteps", { runtimeRole: "daily", runtimeRoleEnvironmentName: "ROLE" });
    expect(await resolved(access.environment)).to.deep.equal({ CLUSTER_ID: "main-id", ROLE: daily });
    expect(failure(() => main.access("addSteps"))).to.match(/write `runtimeRole`: "daily" or "hourly"/);
    expect(failure(() => main.access("addSteps", { runtimeRole: "weekly" }))).to.match(/no runtime role "weekly"/);
    expect(main.access("read").environment).to.have.all.keys("CLUSTER_ID");
    await inputsOf("aws:emr/cluster:Cluster");
  });

  it("says that there are no runtime roles, and where to add them", async () => {
    const main = new EmrCluster("main", emrArgs());
    expect(failure(() => main.access("addSteps", { runtimeRole: "daily" }))).to.match(
      /write `runtimeRole`: the name of one that you add to `security.runtimeRoles`/,
    );
    await inputsOf("aws:emr/cluster:Cluster");
  });
});
