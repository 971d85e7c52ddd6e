import * as apigateway from "@pulumi/aws/apigateway";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as iam from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";
import { trustPolicy } from "../access";
import { attachManagedPolicy } from "../managedPolicy";
import type { LogRetentionDays } from "../observability/retention";
import { CloudWatchRole } from "./args";

/** How an API logs. */
interface LoggingArgs {
  logRetentionDays?: LogRetentionDays;
  logKmsKeyArn?: pulumi.Input<string>;
  cloudWatchRole?: CloudWatchRole;
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * The log group of a stage's errors. Without this, API Gateway creates the group itself, which then keeps its events for
 * ever and outlives the API.
 */
export function createExecutionLog(
  name: string,
  groupName: pulumi.Input<string>,
  { logRetentionDays: retentionInDays = 30, logKmsKeyArn: kmsKeyId, tags }: LoggingArgs,
  opts: pulumi.CustomResourceOptions,
): cloudwatch.LogGroup {
  return new cloudwatch.LogGroup(`${name}-execution`, { name: groupName, retentionInDays, kmsKeyId, tags }, opts);
}

/** API Gateway refuses a stage with logs in an account and region without a role for them. */
export function createAccount(
  name: string,
  { cloudWatchRole = CloudWatchRole.Managed, tags }: LoggingArgs,
  parent: pulumi.Resource,
): pulumi.Resource[] {
  if (cloudWatchRole === CloudWatchRole.Existing) return [];
  // The account's other APIs log with this role too, so it must outlive this API.
  const opts = { parent, retainOnDelete: true };
  const role = new iam.Role(name, { assumeRolePolicy: trustPolicy("apigateway.amazonaws.com"), tags }, opts);
  const dependsOn = attachManagedPolicy(name, role, "service-role/AmazonAPIGatewayPushToCloudWatchLogs", opts);
  return [new apigateway.Account(name, { cloudwatchRoleArn: role.arn }, { ...opts, dependsOn })];
}
