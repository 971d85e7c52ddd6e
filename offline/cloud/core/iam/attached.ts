import type { Graph } from "../../../engine/graph";
import { asList, asText, asTexts, ownResources, type Settings } from "../resources";
import { MANAGED } from "./managed";
import { statementsIn } from "./policy";

/** Who may have policies of its own. */
export type Kind = "role" | "user" | "group";

/** What policies say together. */
export interface Policies {
  statements: Settings[];
  /** The policies whose documents are not known, and which may say anything: ARNs, or what else names them. */
  unread: string[];
}

/** The ARNs of a program's roles. */
export function roleArns(graph: Graph): Set<string> {
  return new Set(ownResources(graph, "aws:iam/role:Role").flatMap(({ settings }) => asText(settings.arn) ?? []));
}

/** What all policies of a role, a user or a group say, with those of the groups of a user. */
export function policiesOf(graph: Graph, kind: Kind, settings: Settings): Policies {
  const { name, id, arn } = settings;
  const isIt = (given: unknown) => given !== undefined && [name, id, arn].includes(given);
  const type = kind.charAt(0).toUpperCase() + kind.slice(1);
  const its = (suffix: string) =>
    ownResources(graph, `aws:iam/${kind}${suffix}:${type}${suffix}`)
      .map((resource) => resource.settings)
      .filter((one) => isIt(one[kind]));
  const attachments = ownResources(graph, "aws:iam/policyAttachment:PolicyAttachment").map((one) => one.settings);
  const attached = [
    ...its("PolicyAttachment").map(({ policyArn }) => policyArn),
    ...attachments.filter((one) => asTexts(one[`${kind}s`]).some(isIt)).map(({ policyArn }) => policyArn),
    ...asTexts(settings.managedPolicyArns),
  ];
  const inline = [...its("Policy"), ...asList(settings.inlinePolicies)].filter(({ policy }) => policy !== undefined);
  return together([
    ...inline.map(({ policy }) => documented(policy, `an inline policy of ${kind} ${name}`)),
    ...attached.map((policyArn) => managedPolicy(graph, policyArn)),
    ...(kind === "user" ? groupsOf(graph, isIt).map((group) => policiesOf(graph, "group", group)) : []),
  ]);
}

/** What a policy with an ARN says: one of the program, or one of AWS's own that are known. */
export function managedPolicy(graph: Graph, arn: unknown): Policies {
  const own = ownResources(graph, "aws:iam/policy:Policy").find(({ settings }) => settings.arn === arn);
  if (own) return documented(own.settings.policy, String(arn));
  const [, name = ""] = /^arn:[\w-]+:iam::aws:policy\/(?:[\w-]+\/)*([\w-]+)$/.exec(String(arn)) ?? [];
  const Action = Object.hasOwn(MANAGED, name) ? MANAGED[name] : undefined;
  return Action
    ? { statements: [{ Effect: "Allow", Action, Resource: "*" }], unread: [] }
    : { statements: [], unread: [String(arn)] };
}

function documented(document: unknown, name: string): Policies {
  const statements = statementsIn(document);
  return statements ? { statements, unread: [] } : { statements: [], unread: [name] };
}

function together(policies: Policies[]): Policies {
  return {
    statements: policies.flatMap(({ statements }) => statements),
    unread: policies.flatMap(({ unread }) => unread),
  };
}

function groupsOf(graph: Graph, isIt: (user: unknown) => boolean): Settings[] {
  const all = (type: string) => ownResources(graph, `aws:iam/${type}`).map(({ settings }) => settings);
  const names = new Set<unknown>([
    ...all("userGroupMembership:UserGroupMembership")
      .filter(({ user }) => isIt(user))
      .flatMap(({ groups }) => asTexts(groups)),
    ...all("groupMembership:GroupMembership")
      .filter(({ users }) => asTexts(users).some(isIt))
      .map(({ group }) => asText(group)),
  ]);
  return all("group:Group").filter(({ name, id }) => names.has(name) || names.has(id));
}
