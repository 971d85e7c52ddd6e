import { below, type Mistakes } from "../validation";
import type { GravitonBatchArgs, ShareArgs } from "./args";
import { checkEnvironments, checkName } from "./environmentChecks";
import { checkJob } from "./jobChecks";
import { sharesOverlap } from "./rules/shares";

/** Adds every mistake in the arguments. */
export function checkBatch(mistakes: Mistakes, args: GravitonBatchArgs, name: string): void {
  checkName(mistakes, name, "name");
  mistakes.autoName(`${name}-instance`, "name", 64);
  checkEnvironments(mistakes, name, args);
  if (args.vpcId === undefined && args.securityGroupIds === undefined) {
    mistakes.add("vpcId", "is missing; write the VPC to create a security group in, or your own `securityGroupIds`");
  }
  if (args.vpcId !== undefined && args.securityGroupIds !== undefined) {
    mistakes.add("vpcId", "does nothing with `securityGroupIds`; write one of them");
  }
  checkShares(mistakes, args.fairShare?.shares ?? []);
  for (const [job, jobArgs] of Object.entries(args.jobs)) {
    const path = below("jobs", job);
    checkName(mistakes, job, path);
    mistakes.autoName(`${name}-${job}-execution`, path, 64);
    checkJob(mistakes, path, jobArgs, args);
  }
}

function checkShares(mistakes: Mistakes, shares: ShareArgs[]): void {
  for (const [index, { identifier }] of shares.entries()) {
    const other = shares.slice(0, index).find((one) => sharesOverlap(one.identifier, identifier));
    const clash = `"${identifier}" overlaps "${other?.identifier}"; write identifiers that cannot match the same job`;
    mistakes.check(other === undefined, `fairShare.shares[${index}].identifier`, clash);
  }
}
