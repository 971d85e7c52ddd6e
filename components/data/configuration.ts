import type * as types from "@pulumi/aws/types";
import * as pulumi from "@pulumi/pulumi";
import { policyOf } from "../access";
import type { DataBucketArgs } from "./args";

type Rule = types.input.s3.BucketLifecycleConfigurationRule;

/** Where S3 puts the access logs of other buckets. */
export const accessLogPrefix = "access/";

/** A rule that cleans up after everything, and the rules in the arguments. */
export function lifecycleRules({
  oldVersionDays = 30,
  incompleteUploadDays = 7,
  lifecycle = [],
}: DataBucketArgs): Rule[] {
  const cleanUp = {
    id: "clean-up",
    status: "Enabled",
    filter: { prefix: "" },
    abortIncompleteMultipartUpload: { daysAfterInitiation: incompleteUploadDays },
    noncurrentVersionExpiration: { noncurrentDays: oldVersionDays },
    expiration: { expiredObjectDeleteMarker: true },
  };
  const asked = lifecycle.map(({ prefix = "", expireDays, transitions }, index) => ({
    id: `rule-${index + 1}`,
    status: "Enabled",
    filter: { prefix },
    expiration: expireDays === undefined ? undefined : { days: expireDays },
    transitions,
  }));
  return [cleanUp, ...asked];
}

/**
 * Lets S3 itself write access logs of this account's buckets, if the arguments say so, and nobody connect without TLS.
 */
export function bucketPolicy(
  bucketArn: pulumi.Output<string>,
  accountId: pulumi.Output<string>,
  { takesAccessLogs }: DataBucketArgs,
): pulumi.Output<string> {
  const accessLogs = {
    Sid: "AccessLogs",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: pulumi.interpolate`${bucketArn}/${accessLogPrefix}*`,
    Condition: { StringEquals: { "aws:SourceAccount": accountId } },
  };
  const tlsOnly = {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  return policyOf(takesAccessLogs ? [accessLogs, tlsOnly] : [tlsOnly]);
}
