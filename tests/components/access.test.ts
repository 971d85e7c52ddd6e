import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { allStatements, allVariables, type FunctionAccess } from "../../components/access";
import { GravitonBatch } from "../../components/batch/gravitonBatch";
import { DataBucket } from "../../components/data/dataBucket";
import { EmrServerless } from "../../components/emr/serverless/emrServerless";
import { LambdaFunction } from "../../components/lambda/lambdaFunction";
import { ItemsTable } from "../../components/table/itemsTable";
import { inputsOf, mistakes, resolved, startMocks } from "../helpers/components/mocks";
import { failureOf } from "../helpers/offline/program";
import { withJob } from "./batch/batchArgs";

const entry = "handlers/items.ts";
const functionType = "aws:lambda/function:Function";
const policyType = "aws:iam/rolePolicy:RolePolicy";

/** As a program in another language passes it on: a value of which nothing is known when the component is created. */
function asOutput<T extends object>(value: T): pulumi.Output<T> {
  return pulumi.output(Promise.resolve(value)) as unknown as pulumi.Output<T>;
}

describe("access that is known only during the deployment", () => {
  beforeEach(startMocks);

  async function environmentAndPolicy(accessOf: (table: ItemsTable) => pulumi.Input<ItemsTable["crudAccess"]>) {
    await startMocks();
    const access = [accessOf(new ItemsTable("orders"))];
    new LambdaFunction("items", { entry, environment: { MODE: "test" }, bundle: { sourceMap: true }, access });
    return [(await inputsOf(functionType)).environment, (await inputsOf(policyType)).policy];
  }

  it("gives a function the same variables and statements", async () => {
    const expected = await environmentAndPolicy((table) => table.access("crud"));
    expect(JSON.stringify(expected)).to.contain("dynamodb:PutItem").and.contain("--enable-source-maps");
    expect(await environmentAndPolicy(({ crudAccess }) => asOutput(crudAccess))).to.deep.equal(expected);
  });

  it("can lend its statements to variables of one's own", async () => {
    const { readAccess, tableName } = new ItemsTable("orders");
    const access = [{ environment: { ORDERS: tableName }, statements: asOutput(readAccess).statements }];
    new LambdaFunction("items", { entry, access });
    expect((await inputsOf(functionType)).environment.variables).to.deep.equal({ ORDERS: "orders-1234567" });
    expect((await inputsOf(policyType)).policy)
      .to.contain("dynamodb:GetItem")
      .and.contain("orders-1234567/index/*");
  });

  it("gives a job the same variables and statements", async () => {
    const { readAccess } = new ItemsTable("orders");
    new GravitonBatch("main", withJob({ environment: { MODE: "test" }, access: [asOutput(readAccess)] }));
    const { containerProperties } = await inputsOf("aws:batch/jobDefinition:JobDefinition");
    const variables = JSON.parse(containerProperties).environment;
    expect(variables).to.deep.include.members([
      { name: "TABLE_NAME", value: "orders-1234567" },
      { name: "MODE", value: "test" },
    ]);
    expect(variables[0].name).to.equal("AWS_REGION");
    expect((await inputsOf(policyType, "main-summarise")).policy).to.contain("dynamodb:GetItem");
  });

  it("gives the jobs of an EMR application the same statements", async () => {
    const { readAccess } = new DataBucket("data");
    new EmrServerless("spark", { releaseLabel: "emr-7.10.0", access: [asOutput(readAccess)] });
    expect((await inputsOf(policyType)).policy).to.contain("s3:GetObject");
  });

  it("must not set a variable twice, which is an error of the deployment", async () => {
    const one = asOutput({ environment: { TABLE_NAME: "one" }, statements: [] });
    const variables = pulumi.output(allVariables([one, { environment: { TABLE_NAME: "two" } }]));
    const { message } = await failureOf((variables as unknown as { promise(): Promise<unknown> }).promise());
    expect(message).to.contain("several give TABLE_NAME");
  });

  it("must not be absent, such as the stream of a table without one", async () => {
    const absent = pulumi.output(Promise.resolve(undefined)) as unknown as pulumi.Output<FunctionAccess>;
    for (const whole of [allVariables([absent]), allStatements([absent])]) {
      const { message } = await failureOf((whole as unknown as { promise(): Promise<unknown> }).promise());
      expect(message).to.contain("an output without `environment` or `statements`; leave it out");
    }
  });

  it("is checked as far as it is known", () => {
    const variables = { AWS_REGION: "eu-west-1" };
    const access = [
      asOutput({ environment: {}, statements: [] }),
      { environment: variables, statements: asOutput([]) },
    ];
    const found = mistakes(() => new LambdaFunction("items", { entry, access }));
    expect(found.map(([path]) => path)).to.deep.equal(["access[1].environment.AWS_REGION"]);
  });
});

describe("outputs for other languages", () => {
  beforeEach(startMocks);

  it("are what `access()` returns", async () => {
    const table = new ItemsTable("orders", { stream: "NEW_IMAGE" });
    for (const [level, output] of [
      ["read", table.readAccess],
      ["write", table.writeAccess],
      ["crud", table.crudAccess],
      ["stream", table.streamAccess],
    ] as const) {
      expect(await resolved(output)).to.deep.equal(await resolved(table.access(level)));
    }
  });

  it("are absent if the component cannot give such access without more being said", () => {
    expect(new ItemsTable("orders").streamAccess).to.equal(undefined);
    const shared = withJob({}, { fairShare: { shares: [{ identifier: "a" }] } });
    expect(new GravitonBatch("shared", shared).submitAccess).to.equal(undefined);
  });

  it("give access to each job", async () => {
    const batch = new GravitonBatch("main", withJob({}));
    expect(await resolved(batch.submitAccess)).to.deep.equal({ summarise: await resolved(batch.access("submit")) });
  });
});
