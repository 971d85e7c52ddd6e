import type { Resource } from "../../../offline/engine/graph";
import type { Properties } from "../../../offline/engine/values";
import { resource } from "./graph";

const ACCOUNT = "123456789012";

export const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
export const userArn = (name: string) => `arn:aws:iam::${ACCOUNT}:user/${name}`;

/** The credentials of a user of a program. */
export const keyOf = (user: string) => ({
  accessKeyId: `AKIA${user.toUpperCase().padEnd(16, "X")}`,
  secretAccessKey: `secret of ${user}`,
});

/** A policy document with one statement for each effect and resource. */
export function policy(...statements: object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** A user with an access key and, if statements are given, a policy. */
export function user(name: string, statements: object[] = [], inputs: Properties = {}): Resource[] {
  const { accessKeyId: id, secretAccessKey: secret } = keyOf(name);
  const own = { user: name, policy: policy(...statements) };
  return [
    resource("aws:iam/user:User", name, inputs, { name, arn: userArn(name), uniqueId: `AIDA${name}` }),
    resource("aws:iam/accessKey:AccessKey", name, { user: name }, { id, secret }),
    ...(statements.length > 0 ? [resource("aws:iam/userPolicy:UserPolicy", name, own)] : []),
  ];
}

/** A role that trusts a principal and has, if statements are given, a policy. */
export function role(name: string, principal: object, statements: object[] = [], inputs: Properties = {}): Resource[] {
  const assumeRolePolicy = policy({ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" });
  const own = { role: name, policy: policy(...statements) };
  return [
    resource(
      "aws:iam/role:Role",
      name,
      { assumeRolePolicy, ...inputs },
      { name, arn: roleArn(name), uniqueId: `AROA${name}` },
    ),
    ...(statements.length > 0 ? [resource("aws:iam/rolePolicy:RolePolicy", name, own)] : []),
  ];
}

export const allowInvoke = (resource = "*") => ({ Effect: "Allow", Action: "execute-api:Invoke", Resource: resource });
export const denyInvoke = (resource = "*") => ({ ...allowInvoke(resource), Effect: "Deny" });
