/**
 * What a function or job needs to use resources that no component of this package created: `access` takes it. Each gives
 * the least privileges on that one resource, and the environment variable that identifies it.
 */
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import * as pulumi from "@pulumi/pulumi";
import { arnParts, type FunctionAccess, type Statement, whenKnown } from "./access";
import { type InstanceAccessLevel, instanceAccess } from "./instances/access";
import type { InstanceTagArgs } from "./instances/args";
import { type FunctionAccessOptions, invokeAccess } from "./lambda/access";
import { secretStatements } from "./lambda/events/broker";
import { keyStatements } from "./messaging/key";
import { queueUrlOf } from "./messaging/queueUrl";
import { eventStreamActions, keyActions, publishActions, queueActions } from "./messaging/rules/actions";

/** Which environment variable is set. */
export interface AccessOptions {
  /** The environment variable that identifies the resource. @default as each function says */
  environmentName?: string;
}

/** For a resource that may be encrypted with a customer key. */
export interface KeyedAccessOptions extends AccessOptions {
  /** ARN of the customer key, which may then be used through the resource's service only. @default AWS's own key */
  kmsKeyArn?: pulumi.Input<string>;
}

/**
 * An SQS queue. It sets `QUEUE_URL`. A function whose `events` name the queue needs none.
 * @param level `send` or `consume`
 * @throws pulumi.RunError for the ARN of something else; the output fails if the ARN is known only later
 */
export function queue(
  queueArn: pulumi.Input<string>,
  level: "send" | "consume",
  { environmentName = "QUEUE_URL", kmsKeyArn }: KeyedAccessOptions = {},
): FunctionAccess {
  const arn = arnOf("queue", queueArn, "sqs", "an SQS queue");
  const use = keyActions[level === "send" ? "write" : "read"];
  return accessOf(environmentName, queueUrlOf(arn), [
    { actions: queueActions[level], resources: [arn] },
    ...keyStatements("sqs", arn, kmsKeyArn, use),
  ]);
}

/** Publishing to an SNS topic. It sets `TOPIC_ARN`. @throws pulumi.RunError as {@link queue} does */
export function topic(
  topicArn: pulumi.Input<string>,
  { environmentName = "TOPIC_ARN", kmsKeyArn }: KeyedAccessOptions = {},
): FunctionAccess {
  const arn = arnOf("topic", topicArn, "sns", "an SNS topic");
  return accessOf(environmentName, arn, [
    { actions: publishActions, resources: [arn] },
    ...keyStatements("sns", arn, kmsKeyArn, keyActions.write),
  ]);
}

/**
 * A Kinesis stream. It sets `STREAM_NAME`. A function whose `events` name the stream needs none.
 * @param level `write` or `read`
 * @throws pulumi.RunError as {@link queue} does
 */
export function stream(
  streamArn: pulumi.Input<string>,
  level: "write" | "read",
  { environmentName = "STREAM_NAME", kmsKeyArn }: KeyedAccessOptions = {},
): FunctionAccess {
  const arn = arnOf("stream", streamArn, "kinesis", "a Kinesis stream");
  return accessOf(environmentName, nameIn(arn), [
    { actions: eventStreamActions[level], resources: [arn] },
    ...keyStatements("kinesis", arn, kmsKeyArn, keyActions[level]),
  ]);
}

/** Writing to a stream of Amazon Data Firehose. It sets `DELIVERY_STREAM_NAME`. @throws pulumi.RunError as {@link queue} does */
export function deliveryStream(
  deliveryStreamArn: pulumi.Input<string>,
  { environmentName = "DELIVERY_STREAM_NAME" }: AccessOptions = {},
): FunctionAccess {
  const arn = arnOf("deliveryStream", deliveryStreamArn, "firehose", "a Firehose stream");
  const actions = ["firehose:PutRecord", "firehose:PutRecordBatch"];
  return accessOf(environmentName, nameIn(arn), [{ actions, resources: [arn] }]);
}

/** Putting events on an EventBridge bus. It sets `EVENT_BUS_NAME`. @throws pulumi.RunError as {@link queue} does */
export function eventBus(
  eventBusArn: pulumi.Input<string>,
  { environmentName = "EVENT_BUS_NAME" }: AccessOptions = {},
): FunctionAccess {
  const arn = arnOf("eventBus", eventBusArn, "events", "an event bus");
  return accessOf(environmentName, nameIn(arn), [{ actions: ["events:PutEvents"], resources: [arn] }]);
}

type StateMachineLevel = "start" | "startSync" | "callback";

const stateMachineActions: Record<StateMachineLevel, string[]> = {
  start: ["states:StartExecution"],
  startSync: ["states:StartSyncExecution"],
  callback: ["states:SendTaskSuccess", "states:SendTaskFailure", "states:SendTaskHeartbeat"],
};

/**
 * A state machine of Step Functions. It sets `STATE_MACHINE_ARN`.
 * @param level `start`, `startSync` to wait for an express machine's result, or `callback` to end a task with its token
 * @throws pulumi.RunError as {@link queue} does
 */
export function stateMachine(
  stateMachineArn: pulumi.Input<string>,
  level: StateMachineLevel,
  { environmentName = "STATE_MACHINE_ARN" }: AccessOptions = {},
): FunctionAccess {
  const arn = arnOf("stateMachine", stateMachineArn, "states", "a state machine");
  return accessOf(environmentName, arn, [{ actions: stateMachineActions[level], resources: [arn] }]);
}

/** Calling a Lambda function. It sets `FUNCTION_ARN`. @throws pulumi.RunError as {@link queue} does */
export function lambdaFunction(functionArn: pulumi.Input<string>, options: FunctionAccessOptions = {}): FunctionAccess {
  return invokeAccess(arnOf("lambdaFunction", functionArn, "lambda", "a function or its alias"), options);
}

/** Reading a secret of Secrets Manager. It sets `SECRET_ARN`. @throws pulumi.RunError as {@link queue} does */
export function secret(
  secretArn: pulumi.Input<string>,
  { environmentName = "SECRET_ARN", kmsKeyArn }: KeyedAccessOptions = {},
): FunctionAccess {
  const arn = arnOf("secret", secretArn, "secretsmanager", "a secret");
  return accessOf(environmentName, arn, secretStatements({ secretArn: arn, kmsKeyArn }));
}

/**
 * Reading a parameter of Systems Manager, and those under it. It sets `PARAMETER_PATH`.
 * @param path such as `/shop/prod`, in the account and region of the provider
 */
export function parameters(
  path: pulumi.Input<string>,
  { environmentName = "PARAMETER_PATH", kmsKeyArn }: KeyedAccessOptions = {},
): FunctionAccess {
  const { partition } = getPartitionOutput();
  const { region } = getRegionOutput();
  const { accountId } = getCallerIdentityOutput();
  const name = pulumi.output(path).apply((known) => known.replace(/^\/|\/$/g, ""));
  const arn = pulumi.interpolate`arn:${partition}:ssm:${region}:${accountId}:parameter/${name}`;
  const actions = ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"];
  return accessOf(environmentName, path, [
    { actions, resources: [arn, pulumi.interpolate`${arn}/*`] },
    ...keyStatements("ssm", arn, kmsKeyArn, keyActions.read),
  ]);
}

type KeyUse = "encrypt" | "decrypt";

const keyUses: Record<KeyUse, string[]> = {
  encrypt: ["kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
  decrypt: ["kms:Decrypt"],
};

/**
 * A KMS key that the code itself uses. It sets `KEY_ARN`. Components whose resource has a key allow its use already.
 * @param level `encrypt` or `decrypt`
 * @throws pulumi.RunError as {@link queue} does
 */
export function key(
  keyArn: pulumi.Input<string>,
  level: KeyUse,
  { environmentName = "KEY_ARN" }: AccessOptions = {},
): FunctionAccess {
  const arn = arnOf("key", keyArn, "kms", "a key");
  return accessOf(environmentName, arn, [{ actions: keyUses[level], resources: [arn] }]);
}

/**
 * The EC2 instances with a tag. It sets `INSTANCE_TAG_KEY` and `INSTANCE_TAG_VALUE`.
 * @param levels `describe` to list instances, `start` and `stop` to list them and start or stop those with the tag
 */
export function instances(tag: InstanceTagArgs, levels: InstanceAccessLevel | InstanceAccessLevel[]): FunctionAccess {
  return instanceAccess([levels].flat(), tag, {});
}

function accessOf(name: string, value: pulumi.Input<string>, statements: Statement[]): FunctionAccess {
  return { environment: { [name]: value }, statements };
}

/** The ARN itself, once it is known to be of this service. */
function arnOf(helper: string, arn: pulumi.Input<string>, service: string, what: string): pulumi.Input<string> {
  return whenKnown(arn, (known) => {
    // In a program's own unit tests, computed values are often undefined.
    if (known === undefined || known.split(":")[2] === service) return known;
    throw new pulumi.RunError(`accessTo.${helper}: is "${known}"; write the ARN of ${what}`);
  });
}

/** The name at the end of an ARN. */
function nameIn(arn: pulumi.Input<string>): pulumi.Output<string> {
  return arnParts(arn).apply((parts) => (parts.at(-1) ?? "").replace(/^.*\//, ""));
}
