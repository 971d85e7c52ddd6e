import type { Finding, ResourceRule } from "../../lib/rule";
import { keyOf, read } from "../../lib/values";
import { byPath, byType, demand } from "../checks";
import { allowingStatements, elementsOf, has, type Statement, textsOf } from "./documents";
import { mayHaveEveryResource } from "./wildcardActions";

/** Where documents are that say what an identity may do. */
const identityDocuments: Record<string, string> = {
  "aws:iam/policy:Policy": "policy",
  "aws:iam/rolePolicy:RolePolicy": "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
  "aws:iam/groupPolicy:GroupPolicy": "policy",
  "aws:iam/role:Role": "inlinePolicies[].policy",
};

const leastPrivilege: ResourceRule = {
  name: "iam-least-privilege",
  description: "Policies list the actions and the resources that they allow.",
  severity: "high",
  practice: "SEC03-BP02",
  tags: ["iam", "security"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
  remediationSteps:
    "List the actions that are needed, and the ARNs that they are needed on. Actions that know no resource go into a " +
    'statement of their own with "*".',
  settings: {
    actionsWithoutResource: {
      type: "array",
      description: 'Actions that may be allowed on "*" besides those known to need it, such as ecs:ListTasks.',
      items: { type: "string", pattern: "^[a-zA-Z0-9-]+:[a-zA-Z0-9]+\\*?$" },
      default: [],
    },
  },
  checkResource: byPath(identityDocuments, (props, path, { actionsWithoutResource }) => {
    const { statements, problems } = allowingStatements(props, path);
    return [...problems, ...statements.flatMap((statement) => widthOf(statement, actionsWithoutResource as string[]))];
  }),
};

function widthOf(statement: Statement, allowed: string[]): Finding[] {
  return [...negations(statement), ...wideActions(statement), ...wideResources(statement, allowed)];
}

function negations(statement: Statement): Finding[] {
  return ["NotAction", "NotResource"].flatMap((name) => {
    if (!has(statement, name)) return [];
    return [
      { message: `${statement.path} allows with ${name} all but a few: list what it is to allow in ${name.slice(3)}.` },
    ];
  });
}

function wideActions(statement: Statement): Finding[] {
  return textsOf(statement, "Action").flatMap(({ path, text }) => {
    if (!isEveryAction(text)) return [];
    return [{ message: `${path} is ${JSON.stringify(text)}: list the actions that are needed.` }];
  });
}

function wideResources(statement: Statement, allowed: string[]): Finding[] {
  if (isNarrowed(statement)) return [];
  const needing = textsOf(statement, "Action")
    .map(({ text }) => text)
    .filter((action) => !isEveryAction(action) && !mayHaveEveryResource(action, allowed));
  if (needing.length === 0) return [];
  return textsOf(statement, "Resource").flatMap(({ path, text }) => {
    if (!isEveryResource(text)) return [];
    const actions = needing.length > 3 ? `${needing.slice(0, 3).join(", ")} and others` : needing.join(", ");
    return [{ message: `${path} is ${JSON.stringify(text)} for ${actions}: list the ARNs that they are needed on.` }];
  });
}

/** Conditions on the tags of the resource or the request, or on the cluster, stand in for ARNs. May be, while unknown. */
function isNarrowed({ value }: Statement): boolean {
  const narrowing =
    /^[^.]+\.(ForAnyValue:)?(String|Arn)(Equals|Like)(IgnoreCase)?\.(\w+:Re(source|quest)Tag\/|ecs:cluster$)/i;
  return read(value, `${keyOf(value, "Condition")}.*.*`).some(
    ({ state, path }) => state === "unknown" || (state === "known" && narrowing.test(path)),
  );
}

/** `*`, or all that a service has, such as `s3:*`. */
function isEveryAction(action: string): boolean {
  return /^\*+$|:\*+$|^[^:]*\*[^:]*:/.test(action);
}

/** `*`, or an ARN of any service. */
function isEveryResource(resource: string): boolean {
  return /^(\*+|arn:\*+|arn:[^:]+:\*.*)$/.test(resource);
}

/** Where the ARNs of managed policies are. */
const managedPolicies: Record<string, string> = {
  "aws:iam/role:Role": "managedPolicyArns[]",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
  "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns[]",
  "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": "policyArns[]",
  "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": "policyArns[]",
};

const noAdministrator: ResourceRule = {
  name: "iam-no-administrator",
  description: "Nothing is given AWS's policies that allow (almost) everything.",
  severity: "critical",
  practice: "SEC03-BP02",
  tags: ["iam", "security"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html",
  remediationSteps: "Attach a policy that lists the actions and resources that are needed.",
  settings: {
    policies: {
      type: "array",
      description: "The names of the policies.",
      items: { type: "string" },
      default: ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"],
    },
  },
  checkResource: byPath(managedPolicies, (props, path, { policies }) =>
    demand(props, path, {
      type: "string",
      isRight: (arn) => !/^arn:[^:]+:iam::aws:/.test(arn) || !(policies as string[]).includes(arn.replace(/.*\//, "")),
      instead: "attach a policy that lists what is needed",
      mayBeMissing: true,
    }),
  ),
};

const trust: ResourceRule = {
  name: "iam-trust",
  description: "Roles say who may assume them.",
  severity: "critical",
  practice: "SEC03-BP07",
  tags: ["iam", "security"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
  remediationSteps: "Name the services, accounts or roles that may assume the role, or add a Condition that does.",
  checkResource: byType({
    "aws:iam/role:Role": (props) => {
      const { statements, problems } = allowingStatements(props, "assumeRolePolicy");
      return [...problems, ...statements.flatMap(trustOf)];
    },
  }),
};

function trustOf(statement: Statement): Finding[] {
  if (has(statement, "NotPrincipal")) {
    return [
      { message: `${statement.path} trusts with NotPrincipal all but a few: write whom it trusts in Principal.` },
    ];
  }
  if (has(statement, "Condition")) return [];
  return principalsOf(statement).flatMap(({ path, text }) => {
    if (!/^\*+$/.test(text)) return [];
    return [{ message: `${path} is "*", which is anybody: write the service or the ARN of who may assume the role.` }];
  });
}

/** `"*"`, or a map of kinds such as `{ AWS: … }`. */
function principalsOf(statement: Statement): { path: string; text: string }[] {
  const kinds = elementsOf(statement, "Principal").flatMap((reading): Statement[] =>
    reading.state === "known" && typeof reading.value === "object" && reading.value !== null
      ? [{ path: reading.path, value: reading.value }]
      : [],
  );
  return [
    ...textsOf(statement, "Principal"),
    ...kinds.flatMap((kind) => Object.keys(kind.value).flatMap((name) => textsOf(kind, name))),
  ];
}

export const iamRules = [leastPrivilege, noAdministrator, trust];
