import { missedFloor, parseRelease } from "../../graviton/emrReleases";
import { below, type Mistakes } from "../../validation";
import type { EmrClusterArgs } from "./args";
import { applicationsOf } from "./rules/applications";

/** First releases that can require IMDSv2. @see Amazon EMR Management Guide, "Create a security configuration" */
const withImdsV2 = ["5.32.0", "6.2.0"];

/** @see Amazon EMR Management Guide, "Runtime roles for Amazon EMR steps" */
const withRuntimeRoles = ["6.7.0"];

/** @see Amazon EMR Management Guide, "Enable Lake Formation with Amazon EMR" */
const withLakeFormation = ["6.15.0"];

/** Finds the mistakes in how a cluster is secured. The release label must be complete. */
export function checkSecurity(mistakes: Mistakes, name: string, args: EmrClusterArgs): void {
  const { security = {} } = args;
  checkRelease(mistakes, "releaseLabel", args, withImdsV2, "cannot require IMDSv2 on its nodes");
  // @see Amazon EMR Management Guide, "Launch an Amazon EMR Cluster with multiple primary nodes"
  const alone = "has its key distribution centre on one primary node; leave out `highAvailability` or this";
  mistakes.check(!(security.kerberos && args.highAvailability), "security.kerberos", alone);
  if (security.lakeFormation) checkLakeFormation(mistakes, args);
  if (security.runtimeRoles) checkRuntimeRoles(mistakes, name, security.runtimeRoles, args);
}

function checkRelease(
  mistakes: Mistakes,
  path: string,
  { releaseLabel }: EmrClusterArgs,
  floors: string[],
  lack: string,
): void {
  const floor = missedFloor(parseRelease(releaseLabel), floors);
  mistakes.check(floor === undefined, path, `${releaseLabel} ${lack}; write emr-${floor} or later`);
}

function checkLakeFormation(mistakes: Mistakes, args: EmrClusterArgs): void {
  const path = "security.lakeFormation";
  checkRelease(mistakes, path, args, withLakeFormation, "cannot protect rows and columns with Lake Formation");
  const { certificates, runtimeRoles } = args.security ?? {};
  const encrypted = certificates !== undefined;
  mistakes.check(encrypted, path, "needs data encrypted between the nodes; write `security.certificates` too");
  const asRole = runtimeRoles !== undefined;
  mistakes.check(asRole, path, "decides by the roles of the steps; write `security.runtimeRoles` too");
  const installed = applicationsOf(args);
  mistakes.check(installed.includes("Spark"), path, "protects Spark's jobs only; add Spark to `applications`");
}

function checkRuntimeRoles(mistakes: Mistakes, name: string, roles: object, args: EmrClusterArgs): void {
  const path = "security.runtimeRoles";
  checkRelease(mistakes, path, args, withRuntimeRoles, "has no roles for steps");
  const installed = applicationsOf(args);
  const used = installed.includes("Spark") || installed.includes("Hive");
  mistakes.check(used, path, "are for steps of Spark and Hive; add one of them to `applications`");
  mistakes.check(!args.highAvailability, path, "cannot be combined with `highAvailability`; leave out one of them");
  for (const role of Object.keys(roles)) {
    const valid = /^[\w+=,.@-]+$/.test(role);
    const instead = "write letters, digits and `_+=,.@-`";
    mistakes.check(valid, below(path, role), `"${role}" has characters that IAM refuses; ${instead}`);
    mistakes.autoName(`${name}-runtime-${role}`, below(path, role), 64);
  }
}
