import type { Graph } from "../../engine/graph";
import { objectIn } from "./json";
import { asList, asMap, asTexts, ownResources, type Settings } from "./resources";
import type { EventSource } from "./sources";
import { covers } from "./wildcards";

/**
 * What the role of an event source mapping's function, or of a pipe, must allow; of several actions in a row, one is enough.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export const READING: Record<EventSource["kind"], string[][]> = {
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
const LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];
/** What AWS's own policies allow of it, by the last part of their ARNs. @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html */
const MANAGED: Record<string, string[]> = {
  AdministratorAccess: ["*"],
  PowerUserAccess: ["*"],
  AWSLambdaKinesisExecutionRole: [...READING.kinesis.flat(), ...LOGS],
  AWSLambdaSQSQueueExecutionRole: [...READING.sqs.flat(), ...LOGS],
  AWSLambdaDynamoDBExecutionRole: [...READING.dynamodb.flat(), ...LOGS],
  AmazonKinesisFullAccess: ["kinesis:*"],
  AmazonKinesisReadOnlyAccess: ["kinesis:Get*", "kinesis:List*", "kinesis:Describe*"],
  AmazonSQSFullAccess: ["sqs:*"],
  AmazonSQSReadOnlyAccess: ["sqs:GetQueueAttributes"],
  AmazonDynamoDBFullAccess: ["dynamodb:*"],
  AmazonDynamoDBReadOnlyAccess: READING.dynamodb.flat(),
  AWSLambdaBasicExecutionRole: LOGS,
  AWSLambdaVPCAccessExecutionRole: LOGS,
  AWSLambdaENIManagementAccess: NONE,
  AWSLambdaRole: ["lambda:InvokeFunction"],
  AWSXRayDaemonWriteAccess: NONE,
  AWSXrayWriteOnlyAccess: NONE,
  CloudWatchLambdaInsightsExecutionRolePolicy: NONE,
  CloudWatchLambdaApplicationSignalsExecutionRolePolicy: NONE,
};

/** A policy that cannot be read, and may allow anything. */
class Unreadable extends Error {}

/**
 * The actions on a resource that a role lacks. None if that cannot be told: the program does not have the role, or not all
 * of its policies can be read.
 * @param roleArn its ARN
 * @param needed of several actions in a row, one is enough
 * @param arn the resource's
 */
export function missingActions(graph: Graph, roleArn: unknown, needed: string[][], arn: string): string[] {
  const role = roleOf(graph, roleArn);
  // A consumer is read with permissions of its own.
  if (!role || arn.includes("/consumer/")) return [];
  try {
    const statements = statementsOf(graph, role);
    const allows = (action: string) => {
      const about = statements.filter((statement) => applies(statement, action, arn));
      const isDenied = about.some(({ Effect, Condition }) => Effect === "Deny" && Condition === undefined);
      return !isDenied && about.some(({ Effect }) => Effect === "Allow");
    };
    return needed.filter((actions) => !actions.some(allows)).map(([action = ""]) => action);
  } catch (error) {
    if (error instanceof Unreadable) return [];
    throw error;
  }
}

function roleOf(graph: Graph, role: unknown): Settings | undefined {
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
  const { Statement } = typeof document === "string" ? objectIn(document) : asMap(document);
  if (Statement === undefined) throw new Unreadable();
  return asList([Statement].flat());
}

/** Whether a statement is about an action on a resource, under whatever condition. */
function applies({ Action, NotAction, Resource, NotResource }: Settings, action: string, arn: string): boolean {
  const isAction = NotAction === undefined ? covers(Action, action) : !covers(NotAction, action);
  if (!isAction || action === LISTS) return isAction;
  return NotResource === undefined ? covers(Resource, arn) : !covers(NotResource, arn);
}
