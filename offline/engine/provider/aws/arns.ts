import type { Templates } from "../templates";

export const arn = (service: string, resource: string) => `arn:{partition}:${service}:{region}:{account}:${resource}`;
export const global = (service: string, resource: string) => `arn:{partition}:${service}:::${resource}`;
export const iam = (resource: string) => `arn:{partition}:iam::{account}:${resource}`;

/** A resource whose id is its ARN. */
export const byArn = (service: string, resource: string, more: Templates = {}): Templates => ({
  id: "{arn}",
  arn: arn(service, resource),
  ...more,
});
/** A resource whose id is its name. */
export const byName = (service: string, resource: string, more: Templates = {}): Templates => ({
  id: "{name}",
  arn: arn(service, resource),
  ...more,
});
