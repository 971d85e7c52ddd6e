import * as batch from "@pulumi/aws/batch";
import * as pulumi from "@pulumi/pulumi";
import { allVariables, arnParts, whenKnown } from "../access";
import type { GravitonBatchArgs } from "./args";
import { runsOnFargate } from "./environments";
import type { JobIdentity } from "./identities";
import type { JobArgs } from "./jobArgs";
import { retryRules } from "./rules/retry";

export const defaultVcpus = 1;
export const defaultMemory = 2048;

/** A job definition. */
export function createDefinition(
  name: string,
  job: JobArgs,
  args: GravitonBatchArgs,
  identity: JobIdentity,
  opts: pulumi.CustomResourceOptions,
): batch.JobDefinition {
  const onFargate = runsOnFargate(args);
  const container = containerProperties(job, identity, onFargate);
  return new batch.JobDefinition(
    name,
    {
      ...(job.nodes
        ? { type: "multinode", nodeProperties: pulumi.jsonStringify(nodeProperties(job, container)) }
        : { type: "container", containerProperties: pulumi.jsonStringify(container) }),
      platformCapabilities: [onFargate ? "FARGATE" : "EC2"],
      parameters: job.parameters,
      timeout: { attemptDurationSeconds: job.timeout ?? 3600 },
      retryStrategy: {
        attempts: job.attempts ?? 3,
        evaluateOnExits: retryRules(job.retryRules ?? [], onFargate),
      },
      schedulingPriority: job.schedulingPriority ?? (args.fairShare ? 0 : undefined),
      propagateTags: job.propagateTags ?? true,
      // Submitters still name the old revision until their own update, which comes after this one.
      deregisterOnNewRevision: false,
      tags: args.tags,
    },
    opts,
  );
}

function containerProperties(job: JobArgs, identity: JobIdentity, onFargate: boolean) {
  const { vcpus = defaultVcpus, memory = defaultMemory, gpus, secrets = {} } = job;
  return {
    image: job.image,
    command: job.command,
    jobRoleArn: identity.jobRole.arn,
    executionRoleArn: identity.executionRole.arn,
    resourceRequirements: [
      { type: "VCPU", value: String(vcpus) },
      { type: "MEMORY", value: String(memory) },
      ...(gpus === undefined ? [] : [{ type: "GPU", value: String(gpus) }]),
    ],
    environment: environmentOf(job, identity),
    secrets: Object.entries(secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    readonlyRootFilesystem: job.readonlyRootFilesystem ?? false,
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": identity.logGroup.name, "awslogs-stream-prefix": "job" },
    },
    ...(onFargate && fargateProperties(job)),
  };
}

/** On instances nothing else tells the SDK the region: it looks only in the environment. */
function environmentOf({ environment, access = [] }: JobArgs, { logGroup }: JobIdentity) {
  const region = arnParts(logGroup.arn).apply(([, , , known = ""]) => known);
  return whenKnown(allVariables([...access, { environment: environment ?? {} }]), (variables) =>
    Object.entries({ AWS_REGION: region, ...variables }).map(([name, value]) => ({ name, value })),
  );
}

/** By default Fargate runs a job on x86. @see AWS Batch API, RuntimePlatform */
function fargateProperties({ ephemeralStorage, platformVersion = "LATEST" }: JobArgs) {
  return {
    runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "ARM64" },
    networkConfiguration: { assignPublicIp: "DISABLED" },
    fargatePlatformConfiguration: { platformVersion },
    ephemeralStorage: ephemeralStorage === undefined ? undefined : { sizeInGiB: ephemeralStorage },
  };
}

function nodeProperties({ nodes }: JobArgs, container: ReturnType<typeof containerProperties>) {
  return {
    numNodes: nodes?.count,
    mainNode: nodes?.main ?? 0,
    nodeRangeProperties: [{ targetNodes: "0:", container: { ...container, instanceType: nodes?.instanceType } }],
  };
}
