import type { FunctionAccess } from "../../access";
import type { Mistakes } from "../../validation";
import type { EmrClusterArgs } from "./args";

/** Finds the mistakes in subnets, addresses and ARNs, where they are known now. */
export function checkPlaces(mistakes: Mistakes, args: EmrClusterArgs): void {
  const { subnetIds, imageId } = args;
  // TypeScript demands them, the other languages and casts do not.
  mistakes.check(args.vpcId !== undefined, "vpcId", "is missing; write the VPC of the subnets");
  mistakes.check(args.logUri !== undefined, "logUri", "is missing; write s3://BUCKET/PREFIX/");
  const none = subnetIds === undefined || (Array.isArray(subnetIds) && subnetIds.length === 0);
  mistakes.check(!none, "subnetIds", "is empty; write one or more private subnets of the VPC");
  checkS3Uri(mistakes, "logUri", args.logUri, "s3://BUCKET/PREFIX/");
  const image = typeof imageId !== "string" || /^ami-[\da-f]+$/.test(imageId);
  mistakes.check(image, "imageId", `is "${imageId}", no machine image; write an id, such as ami-0123456789abcdef0`);
  checkRights(mistakes, args);
  for (const [role, access] of Object.entries(args.security?.runtimeRoles ?? {})) {
    checkAccess(mistakes, `security.runtimeRoles.${role}`, access);
  }
}

/** Finds the mistakes in what roles are allowed, and in what limits it, where they are known now. */
export function checkRights(
  mistakes: Mistakes,
  { access = [], permissionsBoundary }: Pick<EmrClusterArgs, "access" | "permissionsBoundary">,
): void {
  checkAccess(mistakes, "access", access);
  const boundary = typeof permissionsBoundary !== "string" || /^arn:[\w-]+:iam::/.test(permissionsBoundary);
  const policy = "write a policy's, arn:aws:iam::ACCOUNT:policy/NAME";
  mistakes.check(boundary, "permissionsBoundary", `is "${permissionsBoundary}", no ARN of IAM's; ${policy}`);
}

function checkAccess(mistakes: Mistakes, path: string, access: FunctionAccess[]): void {
  for (const [index, { statements }] of access.entries()) {
    for (const resource of statements.flatMap(({ resources }) => resources)) {
      const valid = typeof resource !== "string" || resource === "*" || arnPattern.test(resource);
      const instead = `write one, such as arn:aws:s3:::${bucketOf(resource)}`;
      mistakes.check(valid, `${path}[${index}].statements`, `has "${resource}", no ARN; ${instead}`);
    }
  }
}

/** Partition, service, region, account, and what it is; a bucket's has neither region nor account. */
const arnPattern = /^arn:[\w-]+:[\w-]+:[^:]*:[^:]*:.+$/;

function bucketOf(resource: unknown): string {
  return /^(?:s3:\/\/)?(?!arn:)([a-z0-9][a-z0-9.-]+)/.exec(String(resource))?.[1] ?? "BUCKET";
}

/** Checks an address in S3, where it is known now: of an object where the example is one, else of a bucket or a folder. */
export function checkS3Uri(mistakes: Mistakes, path: string, value: unknown, example: string): void {
  if (typeof value !== "string") return;
  const object = /\.\w+$/.test(example);
  const valid = (object ? /^s3:\/\/[a-z0-9][a-z0-9.-]+\/.+$/ : /^s3:\/\/[a-z0-9][a-z0-9.-]+(?:\/.*)?$/).test(value);
  mistakes.check(valid, path, `is "${value}", no address in S3; write ${example}`);
}
