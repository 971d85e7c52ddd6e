import { account } from "../../engine/context";
import { partitionOf } from "../../engine/partition";

/** The ARN of something that the account has in a region. @param resource such as `stream/orders` */
export function ownArn(service: string, region: string, resource: string): string {
  return `arn:${partitionOf(region).partition}:${service}:${region}:${account}:${resource}`;
}

/** The service in an ARN, such as `sqs`; empty in any other text. */
export function serviceOf(arn: string): string {
  return arn.split(":")[2] ?? "";
}

/** The region in an ARN; empty if it names none, as the ARNs of buckets. */
export function regionOf(arn: string): string {
  return arn.split(":")[3] ?? "";
}
