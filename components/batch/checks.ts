import { retentionMistake } from "../observability/rules/retention";
import type { Mistakes } from "../validation";
import type { FairShareArgs, GravitonBatchArgs, StuckJobArgs } from "./args";
import { checkEnvironments, checkName } from "./environmentChecks";
import { checkJob } from "./jobChecks";
import { shareMistake, sharesOverlap } from "./rules/shares";

/** Every mistake in the arguments. */
export function checkBatch(mistakes: Mistakes, args: GravitonBatchArgs, name: string): void {
  checkName(mistakes, name, "name");
  mistakes.autoName(`${name}-instance`, "name", 64);
  checkEnvironments(mistakes, name, args);
  for (const property of ["subnetIds", "securityGroupIds"] as const) {
    const ids = args[property];
    mistakes.check(!Array.isArray(ids) || ids.length > 0, property, "is empty; write one or more");
  }
  if (args.vpcId === undefined && args.securityGroupIds === undefined) {
    mistakes.add("vpcId", "is missing; write the VPC for a security group of its own, or your own `securityGroupIds`");
  }
  if (args.vpcId !== undefined && args.securityGroupIds !== undefined) {
    mistakes.add("vpcId", "does nothing beside `securityGroupIds`; write one of them");
  }
  mistakes.range(args.priority, "priority", 0, 1000);
  if (args.fairShare) checkFairShare(mistakes, args.fairShare);
  checkStuckJobs(mistakes, args.stuckJobs ?? {});
  const retention = retentionMistake(args.logRetentionDays);
  if (retention) mistakes.add("logRetentionDays", retention);
  for (const [job, jobArgs] of Object.entries(args.jobs)) {
    const path = `jobs.${job}`;
    checkName(mistakes, job, path);
    mistakes.autoName(`${name}-${job}-execution`, path, 64);
    checkJob(mistakes, path, jobArgs, args);
  }
}

function checkFairShare(mistakes: Mistakes, { shares, decaySeconds, computeReservation }: FairShareArgs): void {
  mistakes.check(
    shares.length > 0,
    "fairShare.shares",
    'is empty; write the shares, such as [{ identifier: "default" }]',
  );
  mistakes.range(decaySeconds, "fairShare.decaySeconds", 0, 604_800, "seconds");
  mistakes.range(computeReservation, "fairShare.computeReservation", 0, 99, "percent");
  for (const [index, { identifier, weight = 1 }] of shares.entries()) {
    const path = `fairShare.shares[${index}]`;
    const mistake = shareMistake(identifier);
    if (mistake) mistakes.add(`${path}.identifier`, mistake);
    const other = shares.slice(0, index).find((one) => sharesOverlap(one.identifier, identifier));
    const clash = `"${identifier}" overlaps "${other?.identifier}"; write identifiers that no job could have both of`;
    mistakes.check(other === undefined, `${path}.identifier`, clash);
    const fits = weight >= 0.0001 && weight <= 999.9999;
    mistakes.check(fits, `${path}.weight`, `is ${weight}; write a number from 0.0001 to 999.9999`);
  }
}

function checkStuckJobs(mistakes: Mistakes, limits: StuckJobArgs): void {
  for (const [reason, seconds] of Object.entries(limits)) {
    if (seconds !== 0)
      mistakes.range(seconds, `stuckJobs.${reason}`, 600, 86_400, "seconds, or 0 to let such jobs wait");
  }
}
