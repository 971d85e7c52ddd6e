import * as pulumi from "@pulumi/pulumi";
import { checkSubmittedJob } from "../batch/submission/checks";
import { Mistakes } from "../validation";
import type { EtlPipelineArgs } from "./args";
import { workOf } from "./work";

const kinds = ["job", "step", "run"] as const;

/** Adds every mistake in a pipeline's arguments. */
export function checkPipeline(mistakes: Mistakes, args: EtlPipelineArgs, name: string): void {
  // The names of jobs begin with the table's name.
  mistakes.componentName(name, 64, /^[A-Za-z\d][\w-]*$/, "a letter or digit, then letters, digits, `_` and `-`");
  mistakes.autoName(`${name}-dead-letters`, "name", 80);
  mistakes.autoName(`${name}-changes`, "name", 64);
  for (const end of ["prefix", "suffix"] as const) {
    mistakes.check(args.bucket?.[end] !== "", `bucket.${end}`, "is empty; leave it out for all objects");
  }
  checkKind(mistakes, args);
}

function checkKind(mistakes: Mistakes, args: EtlPipelineArgs): void {
  const [first, ...others] = kinds.filter((kind) => args[kind] !== undefined);
  if (first === undefined) mistakes.add("job", "is missing; write it, or `step` or `run`");
  for (const kind of others) mistakes.add(kind, `cannot be combined with \`${first}\`; write one of them`);
  if (args.job) checkJob(mistakes, args);
  if (args.step) checkStep(mistakes, args);
  if (args.run) checkRun(mistakes, args);
}

function checkJob(mistakes: Mistakes, { job }: EtlPipelineArgs): void {
  if (!job?.batch) return;
  const own = new Mistakes();
  checkSubmittedJob(own, job);
  for (const { path, reason, sources } of own.found) {
    mistakes.from(...sources.map((source) => `job.${source}`)).add(`job.${path}`, reason);
  }
}

function checkStep(mistakes: Mistakes, { step }: EtlPipelineArgs): void {
  const { access, clusterId, clusterArn } = step?.cluster ?? {};
  if (!access && (clusterId === undefined || clusterArn === undefined)) {
    mistakes.add("step.cluster", "lacks `clusterId` or `clusterArn`; write both, or an EmrCluster");
  } else if (!access && step?.runtimeRole !== undefined) {
    mistakes.add("step.runtimeRole", "is for an EmrCluster; write `runtimeRoleArn` in `cluster`");
  } else checkAccess(mistakes.from("step.runtimeRole"), "step.cluster", { step });
}

function checkRun(mistakes: Mistakes, { run }: EtlPipelineArgs): void {
  const { access, applicationId, applicationArn, jobRoleArn } = run?.application ?? {};
  const complete = [applicationId, applicationArn, jobRoleArn].every((output) => output !== undefined);
  const instead = "write all three, or an EmrServerless";
  mistakes.check(
    access !== undefined || complete,
    "run.application",
    `lacks \`applicationId\`, \`applicationArn\` or \`jobRoleArn\`; ${instead}`,
  );
}

/** Reports what only the source knows, such as which runtime roles there are. */
function checkAccess(mistakes: Mistakes, path: string, args: Pick<EtlPipelineArgs, "step">): void {
  try {
    workOf(args);
  } catch (error) {
    if (!(error instanceof pulumi.RunError)) throw error;
    mistakes.add(path, error.message);
  }
}
