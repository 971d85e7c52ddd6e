import * as iam from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";
import { policyDocument, policyOf, type Statement, serviceMay } from "../access";

/** How often, and for how long, EventBridge tries to deliver an event. */
export interface DeliverySettings {
  /** @default 20 */
  retries?: number;
  /** In seconds. @default 3600 */
  maximumAge?: number;
}

/** What a target, of a rule or of a schedule, does with events that it does not take. */
export function delivery(
  { retries = 20, maximumAge = 3600 }: DeliverySettings,
  deadLetterArn: pulumi.Input<string>,
): {
  deadLetterConfig: { arn: pulumi.Input<string> };
  retryPolicy: { maximumRetryAttempts: number; maximumEventAgeInSeconds: number };
} {
  return {
    deadLetterConfig: { arn: deadLetterArn },
    retryPolicy: { maximumRetryAttempts: retries, maximumEventAgeInSeconds: maximumAge },
  };
}

/** Whose role it is, and on whose behalf it may be assumed. */
interface RoleSettings {
  service: string;
  /** A rule or a group of schedules. */
  sourceArn: pulumi.Output<string>;
  permissionsBoundary?: pulumi.Input<string>;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The role with which EventBridge delivers events: for one rule or group of schedules, and for no other. */
export function createDeliveryRole(
  name: string,
  { service, sourceArn, permissionsBoundary, tags }: RoleSettings,
  opts: pulumi.CustomResourceOptions,
): iam.Role {
  const assumeRolePolicy = policyOf([serviceMay(service, sourceArn, { Action: "sts:AssumeRole" })]);
  return new iam.Role(name, { assumeRolePolicy, permissionsBoundary, tags }, opts);
}

/** What the role may do. */
export function createDeliveryPolicy(
  name: string,
  role: iam.Role,
  statements: Statement[],
  opts: pulumi.CustomResourceOptions,
): iam.RolePolicy {
  return new iam.RolePolicy(name, { role: role.name, policy: policyDocument(statements) }, opts);
}
