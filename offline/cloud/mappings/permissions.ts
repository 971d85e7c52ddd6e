import type { Graph } from "../../engine/graph";
import { asList, asMap, asText, asTexts, ownResources, type Settings } from "../core/resources";
import { covers } from "../core/wildcards";
import type { Kind } from "./configuration";

/** What a function's role must allow; of several actions in a row, one is enough. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const NEEDED: Record<Kind, string[][]> = {
  sqs: [["sqs:ReceiveMessage"], ["sqs:DeleteMessage"], ["sqs:GetQueueAttributes"]],
  kinesis: [
    ["kinesis:GetRecords"],
    ["kinesis:GetShardIterator"],
    ["kinesis:DescribeStream", "kinesis:DescribeStreamSummary"],
    ["kinesis:ListShards"],
  ],
  dynamodb: [
    ["dynamodb:GetRecords"],
    ["dynamodb:GetShardIterator"],
    ["dynamodb:DescribeStream"],
    ["dynamodb:ListStreams"],
  ],
};
/** An action on no stream in particular. */
const LISTS = "dynamodb:ListStreams";

const NONE: string[] = [];
/** What AWS's own policies allow of it, by the last part of their ARNs. @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html */
const MANAGED: Record<string, string[]> = {
  AdministratorAccess: ["*"],
  PowerUserAccess: ["*"],
  AWSLambdaKinesisExecutionRole: NEEDED.kinesis.flat(),
  AWSLambdaSQSQueueExecutionRole: NEEDED.sqs.flat(),
  AWSLambdaDynamoDBExecutionRole: NEEDED.dynamodb.flat(),
  AmazonKinesisFullAccess: ["kinesis:*"],
  AmazonKinesisReadOnlyAccess: ["kinesis:Get*", "kinesis:List*", "kinesis:Describe*"],
  AmazonSQSFullAccess: ["sqs:*"],
  AmazonSQSReadOnlyAccess: ["sqs:GetQueueAttributes"],
  AmazonDynamoDBFullAccess: ["dynamodb:*"],
  AmazonDynamoDBReadOnlyAccess: NEEDED.dynamodb.flat(),
  AWSLambdaBasicExecutionRole: NONE,
  AWSLambdaVPCAccessExecutionRole: NONE,
  AWSLambdaENIManagementAccess: NONE,
  AWSLambdaRole: NONE,
  AWSXRayDaemonWriteAccess: NONE,
  AWSXrayWriteOnlyAccess: NONE,
  CloudWatchLambdaInsightsExecutionRolePolicy: NONE,
  CloudWatchLambdaApplicationSignalsExecutionRolePolicy: NONE,
};

/** A policy that cannot be read, and may allow anything. */
class Unreadable extends Error {}

/**
 * The actions on a source that the role of a function lacks. None if that cannot be told: the program does not have the
 * role, or not all of its policies can be read.
 * @param name the function's
 */
export function missingActions(graph: Graph, name: string, kind: Kind, source: string): string[] {
  const role = roleOf(graph, name);
  // A consumer is read with permissions of its own.
  if (!role || source.includes("/consumer/")) return [];
  try {
    const statements = statementsOf(graph, role);
    const allows = (action: string) => {
      const about = statements.filter((statement) => applies(statement, action, source));
      const isDenied = about.some(({ Effect, Condition }) => Effect === "Deny" && Condition === undefined);
      return !isDenied && about.some(({ Effect }) => Effect === "Allow");
    };
    return NEEDED[kind].filter((actions) => !actions.some(allows)).map(([action = ""]) => action);
  } catch (error) {
    if (error instanceof Unreadable) return [];
    throw error;
  }
}

/** The ARN of a function's role. */
export function roleArnOf(graph: Graph, name: string): unknown {
  const functions = ownResources(graph, "aws:lambda/function:Function");
  return functions.find((one) => (asText(one.settings.name) ?? one.name) === name)?.settings.role;
}

function roleOf(graph: Graph, name: string): Settings | undefined {
  const role = roleArnOf(graph, name);
  const roles = ownResources(graph, "aws:iam/role:Role").map(({ settings }) => settings);
  return roles.find(({ arn }) => arn !== undefined && arn === role);
}

/** What all of a role's policies say. @throws Unreadable */
function statementsOf(graph: Graph, role: Settings): Settings[] {
  const isRole = (given: unknown) => given !== undefined && [role.name, role.id, role.arn].includes(given);
  const its = (type: string) => ownResources(graph, type).filter(({ settings }) => isRole(settings.role));
  const shared = ownResources(graph, "aws:iam/policyAttachment:PolicyAttachment");
  const attached = [
    ...its("aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(({ settings }) => settings.policyArn),
    ...shared.filter(({ settings }) => asTexts(settings.roles).some(isRole)).map(({ settings }) => settings.policyArn),
    ...asTexts(role.managedPolicyArns),
  ];
  const documents = [
    ...its("aws:iam/rolePolicy:RolePolicy").map(({ settings }) => settings.policy),
    ...asList(role.inlinePolicies).flatMap(({ policy }) => (policy === undefined ? [] : [policy])),
  ];
  return [...documents.flatMap(read), ...attached.flatMap((arn) => managed(graph, arn))];
}

function managed(graph: Graph, arn: unknown): Settings[] {
  const own = ownResources(graph, "aws:iam/policy:Policy").find(({ settings }) => settings.arn === arn);
  if (own) return read(own.settings.policy);
  const [, name = ""] = /^arn:[\w-]+:iam::aws:policy\/(?:[\w-]+\/)*([\w-]+)$/.exec(String(arn)) ?? [];
  const Action = Object.hasOwn(MANAGED, name) ? MANAGED[name] : undefined;
  if (!Action) throw new Unreadable();
  return [{ Effect: "Allow", Action, Resource: "*" }];
}

function read(document: unknown): Settings[] {
  try {
    const { Statement } = asMap(typeof document === "string" ? JSON.parse(document) : document);
    if (Statement === undefined) throw new Unreadable();
    return asList([Statement].flat());
  } catch {
    throw new Unreadable();
  }
}

/** Whether a statement is about an action on a source, under whatever condition. */
function applies({ Action, NotAction, Resource, NotResource }: Settings, action: string, source: string): boolean {
  const isAction = NotAction === undefined ? covers(Action, action) : !covers(NotAction, action);
  if (!isAction || action === LISTS) return isAction;
  return NotResource === undefined ? covers(Resource, source) : !covers(NotResource, source);
}
