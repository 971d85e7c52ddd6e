import { knownAccess } from "../access";
import { environmentSize } from "../lambda/rules/environment";
import { below, type Mistakes } from "../validation";
import type { GravitonBatchArgs } from "./args";
import { ComputeType } from "./args";
import { defaultMemory, defaultVcpus } from "./definitions";
import { instanceTypeMistake } from "./environmentChecks";
import { runsOnFargate } from "./environments";
import type { JobArgs, NodesArgs } from "./jobArgs";
import { definitionLimit, jobVariableMistake } from "./rules/environment";
import { fargateMistake } from "./rules/fargate";

/** Finds the mistakes in one job definition. */
export function checkJob(mistakes: Mistakes, path: string, job: JobArgs, batch: GravitonBatchArgs): void {
  checkVariables(mistakes, path, job);
  checkResources(mistakes.from("environments", `${path}.vcpus`, `${path}.nodes`), path, job, batch);
  for (const [index, { onStatusReason, onReason, onExitCode }] of (job.retryRules ?? []).entries()) {
    const matches = onStatusReason !== undefined || onReason !== undefined || onExitCode !== undefined;
    const instead = "write `onStatusReason`, `onReason` or `onExitCode`";
    mistakes.check(matches, `${path}.retryRules[${index}]`, `matches nothing; ${instead}`);
  }
  const unused = job.schedulingPriority !== undefined && batch.fairShare === undefined;
  mistakes.check(!unused, `${path}.schedulingPriority`, "does nothing in a queue without `fairShare`; leave it out");
  if (job.nodes) checkNodes(mistakes.from("environments"), `${path}.nodes`, job.nodes, job, batch);
}

function checkVariables(
  mistakes: Mistakes,
  path: string,
  { environment, secrets, access = [], ...job }: JobArgs,
): void {
  const given = new Map<string, string>();
  const sources: [path: string, variables: Record<string, unknown>][] = [
    [`${path}.environment`, environment ?? {}],
    [`${path}.secrets`, secrets ?? {}],
    ...access.map((one, index): [string, Record<string, unknown>] => [
      `${path}.access[${index}].environment`,
      knownAccess(one).environment,
    ]),
  ];
  for (const [source, variables] of sources) {
    for (const name of Object.keys(variables)) {
      const mistake = jobVariableMistake(name);
      if (mistake) mistakes.add(below(source, name), mistake);
      const other = given.get(name);
      if (other) mistakes.add(below(source, name), `is already given by ${other}; write it once`);
      given.set(name, source);
    }
  }
  for (const [name, arn] of Object.entries(secrets ?? {})) {
    const valid = typeof arn !== "string" || /^arn:[\w-]+:(secretsmanager|ssm):/.test(arn);
    mistakes.check(
      valid,
      below(`${path}.secrets`, name),
      "is not the ARN of a secret or parameter; write one, not the value itself",
    );
  }
  const keyed = job.secretsKeyArn === undefined || secrets !== undefined;
  mistakes.check(keyed, `${path}.secretsKeyArn`, "does nothing without `secrets`; leave it out");
  const command = (job.command ?? []).join("").length;
  const size = command + sources.reduce((total, [, variables]) => total + environmentSize(variables), 0);
  const instead = "keep large values in S3 or Parameter Store and pass their names";
  mistakes.check(
    size <= definitionLimit,
    `${path}.environment`,
    `has, with the command, ${size} bytes; Batch allows ${definitionLimit}: ${instead}`,
  );
}

function checkResources(mistakes: Mistakes, path: string, job: JobArgs, batch: GravitonBatchArgs): void {
  const { vcpus = defaultVcpus, memory = defaultMemory } = job;
  if (runsOnFargate(batch)) {
    const mistake = fargateMistake(vcpus, memory);
    if (mistake) mistakes.add(`${path}.${mistake.property}`, mistake.reason);
    mistakes.check(job.gpus === undefined, `${path}.gpus`, "are not for Fargate; leave them out");
  } else {
    mistakes.range(vcpus, `${path}.vcpus`, 1, 1000, "vCPUs");
    const haveGpus = batch.environments.some(({ instanceTypes = [] }) =>
      instanceTypes.some((type) => /^g5g\b/.test(type)),
    );
    const offered = job.gpus === undefined || haveGpus;
    mistakes.check(offered, `${path}.gpus`, 'are not in any environment; write `instanceTypes: ["g5g.xlarge"]` in one');
    for (const property of ["ephemeralStorage", "platformVersion"] as const) {
      mistakes.check(job[property] === undefined, `${path}.${property}`, "is for Fargate only; leave it out");
    }
  }
  const most = Math.max(0, ...batch.environments.map(({ maxVcpus }) => maxVcpus));
  const total = vcpus * (job.nodes?.count ?? 1);
  const fits = total <= most;
  mistakes.check(
    fits,
    `${path}.vcpus`,
    `come to ${total}, but no environment has more than ${most}: write a larger \`maxVcpus\``,
  );
}

function checkNodes(
  mistakes: Mistakes,
  path: string,
  nodes: NodesArgs,
  { arraySize }: JobArgs,
  batch: GravitonBatchArgs,
): void {
  const onDemand = batch.environments.every(({ type }) => type === ComputeType.Ec2);
  mistakes.check(
    onDemand,
    path,
    `run only on ${ComputeType.Ec2} environments; write no other type, or another GravitonBatch`,
  );
  const others = mistakes.from(`${path}.count`);
  others.range(nodes.main, `${path}.main`, 0, nodes.count - 1, "as nodes are counted from 0");
  mistakes.check(arraySize === undefined, path, "cannot be combined with an array; leave out `arraySize`");
  const mistake =
    nodes.instanceType &&
    instanceTypeMistake(
      nodes.instanceType,
      batch.environments.some(({ imageId }) => imageId !== undefined),
    );
  if (mistake) mistakes.add(`${path}.instanceType`, mistake);
}
