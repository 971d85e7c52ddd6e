import type { Mistakes } from "../../validation";
import type { EmrClusterArgs } from "./args";
import { checkS3Uri } from "./placeChecks";
import { ActionOnFailure, type EmrBootstrapActionArgs, type EmrStepArgs } from "./stepArgs";

/** Steps of a cluster that are not over yet, and those that run at a time. @see Amazon EMR API, RunJobFlow */
const mostSteps = 256;

/** @see Amazon EMR API, RunJobFlow, BootstrapActions */
const mostBootstrapActions = 16;

/** Finds the mistakes in the steps of a new cluster and in what its nodes run before. */
export function checkSteps(mistakes: Mistakes, { steps = [], bootstrapActions = [], ...args }: EmrClusterArgs): void {
  mistakes.range(args.stepConcurrency, "stepConcurrency", 1, mostSteps, "steps at a time");
  const fewer = `has ${steps.length}; EMR takes ${mostSteps}: write several commands into one step`;
  mistakes.check(steps.length <= mostSteps, "steps", fewer);
  for (const [index, step] of steps.entries()) checkStep(mistakes, `steps[${index}]`, step, args.stepConcurrency ?? 1);
  const count = bootstrapActions.length;
  const joined = `has ${count}; EMR takes ${mostBootstrapActions}: write several into one script`;
  mistakes.check(count <= mostBootstrapActions, "bootstrapActions", joined);
  for (const [index, action] of bootstrapActions.entries()) {
    checkBootstrapAction(mistakes, `bootstrapActions[${index}]`, action);
  }
}

function checkStep(mistakes: Mistakes, path: string, step: EmrStepArgs, concurrency: number): void {
  checkName(mistakes, `${path}.name`, step.name);
  mistakes.oneOf(step.actionOnFailure, `${path}.actionOnFailure`, ActionOnFailure);
  const { actionOnFailure = ActionOnFailure.Continue } = step;
  const alone = concurrency === 1 || actionOnFailure === ActionOnFailure.Continue;
  const instead = `write "${ActionOnFailure.Continue}", or leave out \`stepConcurrency\``;
  const why = `is "${actionOnFailure}", which EMR refuses of steps side by side`;
  mistakes.check(alone, `${path}.actionOnFailure`, `${why}; ${instead}`);
  if (step.jar === undefined && step.command === undefined) {
    mistakes.add(path, "runs nothing; write a `command` or a `jar`");
  }
  mistakes.check(
    step.command?.length !== 0,
    `${path}.command`,
    'is empty; write one, such as ["spark-submit", "s3://…"]',
  );
  if (step.command === undefined) return;
  for (const property of ["jar", "mainClass", "args"] as const) {
    const unused = step[property] !== undefined;
    mistakes.check(!unused, `${path}.${property}`, "stands beside `command`; write one of `command` and `jar`");
  }
}

function checkBootstrapAction(mistakes: Mistakes, path: string, { name, path: script }: EmrBootstrapActionArgs): void {
  checkName(mistakes, `${path}.name`, name);
  checkS3Uri(mistakes, `${path}.path`, script, "s3://BUCKET/script.sh");
}

/** @see Amazon EMR API, StepConfig, Name */
function checkName(mistakes: Mistakes, path: string, name: string): void {
  const fits = name.length > 0 && name.length <= 256;
  mistakes.check(fits, path, `has ${name.length} characters; write 1 to 256`);
}
