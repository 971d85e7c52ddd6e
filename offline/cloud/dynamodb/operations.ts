import { describeEndpoints, describeLimits } from "./account";
import { describeContinuousBackups, updateContinuousBackups } from "./backups";
import type { Operation } from "./database";

/** The operations that are not dynalite's, or that replace its own. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  DescribeContinuousBackups: describeContinuousBackups,
  DescribeEndpoints: describeEndpoints,
  DescribeLimits: describeLimits,
  UpdateContinuousBackups: updateContinuousBackups,
};
