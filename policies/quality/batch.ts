import type { Finding, ResourceRule } from "../lib/rule";
import { anyOf, unless } from "../lib/unknowns";
import { holds, read } from "../lib/values";
import { byType, demandRange, forbid, unreadable } from "./checks";

const jobDefinitionType = "aws:batch/jobDefinition:JobDefinition";

/** Where a job definition describes containers, the tasks around them, and pods. */
const containers = [
  "containerProperties{}",
  "ecsProperties{}.taskProperties[].containers[]",
  "nodeProperties{}.nodeRangeProperties[].container",
  "nodeProperties{}.nodeRangeProperties[].ecsProperties.taskProperties[].containers[]",
];
const tasks = [
  "containerProperties{}",
  "ecsProperties{}.taskProperties[]",
  "nodeProperties{}.nodeRangeProperties[].container",
  "nodeProperties{}.nodeRangeProperties[].ecsProperties.taskProperties[]",
];
const pods = ["eksProperties.podProperties", "nodeProperties{}.nodeRangeProperties[].eksProperties.podProperties"];

const isolation: ResourceRule = {
  name: "batch-container-isolation",
  description: "Containers of Batch jobs are isolated from their host.",
  severity: "critical",
  practice: "SEC03-BP02",
  tags: ["batch", "security"],
  url: "https://docs.aws.amazon.com/batch/latest/userguide/job_definition_parameters.html",
  remediationSteps: "Leave out privileged, hostNetwork and host volumes; share files through EFS or S3.",
  checkResource: byType({
    [jobDefinitionType]: (props) => [
      // The other policies leave documents that cannot be parsed to this one.
      ...unreadable(
        ["containerProperties{}", "ecsProperties{}", "nodeProperties{}"].flatMap((path) => read(props, path)),
      ),
      ...forbid(props, isTrue, "it gives the container access to the host; leave it out", [
        ...containers.map((path) => `${path}.privileged`),
        ...pods.flatMap((path) => [
          `${path}.containers[].securityContext.privileged`,
          `${path}.initContainers[].securityContext.privileged`,
          `${path}.hostNetwork`,
        ]),
      ]),
      ...forbid(props, () => true, "it is a folder on the host; share files through EFS or S3", [
        ...tasks.map((path) => `${path}.volumes[].host.sourcePath`),
        ...pods.map((path) => `${path}.volumes[].hostPath.path`),
      ]),
    ],
  }),
};

function isTrue(value: unknown): boolean {
  return value === true;
}

const timeout: ResourceRule = {
  name: "batch-timeout",
  description: "Batch jobs have a timeout.",
  enforcementLevel: "advisory",
  severity: "medium",
  practice: "COST04-BP04",
  tags: ["batch", "cost"],
  url: "https://docs.aws.amazon.com/batch/latest/userguide/job_timeouts.html",
  remediationSteps: "Set timeout: { attemptDurationSeconds } to a few times the job's expected duration.",
  settings: {
    maximumSeconds: {
      type: "integer",
      description: "The longest timeout allowed, in seconds.",
      minimum: 60,
      default: 14 * 24 * 60 * 60,
    },
  },
  checkResource: byType({
    [jobDefinitionType]: (props, { maximumSeconds }) =>
      demandRange(props, "timeout.attemptDurationSeconds", { minimum: 60, maximum: maximumSeconds, unit: "seconds" }),
  }),
};

const retry: ResourceRule = {
  name: "batch-retry",
  description: "Batch jobs are retried a limited number of times, and only for the intended reasons.",
  severity: "medium",
  practice: "REL05-BP03",
  tags: ["batch", "cost"],
  url: "https://docs.aws.amazon.com/batch/latest/userguide/job_retries.html",
  remediationSteps:
    'Set retryStrategy.attempts, and end evaluateOnExits with { action: "EXIT", onReason: "*" }, because Batch ' +
    "retries failures that no condition matches.",
  settings: {
    maximumAttempts: {
      type: "integer",
      description: "The most attempts allowed.",
      minimum: 1,
      maximum: 10,
      default: 10,
    },
  },
  checkResource: byType({
    [jobDefinitionType]: (props, { maximumAttempts }) => [
      ...demandRange(props, "retryStrategy.attempts", { minimum: 1, maximum: maximumAttempts, mayBeMissing: true }),
      ...closingExit(props),
    ],
  }),
};

function closingExit(props: object): Finding[] {
  const message =
    "retryStrategy.evaluateOnExits does not end with a condition that matches every failure, and Batch retries " +
    'failures that no condition matches: add { action: "EXIT", onReason: "*" } at the end.';
  return unless(
    () =>
      anyOf(
        () => endsWithExit(props),
        () => !holds(props, `${conditions}.action`, (action) => isAction(action, "RETRY")),
      ),
    () => [{ message }],
  );
}

const conditions = "retryStrategy.evaluateOnExits[]";

/** Whether the last condition ends the job, whatever the failure. */
function endsWithExit(props: object): boolean {
  const last = read(props, conditions).at(-1);
  if (last?.state !== "known" || typeof last.value !== "object" || last.value === null) return false;
  const [action, ...matches] = ["action", "onReason", "onStatusReason", "onExitCode"].map(
    (name) => read(last.value as object, name, last.path)[0],
  );
  const given = matches.filter((reading) => reading?.state !== "missing");
  const matchesAll = given.every((reading) => reading?.state !== "known" || reading.value === "*");
  const mayExit = action?.state === "unknown" || (action?.state === "known" && isAction(action.value, "EXIT"));
  return mayExit && matchesAll && given.length > 0;
}

/** Batch ignores the case of actions. */
function isAction(value: unknown, action: string): boolean {
  return String(value).toUpperCase() === action;
}

const publicIp: ResourceRule = {
  name: "batch-public-ip",
  description: "Batch jobs on Fargate have no public IP address.",
  enforcementLevel: "advisory",
  severity: "medium",
  practice: "SEC05-BP01",
  tags: ["batch", "security"],
  url: "https://docs.aws.amazon.com/batch/latest/userguide/fargate.html",
  remediationSteps: "Leave assignPublicIp out, and give the private subnets a NAT gateway or VPC endpoints.",
  checkResource: byType({
    [jobDefinitionType]: (props) =>
      forbid(
        props,
        (value) => value === "ENABLED",
        "leave it out, and use private subnets",
        tasks.map((path) => `${path}.networkConfiguration.assignPublicIp`),
      ),
  }),
};

export const batchRules = [isolation, timeout, retry, publicIp];
