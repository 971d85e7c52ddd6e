import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { allStatements, policyDocument, policyOf, principalIn, type Statement, trustPolicy } from "../../access";
import { attachManagedPolicy } from "../../managedPolicy";
import type { EmrClusterArgs } from "./args";
import { keyGrantStatement, keyUseStatement } from "./encryption";
import { applicationsOf } from "./rules/applications";

type Options = pulumi.CustomResourceOptions & { parent: pulumi.Resource };

/** The roles that a cluster and its steps run as. */
export interface Identities {
  serviceRole: iam.Role;
  nodeRole: iam.Role;
  instanceProfile: iam.InstanceProfile;
  /** Roles of steps by their names. */
  runtimeRoles: Record<string, iam.Role>;
  /** Resources that must exist from before the first machine starts until the last one is gone. */
  policies: pulumi.Resource[];
}

export function createIdentities(
  name: string,
  args: EmrClusterArgs,
  kmsKeyArn: pulumi.Input<string>,
  opts: Options,
): Identities {
  const nodeRole = createRole(`${name}-nodes`, trustPolicy("ec2.amazonaws.com"), args, opts);
  // EMR looks for a role with the profile's name. @see Amazon EMR Management Guide, "Customize IAM roles"
  const profile = { name: nodeRole.name, role: nodeRole.name, tags: args.tags };
  const instanceProfile = new iam.InstanceProfile(`${name}-nodes`, profile, opts);
  const serviceRole = createRole(`${name}-service`, serviceTrust(opts), args, opts);
  const runtimeRoles = createRuntimeRoles(name, args, nodeRole, opts);
  const policies = [
    attachManagedPolicy(`${name}-service`, serviceRole, "service-role/AmazonEMRServicePolicy_v2", opts),
    ...(args.highAvailability ? [attachManagedPolicy(`${name}-placement`, serviceRole, placementPolicy, opts)] : []),
    inlinePolicy(`${name}-service`, serviceRole, serviceStatements(nodeRole, kmsKeyArn), opts),
    inlinePolicy(`${name}-nodes`, nodeRole, nodeStatements(args, kmsKeyArn, Object.values(runtimeRoles), opts), opts),
    ...Object.entries(runtimeRoles).map(([role, runtimeRole]) =>
      inlinePolicy(`${name}-runtime-${role}`, runtimeRole, runtimeStatements(role, args, kmsKeyArn), opts),
    ),
  ];
  return { serviceRole, nodeRole, instanceProfile, runtimeRoles, policies };
}

function createRole(
  name: string,
  assumeRolePolicy: pulumi.Input<string>,
  { permissionsBoundary, tags }: EmrClusterArgs,
  opts: Options,
): iam.Role {
  return new iam.Role(name, { assumeRolePolicy, permissionsBoundary, tags }, opts);
}

function inlinePolicy(
  name: string,
  role: iam.Role,
  statements: pulumi.Input<Statement[]>,
  opts: Options,
): iam.RolePolicy {
  return new iam.RolePolicy(name, { role: role.name, policy: policyDocument(statements) }, opts);
}

/** @see Amazon EMR Management Guide, "Amazon EMR integration with EC2 placement groups" */
const placementPolicy = "AmazonElasticMapReducePlacementGroupPolicy";

/**
 * Trust in EMR on behalf of this account and region only.
 * @see Amazon EMR Management Guide, "Service role for Amazon EMR"
 */
function serviceTrust({ parent }: Options): pulumi.Output<string> {
  const { accountId } = getCallerIdentityOutput({}, { parent });
  const { partition } = getPartitionOutput({}, { parent });
  const { region } = getRegionOutput({}, { parent });
  return trustPolicy(principalIn(partition, "elasticmapreduce"), {
    StringEquals: { "aws:SourceAccount": accountId },
    ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:elasticmapreduce:${region}:${accountId}:*` },
  });
}

function serviceStatements(nodeRole: iam.Role, kmsKeyArn: pulumi.Input<string>): Statement[] {
  return [
    {
      actions: ["iam:PassRole"],
      resources: [nodeRole.arn],
      // In China, a domain follows the name.
      conditions: { StringLike: { "iam:PassedToService": "ec2.amazonaws.com*" } },
    },
    keyUseStatement(kmsKeyArn),
    keyGrantStatement(kmsKeyArn),
  ];
}

/**
 * What steps and applications use, and the least that EMR itself needs on the nodes: the log, the key, and what each
 * node fetches when it starts.
 * @see Amazon EMR Management Guide, "Creating a service role for cluster EC2 instances with least-privilege
 * permissions"
 */
function nodeStatements(
  args: EmrClusterArgs,
  kmsKeyArn: pulumi.Input<string>,
  runtimeRoles: iam.Role[],
  { parent }: Options,
): pulumi.Input<Statement[]> {
  const { partition } = getPartitionOutput({}, { parent });
  const arnOf = (uri: pulumi.Input<string>) =>
    pulumi.interpolate`arn:${partition}:s3:::${pulumi.output(uri).apply((text = "") => text.replace(/^s3:\/\//, ""))}`;
  const { certificates } = args.security ?? {};
  const scripts = (args.bootstrapActions ?? []).map(({ path }) => path);
  const fetched = [...scripts, ...(certificates === undefined ? [] : [certificates])].map(arnOf);
  const watched = applicationsOf(args).includes("AmazonCloudWatchAgent");
  const own = [
    { actions: ["s3:PutObject"], resources: [pulumi.interpolate`${arnOf(folderOf(args.logUri))}*`] },
    keyUseStatement(kmsKeyArn),
    ...(fetched.length > 0 ? [{ actions: ["s3:GetObject"], resources: fetched }] : []),
    ...(watched ? [{ actions: ["cloudwatch:PutMetricData"], resources: ["*"] }] : []),
    ...(runtimeRoles.length > 0 ? [{ actions: assumption, resources: runtimeRoles.map(({ arn }) => arn) }] : []),
  ];
  return allStatements([...(args.access ?? []), { statements: own }]);
}

/** EMR returns a log's address with a slash at its end; without one the address would seem to have changed. */
export function folderOf(uri: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(uri).apply((text = "") => text.replace(/\/*$/, "/"));
}

/** @see Amazon EMR Management Guide, "Runtime roles for Amazon EMR steps" */
const assumption = ["sts:AssumeRole", "sts:TagSession"];

function createRuntimeRoles(
  name: string,
  args: EmrClusterArgs,
  nodeRole: iam.Role,
  opts: Options,
): Record<string, iam.Role> {
  const assumeRolePolicy = policyOf([{ Effect: "Allow", Action: assumption, Principal: { AWS: nodeRole.arn } }]);
  const names = Object.keys(args.security?.runtimeRoles ?? {});
  return Object.fromEntries(
    names.map((role) => [role, createRole(`${name}-runtime-${role}`, assumeRolePolicy, args, opts)]),
  );
}

function runtimeStatements(
  role: string,
  { security }: EmrClusterArgs,
  kmsKeyArn: pulumi.Input<string>,
): pulumi.Input<Statement[]> {
  // Lake Formation supports no resource-level permissions. @see Service Authorization Reference, AWS Lake Formation
  const guarded = { actions: ["lakeformation:GetDataAccess"], resources: ["*"] };
  const own = [keyUseStatement(kmsKeyArn), ...(security?.lakeFormation ? [guarded] : [])];
  return allStatements([...(security?.runtimeRoles?.[role] ?? []), { statements: own }]);
}
