import { isFolder } from "../files";
import { listOf, type Mistakes } from "../validation";
import {
  type DataBucketArgs,
  type DataLakeArgs,
  type LifecycleRuleArgs,
  StorageClass,
  type TransitionArgs,
} from "./args";
import { listCode } from "./code";

const namePattern = /^[a-z0-9][a-z0-9-]*$/;
const allowed = "lower-case letters, digits and `-`, with a letter or digit first";

/** Adds every mistake in a bucket's arguments. */
export function checkBucket(mistakes: Mistakes, args: DataBucketArgs, name: string): void {
  if (args.bucketName === undefined) mistakes.componentName(name, 63, namePattern, allowed);
  const useless = args.versioning === false && args.oldVersionDays !== undefined;
  mistakes.check(!useless, "oldVersionDays", "does nothing without versions; leave it out, or `versioning: false`");
  const sealed = args.takesAccessLogs === true && args.kmsKeyArn !== undefined;
  mistakes.check(!sealed, "kmsKeyArn", "keeps S3 from writing access logs; leave it out, or `takesAccessLogs`");
  const endless = args.takesAccessLogs === true && args.accessLogBucket !== undefined;
  mistakes.check(!endless, "accessLogBucket", "would log the writing of logs; leave it out with `takesAccessLogs`");
  checkLifecycle(mistakes, "lifecycle", args.lifecycle);
}

/** Adds every mistake in a data lake's arguments. */
export function checkLake(mistakes: Mistakes, args: DataLakeArgs, name: string): void {
  mistakes.componentName(`${name}-results`, 63, namePattern, allowed);
  if (args.code !== undefined) checkCode(mistakes, args.code);
  checkLifecycle(mistakes, "rawLifecycle", args.rawLifecycle);
  checkLifecycle(mistakes, "resultsLifecycle", args.resultsLifecycle);
}

function checkCode(mistakes: Mistakes, folder: string): void {
  const found = isFolder(folder) ? "a folder without files to run" : "not a folder";
  const some = isFolder(folder) && listCode(folder).length > 0;
  mistakes.check(
    some,
    "code",
    `is "${folder}", ${found}; write one relative to the program's folder, such as jobs/spark`,
  );
}

/** Adds the mistakes in rules, which S3 reports only when everything else has been created. */
function checkLifecycle(mistakes: Mistakes, path: string, rules: LifecycleRuleArgs[] = []): void {
  for (const [index, rule] of rules.entries()) {
    const { prefix = "", expireDays, transitions = [] } = rule;
    const at = `${path}[${index}]`;
    const again = rules.slice(0, index).some((other) => (other.prefix ?? "") === prefix);
    mistakes.check(!again, `${at}.prefix`, `"${prefix}" already has a rule; write one rule for it`);
    const rooted = prefix.startsWith("/");
    mistakes.check(!rooted, `${at}.prefix`, `is "${prefix}"; keys begin without a slash: write "${prefix.slice(1)}"`);
    const idle = expireDays === undefined && transitions.length === 0;
    mistakes.check(!idle, at, "does nothing; write `expireDays` or `transitions`");
    transitions.forEach((transition, position) => {
      checkTransition(mistakes, `${at}.transitions[${position}]`, transition, transitions[position - 1]);
    });
    const last = transitions.at(-1)?.days ?? 0;
    const lives = expireDays === undefined || expireDays > last || transitions.length === 0;
    const early = `is ${expireDays}, not after the last transition; write more than ${last}`;
    mistakes.from(`${at}.transitions`).check(lives, `${at}.expireDays`, early);
  }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html */
function checkTransition(mistakes: Mistakes, path: string, transition: TransitionArgs, before?: TransitionArgs): void {
  const { days, storageClass } = transition;
  const order: string[] = Object.values(StorageClass);
  const after = before === undefined || order.indexOf(before.storageClass) < order.indexOf(storageClass);
  const cheaper = listOf(order.slice(order.indexOf(before?.storageClass ?? "") + 1)) || "none";
  mistakes.check(
    after,
    `${path}.storageClass`,
    `is "${storageClass}"; after "${before?.storageClass}" write ${cheaper}`,
  );
  // Objects stay in S3 Standard for 30 days before they move to infrequent access, and 30 days there.
  const least = storageClass === StorageClass.InfrequentAccess ? 30 : earliestAfter(before);
  mistakes.check(days >= least, `${path}.days`, `is ${days}; write ${least} days or more`);
}

function earliestAfter(before?: TransitionArgs): number {
  if (before === undefined) return 0;
  return before.days + (before.storageClass === StorageClass.InfrequentAccess ? 30 : 1);
}
