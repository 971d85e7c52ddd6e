import type * as pulumi from "@pulumi/pulumi";
import { type AccessArgs, knownAccess } from "../access";
import type { Mistakes } from "../validation";

/** Finds the mistakes in what a role is allowed, as far as it is known now. */
export function checkAccess(mistakes: Mistakes, path: string, access: pulumi.Input<AccessArgs>[] = []): void {
  for (const [index, { statements }] of access.map(knownAccess).entries()) {
    for (const resource of statements.flatMap(({ resources }) => resources)) {
      const valid = typeof resource !== "string" || resource === "*" || arnPattern.test(resource);
      const instead = `write one, such as arn:aws:s3:::${bucketOf(resource)}`;
      mistakes.check(valid, `${path}[${index}].statements`, `has "${resource}", which is not an ARN; ${instead}`);
    }
  }
}

/** Partition, service, region, account and resource; a bucket's has neither region nor account. */
const arnPattern = /^arn:[\w-]+:[\w-]+:[^:]*:[^:]*:.+$/;

function bucketOf(resource: unknown): string {
  return /^(?:s3:\/\/)?(?!arn:)([a-z0-9][a-z0-9.-]+)/.exec(String(resource))?.[1] ?? "BUCKET";
}
