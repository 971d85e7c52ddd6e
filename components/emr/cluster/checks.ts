import { isNewerThanKnown, missedFloor, parseRelease } from "../../graviton/emrReleases";
import { below, listOf, type Mistakes } from "../../validation";
import { checkAccess } from "../accessChecks";
import type { EmrClusterArgs } from "./args";
import { checkNodes, checkScaling } from "./nodeChecks";
import { applicationMistake, applicationsOf, offYarn } from "./rules/applications";
import { classificationMistake } from "./rules/classifications";
import { whyNotToEnd } from "./rules/idleTimeout";
import { hasGroups } from "./rules/nodes";
import { checkSecurity } from "./securityChecks";
import { checkSteps } from "./stepChecks";

/** Adds every mistake in the arguments. AWS checks what is not known yet. */
export function checkCluster(mistakes: Mistakes, args: EmrClusterArgs, name: string): void {
  const allowed = /^[\w+=,.@-]+$/.test(name);
  const instead = "write letters, digits and `_+=,.@-`";
  mistakes.check(allowed, "name", `"${name}" has characters that IAM refuses in roles; ${instead}`);
  mistakes.autoName(`${name}-service`, "name", 64);
  checkSteps(mistakes, args);
  checkAccess(mistakes, "access", args.access);
  for (const [role, access] of Object.entries(args.security?.runtimeRoles ?? {})) {
    checkAccess(mistakes, below("security.runtimeRoles", role), access);
  }
  // The checks that follow depend on the release; if it is wrong, there is nothing more to check.
  if (args.releaseLabel === "") return;
  checkApplications(mistakes, args);
  checkConfigurations(mistakes.from("applications"), args);
  checkNodes(mistakes, args);
  checkScaling(mistakes.from("instances", "core", "task"), args);
  checkHighAvailability(mistakes, args);
  checkIdleTimeout(mistakes, args);
  checkSecurity(mistakes.from("applications"), name, args);
}

function checkApplications(mistakes: Mistakes, args: EmrClusterArgs): void {
  const installed = applicationsOf(args);
  for (const index of installed.keys()) {
    const mistake = applicationMistake(args.releaseLabel, installed, index);
    if (mistake) mistakes.add(`applications[${index}]`, mistake);
  }
  const others = offYarn(installed);
  if (args.scaling === undefined || others.length === 0) return;
  const names = others.join(" and ");
  const instead = `leave it out, or move ${names} to another cluster`;
  mistakes.add("scaling", `relies on YARN, which does not manage ${names}; ${instead}`);
}

function checkConfigurations(mistakes: Mistakes, args: EmrClusterArgs): void {
  if (isNewerThanKnown(parseRelease(args.releaseLabel))) return;
  for (const classification of Object.keys(args.configurations ?? {})) {
    const mistake = classificationMistake(classification, applicationsOf(args));
    if (mistake) mistakes.add(below("configurations", classification), mistake);
  }
}

/**
 * Applications whose data must be kept outside a cluster with several primary nodes, and the classifications that say
 * where.
 */
const keptOutside: Record<string, string[]> = {
  Hive: ["hive-site"],
  Oozie: ["oozie-site"],
  Hue: ["hue-ini"],
  Presto: ["presto-connector-hive", "hive-site"],
  PrestoSQL: ["prestosql-connector-hive", "hive-site"],
  Trino: ["trino-connector-hive", "hive-site"],
};

/** @see Amazon EMR Management Guide, "Launch an Amazon EMR Cluster with multiple primary nodes" */
function checkHighAvailability(mistakes: Mistakes, args: EmrClusterArgs): void {
  if (!args.highAvailability) return;
  const release = parseRelease(args.releaseLabel);
  const without = missedFloor(release, ["5.36.1", "6.8.1"]) !== undefined || /^6\.(?:9|10|11)\.0$/.test(release);
  const instead = 'write emr-6.12.0 or later, or `instances: "INSTANCE_GROUP"`';
  const reason = `is not for fleets in ${args.releaseLabel}; ${instead}`;
  mistakes.check(hasGroups(args) || !without, "highAvailability", reason);
  for (const [index, application] of applicationsOf(args).entries()) {
    const places = keptOutside[application];
    if (places?.some((place) => place in (args.configurations ?? {})) !== false) continue;
    const where = `write its connection under \`configurations\`, as ${listOf(places.map((place) => `\`${place}\``))}`;
    const lack = `"${application}" needs a database outside the cluster with \`highAvailability\``;
    mistakes.add(`applications[${index}]`, `${lack}; ${where}`);
  }
}

function checkIdleTimeout(mistakes: Mistakes, args: EmrClusterArgs): void {
  const { idleTimeout = 0 } = args;
  if (idleTimeout === 0) return;
  const reason = whyNotToEnd(args);
  mistakes.check(
    reason === undefined,
    "idleTimeout",
    `${reason}; write 0 or leave it out, and terminate the cluster yourself`,
  );
}
