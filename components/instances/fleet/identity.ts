import * as iam from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";
import { allStatements, policyDocument, type Statement, trustPolicy } from "../../access";
import { allInstances } from "../access";
import type { WorkerFleetArgs } from "./args";

/** The role that the instances' programs run with. */
export interface FleetIdentity {
  role: iam.Role;
  profile: iam.InstanceProfile;
  /** What the role may do, which must exist before the first instance starts. */
  policies: iam.RolePolicy[];
}

export function createIdentity(
  name: string,
  { access = [], sessionManager = true, permissionsBoundary, tags }: WorkerFleetArgs,
  opts: { parent: pulumi.Resource },
): FleetIdentity {
  const role = new iam.Role(
    name,
    { assumeRolePolicy: trustPolicy("ec2.amazonaws.com"), permissionsBoundary, tags },
    opts,
  );
  const profile = new iam.InstanceProfile(name, { role: role.name, tags }, opts);
  const statements = allStatements([...access, ...(sessionManager ? [{ statements: sessionStatements(opts) }] : [])]);
  // IAM refuses a policy without statements.
  const isEmpty = Array.isArray(statements) && statements.length === 0;
  const policy = policyDocument(statements);
  return { role, profile, policies: isEmpty ? [] : [new iam.RolePolicy(name, { role: role.name, policy }, opts)] };
}

/**
 * What the agent needs for shells, and no more: AWS's AmazonSSMManagedInstanceCore also allows reading every parameter.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
 */
function sessionStatements(opts: pulumi.InvokeOptions): Statement[] {
  const channels = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"];
  return [
    { actions: ["ssm:UpdateInstanceInformation"], resources: [allInstances(opts)] },
    // They do not support resource-level permissions.
    { actions: channels.map((action) => `ssmmessages:${action}`), resources: ["*"] },
  ];
}
