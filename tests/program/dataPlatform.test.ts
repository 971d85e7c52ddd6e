import * as path from "node:path";
import { expect } from "chai";
import { type Graph, resourcesOfType, reveal, runProgram } from "pulumi-offline";
import { repository } from "../helpers/offline/start";

const clusterType = "aws:emr/cluster:Cluster";
const applicationType = "aws:emrserverless/application:Application";
const scalingType = "aws:emr/managedScalingPolicy:ManagedScalingPolicy";

/** Runs the program on the stack prod with other settings and its policies. */
function onProd(settings: Record<string, string>): Promise<Graph> {
  const policies = path.join(repository, "policies");
  return runProgram({
    directory: repository,
    stack: "prod",
    config: Object.fromEntries(Object.entries(settings).map(([name, value]) => [`graviton:${name}`, value])),
    policyPacks: [{ directory: policies, config: path.join(policies, "policy-config.prod.json") }],
  });
}

/** The environment that tells the steps function where Spark runs. */
function stepsEnvironment(graph: Graph): Record<string, string> {
  const [steps] = resourcesOfType(graph, "aws:lambda/function:Function").filter(({ name }) => name === "steps");
  const { variables } = reveal(steps?.inputs.environment ?? {}) as { variables: Record<string, string> };
  return variables;
}

function brokenPolicies(graph: Graph): string[] {
  return graph.policyPacks.flatMap(({ violations }) => violations.map(({ policy }) => policy));
}

describe("the program's data platform", function () {
  this.timeout(60_000);
  const emrCertificates = "s3://secrets/certificates.zip";
  let cluster: Graph;
  let none: Graph;

  before(async () => {
    [cluster, none] = (await Promise.all([
      onProd({ dataPlatform: "cluster", emrCertificates }),
      onProd({ dataPlatform: "none" }),
    ])) as [Graph, Graph];
  });

  it("can be a cluster that runs the steps, terminates when idle, keeps one core node and grows on Spot only", () => {
    const [spark, ...others] = resourcesOfType(cluster, clusterType);
    expect([others, resourcesOfType(cluster, applicationType)]).to.deep.equal([[], []]);
    expect(stepsEnvironment(cluster)).to.include({ CLUSTER_ID: spark?.id });
    expect(spark?.inputs.autoTerminationPolicy).to.deep.equal({ idleTimeout: 3600 });
    const [policy] = resourcesOfType(cluster, scalingType);
    expect(policy?.inputs.computeLimits).to.have.nested.property("[0].maximumOndemandCapacityUnits", 1);
    expect(policy?.inputs.computeLimits).to.have.nested.property("[0].maximumCoreCapacityUnits", 1);
  });

  it("can be a cluster, which violates no policy if it has certificates where data is protected", async () => {
    expect(brokenPolicies(cluster)).to.deep.equal([]);
    const failure = await onProd({ dataPlatform: "cluster" }).catch((error: Error) => error);
    expect(failure).to.be.an("error").with.property("message").that.includes("emrCertificates is missing");
  });

  it("has a key with which CloudWatch Logs can still read what it wrote while everything used that key", async () => {
    const settings = { dataPlatform: "cluster", emrCertificates, customerKey: "false" };
    const key = resourcesOfType(await onProd(settings), "aws:kms/key:Key").find(({ name }) => name === "data");
    const policy = JSON.parse(String(reveal(key?.inputs.policy ?? null)));
    expect(policy).to.have.nested.property("Statement[1].Principal.Service", "logs.us-east-1.amazonaws.com");
  });

  it("can be absent, and its routes with it", () => {
    const ofData = none.resources.filter(({ type, name }) => /:emr|:s3\/|DataLake/.test(type) || name === "steps");
    expect(ofData.map(({ urn }) => urn)).to.deep.equal([]);
    const [api] = resourcesOfType(none, "aws:apigateway/restApi:RestApi");
    const { paths } = JSON.parse(String(reveal(api?.inputs.body ?? null)));
    expect(Object.keys(paths).filter((route) => route.startsWith("/steps"))).to.deep.equal([]);
    expect(brokenPolicies(none)).to.deep.equal([]);
  });
});
