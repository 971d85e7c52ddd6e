import type { Mistakes } from "../../validation";
import type { EmrClusterArgs } from "./args";
import { ActionOnFailure, type EmrStepArgs } from "./stepArgs";

/** Finds the mistakes in the steps of a new cluster. */
export function checkSteps(mistakes: Mistakes, { steps = [], stepConcurrency = 1 }: EmrClusterArgs): void {
  for (const [index, step] of steps.entries()) checkStep(mistakes, `steps[${index}]`, step, stepConcurrency);
}

function checkStep(mistakes: Mistakes, path: string, step: EmrStepArgs, concurrency: number): void {
  const { actionOnFailure = ActionOnFailure.Continue } = step;
  const alone = concurrency === 1 || actionOnFailure === ActionOnFailure.Continue;
  const instead = `write "${ActionOnFailure.Continue}", or leave out \`stepConcurrency\``;
  const why = `is "${actionOnFailure}", which EMR refuses for concurrent steps`;
  mistakes.check(alone, `${path}.actionOnFailure`, `${why}; ${instead}`);
  if (step.jar === undefined && step.command === undefined) {
    mistakes.add(path, "runs nothing; write a `command` or a `jar`");
  }
  if (step.command === undefined) return;
  for (const property of ["jar", "mainClass", "args"] as const) {
    const unused = step[property] !== undefined;
    mistakes.check(
      !unused,
      `${path}.${property}`,
      "cannot be combined with `command`; write one of `command` and `jar`",
    );
  }
}
