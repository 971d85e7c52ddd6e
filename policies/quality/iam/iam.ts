import type { Finding, ResourceRule } from "../../lib/rule";
import { unless } from "../../lib/unknowns";
import { keyOf, readGiven } from "../../lib/values";
import { byPath, byType, demand } from "../checks";
import { documentsAt, has, type Statement, textsOf } from "./documents";
import { outsidersOf } from "./outsiders";
import { resourcePolicyRules } from "./resourcePolicies";
import { mayHaveEveryResource } from "./wildcardActions";

/** Paths of identity-based policy documents, by resource type. */
const identityDocuments: Record<string, string> = {
  "aws:iam/policy:Policy": "policy",
  "aws:iam/rolePolicy:RolePolicy": "policy",
  "aws:iam/userPolicy:UserPolicy": "policy",
  "aws:iam/groupPolicy:GroupPolicy": "policy",
  "aws:iam/role:Role": "inlinePolicies[].policy",
};

const leastPrivilege: ResourceRule = {
  name: "iam-least-privilege",
  description: "IAM policies list the actions and resources that they allow.",
  severity: "high",
  practice: "SEC03-BP02",
  tags: ["iam", "security"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
  remediationSteps:
    "List the actions that are needed, and the ARNs that they are needed on. Put actions that do not support " +
    'resource-level permissions into a separate statement with "*".',
  settings: {
    actionsWithoutResource: {
      type: "array",
      description: 'Actions that may be allowed on "*", such as ecs:ListTasks, besides those known to need it.',
      items: { type: "string", pattern: "^[a-zA-Z0-9-]+:[a-zA-Z0-9]+\\*?$" },
      default: [],
    },
  },
  checkResource: byPath(identityDocuments, (props, path, { actionsWithoutResource }) => {
    const { statements, problems } = documentsAt(props, path);
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
      {
        message: `${statement.path} has ${name}, which allows everything else: list what is needed in ${name.slice(3)}.`,
      },
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
  const needing = textsOf(statement, "Action")
    .map(({ text }) => text)
    .filter((action) => !isEveryAction(action) && !mayHaveEveryResource(action, allowed));
  if (needing.length === 0) return [];
  const actions = needing.length > 3 ? `${needing.slice(0, 3).join(", ")} and others` : needing.join(", ");
  return unless(
    () => isNarrowed(statement),
    () =>
      textsOf(statement, "Resource").flatMap(({ path, text }) => {
        if (!isEveryResource(text)) return [];
        const message = `${path} is ${JSON.stringify(text)} for ${actions}: list the ARNs that they are needed on.`;
        return [{ message }];
      }),
  );
}

/** Conditions on the tags of the resource or request, or on the ECS cluster, replace ARNs, whatever their values. */
function isNarrowed({ path, value }: Statement): boolean {
  const narrowing =
    /\.Condition\.(ForAnyValue:)?(String|Arn)(Equals|Like)(IgnoreCase)?\.(\w+:Re(source|quest)Tag\/|ecs:cluster$)/i;
  return readGiven(value, `${keyOf(value, "Condition")}.*.*`, path).some(
    (reading) => reading.state !== "missing" && narrowing.test(reading.path),
  );
}

/** `*`, or every action of a service, such as `s3:*`. */
function isEveryAction(action: string): boolean {
  return /^\*+$|:\*+$|^[^:]*\*[^:]*:/.test(action);
}

/** `*`, or an ARN of any service. */
function isEveryResource(resource: string): boolean {
  return /^(\*+|arn:\*+|arn:[^:]+:\*.*)$/.test(resource);
}

/** Paths of managed policies' ARNs, by resource type. */
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
  description: "AWS managed policies that allow (almost) everything are not attached.",
  severity: "critical",
  practice: "SEC03-BP02",
  tags: ["iam", "security"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html",
  remediationSteps: "Attach a policy that lists the actions and resources that are needed.",
  settings: {
    policies: {
      type: "array",
      description: "The names of the AWS managed policies that must not be attached.",
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
  description: "Trust policies of roles name who may assume the role.",
  severity: "critical",
  practice: "SEC03-BP07",
  tags: ["iam", "security"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
  remediationSteps:
    "Write the services, accounts or roles that may assume the role, or add a Condition that limits them.",
  checkResource: byType({
    "aws:iam/role:Role": (props) => {
      const { statements, denials, problems } = documentsAt(props, "assumeRolePolicy");
      const anybody = "write the service or the ARN that may assume the role";
      return [...problems, ...statements.flatMap((statement) => outsidersOf(statement, denials, { anybody }))];
    },
  }),
};

export const iamRules = [leastPrivilege, noAdministrator, trust, ...resourcePolicyRules];
