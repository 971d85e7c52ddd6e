import {
  BatchClient,
  CreateComputeEnvironmentCommand,
  type CreateComputeEnvironmentCommandInput,
  CreateJobQueueCommand,
  CreateSchedulingPolicyCommand,
  DescribeJobDefinitionsCommand,
  RegisterJobDefinitionCommand,
  SubmitJobCommand,
} from "@aws-sdk/client-batch";
import { expect } from "chai";
import type { GravitonBatchArgs } from "../../../components/batch/args";
import { type Graph, resourcesOfType } from "../../../offline";
import type { Resource } from "../../../offline/engine/graph";
import { requestMistakes } from "../../helpers/aws/callService";
import { type Moto, pythonHas, startMoto } from "../../helpers/aws/moto";
import { inputsOf, registered } from "../../helpers/components/registered";
import { batchArgs, onFargate, withJob } from "./batchArgs";

type Request = Record<string, unknown>;

const queues: Record<string, GravitonBatchArgs> = {
  spot: batchArgs({ environments: [{ type: "SPOT", maxVcpus: 16, bidPercentage: 80 }], tags: { team: "a" } }),
  fair: batchArgs({ fairShare: { shares: [{ identifier: "gold*", weight: 0.5 }] } }),
  nodes: withJob({ nodes: { count: 2 }, command: ["run"] }, { environments: [{ type: "EC2", maxVcpus: 16 }] }),
  fargate: onFargate({ ephemeralStorage: 30, secrets: { A: "arn:aws:ssm:eu-west-1:123456789012:parameter/a" } }),
};

/** The requests that the provider makes from a resource's inputs, whose names differ slightly from the API's. */
const requests: Record<string, (inputs: ReturnType<typeof inputsOf>, name: unknown) => Request> = {
  "aws:batch/computeEnvironment:ComputeEnvironment": ({ type, state, tags, computeResources }, name) => {
    const { maxVcpus: maxvCpus, minVcpus: minvCpus, ec2Configurations: ec2Configuration, ...others } = computeResources;
    const resources = JSON.parse(JSON.stringify({ ...others, maxvCpus, minvCpus, ec2Configuration }));
    return { computeEnvironmentName: name, type, state, tags, computeResources: resources };
  },
  "aws:batch/schedulingPolicy:SchedulingPolicy": ({ fairSharePolicy, tags }, name) => {
    const { shareDistributions: shareDistribution, ...others } = fairSharePolicy;
    return { name, tags, fairsharePolicy: { ...others, shareDistribution } };
  },
  "aws:batch/jobQueue:JobQueue": ({ name: _, computeEnvironmentOrders: computeEnvironmentOrder, ...others }, name) => ({
    ...others,
    jobQueueName: name,
    computeEnvironmentOrder,
  }),
  "aws:batch/jobDefinition:JobDefinition": (inputs, name) => {
    const { name: _, deregisterOnNewRevision, containerProperties, nodeProperties, retryStrategy, ...others } = inputs;
    const { evaluateOnExits: evaluateOnExit, attempts } = retryStrategy;
    return {
      ...others,
      jobDefinitionName: name,
      retryStrategy: { attempts, evaluateOnExit },
      ...(containerProperties && { containerProperties: JSON.parse(containerProperties) }),
      ...(nodeProperties && { nodeProperties: JSON.parse(nodeProperties) }),
    };
  },
};

const operations: Record<string, string> = {
  "aws:batch/computeEnvironment:ComputeEnvironment": "CreateComputeEnvironment",
  "aws:batch/schedulingPolicy:SchedulingPolicy": "CreateSchedulingPolicy",
  "aws:batch/jobQueue:JobQueue": "CreateJobQueue",
  "aws:batch/jobDefinition:JobDefinition": "RegisterJobDefinition",
};

/** Without undefined properties, as on the wire. */
function requestOf(resource: Resource): Request {
  const make = requests[resource.type];
  if (!make) throw new Error(`no request for ${resource.type}`);
  return JSON.parse(JSON.stringify(make(inputsOf(resource), resource.outputs.name)));
}

describe("what GravitonBatch registers", function () {
  this.timeout(60_000);
  let graph: Graph;

  before(async () => {
    graph = await registered("GravitonBatch", queues);
  });

  it("satisfies the constraints of botocore's model of the API", function () {
    if (!pythonHas("botocore")) return this.skip();
    const all = graph.resources.flatMap((resource): [string, Request][] => {
      const operation = operations[resource.type];
      return operation ? [[operation, requestOf(resource)]] : [];
    });
    expect(all).to.have.lengthOf(13);
    const environments = resourcesOfType(graph, "aws:batch/computeEnvironment:ComputeEnvironment");
    const updates = environments.flatMap((resource): [string, Request][] => {
      const { updatePolicy } = inputsOf(resource);
      return updatePolicy ? [["UpdateComputeEnvironment", { computeEnvironment: "any", updatePolicy }]] : [];
    });
    expect(requestMistakes("batch", [...all, ...updates])).to.equal("");
  });

  describe("is accepted by moto over the wire", () => {
    let moto: Moto;
    let client: BatchClient;
    let prepared: { subnets: string[]; securityGroupIds: string[]; serviceRole: string };

    before(async function () {
      if (!pythonHas("moto.server")) return this.skip();
      moto = await startMoto();
      const credentials = { accessKeyId: "test", secretAccessKey: "test" };
      client = new BatchClient({ endpoint: moto.endpoint, region: "eu-west-1", credentials });
      prepared = await prepare(moto);
    });
    after(() => {
      client?.destroy();
      moto?.stop();
    });

    for (const name of Object.keys(queues)) {
      it(`the queue "${name}", its environment and its job definition, and runs a job`, async () => {
        const own = (type: string) =>
          resourcesOfType(graph, type).filter((one) => one.name.startsWith(`${name}-`) || one.name === name);
        const [environment, queue, definition] = [
          "aws:batch/computeEnvironment:ComputeEnvironment",
          "aws:batch/jobQueue:JobQueue",
          "aws:batch/jobDefinition:JobDefinition",
        ].map((type) => own(type)[0]);
        if (!environment || !queue || !definition) throw new Error("the graph lacks a resource");
        const { computeEnvironmentArn } = await createEnvironment(requestOf(environment));
        for (const policy of own("aws:batch/schedulingPolicy:SchedulingPolicy")) {
          await client.send(new CreateSchedulingPolicyCommand(requestOf(policy) as never));
        }
        const orders = [{ order: 1, computeEnvironment: computeEnvironmentArn }];
        const queueRequest = { ...requestOf(queue), computeEnvironmentOrder: orders };
        await client.send(new CreateJobQueueCommand(queueRequest as never));
        const { jobDefinitionArn } = await client.send(
          new RegisterJobDefinitionCommand(requestOf(definition) as never),
        );
        const { jobDefinitions } = await client.send(
          new DescribeJobDefinitionsCommand({ jobDefinitions: [jobDefinitionArn ?? ""] }),
        );
        const { retryStrategy } = inputsOf(definition);
        // Batch, and so moto, returns the actions in lower case.
        const rules = JSON.parse(JSON.stringify(retryStrategy.evaluateOnExits).toLowerCase());
        const answered = JSON.parse(JSON.stringify(jobDefinitions?.[0]?.retryStrategy?.evaluateOnExit).toLowerCase());
        expect(answered).to.deep.equal(rules);
        const job = { jobName: "once", jobQueue: String(queue.outputs.name), jobDefinition: jobDefinitionArn };
        const { jobId } = await client.send(new SubmitJobCommand(job));
        expect(jobId).to.be.a("string");
      });
    }

    /** moto requires a role, and looks for security groups only in the request. */
    function createEnvironment(request: Request) {
      const { subnets, securityGroupIds, serviceRole } = prepared;
      const computeResources = { ...(request.computeResources as object), subnets, securityGroupIds };
      const input = { ...request, serviceRole, computeResources } as CreateComputeEnvironmentCommandInput;
      return client.send(new CreateComputeEnvironmentCommand(input));
    }

    /** The resources that the environments depend on, under their names in the graph. */
    async function prepare({ query }: Moto) {
      const first = (xml: string, tag: string) => new RegExp(`<${tag}>([^<]+)`).exec(xml)?.[1] ?? "";
      const ec2 = (Action: string) => query("ec2", { Action, Version: "2016-11-15" });
      const iam = (parameters: Record<string, string>) => query("iam", { Version: "2010-05-08", ...parameters });
      for (const { outputs } of resourcesOfType(graph, "aws:iam/instanceProfile:InstanceProfile")) {
        await iam({ Action: "CreateInstanceProfile", InstanceProfileName: String(outputs.name) });
      }
      const role = await iam({ Action: "CreateRole", RoleName: "batch", AssumeRolePolicyDocument: "{}" });
      return {
        subnets: [first(await ec2("DescribeSubnets"), "subnetId")],
        securityGroupIds: [first(await ec2("DescribeSecurityGroups"), "groupId")],
        serviceRole: first(role, "Arn"),
      };
    }
  });
});
