import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as emrserverless from "@pulumi/aws/emrserverless";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { allStatements, arnParts, policyDocument, type Statement, trustPolicy } from "../../access";
import type { EmrServerlessArgs } from "./args";

/** The role that jobs run as, and its policy: a job that starts before the policy exists is denied access. */
export interface JobRole {
  role: iam.Role;
  policy: iam.RolePolicy;
}

/** A role for this application's jobs and no others. */
export function createJobRole(
  name: string,
  { access = [], kmsKeyArn, permissionsBoundary, tags }: EmrServerlessArgs,
  application: emrserverless.Application,
  logGroup: cloudwatch.LogGroup,
  opts: pulumi.CustomResourceOptions,
): JobRole {
  const { accountId } = getCallerIdentityOutput({}, { parent: opts.parent });
  const assumeRolePolicy = trustPolicy("emr-serverless.amazonaws.com", {
    StringEquals: { "aws:SourceAccount": accountId },
    ArnLike: { "aws:SourceArn": [application.arn, pulumi.interpolate`${application.arn}/*`] },
  });
  const role = new iam.Role(name, { assumeRolePolicy, permissionsBoundary, tags }, opts);
  const statements = allStatements([{ statements: logStatements(logGroup, kmsKeyArn) }, ...access]);
  return { role, policy: new iam.RolePolicy(name, { role: role.name, policy: policyDocument(statements) }, opts) };
}

/**
 * The permissions that EMR needs to write a job's log. It looks for the group among all of the account's, and sets the
 * key that the group has already.
 * @see https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html
 */
function logStatements({ arn }: cloudwatch.LogGroup, kmsKeyArn?: pulumi.Input<string>): Statement[] {
  const groups = arnParts(arn).apply((parts) => parts.slice(0, 5).join(":"));
  const actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"];
  const associate = kmsKeyArn === undefined ? [] : ["logs:AssociateKmsKey"];
  return [
    { actions: ["logs:DescribeLogGroups"], resources: [pulumi.interpolate`${groups}:*`] },
    { actions: [...actions, ...associate], resources: [pulumi.interpolate`${arn}:*`] },
    ...(kmsKeyArn === undefined ? [] : [logKeyStatement(kmsKeyArn)]),
  ];
}

/** Both the job's role and the caller that starts a job need the key of the logs: EMR refuses the job otherwise. */
export function logKeyStatement(kmsKeyArn: pulumi.Input<string>): Statement {
  return { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [kmsKeyArn] };
}
