import { expect } from "chai";
import type { Graph } from "../../../offline";
import { resourcesOfType } from "../../../offline";
import { inputsOf, named, only, registered } from "../../helpers/components/registered";
import { onFargate, withJob } from "./batchArgs";

const environmentType = "aws:batch/computeEnvironment:ComputeEnvironment";
const queueType = "aws:batch/jobQueue:JobQueue";

/**
 * Pulumi creates the replacement of a resource, updates its dependents, and then deletes the old one; it deletes in the
 * reverse order of dependencies. So: new environment, queue, old environment, and IAM last.
 */
describe("the replacement of a compute environment", function () {
  this.timeout(60_000);
  let graph: Graph;

  before(async () => {
    const environments = [{ type: "SPOT", maxVcpus: 16 } as const, { type: "EC2", maxVcpus: 4 } as const];
    const access = [{ environment: {}, statements: [{ actions: ["s3:ListBucket"], resources: ["*"] }] }];
    const network = { vpcId: "vpc-1", securityGroupIds: undefined };
    const batches = { main: withJob({ access }, { environments, ...network }), small: onFargate({ access }) };
    graph = await registered("GravitonBatch", batches);
  });

  const environmentsOf = (batch: string) =>
    resourcesOfType(graph, environmentType).filter(({ name }) => name.startsWith(`${batch}-`));

  it("can create the new one alongside the old one: no name is fixed, and none is deleted first", () => {
    const batch = graph.resources.filter(({ type }) => /^aws:(batch|iam|ec2)\//.test(type));
    expect(batch).to.have.length.above(10);
    for (const { name, inputs, outputs, options } of batch) {
      const physical = outputs.name ?? name;
      expect(inputs.name, name).to.satisfy(
        (given: unknown) => given === undefined || (given === physical && given !== name),
      );
      expect(options.deleteBeforeReplace ?? false, name).to.equal(false);
    }
  });

  it("updates the queue in between: it depends on each environment, by its ARN", () => {
    const environments = environmentsOf("main");
    expect(environments).to.have.lengthOf(2);
    const queue = named(graph, "main", queueType);
    expect(queue.propertyDependencies.computeEnvironmentOrders).to.include.members(environments.map(({ urn }) => urn));
    const orders: { computeEnvironment: string }[] = inputsOf(queue).computeEnvironmentOrders;
    // The environments are registered in any order.
    expect(orders.map((order) => order.computeEnvironment)).to.have.members(
      environments.map(({ outputs }) => outputs.arn),
    );
  });

  it("keeps the machines' roles until they are gone: each environment depends on them", () => {
    const policyType = "aws:iam/rolePolicy:RolePolicy";
    const policiesOf = (name: string) =>
      [`${name}-summarise`, `${name}-summarise-execution`].map((policy) => named(graph, policy, policyType).urn);
    const instances = [
      named(graph, "main-instance", "aws:iam/instanceProfile:InstanceProfile").urn,
      named(graph, "main-instance", "aws:iam/rolePolicyAttachment:RolePolicyAttachment").urn,
    ];
    for (const { name, dependencies } of [...environmentsOf("main"), named(graph, "main", queueType)]) {
      expect(dependencies, name).to.include.members([...instances, ...policiesOf("main")]);
    }
    for (const { name, dependencies } of [...environmentsOf("small"), named(graph, "small-fargate", queueType)]) {
      expect(dependencies, name).to.include.members(policiesOf("small"));
    }
  });

  it("starts instances from a fixed version of the launch template, not from the latest", () => {
    const { launchTemplate } = inputsOf(named(graph, "main-ec2", environmentType)).computeResources;
    expect(launchTemplate.version).to.equal("1");
  });

  it("allows outbound HTTPS, and traffic within the VPC", () => {
    const { egress } = inputsOf(only(graph, "aws:ec2/securityGroup:SecurityGroup"));
    expect(egress).to.have.lengthOf(2);
    expect(egress[1].cidrBlocks[0]).to.match(/^[\d.]+\/\d+$/);
  });
});
