import type * as cloudwatch from "@pulumi/aws/cloudwatch";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { allStatements, arnParts, policyDocument, type Statement, trustPolicy } from "../access";
import { logStatement } from "../lambda/policy";
import { createLogGroup } from "../observability/logGroup";
import type { GravitonBatchArgs } from "./args";
import type { JobArgs } from "./jobArgs";

/** The resources that a job definition refers to. */
export interface JobIdentity {
  logGroup: cloudwatch.LogGroup;
  /** The role of the job's own code. */
  jobRole: iam.Role;
  /** The role that fetches its image and secrets, and writes its log. */
  executionRole: iam.Role;
  /** The policies of both roles. */
  policies: iam.RolePolicy[];
}

/** The log group and the roles of one job. */
export function createIdentity(
  name: string,
  job: JobArgs,
  args: GravitonBatchArgs,
  opts: pulumi.CustomResourceOptions,
): JobIdentity {
  const { permissionsBoundary, tags } = args;
  const logGroup = createLogGroup(name, "batch", args, opts);
  const { accountId } = getCallerIdentityOutput({}, { parent: opts.parent });
  const assumeRolePolicy = trustPolicy("ecs-tasks.amazonaws.com", { StringEquals: { "aws:SourceAccount": accountId } });
  const roleArgs = { assumeRolePolicy, permissionsBoundary, tags };
  const jobRole = new iam.Role(name, roleArgs, opts);
  const executionName = `${name}-execution`;
  const executionRole = new iam.Role(executionName, roleArgs, opts);
  const executionPolicy = executionDocument(job, logGroup);
  const policies = [
    new iam.RolePolicy(executionName, { role: executionRole.name, policy: executionPolicy }, opts),
    ...jobPolicies(name, jobRole, job, opts),
  ];
  return { logGroup, jobRole, executionRole, policies };
}

/** IAM refuses a policy without statements. */
function jobPolicies(name: string, role: iam.Role, { access = [] }: JobArgs, opts: pulumi.CustomResourceOptions) {
  const statements = allStatements(access);
  if (Array.isArray(statements) && statements.length === 0) return [];
  return [new iam.RolePolicy(name, { role: role.name, policy: policyDocument(statements) }, opts)];
}

function executionDocument(job: JobArgs, logGroup: cloudwatch.LogGroup): pulumi.Output<string> {
  const { image, secrets = {}, secretsKeyArn } = job;
  return pulumi
    .all([image, pulumi.all(Object.values(secrets).map(arnParts)), arnParts(logGroup.arn)])
    .apply(([imageName, secretArns, [, partition]]) =>
      policyDocument([
        logStatement(logGroup.arn),
        ...imageStatements(imageName, partition),
        ...secretStatements(secretArns),
        ...(secretsKeyArn ? [{ actions: ["kms:Decrypt"], resources: [secretsKeyArn] }] : []),
      ]),
    );
}

/** An image in a private ECR repository: account, region, an AWS domain, and the repository. */
const ecrImage = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z\d-]+)\.[a-z\d.]+\/([^:@]+)/;

/** Permission to pull the image, if it is in ECR; anybody may pull a public one. */
function imageStatements(image: string, partition = "aws"): Statement[] {
  const [, account, region, repository] = ecrImage.exec(image) ?? [];
  if (account === undefined || region === undefined) return [];
  return [
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    {
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
      resources: [`arn:${partition}:ecr:${region}:${account}:repository/${repository}`],
    },
  ];
}

/**
 * Permission to read these secrets and parameters, and no others.
 * @see Amazon ECS Developer Guide, "Task execution IAM role"
 */
function secretStatements(arns: string[][]): Statement[] {
  // A secret's ARN has seven parts; a key in its JSON, a stage and a version may follow.
  const of = (service: string) =>
    arns.filter((parts) => parts[2] === service).map((parts) => parts.slice(0, 7).join(":"));
  const secretArns = of("secretsmanager");
  const parameterArns = of("ssm");
  return [
    ...(secretArns.length > 0 ? [{ actions: ["secretsmanager:GetSecretValue"], resources: secretArns }] : []),
    ...(parameterArns.length > 0 ? [{ actions: ["ssm:GetParameters"], resources: parameterArns }] : []),
  ];
}
